"""Every refusal of the domain, as one tree.

QuantleapError
├── DomainError                        the rules say no; trying again cannot help unless `retryable` says so
│   ├── InvalidInputError              a value is malformed or out of bounds: names the field and the reason
│   ├── NotFoundError
│   │   ├── TemplateNotFoundError
│   │   ├── StrategyNotFoundError
│   │   ├── SubscriptionNotFoundError
│   │   ├── AllocationNotFoundError
│   │   ├── PartnerNotFoundError
│   │   ├── ApiKeyNotFoundError
│   │   └── ChargeNotFoundError
│   ├── ConflictError
│   │   ├── DuplicateSubscriptionError
│   │   ├── AlreadyExistsError
│   │   ├── ReferenceReusedError
│   │   ├── KeyAlreadyRotatedError
│   │   └── ConcurrentUpdateError      (retryable)
│   ├── AuthenticationError            the caller did not prove who they are
│   │   ├── InvalidCredentialsError
│   │   ├── KeyExpiredError
│   │   └── KeyRevokedError
│   ├── ForbiddenError
│   │   ├── PermissionDeniedError
│   │   └── NotTheOwnerError
│   ├── InvalidStatusTransitionError
│   ├── InvalidListingMoveError
│   ├── HistoryFullError
│   ├── NotCoveredError                dated data has no row for that day
│   ├── NonTradingDayError
│   ├── InvalidIntentMoveError         an order intent or an order never goes back
│   ├── InvalidOrderMoveError
│   └── MoneyError
│       ├── CurrencyMismatchError
│       ├── UnbalancedTransactionError
│       ├── LedgerCorruptError         a stored transaction is not what was posted
│       ├── RefundExceedsChargeError
│       ├── PeriodNotChargeableError
│       ├── StatementTooEarlyError
│       ├── InvalidStatementMoveError
│       └── SubscriptionParkedError
└── PortError                          what an adapter may raise (see `quantleap.ports.errors`)
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from attrs import asdict, define


@define(eq=False)
class QuantleapError(Exception):
    """Root of every error this package raises on purpose."""

    code: ClassVar[str] = "INTERNAL_ERROR"
    retryable: ClassVar[bool] = False

    def details(self) -> Mapping[str, object]:
        """The typed fields, for a machine to read. Holds no secret and no email."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value}' for name, value in asdict(self).items())})"


class DomainError(QuantleapError):
    """The rules say no."""


@define(eq=False)
class InvalidInputError(DomainError):
    """A value is malformed or out of bounds. `field` may be a path: `templates[0].strategies[1].legs[0].lots`."""

    code: ClassVar[str] = "VALIDATION_ERROR"
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"

    def under(self, prefix: str) -> "InvalidInputError":
        """The same refusal seen from further out: `lots` under `legs[0]` is `legs[0].lots`."""
        separator = "" if self.field.startswith("[") or not self.field else "."
        return InvalidInputError(f"{prefix}{separator}{self.field}", self.reason)


class NotFoundError(DomainError):
    """Nothing of that name, as far as the caller may see."""

    code: ClassVar[str] = "NOT_FOUND"


@define(eq=False)
class TemplateNotFoundError(NotFoundError):
    """No template basket of that id is offered to the caller."""

    code: ClassVar[str] = "TEMPLATE_NOT_FOUND"
    basket_id: str

    def __str__(self) -> str:
        return f"No template basket {self.basket_id}"


@define(eq=False)
class StrategyNotFoundError(NotFoundError):
    """No strategy of that id in the basket."""

    code: ClassVar[str] = "STRATEGY_NOT_FOUND"
    strategy_id: str

    def __str__(self) -> str:
        return f"No strategy {self.strategy_id}"


@define(eq=False)
class SubscriptionNotFoundError(NotFoundError):
    """No subscription of that id, as far as the caller may see."""

    code: ClassVar[str] = "SUBSCRIPTION_NOT_FOUND"
    subscription_id: str

    def __str__(self) -> str:
        return f"No subscription {self.subscription_id}"


@define(eq=False)
class AllocationNotFoundError(NotFoundError):
    """The user has no broker allocation of that basket."""

    code: ClassVar[str] = "ALLOCATION_NOT_FOUND"
    basket_id: str

    def __str__(self) -> str:
        return f"No allocation of basket {self.basket_id}"


@define(eq=False)
class PartnerNotFoundError(NotFoundError):
    """No partner of that id."""

    code: ClassVar[str] = "PARTNER_NOT_FOUND"
    partner_id: str

    def __str__(self) -> str:
        return f"No partner {self.partner_id}"


