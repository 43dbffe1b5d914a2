"""A marketplace of options-trading strategies: subscriptions, lots, commissions and runs.

    import quantleap

    with quantleap.open("memory://") as app:
        ...

`open` gives an Application whose attributes are the use cases; each of their methods takes the principal who asks
first: an Admin, a User, a PartnerBackend or the System.
"""

from typing import TYPE_CHECKING

from quantleap._version import __version__
from quantleap.domain.errors import DomainError, InvalidInputError, PortError, QuantleapError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.money import Money
from quantleap.domain.periods import Month
from quantleap.domain.principals import Admin, PartnerBackend, System, User
from quantleap.domain.rates import Rate

if TYPE_CHECKING:
    from quantleap.composition import Application

__all__ = [
    "Admin",
    "Allocation",
    "AllocationMode",
    "BrokerAccount",
    "DomainError",
    "Email",
    "InvalidInputError",
    "Mode",
    "Money",
    "Month",
    "Multiplier",
    "PartnerBackend",
    "PartnerId",
    "PortError",
    "QuantleapError",
    "Rate",
    "System",
    "User",
    "__version__",
    "open",
]


def open(store: str = "memory://") -> "Application":  # noqa: A001 - reads as `quantleap.open`, as `gzip.open` does
    """The application over a store: `memory://`, or `sqlite:///path/to.db`, which is made where it is missing.

    Raises InvalidInputError for another URL, UnavailableError when the store cannot be used.
    """
    from quantleap.composition import compose  # noqa: PLC0415 - importing quantleap must cost the domain alone

    return compose(store)
