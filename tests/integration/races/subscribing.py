"""Races for a subscription and its status."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from attrs import evolve
from tests.integration.application.house import ADMIN, BILLING, CONDOR, KITE, ZEBU, House
from tests.integration.races.race import Answers, Ending, Part, Race, Scene, answered, once
from tests.integration.races.stored import illegal, subscriptions_of, unlike

from quantleap.composition import Application
from quantleap.domain.errors import DuplicateSubscriptionError, InvalidStatusTransitionError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.principals import PartnerBackend
from quantleap.domain.subscriptions.transitions import Transition


def subscribed(house: House, scene: Scene) -> Scene:
    """The round's user has the condor by zebu."""
    return evolve(scene, subscription_id=subscribe(house.app, scene, 0, by=ZEBU))


def subscribe(app: Application, scene: Scene, number: int, *, by: PartnerId | None) -> str:
    """The round's user subscribes to the condor, by that partner or directly."""
    if by is None:
        return app.subscribing.directly(scene.user, basket_id=CONDOR).terms.subscription_id
    return app.subscribing.for_partner(
        PartnerBackend(by), user=scene.user.email, basket_id=CONDOR, broker_account_id=f"AC{number}"
    ).terms.subscription_id


def cancel(app: Application, scene: Scene, number: int) -> str:
    """The round's subscription is cancelled by the platform."""
    app.subscriptions.cancel(ADMIN, scene.subscription_id)
    return f"cancelled by {number}"


SUBSCRIBE = Part(partial(subscribe, by=ZEBU), (DuplicateSubscriptionError,))
CANCEL = Part(cancel, (InvalidStatusTransitionError,))


def _unprepared(_: House, scene: Scene) -> Scene:
    return scene


def _paused(house: House, scene: Scene) -> Scene:
    scene = subscribed(house, scene)
    house.app.subscriptions.pause(ADMIN, scene.subscription_id)
    return scene


def _by_the_platform(transition: Transition) -> Part:
    def act(app: Application, scene: Scene, number: int) -> str:
        move = getattr(app.subscriptions, transition)
        return str(move(BILLING if number % 2 else ADMIN, scene.subscription_id).status)

    return Part(act, (InvalidStatusTransitionError,))


def _by_everybody(transition: Transition) -> Mapping[str, Part]:
    def by_partner(app: Application, scene: Scene, _: int) -> str:
        return str(getattr(app.subscriptions, transition)(PartnerBackend(ZEBU), scene.subscription_id).status)

    def by_user(app: Application, scene: Scene, _: int) -> str:
        return str(getattr(app.subscriptions, transition)(scene.user, scene.subscription_id).status)

    refused_by = (InvalidStatusTransitionError,)
    return {
        "admin": _by_the_platform(transition),
        "partner": Part(by_partner, refused_by),
        "user": Part(by_user, refused_by),
    }


def _only_the_answered_is_there(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    found = subscriptions_of(house, scene)
    if found != answered(endings):
        yield f"{len(found)} subscriptions are there, not the one answered"
    yield from unlike(house, scene)


def _one_legal_history(earlier: int) -> Callable[[House, Scene, Sequence[Ending]], Iterator[str]]:
    def kept(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
        yield from illegal(house, scene, earlier + len(answered(endings)))
        yield from unlike(house, scene)

    return kept


def _over_and_begun_anew(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    """Subscribing anew works whoever ended it."""
    yield from _one_legal_history(0)(house, scene, endings)
    subscribed(house, scene)
    yield from unlike(house, scene)


SUBSCRIBING = (
    Race(
        name="subscribe",
        prepare=_unprepared,
        parts={
            "zebu": SUBSCRIBE,
            "kite": Part(partial(subscribe, by=KITE), (DuplicateSubscriptionError,)),
            "user": Part(partial(subscribe, by=None), (DuplicateSubscriptionError,)),
        },
        answers=(once("zebu", "kite", "user"),),
        kept=_only_the_answered_is_there,
    ),
    Race(
        name="pause",
        prepare=subscribed,
        parts=_by_everybody(Transition.PAUSE),
        answers=(once("admin", "partner", "user"),),
        kept=_one_legal_history(0),
    ),
    Race(
        name="resume",
        prepare=_paused,
        parts=_by_everybody(Transition.RESUME),
        answers=(once("admin", "partner", "user"),),
        kept=_one_legal_history(1),
    ),
    Race(
        name="cancel",
        prepare=subscribed,
        parts=_by_everybody(Transition.CANCEL),
        answers=(once("admin", "partner", "user"),),
        kept=_over_and_begun_anew,
    ),
    Race(
        name="expire",
        prepare=subscribed,
        parts={"platform": _by_the_platform(Transition.EXPIRE)},
        answers=(once("platform"),),
        kept=_over_and_begun_anew,
    ),
    Race(
        name="pause, cancel and expire",
        prepare=subscribed,
        parts={
            "pause": _by_the_platform(Transition.PAUSE),
            "cancel": CANCEL,
            "expire": _by_the_platform(Transition.EXPIRE),
        },
        answers=(once("cancel", "expire"), Answers(("pause",), 0, 1)),
        kept=_over_and_begun_anew,
    ),
)