@define(eq=False)
class ApiKeyNotFoundError(NotFoundError):
    """The partner has no key pair of that id."""

    code: ClassVar[str] = "API_KEY_NOT_FOUND"
    api_key_id: str

    def __str__(self) -> str:
        return f"No API key {self.api_key_id}"


@define(eq=False)
class ChargeNotFoundError(NotFoundError):
    """That period of that subscription was never charged."""

    code: ClassVar[str] = "CHARGE_NOT_FOUND"
    charge_id: str

    def __str__(self) -> str:
        return f"No charge {self.charge_id}"


class ConflictError(DomainError):
    """The request is well formed and collides with what is there."""

    code: ClassVar[str] = "CONFLICT"


@define(eq=False)
class DuplicateSubscriptionError(ConflictError):
    """The user already has a live subscription of this template. The id is given only to its owner."""

    code: ClassVar[str] = "DUPLICATE_SUBSCRIPTION"
    existing_subscription_id: str | None = None

    def __str__(self) -> str:
        return "User already has a live subscription to this template"


@define(eq=False)
class AlreadyExistsError(ConflictError):
    """Something of that kind and id exists."""

    code: ClassVar[str] = "ALREADY_EXISTS"
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} already exists"


@define(eq=False)
class ReferenceReusedError(ConflictError):
    """The `reference` was used before for something else: a posting is made once."""

    code: ClassVar[str] = "REFERENCE_REUSED"
    reference: str

    def __str__(self) -> str:
        return f"Reference {self.reference} was used before with other content"


@define(eq=False)
class ConcurrentUpdateError(ConflictError):
    """Somebody changed it in between; read again and repeat."""

    code: ClassVar[str] = "CONCURRENT_UPDATE"
    retryable: ClassVar[bool] = True
    subject: str

    def __str__(self) -> str:
        return f"{self.subject} was changed by another request; read it again and repeat"


@define(eq=False)
class KeyAlreadyRotatedError(ConflictError):
    """The key has a successor; rotate that one."""

    code: ClassVar[str] = "KEY_ALREADY_ROTATED"
    api_key_id: str

    def __str__(self) -> str:
        return f"API key {self.api_key_id} was rotated before; rotate its successor"


class AuthenticationError(DomainError):
    """The caller did not prove who they are. No refusal repeats what was presented."""

    code: ClassVar[str] = "UNAUTHORIZED"


@define(eq=False)
class InvalidCredentialsError(AuthenticationError):
    """The key or secret is malformed, unknown or does not match; which of them is not said."""

    code: ClassVar[str] = "INVALID_CREDENTIALS"

    def __str__(self) -> str:
        return "The API key or secret is not valid"


@define(eq=False)
class KeyExpiredError(AuthenticationError):
    """The key pair is past its expiry, or past the overlap that its rotation left it."""

    code: ClassVar[str] = "KEY_EXPIRED"
    api_key_id: str

    def __str__(self) -> str:
        return f"API key {self.api_key_id} has expired"


@define(eq=False)
class KeyRevokedError(AuthenticationError):
    """The key pair was revoked."""

    code: ClassVar[str] = "KEY_REVOKED"
    api_key_id: str

    def __str__(self) -> str:
        return f"API key {self.api_key_id} has been revoked"


class ForbiddenError(DomainError):
    """The caller is known and may not do this."""

    code: ClassVar[str] = "FORBIDDEN"


@define(eq=False)
class PermissionDeniedError(ForbiddenError):
    """The caller lacks a permission."""

    permission: str

    def __str__(self) -> str:
        return f"This needs the permission {self.permission}"


@define(eq=False)
class NotTheOwnerError(ForbiddenError):
    """The subscription is another partner's (published message)."""

    def __str__(self) -> str:
        return "This subscription does not belong to your partner account"


@define(eq=False)
class InvalidStatusTransitionError(DomainError):
    """The move is not legal from the current status (published message)."""

    code: ClassVar[str] = "INVALID_STATUS_TRANSITION"
    transition: str
    allowed_from: str
    status: str

    def __str__(self) -> str:
        return f"Can only {self.transition} {self.allowed_from} subscriptions. Current status: {self.status}"


@define(eq=False)
class InvalidListingMoveError(DomainError):
    """The template's listing does not allow the move from where it is."""

    code: ClassVar[str] = "INVALID_STATUS_TRANSITION"
    move: str
    status: str

    def __str__(self) -> str:
        return f"Cannot {self.move} a template that is {self.status}"


