"""Dated facts of the exchange, as the use cases read them."""

from typing import Protocol

from quantleap.domain.execution.calendar import TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRules
from quantleap.domain.lots.contract_terms import ContractTerms, QuantityLimits


class ReferenceData(Protocol):
    """Facts of the exchange, each with its dates and its source.

    Every answer is immutable, may be shared between threads, and is the same value for the life of the process: the
    source is read once, at the first question. Each method raises MalformedReferenceDataError if its source is
    malformed; a day that the facts do not cover is the answer's own NotCoveredError.
    """

    def trading_calendar(self) -> TradingCalendar:
        """Sessions and holidays."""
        ...

    def expiry_rules(self) -> ExpiryRules:
        """Expiry weekdays by underlying."""
        ...

    def contract_terms(self) -> ContractTerms:
        """Lot sizes by underlying and expiry."""
        ...

    def quantity_limits(self) -> QuantityLimits:
        """Largest order quantities by underlying and trade date."""
        ...

    def sample_catalog(self) -> str:
        """A small marketplace to start from: a catalog document, as JSON text."""
        ...
