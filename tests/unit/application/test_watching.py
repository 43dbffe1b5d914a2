"""Refused authentication is logged, each counted, and nothing that was presented is told of but a partner's name."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from quantleap.adapters.system.clock import DrivenClock
from quantleap.application.watching import LOGGED_EVERY, MAX_PARTNERS, RefusedAuthentications
from quantleap.domain.errors import AuthenticationError, InvalidCredentialsError, KeyExpiredError, KeyRevokedError

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
RANDOM = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6"
WRONG = InvalidCredentialsError()


def key_of(slug: str) -> str:
    return f"pk_{slug}_live_{RANDOM}"


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str | None, int]]:
    """Reason, partner and number of refusals of each line."""
    fields = [vars(record) for record in caplog.records]
    return [(each["reason"], each["partner"], each["refused"]) for each in fields]


@pytest.fixture
def clock() -> DrivenClock:
    """It stands still until it is moved."""
    return DrivenClock(NOON)


@pytest.fixture
def watch(clock: DrivenClock) -> RefusedAuthentications:
    """Nothing was refused yet."""
    return RefusedAuthentications(clock)


@pytest.mark.parametrize(
    "error", [WRONG, KeyExpiredError("key_1"), KeyRevokedError("key_1")], ids=lambda error: error.code
)
def test_a_line_tells_the_reason_and_the_partner_that_the_key_names(
    watch: RefusedAuthentications, error: AuthenticationError, caplog: pytest.LogCaptureFixture
) -> None:
    for slug in ("zebu", "kite"):
        watch.refused(error, api_key=key_of(slug))
    assert told(caplog) == [(error.code, "zebu", 1), (error.code, "kite", 1)]


@pytest.mark.parametrize("presented", [None, "", "hunter2", 7, "pk_zebu_live_short", "pk_direct_live_" + RANDOM])
def test_what_is_no_key_names_nobody(
    watch: RefusedAuthentications, presented: object, caplog: pytest.LogCaptureFixture
) -> None:
    watch.refused(WRONG, api_key=presented)
    assert told(caplog) == [(WRONG.code, None, 1)]


def test_names_can_be_invented_and_only_so_many_are_told_apart(
    watch: RefusedAuthentications, clock: DrivenClock, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(MAX_PARTNERS + 50):
        watch.refused(WRONG, api_key=key_of(f"p{number}"))
    assert len(caplog.records) == MAX_PARTNERS + 1
    clock.move_to(NOON + LOGGED_EVERY)
    watch.refused(WRONG)
    assert told(caplog)[-1] == (WRONG.code, None, 50)


def test_a_partner_has_a_line_a_second_which_says_how_many_it_stands_for(
    watch: RefusedAuthentications, clock: DrivenClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="quantleap.authentication"):
        for _ in range(3):
            watch.refused(WRONG, api_key=key_of("zebu"))
        watch.refused(WRONG)
        clock.move_to(NOON + LOGGED_EVERY - timedelta(microseconds=1))
        watch.refused(WRONG, api_key=key_of("zebu"))
        clock.move_to(NOON + LOGGED_EVERY)
        watch.refused(WRONG, api_key=key_of("zebu"))
    assert [record.getMessage() for record in caplog.records] == [
        "authentication refused: INVALID_CREDENTIALS, partner zebu, 1 since the last line",
        "authentication refused: INVALID_CREDENTIALS, partner unknown, 1 since the last line",
        "authentication refused: INVALID_CREDENTIALS, partner zebu, 4 since the last line",
    ]


def test_no_part_of_a_credential_is_logged(watch: RefusedAuthentications, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        watch.refused(WRONG, api_key=key_of("zebu"))
        watch.refused(WRONG, api_key="hunter2")
    [named, unnamed] = caplog.records
    for record in (named, unnamed):
        told = f"{record.getMessage()} {record.__dict__}"
        assert RANDOM not in told
        assert "pk_" not in told
        assert "hunter2" not in told


def test_threads_lose_no_count(
    watch: RefusedAuthentications, clock: DrivenClock, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: watch.refused(WRONG, api_key=key_of("zebu")), range(2000)))
    clock.move_to(NOON + LOGGED_EVERY)
    watch.refused(WRONG, api_key=key_of("zebu"))
    assert told(caplog) == [(WRONG.code, "zebu", 1), (WRONG.code, "zebu", 2000)]