@define(eq=False)
class HistoryFullError(DomainError):
    """The status history is at its bound: pause and resume are refused, cancel and expire pass."""

    code: ClassVar[str] = "HISTORY_FULL"
    subscription_id: str
    limit: int

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id} has changed status {self.limit} times; it can only be cancelled"


@define(eq=False)
class NotCoveredError(DomainError):
    """Dated data has no row for that subject on that day: an error, never a guess."""

    code: ClassVar[str] = "DATE_NOT_COVERED"
    data: str
    subject: str
    on: date

    def __str__(self) -> str:
        return f"No {self.data} for {self.subject} on {self.on.isoformat()}"


@define(eq=False)
class NonTradingDayError(DomainError):
    """The exchange does not trade on that day."""

    code: ClassVar[str] = "NOT_A_TRADING_DAY"
    on: date
    reason: str

    def __str__(self) -> str:
        return f"{self.on.isoformat()} is not a trading day: {self.reason}"


@define(eq=False)
class InvalidIntentMoveError(DomainError):
    """An order intent's life has no such move: above all, what may have reached a broker is never planned again."""

    code: ClassVar[str] = "INVALID_INTENT_MOVE"
    intent_id: str
    status: str
    target: str
    reason: str | None

    def __str__(self) -> str:
        target = self.target if self.reason is None else f"{self.target} ({self.reason})"
        return f"Order intent {self.intent_id} is {self.status} and cannot become {target}"


@define(eq=False)
class InvalidOrderMoveError(DomainError):
    """An order's life has no such move."""

    code: ClassVar[str] = "INVALID_ORDER_MOVE"
    status: str
    target: str

    def __str__(self) -> str:
        return f"An order that is {self.status} cannot become {self.target}"


class MoneyError(DomainError):
    """A posting that the rules of money refuse."""


@define(eq=False)
class CurrencyMismatchError(MoneyError):
    """Two currencies never mix."""

    code: ClassVar[str] = "CURRENCY_MISMATCH"
    left: str
    right: str

    def __str__(self) -> str:
        return f"Cannot mix {self.left} and {self.right}"


@define(eq=False)
class UnbalancedTransactionError(MoneyError):
    """Debits and credits of a ledger transaction differ."""

    code: ClassVar[str] = "UNBALANCED_TRANSACTION"
    difference_minor: int

    def __str__(self) -> str:
        return f"Entries do not sum to zero: {self.difference_minor} minor units over"


@define(eq=False)
class LedgerCorruptError(MoneyError):
    """A stored ledger transaction is not what was posted: its digest or its form is wrong."""

    code: ClassVar[str] = "LEDGER_CORRUPT"
    transaction_id: str
    reason: str

    def __str__(self) -> str:
        return f"Ledger transaction {self.transaction_id} is not what was posted: {self.reason}"


@define(eq=False)
class RefundExceedsChargeError(MoneyError):
    """A refund would give back more than was charged."""

    code: ClassVar[str] = "REFUND_EXCEEDS_CHARGE"
    charge_id: str
    refundable_minor: int

    def __str__(self) -> str:
        return f"Charge {self.charge_id} has only {self.refundable_minor} minor units left to refund"


@define(eq=False)
class PeriodNotChargeableError(MoneyError):
    """The period is charged already, not due yet, or out of order; or the subscription is not live."""

    code: ClassVar[str] = "PERIOD_NOT_CHARGEABLE"
    subscription_id: str
    period_index: int
    reason: str

    def __str__(self) -> str:
        return f"Period {self.period_index} of {self.subscription_id} cannot be charged: {self.reason}"


@define(eq=False)
class StatementTooEarlyError(MoneyError):
    """Postings of that month may still arrive."""

    code: ClassVar[str] = "STATEMENT_TOO_EARLY"
    month: str
    closes_from: datetime

    def __str__(self) -> str:
        return f"The statement of {self.month} cannot be closed before {self.closes_from.isoformat()}"


@define(eq=False)
class InvalidStatementMoveError(MoneyError):
    """A statement goes open, closed, paid, and never back."""

    code: ClassVar[str] = "INVALID_STATEMENT_MOVE"
    month: str
    status: str
    target: str

    def __str__(self) -> str:
        return f"The statement of {self.month} is {self.status} and cannot become {self.target}"


@define(eq=False)
class SubscriptionParkedError(MoneyError):
    """An operator has to look at this subscription's money before it moves again."""

    code: ClassVar[str] = "SUBSCRIPTION_PARKED"
    subscription_id: str
    reason: str

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id} is parked for an operator: {self.reason}"


class PortError(QuantleapError):
    """Something outside the domain failed; see `quantleap.ports.errors`."""
