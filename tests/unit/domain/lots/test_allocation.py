"""An allocation cannot contradict itself, and gives every account complete, traceable lots."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.lots.allocation import (
    AccountLots,
    AllocatedLots,
    Allocation,
    AllocationMode,
    BrokerAccount,
    OnShortfall,
    allocate,
)
from quantleap.domain.lots.multiplier import MAX_MICROS, MIN_MICROS, ONE, Multiplier
from quantleap.domain.lots.scaling import BaseLots, LotRounding, LotSkipReason, LotWarning, scale_lots
from quantleap.domain.lots.splitting import split_units

multipliers = st.builds(Multiplier, st.integers(MIN_MICROS, MAX_MICROS))
base_vectors = st.lists(st.integers(1, 12), min_size=1, max_size=6).map(BaseLots)
TWO = Multiplier(2_000_000)
GOOD_ACCOUNT: dict[str, Any] = {"broker_id": "zerodha", "broker_account_id": "AB1234"}


def account(name: str, **fields: Any) -> BrokerAccount:
    return BrokerAccount("zerodha", name, **fields)


def split(*accounts: BrokerAccount) -> Allocation:
    return Allocation(AllocationMode.SPLIT, accounts)


def multiply(*accounts: BrokerAccount) -> Allocation:
    return Allocation(AllocationMode.MULTIPLY, accounts)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"broker_id": "Zerodha"}, "broker_id"),
        ({"broker_id": ""}, "broker_id"),
        ({"broker_account_id": "AB#1"}, "broker_account_id"),
        ({"broker_account_id": 7}, "broker_account_id"),
        ({"priority": -1}, "priority"),
        ({"priority": 1001}, "priority"),
        ({"priority": None}, "priority"),
        ({"lot_multiplier": Decimal("1.5")}, "lot_multiplier"),
        ({"weight": -1}, "weight"),
        ({"weight": 1_000_001}, "weight"),
        ({"weight": 1.0}, "weight"),
        ({"weight": True}, "weight"),
        ({"cap_units": -1}, "cap_units"),
        ({"cap_units": 100_001}, "cap_units"),
        ({"max_lots_per_order": 0}, "max_lots_per_order"),
        ({"max_lots_per_order": 10_001}, "max_lots_per_order"),
    ],
)
def test_an_account_out_of_bounds_cannot_be_built(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        BrokerAccount(**GOOD_ACCOUNT | fields)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": 0, "weight": 0, "cap_units": 0, "max_lots_per_order": 1},
        {"priority": 1000, "weight": 1_000_000, "cap_units": 100_000, "max_lots_per_order": 10_000},
        {"lot_multiplier": TWO},
    ],
)
def test_the_bounds_of_an_account_are_inclusive(fields: dict[str, Any]) -> None:
    built = account("AB1234", **fields)
    assert {name: getattr(built, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("mode", "accounts", "field"),
    [
        (AllocationMode.MULTIPLY, (), "accounts"),
        (AllocationMode.MULTIPLY, tuple(account(f"A{n}") for n in range(21)), "accounts"),
        (AllocationMode.MULTIPLY, (account("A"), account("A", priority=1)), "accounts[1].broker_account_id"),
        (AllocationMode.MULTIPLY, (account("A"), account("B", weight=1)), "accounts[1].weight"),
        (AllocationMode.MULTIPLY, (account("A", cap_units=1),), "accounts[0].cap_units"),
        (AllocationMode.SPLIT, (account("A", weight=1), account("B")), "accounts[1].weight"),
        (AllocationMode.SPLIT, (account("A", weight=1, lot_multiplier=ONE),), "accounts[0].lot_multiplier"),
        (AllocationMode.SPLIT, (account("A", weight=0), account("B", weight=0)), "accounts"),
        (AllocationMode.SPLIT, (account("A", weight=1), account("A", weight=2)), "accounts[1].broker_account_id"),
        ("divide", (account("A"),), "mode"),
    ],
)
def test_an_allocation_that_contradicts_itself_cannot_be_built(
    mode: AllocationMode, accounts: tuple[BrokerAccount, ...], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Allocation(mode, accounts)
    assert refusal.value.field == field


def test_one_account_id_at_two_brokers_is_two_accounts() -> None:
    assert len(multiply(account("A"), BrokerAccount("kite", "A")).accounts) == 2


def test_twenty_accounts_are_allowed_and_a_list_of_them_is_frozen() -> None:
    twenty = [account(f"A{n}") for n in range(20)]
    assert Allocation(AllocationMode.MULTIPLY, twenty).accounts == tuple(twenty)


def test_subscribing_links_one_account_that_trades_the_subscriptions_multiplier() -> None:
    single = Allocation.single("zerodha", "AB1234")
    assert single == multiply(account("AB1234"))
    (entry,) = allocate(BaseLots((1, 2)), LotRounding.PER_LEG_FLOOR, TWO, single, OnShortfall.REDUCE).entries
    assert entry == AccountLots(account("AB1234"), (2, 4), None, None, ())


def test_an_accounts_own_multiplier_replaces_the_subscriptions_and_is_never_multiplied_with_it() -> None:
    own, plain = account("A", lot_multiplier=TWO), account("B")
    allocated = allocate(
        BaseLots((1, 3)), LotRounding.WHOLE_UNITS, Multiplier(3_000_000), multiply(own, plain), OnShortfall.REJECT
    )
    assert allocated == AllocatedLots(
        (AccountLots(own, (2, 6), 2, None, ()), AccountLots(plain, (3, 9), 3, None, ())), shortfall_units=0
    )


@given(base=base_vectors, subscribed=multipliers, own=multipliers, rounding=st.sampled_from(LotRounding))
def test_in_multiply_each_account_trades_what_its_multiplier_alone_would(
    base: BaseLots, subscribed: Multiplier, own: Multiplier, rounding: LotRounding
) -> None:
    accounts = (account("B"), account("A", lot_multiplier=own))
    allocated = allocate(base, rounding, subscribed, multiply(*accounts), OnShortfall.REJECT)
    assert [entry.account for entry in allocated.entries] == list(accounts)
    for entry, multiplier in zip(allocated.entries, (subscribed, own), strict=True):
        alone = scale_lots(base, multiplier, rounding)
        assert (entry.lots, entry.units) == (alone.lots, alone.units)
        assert (entry.skip_reason, entry.warnings) == (alone.skip_reason, alone.warnings)
    assert allocated.shortfall_units == 0


def test_one_account_is_skipped_for_a_leg_at_zero_while_another_trades() -> None:
    small, large = account("A", lot_multiplier=Multiplier(500_000)), account("B")
    allocated = allocate(BaseLots((1, 2)), LotRounding.PER_LEG_FLOOR, ONE, multiply(small, large), OnShortfall.REDUCE)
    assert allocated.entries == (
        AccountLots(small, (0, 0), None, LotSkipReason.LEG_AT_ZERO_LOTS, ()),
        AccountLots(large, (1, 2), None, None, ()),
    )


def test_a_split_gives_each_account_a_complete_hedge_and_skips_whoever_gets_none() -> None:
    accounts = (account("A", weight=2), account("B", weight=1), account("C", weight=0))
    allocated = allocate(BaseLots((4, 8)), LotRounding.WHOLE_UNITS, ONE, split(*accounts), OnShortfall.REDUCE)
    assert allocated == AllocatedLots(
        (
            AccountLots(accounts[0], (3, 6), 3, None, ()),
            AccountLots(accounts[1], (1, 2), 1, None, ()),
            AccountLots(accounts[2], (0, 0), 0, LotSkipReason.ZERO_LOTS, ()),
        ),
        shortfall_units=0,
    )


@pytest.mark.parametrize("rounding", LotRounding)
@pytest.mark.parametrize(
    ("base", "multiplier", "units", "warnings"),
    [
        ((2, 4), "1.5", 3, ()),
        ((2, 3), "1.5", 1, (LotWarning.FLOOR_WOULD_DIFFER,)),
        ((2, 3), "0.5", 0, (LotWarning.FLOOR_WOULD_DIFFER,)),
        ((2, 3), "0.1", 0, ()),
    ],
)
def test_a_split_is_in_whole_units_whatever_the_rounding_and_warns_where_the_published_floor_would_differ(
    rounding: LotRounding, base: tuple[int, ...], multiplier: str, units: int, warnings: tuple[LotWarning, ...]
) -> None:
    scaled_by = Multiplier.parse(Decimal(multiplier))
    (entry,) = allocate(BaseLots(base), rounding, scaled_by, split(account("A", weight=1)), OnShortfall.REDUCE).entries
    assert (entry.units, entry.warnings) == (units, warnings)


def test_a_shortfall_reduced_trades_what_fits_and_is_reported() -> None:
    accounts = (account("A", weight=3, cap_units=1), account("B", weight=1, cap_units=2))
    allocated = allocate(BaseLots((5, 10)), LotRounding.WHOLE_UNITS, ONE, split(*accounts), OnShortfall.REDUCE)
    assert [entry.lots for entry in allocated.entries] == [(1, 2), (2, 4)]
    assert [entry.skip_reason for entry in allocated.entries] == [None, None]
    assert allocated.shortfall_units == 2


def test_a_shortfall_rejected_trades_nothing_anywhere_and_is_reported() -> None:
    accounts = (account("A", weight=3, cap_units=1), account("B", weight=1, cap_units=2), account("C", weight=0))
    allocated = allocate(BaseLots((5, 10)), LotRounding.WHOLE_UNITS, ONE, split(*accounts), OnShortfall.REJECT)
    assert allocated.entries == tuple(
        AccountLots(each, (0, 0), 0, LotSkipReason.SHORTFALL_REJECTED, ()) for each in accounts
    )
    assert allocated.shortfall_units == 2


def test_rejecting_shortfalls_changes_nothing_where_everything_fits() -> None:
    accounts = (account("A", weight=3, cap_units=3), account("B", weight=1, cap_units=2))
    arguments = (BaseLots((5, 10)), LotRounding.WHOLE_UNITS, ONE, split(*accounts))
    assert allocate(*arguments, OnShortfall.REJECT) == allocate(*arguments, OnShortfall.REDUCE)


weighted_accounts = st.builds(
    lambda weights, cap: tuple(account(f"A{index}", weight=each, cap_units=cap) for index, each in enumerate(weights)),
    st.lists(st.integers(0, 3), min_size=1, max_size=5).filter(any),
    st.one_of(st.none(), st.integers(0, 12)),
)


@given(
    base=base_vectors,
    multiplier=multipliers,
    rounding=st.sampled_from(LotRounding),
    accounts=weighted_accounts,
    on_shortfall=st.sampled_from(OnShortfall),
)
def test_a_split_trades_the_subscriptions_units_or_says_why_not(
    base: BaseLots,
    multiplier: Multiplier,
    rounding: LotRounding,
    accounts: tuple[BrokerAccount, ...],
    on_shortfall: OnShortfall,
) -> None:
    units = multiplier.scaled(base.unit_count)
    expected = split_units(units, accounts)
    allocated = allocate(base, rounding, multiplier, split(*accounts), on_shortfall)
    assert allocated.shortfall_units == expected.shortfall
    if expected.shortfall and on_shortfall is OnShortfall.REJECT:
        assert {entry.skip_reason for entry in allocated.entries} == {LotSkipReason.SHORTFALL_REJECTED}
        assert not any(lots for entry in allocated.entries for lots in entry.lots)
    else:
        assert tuple(entry.units for entry in allocated.entries) == expected.parts
        for entry in allocated.entries:
            assert entry.lots == tuple(leg * (entry.units or 0) for leg in base.primitive)
            assert entry.skip_reason is (None if entry.units else LotSkipReason.ZERO_LOTS)
