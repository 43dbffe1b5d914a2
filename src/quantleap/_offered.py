"""What `import quantleap` offers beside `open`: the domain's values, and every error."""

from quantleap import errors
from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.agreement import AgreementTerm, CommissionAgreement, CommissionTier, TemplateRate
from quantleap.domain.commissions.statement import Statement
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.marketplace.content import BasketContent, Category
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.money import Money
from quantleap.domain.paging import ListPage, ListRequest
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import Month
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.domain.subscriptions.subscription import Subscription, SubscriptionSummary

__all__ = [
    "Admin",
    "AgreementTerm",
    "Allocation",
    "AllocationMode",
    "BasketContent",
    "BrokerAccount",
    "Category",
    "Charge",
    "CommissionAgreement",
    "CommissionTier",
    "Email",
    "ListPage",
    "ListRequest",
    "Mode",
    "Money",
    "Month",
    "Multiplier",
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
    "errors",
]
