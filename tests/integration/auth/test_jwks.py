"""An issuer's keys: which of a set count, when they are fetched, and how long they are honoured."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from attrs import define, field
from joserfc.jwk import ECKey, RSAKey
from tests.integration.auth.issuer import KID, NOON, key_pair, key_set, public_jwk

from quantleap.adapters.auth.jwks import FETCHED_EVERY, FRESH_FOR, HONOURED_FOR, FetchedKeys, read_keys
from quantleap.adapters.system.clock import DrivenClock
from quantleap.ports.errors import MisconfiguredError, UnavailableError

TICK = timedelta(microseconds=1)
UNREACHABLE = UnavailableError("the issuer cannot be reached")
UNREADABLE = MisconfiguredError("QUANTLEAP_JWKS: cannot read it")


@define
class Source:
    """What the issuer answers, and how often it was asked."""

    answer: bytes | UnavailableError | MisconfiguredError = field(factory=key_set)
    asked: int = 0

    def fetch(self) -> bytes:
        """The answer."""
        self.asked += 1
        if isinstance(self.answer, bytes):
            return self.answer
        raise self.answer


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock(NOON)


@pytest.fixture
def keys(source: Source, clock: DrivenClock) -> FetchedKeys:
    return FetchedKeys(source.fetch, clock)


# Which count


def test_a_key_is_found_by_its_id() -> None:
    assert read_keys(key_set("key-1", "key-2")).keys() == {"key-1", "key-2"}


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_keys_of_other_kinds_uses_and_lengths_are_passed_over() -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"}).as_dict(private=False)
    curve = ECKey.generate_key("P-256", {"kid": "curve"}).as_dict(private=False)
    others: list[Any] = [
        public_jwk(kid="enc", use="enc"),
        public_jwk(kid="rs512", alg="RS512"),
        {name: value for name, value in public_jwk().items() if name != "kid"},
        {**public_jwk(), "kid": 5},
        {**public_jwk(), "n": "no base 64!"},
        {**public_jwk(), "e": None},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"},
        {},
        5,
        short,
        curve,
    ]
    text = json.dumps({"keys": [*others, public_jwk()]}).encode()
    assert read_keys(text).keys() == {KID}


def test_the_private_half_of_a_key_is_never_taken_in() -> None:
    text = json.dumps({"keys": [key_pair().as_dict(private=True)]}).encode()
    assert not read_keys(text)[KID].is_private


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"{}", b"5", b'{"keys": 5}', b'{"keys": null}', b"\xff", b"[" * 10_000],
    ids=lambda text: repr(text)[:20],
)
def test_what_is_no_key_set_is_told_as_such_and_not_repeated(text: bytes) -> None:
    with pytest.raises(UnavailableError) as error:
        read_keys(text)
    assert str(error.value) == "the issuer of tokens gave no set of keys"


# When they are fetched


def test_they_are_fetched_when_they_are_first_needed_and_kept(source: Source, keys: FetchedKeys) -> None:
    assert source.asked == 0
    for _ in range(3):
        assert keys.key(KID) is not None
    assert source.asked == 1


def test_they_can_be_had_beforehand(source: Source, keys: FetchedKeys) -> None:
    keys.prepare()
    assert keys.key(KID) is not None
    assert source.asked == 1


def test_a_new_key_of_the_issuer_is_found_with_the_first_token_that_names_it(
    source: Source, keys: FetchedKeys, clock: DrivenClock
) -> None:
    keys.prepare()
    source.answer = key_set(KID, "key-2")
    clock.move_to(NOON + FETCHED_EVERY)
    assert keys.key("key-2") is not None
    assert source.asked == 2


def test_unknown_keys_cost_no_more_than_a_fetch_in_a_while(
    source: Source, keys: FetchedKeys, clock: DrivenClock
) -> None:
    for number in range(100):
        assert keys.key(f"unknown-{number}") is None
    assert source.asked == 1
    clock.move_to(NOON + FETCHED_EVERY)
    for number in range(100):
        assert keys.key(f"unknown-{number}") is None
    assert source.asked == 2


def test_a_key_that_was_withdrawn_is_refused_within_the_hour(
    source: Source, keys: FetchedKeys, clock: DrivenClock
) -> None:
    keys.prepare()
    source.answer = key_set("key-2")
    clock.move_to(NOON + FRESH_FOR - TICK)
    assert keys.key(KID) is not None
    clock.move_to(NOON + FRESH_FOR)
    assert keys.key(KID) is None
    assert source.asked == 2


def test_of_many_threads_one_fetches(source: Source, keys: FetchedKeys) -> None:
    together = Barrier(8)

    def ask(_: int) -> object:
        together.wait(timeout=10)
        return keys.key(KID)

    with ThreadPoolExecutor(8) as pool:
        assert None not in list(pool.map(ask, range(8)))
    assert source.asked == 1


# Where it cannot be reached


def unavailable(call: Callable[[], object]) -> bool:
    try:
        call()
    except UnavailableError:
        return True
    return False


@pytest.mark.parametrize("failure", [UNREACHABLE, UNREADABLE], ids=["unreachable", "unreadable"])
def test_without_keys_nobody_is_refused_and_nobody_let_in(
    source: Source, keys: FetchedKeys, clock: DrivenClock, failure: UnavailableError | MisconfiguredError
) -> None:
    source.answer = failure
    for _ in range(100):
        assert unavailable(lambda: keys.key(KID))
    assert source.asked == 1
    source.answer = key_set()
    clock.move_to(NOON + FETCHED_EVERY)
    assert keys.key(KID) is not None


@pytest.mark.parametrize("failure", [UNREACHABLE, UNREADABLE], ids=["unreachable", "unreadable"])
def test_whoever_prepares_is_told_what_is_the_matter_each_time(
    source: Source, keys: FetchedKeys, failure: UnavailableError | MisconfiguredError
) -> None:
    source.answer = failure
    for _ in range(2):
        with pytest.raises(type(failure), match=failure.reason):
            keys.prepare()
    assert source.asked == 1


@pytest.mark.parametrize("failure", [UNREACHABLE, UNREADABLE], ids=["unreachable", "unreadable"])
def test_kept_keys_serve_for_a_day_while_there_are_none_to_be_had(
    source: Source,
    keys: FetchedKeys,
    clock: DrivenClock,
    caplog: pytest.LogCaptureFixture,
    failure: UnavailableError | MisconfiguredError,
) -> None:
    keys.prepare()
    source.answer = failure
    clock.move_to(NOON + HONOURED_FOR - TICK)
    assert keys.key(KID) is not None
    assert unavailable(lambda: keys.key("key-2"))
    assert source.asked == 2
    assert caplog.messages == [f"keys of tokens could not be fetched: {failure.reason}"]
    clock.move_to(NOON + HONOURED_FOR)
    assert unavailable(lambda: keys.key(KID))
