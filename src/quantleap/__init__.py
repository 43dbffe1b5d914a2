"""A marketplace of options-trading strategies: subscriptions, lots, commissions and runs.

    import quantleap

    with quantleap.open("memory://") as app:
        ...

`open` gives an Application whose attributes are the use cases: `authoring`, `marketplace`, `subscribing`,
`subscriptions`, `allocations`, `planning`, `billing`, `statements`, `partners`, `verification`. What answers to
somebody takes the principal who asks first: an Admin, a User, a PartnerBackend (which `partners.authenticate` gives) or
the System. `counters.follow()` brings the counts of live subscriptions up to date: call it now and then.

Principals are taken at their word: prove who asks before you build one. Every error is in `quantleap.errors`.
"""

from typing import TYPE_CHECKING

from quantleap import errors
from quantleap._version import __version__
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.agreement import AgreementTerm, CommissionAgreement, CommissionTier, TemplateRate
from quantleap.domain.commissions.statement import Statement
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.content import BasketContent, Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.money import Money
from quantleap.domain.paging import Page, PageRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import Month
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary

if TYPE_CHECKING:
    from quantleap.composition import Application, World

__all__ = [
    "Admin",
    "AgreementTerm",
    "Allocation",
    "AllocationMode",
    "Application",
    "BasketContent",
    "BrokerAccount",
    "Category",
    "Charge",
    "CommissionAgreement",
    "CommissionTier",
    "Email",
    "Mode",
    "Money",
    "Month",
    "Multiplier",
    "Page",
    "PageRequest",
    "PartnerBackend",
    "PartnerId",
    "Permission",
    "Principal",
    "Rate",
    "Statement",
    "StrategyTemplate",
    "Subscription",
    "SubscriptionStatus",
    "SubscriptionSummary",
    "System",
    "TemplateRate",
    "User",
    "World",
    "__version__",
    "errors",
    "open",
]


def __getattr__(name: str) -> object:
    """Application and World, loaded when they are named: importing quantleap costs the domain alone."""
    if name in ("Application", "World"):
        from quantleap import composition  # noqa: PLC0415 - see above

        return getattr(composition, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def open(  # noqa: A001 - reads as `quantleap.open`, as `gzip.open` does
    store: str = "memory://", *, owner: str | None = None, world: "World | None" = None
) -> "Application":
    """The application over a store: `memory://`, or `sqlite:///path/to.db`, which is made where it is missing.

    `owner` is the email whose template baskets the marketplace offers (`admin@quantleap.in` unless said); `world` puts
    another clock, identifiers or randomness in place of the machine's. Raises InvalidInputError for another URL or an
    owner that is no email, UnavailableError when the store cannot be used, MisconfiguredError when its keys are lost.
    """
    from quantleap.composition import DEFAULT_OWNER, compose  # noqa: PLC0415 - importing quantleap costs the domain alone

    return compose(store, owner=DEFAULT_OWNER if owner is None else owner, world=world)
