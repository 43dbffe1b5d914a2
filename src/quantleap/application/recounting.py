"""Makes the counters anew from the subscriptions themselves, exactly, while others write."""

from collections import Counter
from collections.abc import Iterator

from attrs import Factory, define, frozen

from quantleap.application.following import BATCH, counted_by
from quantleap.application.verification_books import Difference
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.principals import Principal, require_admin
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.counters import (
    MAX_COUNTERS_A_COMMIT,
    Checkpoint,
    Counted,
    Counters,
    RecountMark,
    StatusCount,
)
from quantleap.ports.errors import CorruptDataError, FeedTrimmedError
from quantleap.ports.feed_delay import FeedDelay
from quantleap.ports.subscriptions import EventBatch, Subscriptions
from quantleap.ports.system import Clock, Identifiers, Waiting
from quantleap.ports.unit_of_work import UnitOfWork
from quantleap.ports.verification import CountedRecord, LiveHolder, StoredCount, Unreadable, WholeStore


@frozen
class Correction:
    """A counter that was wrong, what it said (None: it was no number), and what it must say."""

    of: Counted
    before: int | None
    after: int


@frozen
class Recount:
    """How many subscriptions are live, what was corrected, and what could not be read and so was not counted."""

    live: int
    corrections: tuple[Correction, ...]
    passed_over: tuple[Difference, ...]


@frozen
class _Standing:
    """Whether a subscription is live, and the counters it counts in."""

    is_live: bool
    counters: tuple[Counted, ...]


@define
class _Census:
    """Every subscription's standing, as the store and then the feed tell of it, and what the counters say."""

    standings: dict[str, _Standing] = Factory(dict)
    counts: dict[Counted, int | None] = Factory(dict)
    passed_over: list[Difference] = Factory(list)
    _shared: dict[_Standing, _Standing] = Factory(dict)

    def add(self, record: CountedRecord) -> None:
        """Take in a record of the store."""
        match record:
            case LiveHolder(subscription=subscription):
                self._see(subscription)
            case StoredCount(of=of, count=count):
                self.counts[of] = count
            case Unreadable(error=error):
                self.passed_over.append(Difference("record", str(error)))

    def add_batch(self, batch: EventBatch) -> None:
        """Take in what the feed tells, after the store was read: it ends with what is newest of each subscription."""
        for event in batch.events:
            self._see(event.subscription)
        self.pass_over(batch)

    def pass_over(self, batch: EventBatch) -> None:
        """Take in only what of it could not be read."""
        self.passed_over += [Difference("change feed", str(error)) for error in batch.unreadable]

    def _see(self, subscription: Subscription) -> None:
        terms, status = subscription.terms, subscription.life.status
        standing = _Standing(status.is_live, counted_by(terms, status))
        # There are few different ones, and perhaps a million subscriptions.
        self.standings[terms.subscription_id] = self._shared.setdefault(standing, standing)

    def live(self) -> int:
        """How many are live."""
        return sum(standing.is_live for standing in self.standings.values())

    def corrections(self) -> list[Correction]:
        """Every counter that does not say what it must, by name."""
        counted = Counter(counter for standing in self.standings.values() for counter in standing.counters)
        wrong = (of for of in counted.keys() | self.counts.keys() if self.counts.get(of, 0) != counted[of])
        return [Correction(of, self.counts.get(of, 0), counted[of]) for of in sorted(wrong, key=str)]


class Recounting:
    """Repairs the counters. May run at any time, any number of times, killed at any line."""

    def __init__(
        self,
        *,
        store: WholeStore,
        subscriptions: Subscriptions,
        counters: Counters,
        units: UnitOfWork,
        identifiers: Identifiers,
        clock: Clock,
        waiting: Waiting,
        delay: FeedDelay,
    ) -> None:
        self._store = store
        self._subscriptions = subscriptions
        self._counters = counters
        self._units = units
        self._identifiers = identifiers
        self._clock = clock
        self._waiting = waiting
        self._delay = delay

    def recount(self, by: Principal, *, only_from: Checkpoint | None = None) -> Recount:
        """Correct every counter that differs from the subscriptions, and let counting go on from there.

        Exact as of the position from which counting goes on, whatever is written meanwhile, as long as no change comes
        into the feed later than its `FeedDelay` says; later ones would count twice. Until it ends nobody else counts.
        Killed, it leaves its mark, and the next recount takes over; so does one begun while another runs, which then
        ends in ConcurrentUpdateError. With `only_from` it begins only where counting stands there, else it is a
        ConcurrentUpdateError too. Raises FeedTrimmedError when more is written during the scan than the feed keeps.
        """
        require_admin(by)
        mark = RecountMark(self._identifiers.request_id(), self._clock.now())
        self._units.commit(*self._counters.marking(mark, only_from=only_from))
        census = _Census()
        # The scan sees every commit before this position; what it misses of later ones the feed tells behind it.
        start = self._end_of_feed(census)
        for record in self._store.counted():
            census.add(record)
        self._waiting.wait(self._delay.at_most)
        end = self._read_on(start, census)
        corrections = [each for each in census.corrections() if self._is_there(each.of)]
        self._write(corrections, mark)
        self._units.commit(*self._counters.unmarking(mark, until=end, at=self._clock.now()))
        return Recount(census.live(), tuple(corrections), tuple(census.passed_over))

    def _end_of_feed(self, census: _Census) -> str | None:
        """The position before which everything is left to the scan."""
        try:
            return self._skip(self._counters.checkpoint().position, census)
        # The feed has passed counting by, is another since a restore, or the checkpoint is no longer one.
        except (FeedTrimmedError, InvalidInputError, CorruptDataError):
            return self._skip(None, census)

    def _skip(self, position: str | None, census: _Census) -> str | None:
        for batch in self._batches(position):
            census.pass_over(batch)
            position = batch.position
        return position

    def _read_on(self, position: str | None, census: _Census) -> str | None:
        """The position up to which the census is complete."""
        try:
            for batch in self._batches(position):
                census.add_batch(batch)
                position = batch.position
        except FeedTrimmedError:
            raise FeedTrimmedError("more was written during the scan than it keeps; recount when less is") from None
        return position

    def _batches(self, position: str | None) -> Iterator[EventBatch]:
        while True:
            batch = self._subscriptions.events(position, BATCH)
            yield batch
            if batch.is_last:
                return
            position = batch.position

    def _is_there(self, of: Counted) -> bool:
        """A partner's counter is made where it is missing; that of a template which is gone is not."""
        return isinstance(of, StatusCount) or self._counters.has_template(of)

    def _write(self, corrections: list[Correction], mark: RecountMark) -> None:
        for start in range(0, len(corrections), MAX_COUNTERS_A_COMMIT):
            chunk = {each.of: each.after for each in corrections[start : start + MAX_COUNTERS_A_COMMIT]}
            self._units.commit(*self._counters.correcting(chunk, mark))
