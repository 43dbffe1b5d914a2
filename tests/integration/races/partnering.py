"""Races for partners and their key pairs."""

from collections.abc import Iterator, Sequence

from attrs import evolve
from tests.integration.application.house import ADMIN, House
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered, once

from quantleap.composition import Application
from quantleap.domain.errors import (
    AlreadyExistsError,
    ConcurrentUpdateError,
    KeyAlreadyRotatedError,
    KeyNotUsableError,
)
from quantleap.domain.partners.api_key import ApiKey


def _unprepared(_: House, scene: Scene) -> Scene:
    return scene


def _created(house: House, scene: Scene) -> Scene:
    return evolve(scene, api_key_id=_create(house.app, scene, 0))


def _create(app: Application, scene: Scene, number: int) -> str:
    return app.partners.create(ADMIN, scene.partner, display_name=f"by {number}").issued.key.api_key_id


def _issue(app: Application, scene: Scene, _: int) -> str:
    return app.partners.issue(ADMIN, scene.partner).key.api_key_id


def _rotate(app: Application, scene: Scene, _: int) -> str:
    return app.partners.rotate(ADMIN, scene.api_key_id).key.api_key_id


def _revoke(app: Application, scene: Scene, _: int) -> str:
    return repr(app.partners.revoke(ADMIN, scene.api_key_id).revoked_at)


def _keys(house: House, scene: Scene) -> dict[str, ApiKey]:
    return {key.api_key_id: key for key in house.app.partners.keys(ADMIN, scene.partner)}


def _only_the_answered_keys(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    """The key that the partner was made with, where it was made before, and each that was answered."""
    expected = {scene.api_key_id, *answered(endings, "create", "issue", "rotate")} - {""}
    found = _keys(house, scene)
    if found.keys() != expected:
        yield f"{len(found)} keys are there, not {len(expected)}"


def _revoked_as_answered(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    """For good, whether it was rotated before or not."""
    key = _keys(house, scene)[scene.api_key_id]
    is_revoked = bool(answered(endings, "revoke"))
    version = 1 + len(answered(endings, "rotate")) + is_revoked
    if (key.version, key.revoked_at is not None) != (version, is_revoked):
        yield f"version {key.version} is revoked at {key.revoked_at}, not version {version}"
    yield from _only_the_answered_keys(house, scene, endings)


REVOKE = Part(_revoke, (ConcurrentUpdateError,))

PARTNERING = (
    Race(
        name="create a partner",
        prepare=_unprepared,
        parts={"create": Part(_create, (AlreadyExistsError,))},
        answers=(once("create"),),
        kept=_only_the_answered_keys,
    ),
    Race(
        name="issue a key",
        prepare=_created,
        parts={"issue": Part(_issue)},
        answers=(Answers(("issue",), CONTESTANTS, CONTESTANTS),),
        kept=_only_the_answered_keys,
    ),
    Race(
        name="rotate a key",
        prepare=_created,
        parts={"rotate": Part(_rotate, (KeyAlreadyRotatedError, ConcurrentUpdateError))},
        answers=(once("rotate"),),
        kept=_only_the_answered_keys,
    ),
    Race(
        name="revoke a key",
        prepare=_created,
        # Whoever reads it after the winner is answered that it is revoked.
        parts={"revoke": REVOKE},
        answers=(Answers(("revoke",), 1, CONTESTANTS),),
        kept=_revoked_as_answered,
    ),
    Race(
        name="rotate and revoke a key",
        prepare=_created,
        parts={
            "rotate": Part(_rotate, (KeyNotUsableError, KeyAlreadyRotatedError, ConcurrentUpdateError)),
            "revoke": REVOKE,
        },
        answers=(Answers(("rotate",), 0, 1), Answers(("revoke",), 0, CONTESTANTS)),
        kept=_revoked_as_answered,
    ),
)
