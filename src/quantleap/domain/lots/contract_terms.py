"""Dated facts of the exchange on quantities: lot sizes by expiry, largest order quantities by trade date."""

from datetime import date
from itertools import pairwise
from typing import Protocol, TypeVar

from attrs import Attribute, field, frozen, validators

from quantleap.domain.errors import InvalidInputError, NotCoveredError
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.validation import plain_date, require, text, whole_number

MAX_LOT_SIZE = 100_000
MAX_ORDER_QUANTITY = 10_000_000

_MAX_EXCHANGE_CHARS = 10
_MAX_SOURCE_CHARS = 500


def _known_underlying(_: object, attribute: "Attribute[Underlying]", value: object) -> None:
    require(isinstance(value, Underlying), attribute.name, f"must be one of {', '.join(Underlying)}")


class _DatedRow(Protocol):
    @property
    def underlying(self) -> Underlying: ...

    @property
    def first_day(self) -> date: ...

    @property
    def last_day(self) -> date: ...


_Row = TypeVar("_Row", bound=_DatedRow)


def _without_overlap(_: object, attribute: "Attribute[tuple[_DatedRow, ...]]", rows: tuple[_DatedRow, ...]) -> None:
    """Two rows that cover one day of one underlying are refused."""
    ordered = sorted(rows, key=lambda row: (row.underlying, row.first_day))
    for before, after in pairwise(ordered):
        if before.underlying is after.underlying and after.first_day <= before.last_day:
            reason = f"overlap for {after.underlying} on {after.first_day.isoformat()}"
            raise InvalidInputError(attribute.name, reason)


def _row_on(rows: tuple[_Row, ...], data: str, underlying: Underlying, day: date) -> _Row:
    for row in rows:
        if row.underlying is underlying and row.first_day <= day <= row.last_day:
            return row
    raise NotCoveredError(data, underlying, day)


@frozen
class ContractTerm:
    """A lot of the contracts that expire from `first_expiry` to `last_expiry` holds `lot_size` units.

    Both days are inclusive, `last_expiry` None is open. `source` names the announcement that says so.
    """

    underlying: Underlying = field(validator=_known_underlying)
    exchange: str = field(validator=text(_MAX_EXCHANGE_CHARS))
    first_expiry: date = field(validator=plain_date)
    last_expiry: date | None = field(validator=validators.optional(plain_date))
    lot_size: int = field(validator=whole_number(1, MAX_LOT_SIZE))
    source: str = field(validator=text(_MAX_SOURCE_CHARS))

    def __attrs_post_init__(self) -> None:
        require(self.first_day <= self.last_day, "last_expiry", "must not be before first_expiry")

    @property
    def first_day(self) -> date:
        """The first expiry covered."""
        return self.first_expiry

    @property
    def last_day(self) -> date:
        """The last expiry covered; the end of the calendar when open."""
        return self.last_expiry or date.max


@frozen
class ContractTerms:
    """Contract terms that never contradict each other."""

    rows: tuple[ContractTerm, ...] = field(validator=_without_overlap)

    def lot_size(self, underlying: Underlying, expiry: date) -> int:
        """Units in one lot of the contract with that expiry. Raises NotCoveredError where no row covers it."""
        return _row_on(self.rows, "lot size", underlying, expiry).lot_size


@frozen
class QuantityLimit:
    """One order placed from `effective_from` to `effective_to` carries at most `max_order_quantity` units.

    All three are inclusive, `effective_to` None is open. `source` names the announcement that says so.
    """

    underlying: Underlying = field(validator=_known_underlying)
    exchange: str = field(validator=text(_MAX_EXCHANGE_CHARS))
    effective_from: date = field(validator=plain_date)
    effective_to: date | None = field(validator=validators.optional(plain_date))
    max_order_quantity: int = field(validator=whole_number(1, MAX_ORDER_QUANTITY))
    source: str = field(validator=text(_MAX_SOURCE_CHARS))

    def __attrs_post_init__(self) -> None:
        require(self.first_day <= self.last_day, "effective_to", "must not be before effective_from")

    @property
    def first_day(self) -> date:
        """The first trade date covered."""
        return self.effective_from

    @property
    def last_day(self) -> date:
        """The last trade date covered; the end of the calendar when open."""
        return self.effective_to or date.max


@frozen
class QuantityLimits:
    """Order quantity limits that never contradict each other."""

    rows: tuple[QuantityLimit, ...] = field(validator=_without_overlap)

    def max_order_quantity(self, underlying: Underlying, on: date) -> int:
        """Most units in one order on that trade date. Raises NotCoveredError where no row covers it."""
        return _row_on(self.rows, "largest order quantity", underlying, on).max_order_quantity
