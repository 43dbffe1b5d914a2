"""The bucket in one stored time decides as an exact bucket of tokens does."""

from fractions import Fraction

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, RateLimitExceededError
from quantleap.domain.partners.token_bucket import MINUTE_NS, SECOND_NS, Taken, interval_ns, take, tolerance_ns

NOW = 1_790_000_000 * SECOND_NS
DIVIDING_LIMITS = [1, 2, 3, 5, 60, 100, 120, 600, 1000, 15_625, 100_000]


@define
class ExactBucket:
    """Capacity tokens, one more each `interval` nanoseconds, counted as a fraction."""

    capacity: int
    interval: Fraction
    tokens: Fraction
    at: int

    def take(self, now: int) -> tuple[bool, int]:
        self.tokens = min(Fraction(self.capacity), self.tokens + (now - self.at) / self.interval)
        self.at = now
        allowed = self.tokens >= 1
        self.tokens -= allowed
        return allowed, int(self.tokens)


def gaps(limit: int) -> st.SearchStrategy[int]:
    """Waits that matter: none, a few nanoseconds, about one or several intervals, about a minute, anything."""
    interval = interval_ns(limit)
    near = st.integers(-2, 2)
    return st.one_of(
        st.just(0),
        st.integers(0, 3),
        near.map(lambda slip: max(0, interval + slip)),
        st.tuples(st.integers(1, 5), near).map(lambda pair: max(0, pair[0] * interval + pair[1])),
        near.map(lambda slip: MINUTE_NS + slip),
        st.integers(0, 2 * MINUTE_NS),
    )


@st.composite
def programs(draw: st.DrawFn, limits: st.SearchStrategy[int]) -> tuple[int, list[int]]:
    """A limit, and the instants of some bursts of requests."""
    limit = draw(limits)
    instants, now = [], NOW
    for gap, burst in draw(st.lists(st.tuples(gaps(limit), st.integers(1, 12)), min_size=1, max_size=25)):
        now += gap
        instants += [now] * burst
    return limit, instants


def run(limit: int, instants: list[int]) -> list[Taken]:
    stored, answers = None, []
    for now in instants:
        answers.append(take(stored, now, limit))
        stored = answers[-1].stored_ns
    return answers


def decided_by_an_exact_bucket(limit: int, interval: Fraction, instants: list[int]) -> list[tuple[bool, int]]:
    bucket = ExactBucket(limit, interval, Fraction(limit), instants[0])
    return [bucket.take(now) for now in instants]


@given(programs(st.one_of(st.integers(1, 12).filter(lambda n: MINUTE_NS % n == 0), st.sampled_from(DIVIDING_LIMITS))))
def test_where_the_limit_divides_the_minute_it_decides_as_an_exact_bucket(program: tuple[int, list[int]]) -> None:
    limit, instants = program
    expected = decided_by_an_exact_bucket(limit, Fraction(MINUTE_NS, limit), instants)
    assert [(answer.allowed, answer.remaining) for answer in run(limit, instants)] == expected


@given(programs(st.one_of(st.integers(1, 13), st.integers(1, 100_000))))
def test_at_any_limit_it_decides_as_an_exact_bucket_whose_interval_is_whole_nanoseconds(
    program: tuple[int, list[int]],
) -> None:
    limit, instants = program
    expected = decided_by_an_exact_bucket(limit, Fraction(interval_ns(limit)), instants)
    assert [(answer.allowed, answer.remaining) for answer in run(limit, instants)] == expected


@given(programs(st.one_of(st.integers(1, 13), st.integers(1, 100_000))))
def test_over_any_t_seconds_at_most_n_plus_t_times_n_by_60_pass(program: tuple[int, list[int]]) -> None:
    limit, instants = program
    passed = [now for now, answer in zip(instants, run(limit, instants), strict=True) if answer.allowed]
    for first, start in enumerate(passed):
        for last, end in enumerate(passed[first:], first):
            assert last - first + 1 <= limit + Fraction((end - start) * limit, MINUTE_NS)


@given(programs(st.sampled_from([1, 2, 7, 60])))
def test_the_times_it_names_are_true(program: tuple[int, list[int]]) -> None:
    limit, instants = program
    for now, answer in zip(instants, run(limit, instants), strict=True):
        when_full = take(answer.stored_ns, answer.reset_at_s * SECOND_NS, limit)
        assert when_full.remaining == limit - 1
        if answer.allowed:
            assert answer.retry_after_s == 0
        else:
            assert take(answer.stored_ns, now + answer.retry_after_s * SECOND_NS, limit).allowed
            assert not take(answer.stored_ns, now + (answer.retry_after_s - 1) * SECOND_NS, limit).allowed


@given(st.integers(1, 100_000), st.integers(0, 3 * MINUTE_NS), st.integers(0, 3 * MINUTE_NS))
def test_a_clock_that_steps_back_never_finds_more_tokens(limit: int, ahead: int, back: int) -> None:
    stored = NOW + ahead
    now, before = take(stored, NOW, limit), take(stored, NOW - back, limit)
    assert before.remaining + before.allowed <= now.remaining + now.allowed


def test_sixty_pass_at_once_and_then_one_a_second() -> None:
    answers = run(60, [NOW] * 61 + [NOW + SECOND_NS] * 2)
    assert [answer.allowed for answer in answers] == [True] * 60 + [False, True, False]
    assert [answer.remaining for answer in answers[:60]] == list(range(59, -1, -1))
    refused = answers[60]
    assert refused == Taken(False, NOW + MINUTE_NS, 0, NOW // SECOND_NS + 60, 1)  # noqa: FBT003 - fields in order


def test_without_a_token_it_is_refused_with_the_published_facts() -> None:
    take(None, NOW, 60).require_allowed(60)
    with pytest.raises(RateLimitExceededError) as refusal:
        take(NOW + MINUTE_NS, NOW, 60).require_allowed(60)
    assert refusal.value.details() == {"limit": 60, "remaining": 0, "reset_at": NOW // SECOND_NS + 60}
    assert refusal.value.retry_after_s == 1


def test_a_refusal_stores_nothing_new() -> None:
    full_at = NOW + MINUTE_NS
    assert take(full_at, NOW, 60).stored_ns == full_at


def test_a_bucket_never_used_and_one_full_again_are_alike() -> None:
    assert take(None, NOW, 60) == take(NOW - 5, NOW, 60) == take(NOW, NOW, 60)


@pytest.mark.parametrize(("before", "after"), [(100_000, 60), (60, 100_000), (7, 60)])
def test_an_empty_bucket_whose_limit_changes_stays_empty_and_fills_within_a_minute(before: int, after: int) -> None:
    emptied = run(before, [NOW] * before)[-1].stored_ns
    assert not take(emptied, NOW, after).allowed
    assert take(emptied, NOW + MINUTE_NS + before, after).remaining == after - 1


@pytest.mark.parametrize("limit", [1, 7, 60, 100_000])
def test_the_interval_is_rounded_up_to_the_nanosecond_and_the_tolerance_is_all_tokens_but_one(limit: int) -> None:
    assert Fraction(MINUTE_NS, limit) <= interval_ns(limit) < Fraction(MINUTE_NS, limit) + 1
    assert tolerance_ns(limit) + interval_ns(limit) == limit * interval_ns(limit)


@pytest.mark.parametrize("limit", [0, -1, 100_001, True, 60.0, "60"])
def test_a_limit_is_a_whole_number_from_1_to_100000(limit: object) -> None:
    with pytest.raises(InvalidInputError, match="limit"):
        take(None, NOW, limit)  # type: ignore[arg-type]  # what is refused
