"""Races for what requests share: an idempotency key, and a partner's bucket of tokens."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tests.integration.application.house import CONDOR, ZEBU, House
from tests.integration.once import asked, attempt
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered
from tests.integration.races.stored import illegal, subscriptions_of, unlike
from tests.integration.races.subscribing import subscribed

from quantleap.adapters.store import keys
from quantleap.composition import Application
from quantleap.domain.errors import IdempotencyKeyReusedError, InvalidStatusTransitionError
from quantleap.domain.principals import PartnerBackend

TOKENS = 5
BACKEND = PartnerBackend(ZEBU)


def _unprepared(_: House, scene: Scene) -> Scene:
    return scene


def _ask(app: Application, scene: Scene, what: str, act: Callable[[], object], *, body: bytes = b"{}") -> str:
    """Under the round's key: each answer is the first one's text."""
    return asked(app, attempt(BACKEND, scene.name, target=what, body=body), act)().answer.body


def _subscribe(app: Application, scene: Scene, number: int, *, body: bytes = b"{}") -> str:
    act = partial(
        app.subscribing.for_partner,
        BACKEND,
        user=scene.user.email,
        basket_id=CONDOR,
        broker_account_id=f"AC{number}",
    )
    return _ask(app, scene, "subscribe", act, body=body)


def _subscribe_by_a_body_of_its_own(app: Application, scene: Scene, number: int) -> str:
    return _subscribe(app, scene, number, body=str(number).encode())


def _pause(app: Application, scene: Scene, _: int) -> str:
    return _ask(app, scene, "pause", partial(app.subscriptions.pause, BACKEND, scene.subscription_id))


def _cancel(app: Application, scene: Scene, _: int) -> str:
    return _ask(app, scene, "cancel", partial(app.subscriptions.cancel, BACKEND, scene.subscription_id))


def _take(app: Application, scene: Scene, number: int) -> str | None:
    by = PartnerBackend(scene.partner, api_key_id=f"key_{number}", rate_limit=TOKENS)
    taken = app.admission.take(by)
    return f"{taken.remaining} left" if taken.allowed else None


def _one_answer(endings: Sequence[Ending], *parts: str) -> Iterator[str]:
    told = set(answered(endings, *parts))
    if len(told) > 1:
        yield f"{' and '.join(parts)}: {len(told)} different answers to one request"


def _one_subscription(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    found = subscriptions_of(house, scene)
    if len(found) != 1 or not all(found[0] in told for told in answered(endings)):
        yield f"{len(found)} subscriptions are there, not the one answered"
    yield from _one_answer(endings)
    yield from unlike(house, scene)


def _played(endings: Sequence[Ending], part: str) -> int:
    return sum(ending.part == part for ending in endings)


def _each_moved_once(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    yield from _one_answer(endings, "pause")
    yield from _one_answer(endings, "cancel")
    paused = len(answered(endings, "pause"))
    if paused not in (0, _played(endings, "pause")):
        yield f"pause: {paused} of one request's repeats are answered, and others refused"
    yield from illegal(house, scene, len(set(answered(endings))))
    yield from unlike(house, scene)


def _no_token_counts_twice(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    left = sorted(answered(endings, "take"))
    if left != [f"{number} left" for number in range(TOKENS)]:
        yield f"the answers say: {', '.join(left)}"
    item = house.app._engine.get(keys.rate_limit(scene.partner), consistent=True) or {}
    uses = [count for name, count in item.items() if name.startswith("uses_")]
    if uses != [1] * TOKENS:
        yield f"{len(uses)} uses are counted"
    if house.app.admission.take(PartnerBackend(scene.partner, rate_limit=TOKENS)).allowed:
        yield "a token is left"


REQUESTS = (
    Race(
        name="subscribe under one key",
        prepare=_unprepared,
        parts={"ask": Part(_subscribe)},
        answers=(Answers(("ask",), CONTESTANTS, CONTESTANTS),),
        kept=_one_subscription,
    ),
    Race(
        name="subscribe under one key by bodies of their own",
        prepare=_unprepared,
        parts={"ask": Part(_subscribe_by_a_body_of_its_own, (IdempotencyKeyReusedError,))},
        answers=(Answers(("ask",), 1, 1),),
        kept=_one_subscription,
    ),
    Race(
        name="pause and cancel under a key each",
        prepare=subscribed,
        parts={"pause": Part(_pause, (InvalidStatusTransitionError,)), "cancel": Part(_cancel)},
        answers=(Answers(("cancel",), CONTESTANTS // 2, CONTESTANTS // 2),),
        kept=_each_moved_once,
    ),
    Race(
        name="take tokens",
        prepare=_unprepared,
        parts={"take": Part(_take)},
        answers=(Answers(("take",), TOKENS, TOKENS),),
        kept=_no_token_counts_twice,
    ),
)
