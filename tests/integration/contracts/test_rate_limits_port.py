"""What `ports.rate_limits.RateLimits` promises, on every store."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TypeAlias

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.contracts.doubles import WatchedEngine
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.store import keys
from quantleap.adapters.store.engines.memory import MemoryEngine
from quantleap.adapters.store.records.rate_limits import read_alert
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.seam import Delete, Engine, Item, Put, Update, WriteConflictError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.token_bucket import MINUTE_NS, SECOND_NS, Taken, interval_ns, take
from quantleap.ports.errors import BusyError, CorruptDataError, UnavailableError
from quantleap.ports.rate_limits import RateLimitAlert

ZEBU, ZEBU_TEST, KITE = PartnerId("zebu", Mode.LIVE), PartnerId("zebu", Mode.TEST), PartnerId("kite", Mode.LIVE)
NOW = 1_790_000_000 * SECOND_NS
NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def taken(limits: StoredRateLimits, count: int, *, at: int = NOW, limit: int = 60, of: PartnerId = ZEBU) -> list[Taken]:
    return [limits.take(of, limit=limit, now_ns=at, api_key_id="key_1") for _ in range(count)]


def passed(answers: list[Taken]) -> int:
    return sum(answer.allowed for answer in answers)


@pytest.fixture
def limits(store: Store) -> StoredRateLimits:
    return StoredRateLimits(store.engine)


# Exact to the token


def test_sixty_pass_at_one_instant_and_then_one_a_second(limits: StoredRateLimits) -> None:
    answers = taken(limits, 61)
    assert [answer.remaining for answer in answers] == [*range(59, -1, -1), 0]
    assert [answer.allowed for answer in answers] == [True] * 60 + [False]
    assert answers[-1].reset_at_s == NOW // SECOND_NS + 60
    assert passed(taken(limits, 3, at=NOW + 2 * SECOND_NS)) == 2


def test_each_answer_is_the_one_that_the_domain_gives(limits: StoredRateLimits) -> None:
    expected, stored = [], None
    instants = [NOW + step * SECOND_NS // 4 for step in range(12)]
    for at in instants:
        expected.append(take(stored, at, 7))
        stored = expected[-1].stored_ns
    assert [taken(limits, 1, at=at, limit=7)[0] for at in instants] == expected
    assert not expected[-1].allowed


def test_processes_over_one_store_share_the_bucket(store: Store) -> None:
    first, second = (StoredRateLimits(store.engine) for _ in range(2))
    assert passed(taken(first, 40) + taken(second, 40) + taken(first, 40)) == 60


def test_of_takes_at_once_that_exclude_each_other_as_many_pass_as_tokens_are_there(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: taken(StoredRateLimits(store.engine), 3, limit=10), range(8))
    assert passed([answer for found in answers for answer in found]) == 10


def test_each_partner_and_mode_has_a_bucket_of_its_own(limits: StoredRateLimits) -> None:
    for partner in (ZEBU, ZEBU_TEST, KITE):
        assert passed(taken(limits, 5, limit=3, of=partner)) == 3


def test_another_limit_holds_from_the_next_request_on_and_gives_an_empty_bucket_no_token(
    limits: StoredRateLimits,
) -> None:
    assert passed(taken(limits, 60)) == 60
    assert passed(taken(limits, 1, limit=100_000)) == 0
    assert passed(taken(limits, 200, at=NOW + MINUTE_NS, limit=120)) == 120


# What is written


def test_a_refused_request_writes_nothing_and_a_process_that_knows_asks_nothing(store: Store) -> None:
    watched = WatchedEngine(store.engine)
    knowing, other = StoredRateLimits(watched), StoredRateLimits(watched)
    taken(knowing, 3, limit=3)
    before = everything(store.engine)
    watched.calls.clear()
    assert passed(taken(knowing, 5, limit=3)) == 0
    assert watched.calls == []
    assert passed(taken(other, 5, limit=3)) == 0
    assert watched.calls == ["write"]
    assert everything(store.engine) == before


def test_the_uses_of_each_key_pair_are_counted_with_the_tokens(store: Store, limits: StoredRateLimits) -> None:
    for api_key_id in ("key_1", "key_2", "key_1", None, "key_1"):
        limits.take(ZEBU, limit=4, now_ns=NOW, api_key_id=api_key_id)
    item = store.engine.get(keys.rate_limit(ZEBU), consistent=True)
    assert item is not None
    assert (item["uses_key_1"], item["uses_key_2"], item["version"]) == (2, 1, 4)
    assert {name for name in item if name.startswith("uses_")} == {"uses_key_1", "uses_key_2"}
    assert limits.uses_of(ZEBU) == {"key_1": 2, "key_2": 1}
    assert limits.uses_of(KITE) == {}


def test_uses_that_are_forgotten_leave_nothing_and_the_bucket_as_it_was(store: Store, limits: StoredRateLimits) -> None:
    for api_key_id in ("key_1", "key_2"):
        limits.take(ZEBU, limit=4, now_ns=NOW, api_key_id=api_key_id)
    limits.forget_uses(ZEBU, "key_1")
    assert limits.uses_of(ZEBU) == {"key_2": 1}
    before = everything(store.engine)
    for partner_id, api_key_id in ((ZEBU, "key_1"), (ZEBU, "key_3"), (KITE, "key_1")):
        limits.forget_uses(partner_id, api_key_id)
    assert everything(store.engine) == before
    assert limits.take(ZEBU, limit=4, now_ns=NOW, api_key_id=None).remaining == 1


def test_a_busy_store_forgets_no_uses_and_says_so(store: Store) -> None:
    watched = WatchedEngine(store.engine)

    def busy() -> None:
        raise WriteConflictError("held by another writer")

    watched.before("write", busy)
    with pytest.raises(UnavailableError, match="held by another writer"):
        StoredRateLimits(watched).forget_uses(ZEBU, "key_1")


@pytest.mark.parametrize("others", [1, 59, 60])
def test_a_wrong_guess_costs_one_more_request_at_most(store: Store, others: int) -> None:
    """Even where the others come between the guess and its answer."""
    watched = WatchedEngine(store.engine)
    limits, other = StoredRateLimits(watched), StoredRateLimits(store.engine)
    watched.before("write", lambda: taken(other, 1), lambda: taken(other, others))
    [answer] = taken(limits, 1)
    assert watched.calls == ["write", "write"]
    assert answer.allowed is (others < 59)


def test_a_bucket_that_is_removed_in_the_midst_is_a_full_one(store: Store) -> None:
    watched = WatchedEngine(store.engine)
    limits = StoredRateLimits(watched)
    taken(limits, 2)
    watched.calls.clear()
    watched.before("write", lambda: store.engine.write(Delete(keys.rate_limit(ZEBU))))
    [answer] = taken(limits, 1)
    assert (answer.allowed, answer.remaining) == (True, 59)
    assert watched.calls == ["write", "write"]


def test_a_bucket_that_cannot_be_read_is_corrupt_data(store: Store, limits: StoredRateLimits) -> None:
    store.engine.write(Update(keys.rate_limit(ZEBU), assign={"full_at_ns": None}))
    with pytest.raises(CorruptDataError, match="item RATE_LIMIT: full_at_ns is not a number"):
        taken(limits, 1)


def test_a_busy_store_is_no_conflict_of_the_caller_s(store: Store) -> None:
    watched = WatchedEngine(store.engine)

    def busy() -> None:
        raise WriteConflictError("held by another writer")

    watched.before("write", busy)
    with pytest.raises(UnavailableError, match="held by another writer") as raised:
        taken(StoredRateLimits(watched), 1)
    assert not isinstance(raised.value, BusyError)


# Clocks, and who comes in between

PROCESSES = 3


class Overtaken(MemoryEngine):
    """Before a write something may happen: what, it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], object]] = []

    def write(self, write: Put | Update | Delete) -> Item | None:
        """See `Engine.write`."""
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().write(write)


