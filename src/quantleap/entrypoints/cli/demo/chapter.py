"""A chapter of the story: what it shows, and the claims that arithmetic apart from the application checks."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from quantleap.domain.money import Money
from quantleap.entrypoints.cli.output.views import View


@frozen
class Check:
    """A claim, what it expects, and what the application gave."""

    claim: str
    expected: object
    found: object

    @property
    def holds(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found

    def document(self) -> dict[str, object]:
        """For the JSON answer."""
        return {
            "claim": self.claim,
            "expected": plain(self.expected),
            "found": plain(self.found),
            "holds": self.holds,
        }


def _in_order(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(items)


@frozen(kw_only=True)
class Chapter:
    """`key` names its part of the JSON answer."""

    key: str
    title: str
    document: Mapping[str, Any]
    views: tuple[View, ...] = field(converter=_in_order)
    checks: tuple[Check, ...] = field(converter=_in_order)


def plain(value: object) -> object:
    """An amount as its number in major units; anything else as it is."""
    return value.major_decimal() if isinstance(value, Money) else value


def rupees(paise: int) -> Money:
    """What a check expects, from plain arithmetic."""
    return Money(paise, "INR")


def amount(text: str) -> Money:
    """An amount of rupees that the story pays."""
    return Money.parse(Decimal(text), "INR")
