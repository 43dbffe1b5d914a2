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


def _each_counted_once(house: House, scene: Scene, endings: Sequence[Ending]) -> Iterator[str]:
    """One by one by followers at most once; exactly once when all is quiet again."""
    facts = 1 + len(answered(endings, "write"))
    counted = sum(int(answer) for answer in answered(endings, "follow"))
    if counted > facts:
        yield f"{facts} facts were counted {counted} times"
    yield from (f"{each.subject}: {each.problem}" for each in house.app.verification.verify(ADMIN).differences)


COUNTING = (
    Race(
        name="follow",
        prepare=_to_be_counted,
        parts={"follow": Part(_follow)},
        answers=(Answers(("follow",), CONTESTANTS, CONTESTANTS),),
        kept=_each_counted_once,
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
        kept=_each_counted_once,
    ),
)
