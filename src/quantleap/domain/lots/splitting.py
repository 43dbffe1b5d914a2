"""Splitting whole units between weighted accounts: largest remainder under caps, in integers."""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen


class Claimant(Protocol):
    """What the split needs to know of an account."""

    @property
    def broker_id(self) -> str:
        """With `broker_account_id`, unique among the claimants."""

    @property
    def broker_account_id(self) -> str:
        """With `broker_id`, unique among the claimants."""

    @property
    def priority(self) -> int:
        """The lower number is served first where remainders tie."""

    @property
    def weight(self) -> int | None:
        """Its share against the others' weights; None claims nothing, as 0 does."""

    @property
    def cap_units(self) -> int | None:
        """The most units it takes; None is no bound."""


@frozen
class Split:
    """Units of each account in the input's order, and the units that none could take: together the units split."""

    parts: tuple[int, ...]
    shortfall: int


def split_units(units: int, accounts: Sequence[Claimant]) -> Split:
    """Share `units` (at least 0) by weight.

    Accounts whose exact quota of what remains is at or above their cap get their cap and leave; this repeats until
    there is none. The rest share by largest remainder, ties by priority (lower first), then by ids. So each account
    below its cap is within less than 1 of its final quota, and there is a shortfall only when every account of
    positive weight is at its cap.
    """
    weights = [account.weight or 0 for account in accounts]
    parts = [0] * len(weights)
    sharing = [index for index, weight in enumerate(weights) if weight]
    remaining, total_weight = units, sum(weights)
    while capped := [i for i in sharing if _is_capped(accounts[i], remaining * weights[i], total_weight)]:
        for index in capped:
            parts[index] = accounts[index].cap_units or 0
        remaining -= sum(parts[index] for index in capped)
        total_weight -= sum(weights[index] for index in capped)
        sharing = [index for index in sharing if index not in capped]
    if not sharing:
        return Split(tuple(parts), remaining)
    remainders: dict[int, int] = {}
    for index in sharing:
        parts[index], remainders[index] = divmod(remaining * weights[index], total_weight)
    left_over = sum(remainders.values()) // total_weight
    for index in sorted(sharing, key=lambda i: (-remainders[i], *_rank(accounts[i])))[:left_over]:
        parts[index] += 1
    return Split(tuple(parts), 0)


def _is_capped(account: Claimant, quota_numerator: int, quota_denominator: int) -> bool:
    """Whether the exact quota is at or above the account's cap."""
    return account.cap_units is not None and quota_numerator >= account.cap_units * quota_denominator


def _rank(account: Claimant) -> tuple[int, str, str]:
    return account.priority, account.broker_id, account.broker_account_id
