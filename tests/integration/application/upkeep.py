"""Counting, recounting and verifying a house through a watched engine, while the house itself writes past it."""

from collections.abc import Callable
from datetime import timedelta

from attrs import field, frozen
from tests.integration.application.house import ADMIN, CountedIdentifiers, House, Impatience
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import store_over

from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store.seam import Engine, Page, Position, StoreUnavailableError
from quantleap.application.counting import Counting
from quantleap.application.following import Follower
from quantleap.application.recounting import Recounting
from quantleap.application.verifying import Difference, Verifying
from quantleap.ports.feed_delay import FeedDelay
from quantleap.ports.system import Waiting


class Interrupted(WatchedEngine):
    """Something happens at each call: `at_call` is given its number, from 1. A scan's pages are of two items."""

    def __init__(self, inside: Engine, at_call: Callable[[int], object]) -> None:
        super().__init__(inside)
        self._at_call = at_call

    def scan(self, after: Position | None = None, *, limit: int = 1000) -> Page:
        """See `Engine.scan`."""
        return super().scan(after, limit=min(limit, 2))

    def _note(self, call: str) -> None:
        super()._note(call)
        self._at_call(len(self.calls))


def dying_at(number: int) -> Callable[[int], None]:
    """The engine is gone from that call on: all that was done before is done."""

    def die(call: int) -> None:
        if call >= number:
            raise StoreUnavailableError("it was killed")

    return die


@frozen
class Upkeep:
    """What keeps the counters of one store right."""

    follower: Follower
    counting: Counting
    recounting: Recounting
    verifying: Verifying

    @classmethod
    def of(
        cls,
        house: House,
        engine: Engine | None = None,
        *,
        waiting: Waiting | None = None,
        delay: timedelta = timedelta(0),
    ) -> "Upkeep":
        """Of the house's store, through that engine if one is given."""
        store = store_over(engine or house.app._engine)
        follower = Follower(store.subscriptions, store.counters, store.units, house.clock)
        recounting = Recounting(
            store=store.whole,
            subscriptions=store.subscriptions,
            counters=store.counters,
            units=store.units,
            identifiers=CountedIdentifiers(),
            clock=house.clock,
            waiting=waiting or Impatience(),
            delay=FeedDelay(delay),
        )
        return cls(
            follower,
            Counting(follower, recounting, house.clock),
            recounting,
            Verifying(store.whole, follower, KeysInMemory()),
        )

    def differences(self) -> tuple[Difference, ...]:
        """What verifying finds, the counters followed first."""
        return self.verifying.verify(ADMIN).differences


@frozen
class Waited:
    """See `quantleap.ports.system.Waiting`: what was waited for, and what happened meanwhile."""

    meanwhile: Callable[[], object] = lambda: None
    spans: list[timedelta] = field(factory=list)

    def wait(self, span: timedelta) -> None:
        """Note the span and let it happen."""
        self.spans.append(span)
        self.meanwhile()
