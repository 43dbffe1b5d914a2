"""An order intent: one order that may be sent once, its identity, and its life."""

from base64 import b32encode
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from attrs import evolve, field, frozen

from quantleap.domain.errors import InvalidIntentMoveError
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run
from quantleap.domain.marketplace.leg import Action
from quantleap.domain.validation import require, whole_number

TAG_CHARS = 20
"""The longest tag a broker carries, in letters and digits. Source: Kite Connect 3, order parameters."""

MAX_INTENTS_PER_CLAIM = 90
"""Order intents of one subscription and account in one run. One transaction claims them all: it holds 100 actions
(Amazon DynamoDB, TransactWriteItems), and the checks beside the intents need some."""

MAX_ATTEMPT = 1000
"""Far above the re-entries and further exits of a day; past it an attempt is a mistake."""


class IntentStatus(StrEnum):
    """Where an intent stands."""

    PLANNED = "PLANNED"
    CLAIMED = "CLAIMED"
    """A worker has it and may be sending it."""
    PLACED = "PLACED"
    REJECTED = "REJECTED"
    SKIPPED = "SKIPPED"
    UNKNOWN = "UNKNOWN"
    """It may have reached the broker: a time-out, an ambiguous answer, an expired claim."""


_BEFORE_SENDING = frozenset(SkipReason) - {SkipReason.NOT_RECEIVED}
_NO_REASON: frozenset[SkipReason | None] = frozenset({None})

INTENT_MOVES: Mapping[IntentStatus, Mapping[IntentStatus, frozenset[SkipReason | None]]] = MappingProxyType(
    {
        IntentStatus.PLANNED: {
            IntentStatus.CLAIMED: _NO_REASON,
            IntentStatus.SKIPPED: _BEFORE_SENDING,
        },
        IntentStatus.CLAIMED: {
            IntentStatus.PLACED: _NO_REASON,
            IntentStatus.REJECTED: _NO_REASON,
            # Claimed and not sent: a halt that was read after the claim.
            IntentStatus.SKIPPED: _BEFORE_SENDING,
            IntentStatus.UNKNOWN: _NO_REASON,
        },
        # Never back to PLANNED: an order that may be in the market would be sent twice.
        IntentStatus.UNKNOWN: {
            IntentStatus.PLACED: _NO_REASON,
            IntentStatus.REJECTED: _NO_REASON,
            # Only with the proof that it never arrived: any other reason would forget an order in the market.
            IntentStatus.SKIPPED: frozenset({SkipReason.NOT_RECEIVED}),
        },
        # The ends. What happens to a placed order is the order's life, not the intent's.
        IntentStatus.PLACED: {},
        IntentStatus.REJECTED: {},
        IntentStatus.SKIPPED: {},
    }
)
"""From each status, where an intent may go, and with which reasons."""


@frozen(kw_only=True)
class IntentKey:
    """What makes two intents the same. `attempt` counts re-entries and further exits, `slice_index` a leg's orders."""

    subscription_id: str
    run: Run
    broker_id: str
    broker_account_id: str
    leg_id: str
    attempt: int = field(validator=whole_number(0, MAX_ATTEMPT))
    slice_index: int = field(validator=whole_number(0, MAX_INTENTS_PER_CLAIM - 1))

    def digest(self) -> bytes:
        """SHA-256 of the parts, each behind its length in four bytes: no two keys spell the same bytes."""
        parts = (
            self.subscription_id,
            self.run.strategy_id,
            self.run.trade_date.isoformat(),
            self.run.kind,
            self.broker_id,
            self.broker_account_id,
            self.leg_id,
            str(self.attempt),
            str(self.slice_index),
        )
        hashed = sha256()
        for part in parts:
            encoded = part.encode()
            hashed.update(len(encoded).to_bytes(4, "big") + encoded)
        return hashed.digest()


@frozen(kw_only=True)
class OrderIntent:
    """`lots` of a leg in one account, in lots of `lot_size` units; `side` is what the order does.

    `instrument` is None until an entry's strike is chosen. The versions are those it was planned from. `skip_reason` is
    there exactly when SKIPPED.
    """

    key: IntentKey
    intent_id: str = field(init=False)
    side: Action
    lots: int
    lot_size: int
    expiry: date
    instrument: str | None
    basket_id: str
    basket_version: int
    subscription_version: int
    algo_id: str | None
    status: IntentStatus = IntentStatus.PLANNED
    skip_reason: SkipReason | None = None

    @intent_id.default
    def _digest_of_the_key(self) -> str:
        return self.key.digest().hex()

    def __attrs_post_init__(self) -> None:
        skipped = self.status is IntentStatus.SKIPPED
        require((self.skip_reason is not None) == skipped, "skip_reason", "must be there exactly when SKIPPED")

    @property
    def quantity(self) -> int:
        """Units of the contract."""
        return self.lots * self.lot_size

    @property
    def tag(self) -> str:
        """The first 20 characters of the id's digest in base32 (RFC 4648): what our order carries at the broker."""
        return b32encode(bytes.fromhex(self.intent_id)).decode()[:TAG_CHARS]

    def move(self, target: IntentStatus, skip_reason: SkipReason | None = None) -> "OrderIntent":
        """The intent in that status. Raises InvalidIntentMoveError where INTENT_MOVES has no such move and reason."""
        if skip_reason not in INTENT_MOVES[self.status].get(target, ()):
            raise InvalidIntentMoveError(self.intent_id, self.status, target, skip_reason)
        return evolve(self, status=target, skip_reason=skip_reason)