@frozen
class Asked:
    """When that was by everybody else's clock and by the process's own, and what it was answered."""

    at: int
    local: int
    answer: Taken


class Processes:
    """Several over one store, each with a clock of its own; `log` has what they asked in order of the answers."""

    def __init__(self, limit: int, ahead: list[int]) -> None:
        self.engine = Overtaken()
        self.log: list[Asked] = []
        self._limit = limit
        self._ahead = ahead
        self._limits = [StoredRateLimits(self.engine) for _ in ahead]

    def ask(self, process: int, at: int) -> None:
        """That one asks."""
        local = at + self._ahead[process]
        answer = self._limits[process].take(ZEBU, limit=self._limit, now_ns=local, api_key_id=None)
        self.log.append(Asked(at, local, answer))


Program: TypeAlias = tuple[int, list[int], list[tuple[int, int, list[int]]]]
"""A limit, how far ahead each process's clock is, and steps: a wait, who asks, and who asks in the midst of that."""


@st.composite
def programs(draw: st.DrawFn) -> Program:
    limit = draw(st.sampled_from([1, 2, 3, 60]))
    interval = interval_ns(limit)
    ahead = st.sampled_from([0, 0, 1, interval // 2, interval, 3 * interval])
    waits = [0, 0, 0, 1, interval // 3, interval - 1, interval, 2 * interval, MINUTE_NS, MINUTE_NS + interval]
    who = st.integers(0, PROCESSES - 1)
    steps = st.lists(st.tuples(st.sampled_from(waits), who, st.lists(who, max_size=3)), min_size=1, max_size=40)
    return limit, draw(st.lists(ahead, min_size=PROCESSES, max_size=PROCESSES)), draw(steps)


def run(program: Program) -> list[Asked]:
    limit, ahead, steps = program
    processes, now = Processes(limit, ahead), NOW
    for wait, who, meanwhile in steps:
        now += wait
        processes.engine.meanwhile = [partial(processes.ask, other, now) for other in meanwhile]
        processes.ask(who, now)
        processes.engine.meanwhile = []
    return processes.log


@given(programs())
def test_whoever_asks_by_whatever_clock_is_answered_as_by_one_bucket(program: Program) -> None:
    stored = None
    for asked in run(program):
        expected = take(stored, asked.local, program[0])
        assert asked.answer.allowed is expected.allowed
        if asked.answer.allowed:
            assert asked.answer == expected
            stored = expected.stored_ns


@given(programs())
def test_over_t_seconds_no_more_pass_than_the_bucket_and_what_the_fastest_clock_is_ahead_allow(
    program: Program,
) -> None:
    limit, ahead, _ = program
    through = [asked.at for asked in run(program) if asked.answer.allowed]
    for first, start in enumerate(through):
        for last, end in enumerate(through[first:], first):
            span = end - start + max(ahead) - min(ahead)
            assert last - first + 1 <= limit + Fraction(span * limit, MINUTE_NS)


@pytest.mark.parametrize("ahead_s", [0, 1, 7])
def test_a_clock_that_is_s_seconds_fast_lets_s_more_pass(store: Store, ahead_s: int) -> None:
    right, fast = (StoredRateLimits(store.engine) for _ in range(2))
    assert passed(taken(right, 70)) == 60
    assert passed(taken(fast, 20, at=NOW + ahead_s * SECOND_NS)) == ahead_s
    assert passed(taken(right, 20)) == 0


# Alerts

ALERT = RateLimitAlert(
    partner_id=ZEBU, at=NOON, limit=60, refused=60, api_key_id="key_1", expires_at=NOON + timedelta(days=90)
)


def alerts(engine: Engine) -> list[RateLimitAlert]:
    return [read_alert(item) for item in everything(engine) if item["entity_type"] == "RATE_LIMIT_ALERT"]


def test_an_alert_is_kept_as_it_was_given(store: Store, limits: StoredRateLimits) -> None:
    for alert in (ALERT, evolve(ALERT, partner_id=KITE, api_key_id=None)):
        assert limits.alerting(alert)
    assert alerts(store.engine) == [evolve(ALERT, partner_id=KITE, api_key_id=None), ALERT]


def test_one_alert_an_hour_and_partner_is_kept_whoever_gives_it(store: Store) -> None:
    given_at = [NOON, NOON + timedelta(minutes=29, seconds=59), NOON + timedelta(minutes=30)]
    kept = [StoredRateLimits(store.engine).alerting(evolve(ALERT, at=at)) for at in given_at]
    assert kept == [True, False, True]
    assert [alert.at for alert in alerts(store.engine)] == [given_at[0], given_at[2]]
    assert StoredRateLimits(store.engine).alerting(evolve(ALERT, partner_id=ZEBU_TEST))


def test_of_alerts_at_once_that_exclude_each_other_one_is_kept(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: StoredRateLimits(store.engine).alerting(ALERT), range(8)))
    assert sum(kept) == 1
