"""The identity of an order intent, and every walk through its life."""

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError, InvalidIntentMoveError
from quantleap.domain.execution.order_intent import IntentKey, IntentStatus, OrderIntent
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.marketplace.leg import Action

RUN = Run("condor", date(2026, 1, 12), RunKind.ENTRY)
KEY = IntentKey(
    subscription_id="sub_zebu_1",
    run=RUN,
    broker_id="zebu",
    broker_account_id="AB1234",
    leg_id="leg_1",
    attempt=0,
    slice_index=0,
)
INTENT = OrderIntent(
    key=KEY,
    side=Action.SELL,
    lots=27,
    lot_size=65,
    expiry=date(2026, 1, 13),
    instrument=None,
    basket_id="basket",
    basket_version=1,
    subscription_version=7,
    algo_id="ALGO1",
)
PLANNED, CLAIMED, PLACED, REJECTED, SKIPPED, UNKNOWN = IntentStatus


def test_the_id_is_the_sha_256_of_its_length_prefixed_parts() -> None:
    spelled = (
        b"\x00\x00\x00\x0asub_zebu_1"
        b"\x00\x00\x00\x06condor"
        b"\x00\x00\x00\x0a2026-01-12"
        b"\x00\x00\x00\x05ENTRY"
        b"\x00\x00\x00\x04zebu"
        b"\x00\x00\x00\x06AB1234"
        b"\x00\x00\x00\x05leg_1"
        b"\x00\x00\x00\x010"
        b"\x00\x00\x00\x010"
    )

    assert INTENT.intent_id == sha256(spelled).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"subscription_id": "sub_zebu_2"},
        {"run": evolve(RUN, strategy_id="another")},
        {"run": evolve(RUN, trade_date=date(2026, 1, 13))},
        {"run": evolve(RUN, kind=RunKind.EXIT)},
        {"broker_id": "zerodha"},
        {"broker_account_id": "AB1235"},
        {"leg_id": "leg_2"},
        {"attempt": 1},
        {"slice_index": 1},
    ],
)
def test_changing_any_part_changes_the_id(change: dict[str, Any]) -> None:
    assert evolve(KEY, **change).digest() != KEY.digest()


def test_where_one_part_ends_and_the_next_begins_counts() -> None:
    one, two = evolve(KEY, broker_id="ab", broker_account_id="c"), evolve(KEY, broker_id="a", broker_account_id="bc")
    three, four = evolve(KEY, attempt=11, slice_index=1), evolve(KEY, attempt=1, slice_index=11)

    assert one.digest() != two.digest()
    assert three.digest() != four.digest()


some_keys = st.builds(
    IntentKey,
    subscription_id=st.text(max_size=3),
    run=st.just(RUN),
    broker_id=st.text(max_size=3),
    broker_account_id=st.text(max_size=3),
    leg_id=st.text(max_size=3),
    attempt=st.integers(min_value=0, max_value=20),
    slice_index=st.integers(min_value=0, max_value=20),
)


@given(one=some_keys, two=some_keys)
def test_two_keys_have_one_id_exactly_when_they_are_equal(one: IntentKey, two: IntentKey) -> None:
    assert (one.digest() == two.digest()) == (one == two)


def test_nothing_but_the_key_is_in_the_id() -> None:
    other = evolve(INTENT, lots=1, basket_version=2, instrument="NIFTY26JAN24500CE", status=CLAIMED)

    assert other.intent_id == INTENT.intent_id


@given(key=some_keys)
def test_the_tag_is_twenty_characters_that_every_broker_carries(key: IntentKey) -> None:
    assert re.fullmatch(r"[A-Z2-7]{20}", evolve(INTENT, key=key).tag)


def test_the_tag_begins_the_digest_in_base32() -> None:
    bits = bin(int(INTENT.intent_id, 16))[2:].zfill(256)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

    assert INTENT.tag == "".join(alphabet[int(bits[at : at + 5], 2)] for at in range(0, 100, 5))


def test_a_quantity_is_in_units() -> None:
    assert INTENT.quantity == 1755


@pytest.mark.parametrize("change", [{"attempt": -1}, {"attempt": 1001}, {"slice_index": -1}, {"slice_index": 90}])
def test_attempts_and_slices_are_bounded(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        evolve(KEY, **change)


@pytest.mark.parametrize(("status", "reason"), [(SKIPPED, None), (PLANNED, SkipReason.HALTED)])
def test_a_reason_is_there_exactly_when_skipped(status: IntentStatus, reason: SkipReason | None) -> None:
    with pytest.raises(InvalidInputError):
        evolve(INTENT, status=status, skip_reason=reason)


def model_allows(history: tuple[IntentStatus, ...], target: IntentStatus, reason: SkipReason | None) -> bool:
    """The life of an intent in words, from all it has been rather than from where it stands."""
    has_ended = bool({PLACED, REJECTED, SKIPPED} & set(history))
    if has_ended or target in history or (target is SKIPPED) != (reason is not None):
        return False
    was_claimed, may_be_in_the_market = CLAIMED in history, UNKNOWN in history
    if target is CLAIMED:
        return not was_claimed
    if target is SKIPPED:
        return (reason is SkipReason.NOT_RECEIVED) == may_be_in_the_market
    return was_claimed


def walk(
    intent: OrderIntent, history: tuple[IntentStatus, ...], visit: Callable[[tuple[IntentStatus, ...]], None]
) -> None:
    visit(history)
    if len(history) > 5:
        return
    for target in IntentStatus:
        for reason in (None, *SkipReason):
            if model_allows(history, target, reason):
                moved = intent.move(target, reason)
                assert moved == evolve(intent, status=target, skip_reason=reason)
                walk(moved, (*history, target), visit)
            else:
                with pytest.raises(InvalidIntentMoveError):
                    intent.move(target, reason)


def test_every_walk_of_five_moves_goes_as_the_words_say() -> None:
    walks: set[tuple[IntentStatus, ...]] = set()
    walk(INTENT, (PLANNED,), walks.add)

    assert walks == {
        (PLANNED,),
        (PLANNED, SKIPPED),
        (PLANNED, CLAIMED),
        (PLANNED, CLAIMED, PLACED),
        (PLANNED, CLAIMED, REJECTED),
        (PLANNED, CLAIMED, SKIPPED),
        (PLANNED, CLAIMED, UNKNOWN),
        (PLANNED, CLAIMED, UNKNOWN, PLACED),
        (PLANNED, CLAIMED, UNKNOWN, REJECTED),
        (PLANNED, CLAIMED, UNKNOWN, SKIPPED),
    }


def test_a_refused_move_says_what_it_was() -> None:
    unknown = INTENT.move(CLAIMED).move(UNKNOWN)

    with pytest.raises(InvalidIntentMoveError, match=r"is UNKNOWN and cannot become PLANNED$"):
        unknown.move(PLANNED)
    with pytest.raises(InvalidIntentMoveError, match=r"is UNKNOWN and cannot become SKIPPED \(HALTED\)$"):
        unknown.move(SKIPPED, SkipReason.HALTED)
