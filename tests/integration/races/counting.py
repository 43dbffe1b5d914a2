"""Races for the counters: each change counts once, whoever follows, recounts or writes."""

from collections.abc import Iterator, Sequence

from tests.integration.application.house import ADMIN, CONDOR, ZEBU, House
from tests.integration.races.race import CONTESTANTS, Answers, Ending, Part, Race, Scene, answered
from tests.integration.races.subscribing import subscribed

from quantleap.composition import Application
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.domain.identifiers import Email
from quantleap.domain.principals import PartnerBackend


def _to_be_counted(house: House, scene: Scene) -> Scene:
    """Everything but the round's own subscription is counted."""
    house.app.counters.follow()
    return subscribed(house, scene)


def _follow(app: Application, _: Scene, __: int) -> str:
    return str(app.counters.follow())


def _recount(app: Application, _: Scene, __: int) -> str:
    return str(app.recounting.recount(ADMIN).live)


def _write(app: Application, scene: Scene, number: int) -> str:
    """Somebody else subscribes meanwhile."""
    return app.subscribing.for_partner(
        PartnerBackend(ZEBU),
        user=Email(f"{scene.name}.{number}@example.com"),
        basket_id=CONDOR,
        broker_account_id="AC1",
    ).terms.subscription_id


def _counted_by_followers(endings: Sequence[Ending]) -> int:
    return sum(int(answer) for answer in answered(endings, "follow"))


def _counted_once(house: House, _: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    counted = _counted_by_followers(endings)
    if counted != 1:
        yield f"one fact was counted {counted} times"
    yield from _counters_agree(house)


def _counted_at_most_once(house: House, _: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    """A recount counts what followers did not."""
    facts, counted = 1 + len(answered(endings, "write")), _counted_by_followers(endings)
    if counted > facts:
        yield f"{facts} facts were counted {counted} times"
    yield from _counters_agree(house)


def _counters_agree(house: House) -> Iterator[str]:
    """When all is quiet again."""
    yield from (f"{each.subject}: {each.problem}" for each in house.app.verification.verify(ADMIN).differences)


COUNTING = (
    Race(
        name="follow",
        prepare=_to_be_counted,
        parts={"follow": Part(_follow)},
        answers=(Answers(("follow",), CONTESTANTS, CONTESTANTS),),
        kept=_counted_once,
    ),
    Race(
        name="follow, recount and write",
        prepare=_to_be_counted,
        parts={
            "follow": Part(_follow),
            # One begun later takes over.
            "recount": Part(_recount, (ConcurrentUpdateError,)),
            "write": Part(_write),
        },
        cast=("follow", "recount", "follow", "write"),
        answers=(Answers(("follow",), 8, 8), Answers(("recount",), 1, 4), Answers(("write",), 4, 4)),
        kept=_counted_at_most_once,
    ),
)
