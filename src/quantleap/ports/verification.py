"""Reading the whole store, for `verify` and for nothing else."""

from collections.abc import Iterator
from typing import Protocol

from attrs import frozen

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.subscriptions import SubscriptionLocation


@frozen
class LiveMarker:
    """Which subscription a user's marker of a basket calls the live one. `holder` tells the markers apart."""

    holder: str
    subscription_id: str


@frozen
class StoredCharge:
    """A charge and the mode whose data it is."""

    mode: Mode
    charge: Charge


@frozen
class PartnerCount:
    """A partner's counter of live subscriptions."""

    partner_id: PartnerId
    live: int


@frozen
class BasketCount:
    """A template's counter of live subscriptions, live mode alone."""

    basket_id: str
    live: int


@frozen
class Unreadable:
    """A record that cannot be read, and why."""

    error: QuantleapError


@frozen
class LiveHolder:
    """A subscription, the holder of the marker that must name it while it is live, and the allocation it trades by."""

    holder: str
    subscription: Subscription
    allocation: Allocation | None


@frozen
class StoredAllocation:
    """A user's allocation of a basket, which the live subscription of that holder must have a copy of."""

    holder: str
    allocation: Allocation


@frozen
class PostedMarker:
    """That a transaction with a reference was posted, so that it is not posted again."""

    transaction_id: str


Record = (
    LiveHolder
    | SubscriptionLocation
    | LiveMarker
    | StoredAllocation
    | PostedMarker
    | StoredCharge
    | LedgerTransaction
    | PartnerCount
    | BasketCount
    | Unreadable
)


class WholeStore(Protocol):
    """A pass over every record."""

    def records(self) -> Iterator[Record]:
        """Every record that can be checked against others, in any order, one page in memory at a time.

        Not a snapshot: what is written meanwhile may be seen or not.
        """
