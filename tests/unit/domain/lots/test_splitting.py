"""Units split between accounts by largest remainder under caps, against an oracle that searches for the answer."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.lots.allocation import BrokerAccount
from quantleap.domain.lots.splitting import Split, split_units

Case = tuple[int, tuple[int, ...], tuple[int | None, ...]]

PRIORITIES = (1, 0, 1, 2, 0)
"""Of the accounts of the exhaustive cases: some tie and are then told apart by their ids."""


@cache
def numbered(index: int, weight: int, cap: int | None) -> BrokerAccount:
    """Ids run against the order of the input, so that a tie decided by position would show."""
    return BrokerAccount("zerodha", f"A{9 - index}", PRIORITIES[index], weight=weight, cap_units=cap)


def accounts_of(weights: tuple[int, ...], caps: tuple[int | None, ...]) -> list[BrokerAccount]:
    return [numbered(index, weight, cap) for index, (weight, cap) in enumerate(zip(weights, caps, strict=True))]


def final_quotas(units: int, accounts: list[BrokerAccount]) -> tuple[set[BrokerAccount], Fraction | None]:
    """The accounts that leave with their cap, and the units the others get for one weight (None: there are no others).

    Searched for, not iterated to: the one set whose members' quota is at or above their cap, and the others' below it.
    Accounts reach their cap in the order of cap for one weight, so only the heads of that order can be the set.
    """
    claiming = [account for account in accounts if account.weight]
    capped = sorted(
        (a for a in claiming if a.cap_units is not None), key=lambda a: Fraction(a.cap_units or 0, a.weight or 0)
    )
    found: list[tuple[set[BrokerAccount], Fraction | None]] = []
    for count in range(len(capped) + 1):
        leaving = set(capped[:count])
        left = units - sum(account.cap_units or 0 for account in leaving)
        staying_weight = sum(account.weight or 0 for account in claiming if account not in leaving)
        if not staying_weight:
            if left >= 0:
                found.append((leaving, None))
            continue
        level = Fraction(left, staying_weight)
        if all((level * (a.weight or 0) >= (a.cap_units or 0)) is (a in leaving) for a in capped):
            found.append((leaving, level))
    (only,) = found
    return only


def searched_split(units: int, accounts: list[BrokerAccount]) -> Split:
    """Of all ways to round the final quotas down or up, the nearest to them; of equally near, by priority and ids."""
    leaving, level = final_quotas(units, accounts)
    if level is None:
        parts = [a.cap_units or 0 if a in leaving else 0 for a in accounts]
        return Split(tuple(parts), units - sum(parts))
    quotas = [Fraction(a.cap_units or 0) if a in leaving else level * (a.weight or 0) for a in accounts]
    choices = [(int(quota),) if quota.denominator == 1 else (floor(quota), floor(quota) + 1) for quota in quotas]

    def unfitness(parts: tuple[int, ...]) -> tuple[Fraction, list[tuple[int, str, str]]]:
        distance = sum(((part - quota) ** 2 for part, quota in zip(parts, quotas, strict=True)), Fraction(0))
        raised = [a for a, part, quota in zip(accounts, parts, quotas, strict=True) if part > quota]
        return distance, sorted((a.priority, a.broker_id, a.broker_account_id) for a in raised)

    complete = [parts for parts in product(*choices) if sum(parts) == units]
    return Split(min(complete, key=unfitness) if len(complete) > 1 else complete[0], 0)


def every_case(accounts: int, units: range, caps: tuple[int | None, ...]) -> Iterator[Case]:
    for weights in product(range(4), repeat=accounts):
        if any(weights):
            for drawn in product(caps, repeat=accounts):
                yield from ((count, weights, drawn) for count in units)


@pytest.mark.parametrize(
    ("accounts", "units", "caps"),
    [
        (1, range(13), (None, *range(13))),
        (2, range(13), (None, *range(0, 13, 2), 1, 3)),
        (3, range(13), (None, 0, 2)),
        (3, range(13), (1, 3, 5)),
        (4, range(13), (None,)),
        (4, range(3, 13, 3), (None, 2)),
        (5, range(13), (None,)),
    ],
)
def test_every_small_split_is_the_one_the_rule_describes(
    accounts: int, units: range, caps: tuple[int | None, ...]
) -> None:
    wrong = [
        case
        for case in every_case(accounts, units, caps)
        if split_units(case[0], listed := accounts_of(*case[1:])) != searched_split(case[0], listed)
    ]
    assert wrong == []


@st.composite
def claims(draw: st.DrawFn, most: int = 20) -> list[BrokerAccount]:
    """1 to `most` accounts, some of positive weight, with few priorities and weights, so that ties are common."""
    weights = draw(
        st.lists(st.one_of(st.integers(0, 4), st.integers(0, 1_000_000)), min_size=1, max_size=most).filter(any)
    )
    caps = st.one_of(st.none(), st.integers(0, 12), st.integers(0, 100_000))
    return [
        BrokerAccount(
            draw(st.sampled_from(["kite", "zebu"])), f"A{index}", draw(st.integers(0, 2)), None, weight, draw(caps)
        )
        for index, weight in enumerate(weights)
    ]


units_to_split = st.one_of(st.integers(0, 30), st.integers(0, 10_000))


@given(units=units_to_split, accounts=claims(most=8))
def test_any_split_is_the_one_the_rule_describes(units: int, accounts: list[BrokerAccount]) -> None:
    assert split_units(units, accounts) == searched_split(units, accounts)


@given(units=units_to_split, accounts=claims())
def test_parts_and_shortfall_add_up_to_the_units(units: int, accounts: list[BrokerAccount]) -> None:
    split = split_units(units, accounts)
    assert sum(split.parts) + split.shortfall == units
    assert len(split.parts) == len(accounts)
    assert min(*split.parts, split.shortfall, 0) == 0


@given(units=units_to_split, accounts=claims())
def test_no_account_exceeds_its_cap_and_weight_0_gets_nothing(units: int, accounts: list[BrokerAccount]) -> None:
    for part, account in zip(split_units(units, accounts).parts, accounts, strict=True):
        assert account.cap_units is None or part <= account.cap_units
        assert part == 0 or account.weight


@given(units=units_to_split, accounts=claims())
def test_there_is_a_shortfall_only_when_every_account_of_positive_weight_is_at_its_cap(
    units: int, accounts: list[BrokerAccount]
) -> None:
    split = split_units(units, accounts)
    at_their_cap = [part == a.cap_units for part, a in zip(split.parts, accounts, strict=True) if a.weight]
    assert split.shortfall == 0 or all(at_their_cap)


@given(units=units_to_split, accounts=claims())
def test_each_account_not_at_its_cap_is_within_less_than_1_of_its_final_quota(
    units: int, accounts: list[BrokerAccount]
) -> None:
    leaving, level = final_quotas(units, accounts)
    for part, account in zip(split_units(units, accounts).parts, accounts, strict=True):
        if account in leaving:
            assert part == account.cap_units
        elif level is not None:
            assert abs(part - level * (account.weight or 0)) < 1


@given(units=units_to_split, accounts=claims(), data=st.data())
def test_permuting_the_accounts_permutes_only_the_order(
    units: int, accounts: list[BrokerAccount], data: st.DataObject
) -> None:
    permuted = data.draw(st.permutations(accounts))
    before, after = split_units(units, accounts), split_units(units, permuted)
    assert dict(zip(accounts, before.parts, strict=True)) == dict(zip(permuted, after.parts, strict=True))
    assert before.shortfall == after.shortfall


@pytest.mark.parametrize(
    ("units", "first", "second", "parts"),
    [
        (1, ("zebu", "B", 0), ("kite", "A", 1), (1, 0)),
        (1, ("zebu", "A", 1), ("kite", "B", 1), (0, 1)),
        (1, ("kite", "B", 1), ("kite", "A", 1), (0, 1)),
        (3, ("kite", "B", 2), ("kite", "A", 7), (2, 1)),
    ],
)
def test_equal_remainders_go_to_the_lower_priority_number_then_to_the_smaller_ids(
    units: int, first: tuple[str, str, int], second: tuple[str, str, int], parts: tuple[int, ...]
) -> None:
    assert split_units(units, [BrokerAccount(*first, weight=1), BrokerAccount(*second, weight=1)]) == Split(parts, 0)


def test_an_account_below_its_cap_may_reach_it_once_others_have_left() -> None:
    accounts = accounts_of((3, 2, 1), (1, 4, None))
    assert split_units(10, accounts) == Split((1, 4, 5), 0)


def test_accounts_without_a_weight_claim_nothing() -> None:
    assert split_units(3, [BrokerAccount("kite", "A"), BrokerAccount("kite", "B", weight=1)]) == Split((0, 3), 0)
