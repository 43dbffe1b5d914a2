"""Reading the whole store, for `verify` and `recount` and for nothing else."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

from attrs import frozen

from quantleap.domain.billing.charge import Charge
from quantleap.domain.commissions.ledger import LedgerTransaction
from quantleap.domain.errors import QuantleapError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.marketplace.schedule import ScheduleEntry
from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.ports.counters import Counted
from quantleap.ports.secrets import KeysFingerprint
from quantleap.ports.subscriptions import SubscriptionLocation

# Subscriptions


@frozen
class LiveHolder:
    """A subscription, the holder of the marker that must name it while it is live, and the allocation it trades by."""

    holder: str
    subscription: Subscription
    allocation: Allocation | None


@frozen
class LiveMarker:
    """Which subscription a user's marker of a basket calls the live one, and who made it.

    `holder` tells the markers apart.
    """

    holder: str
    subscription_id: str
    partner_id: PartnerId | None


@frozen
class StoredAllocation:
    """A user's allocation of a basket, which the live subscription of that holder must have a copy of."""

    holder: str
    allocation: Allocation


@frozen
class StoredCount:
    """A counter of subscriptions; None where it cannot be read."""

    of: Counted
    count: int | None


# Money


@frozen
class StoredCharge:
    """A charge and the mode whose data it is."""

    mode: Mode
    charge: Charge


@frozen
class StoredTransaction:
    """A posting, and its place in the books."""

    place: str
    transaction: LedgerTransaction


@frozen
class PostedMarker:
    """That a transaction with a reference was posted, and at which place, so that it is not posted again."""

    transaction_id: str
    place: str


# Templates


@frozen
class StoredBasket:
    """A template basket: its version, and the strategies it names."""

    owner: Email
    basket_id: str
    version: int
    strategy_ids: tuple[str, ...]


@frozen
class StoredStrategy:
    """A strategy, the basket it belongs to, and that basket's version when it was written."""

    owner: Email
    basket_id: str
    basket_version: int
    strategy: Strategy


@frozen
class ScheduleLine:
    """An entry of the schedule that planners look up, and what it says of the strategy."""

    owner: Email
    entry: ScheduleEntry
    strategy_id: str
    basket_id: str
    status: str


# Partners


@frozen
class StoredKey:
    """A key record: the public key that a call is authenticated with, under its id in its partner's list."""

    partner_id: PartnerId
    api_key_id: str
    api_key: str


@frozen
class KeyLine:
    """A line in a partner's list of keys: which record is that id's."""

    partner_id: PartnerId
    api_key_id: str
    api_key: str


@frozen
class KeyName:
    """Which record a key's id names."""

    api_key_id: str
    api_key: str


# The platform


@frozen
class StoredClaim:
    """The keys of the platform that the store is used with."""

    fingerprint: KeysFingerprint


# Whatever it is


@frozen
class Misfiled:
    """A record whose key, of the table or of an index, is not what the record itself says."""

    subject: str
    attribute: str


@frozen
class Unreadable:
    """A record that cannot be read, and why."""

    error: QuantleapError


CountedRecord: TypeAlias = LiveHolder | StoredCount | Unreadable
"""What the counters are made from."""

Record: TypeAlias = (
    CountedRecord
    | SubscriptionLocation
    | LiveMarker
    | StoredAllocation
    | PostedMarker
    | StoredCharge
    | StoredTransaction
    | StoredBasket
    | StoredStrategy
    | ScheduleLine
    | StoredKey
    | KeyLine
    | KeyName
    | StoredClaim
    | Misfiled
)


class WholeStore(Protocol):
    """A pass over every record.

    Records come in any order, one page in memory at a time. It is no snapshot: each record is as it was at some moment
    of the pass, never older, and what is added meanwhile may be missed.
    """

    def records(self) -> Iterator[Record]:
        """Every record that can be checked against others or itself."""

    def counted(self) -> Iterator[CountedRecord]:
        """Subscriptions and counters alone."""
