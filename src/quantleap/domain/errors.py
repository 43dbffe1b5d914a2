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
│   │   ├── KeyNotUsableError
│   │   ├── SecretShownBeforeError
│   │   └── ConcurrentUpdateError      (retryable)
│   ├── AuthenticationError            the caller did not prove who they are
│   │   ├── InvalidCredentialsError
│   │   ├── KeyExpiredError
│   │   └── KeyRevokedError
│   ├── ForbiddenError
│   │   ├── PermissionDeniedError
│   │   └── NotTheOwnerError
│   ├── RateLimitExceededError         (retryable)
│   ├── IdempotencyKeyReusedError
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
from inspect import get_annotations
from typing import Any, ClassVar, dataclass_transform, get_origin


@dataclass_transform(eq_default=False)
class QuantleapError(Exception):
    """Root of every error this package raises on purpose.

    What a class annotates are its fields: its constructor takes them in their order or by name, after those of the
    class above. attrs would write a constructor for each class, which took a twentieth of a Lambda function's start.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"
    sentence: ClassVar[str] = "Something went wrong inside"
    """What `str` says, with the fields' names in braces."""
    retryable: ClassVar[bool] = False
    """Whether the same request may succeed when it is made again."""
    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *(name for name, kind in get_annotations(cls).items() if not _is_of_class(kind)))

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self._fields, values, strict=False), **named)
        missing = [name for name in self._fields if name not in given and not hasattr(type(self), name)]
        if missing or len(given) != len(values) + len(named) or not given.keys() <= set(self._fields):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields) or 'nothing'}")
        self.__dict__.update(given)
        super().__init__(*(getattr(self, name) for name in self._fields))  # by which it is copied and pickled

    def details(self) -> Mapping[str, object]:
        """The typed fields, for a machine to read. Holds no secret and no email."""
        return {name: getattr(self, name) for name in self._fields}

    def __str__(self) -> str:
        return self.sentence.format_map({name: getattr(self, name) for name in self._fields})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"


def _is_of_class(annotation: object) -> bool:
    origin: object = get_origin(annotation)
    return origin is ClassVar


class DomainError(QuantleapError):
    """The rules say no."""


class InvalidInputError(DomainError):
    """A value is malformed or out of bounds. `field` may be a path: `templates[0].strategies[1].legs[0].lots`."""

    code: ClassVar[str] = "VALIDATION_ERROR"
    sentence: ClassVar[str] = "{field}: {reason}"
    field: str
    reason: str

    def under(self, prefix: str) -> "InvalidInputError":
        """The same refusal seen from further out: `lots` under `legs[0]` is `legs[0].lots`."""
        separator = "" if self.field.startswith("[") or not self.field else "."
        return InvalidInputError(f"{prefix}{separator}{self.field}", self.reason)


class NotFoundError(DomainError):
    """Nothing of that name, as far as the caller may see."""

    code: ClassVar[str] = "NOT_FOUND"


class TemplateNotFoundError(NotFoundError):
    """No template basket of that id is offered to the caller."""

    code: ClassVar[str] = "TEMPLATE_NOT_FOUND"
    sentence: ClassVar[str] = "No template basket {basket_id}"
    basket_id: str


class StrategyNotFoundError(NotFoundError):
    """No strategy of that id in the basket."""

    code: ClassVar[str] = "STRATEGY_NOT_FOUND"
    sentence: ClassVar[str] = "No strategy {strategy_id}"
    strategy_id: str


class SubscriptionNotFoundError(NotFoundError):
    """No subscription of that id, as far as the caller may see."""

    code: ClassVar[str] = "SUBSCRIPTION_NOT_FOUND"
    sentence: ClassVar[str] = "No subscription {subscription_id}"
    subscription_id: str


class AllocationNotFoundError(NotFoundError):
    """The user has no broker allocation of that basket."""

    code: ClassVar[str] = "ALLOCATION_NOT_FOUND"
    sentence: ClassVar[str] = "No allocation of basket {basket_id}"
    basket_id: str


class PartnerNotFoundError(NotFoundError):
    """No partner of that id."""

    code: ClassVar[str] = "PARTNER_NOT_FOUND"
    sentence: ClassVar[str] = "No partner {partner_id}"
    partner_id: str


class ApiKeyNotFoundError(NotFoundError):
    """The partner has no key pair of that id."""

    code: ClassVar[str] = "API_KEY_NOT_FOUND"
    sentence: ClassVar[str] = "No API key {api_key_id}"
    api_key_id: str


class ChargeNotFoundError(NotFoundError):
    """That period of that subscription was never charged."""

    code: ClassVar[str] = "CHARGE_NOT_FOUND"
    sentence: ClassVar[str] = "No charge {charge_id}"
    charge_id: str


class ConflictError(DomainError):
    """The request is well formed and collides with what is there."""

    code: ClassVar[str] = "CONFLICT"


class DuplicateSubscriptionError(ConflictError):
    """The user already has a live subscription of this template. The id is given only to its owner."""

    code: ClassVar[str] = "DUPLICATE_SUBSCRIPTION"
    sentence: ClassVar[str] = "User already has a live subscription to this template"
    existing_subscription_id: str | None = None

    def details(self) -> Mapping[str, object]:
        """The id, where it may be told."""
        return {} if self.existing_subscription_id is None else super().details()


class AlreadyExistsError(ConflictError):
    """Something of that kind and id exists."""

    code: ClassVar[str] = "ALREADY_EXISTS"
    sentence: ClassVar[str] = "{kind} {id} already exists"
    kind: str
    id: str


class ReferenceReusedError(ConflictError):
    """The `reference` was used before for something else: a posting is made once."""

    code: ClassVar[str] = "REFERENCE_REUSED"
    sentence: ClassVar[str] = "Reference {reference} was used before with other content"
    reference: str


class ConcurrentUpdateError(ConflictError):
    """Somebody changed it in between; read again and repeat."""

    code: ClassVar[str] = "CONCURRENT_UPDATE"
    retryable: ClassVar[bool] = True
    sentence: ClassVar[str] = "{subject} was changed by another request; read it again and repeat"
    subject: str


class KeyAlreadyRotatedError(ConflictError):
    """The key has a successor; rotate that one."""

    code: ClassVar[str] = "KEY_ALREADY_ROTATED"
    sentence: ClassVar[str] = "API key {api_key_id} was rotated before; rotate its successor"
    api_key_id: str


class KeyNotUsableError(ConflictError):
    """The key has expired or was revoked, so that nothing can be beside which a successor begins."""

    code: ClassVar[str] = "KEY_NOT_USABLE"
    sentence: ClassVar[str] = "API key {api_key_id} works no more; issue a new one"
    api_key_id: str


class SecretShownBeforeError(ConflictError):
    """The request was served before, and its answer showed a secret, which is shown once."""

    code: ClassVar[str] = "SECRET_SHOWN_BEFORE"
    sentence: ClassVar[str] = "This request was served before and its answer showed the secret of {api_key_id} once"
    api_key_id: str


class AuthenticationError(DomainError):
    """The caller did not prove who they are. No refusal repeats what was presented.

    All is in the sentence: API Gateway tells a refusal of its authorizer by templates that have no details.
    """

    code: ClassVar[str] = "UNAUTHORIZED"

    def details(self) -> Mapping[str, object]:
        """None."""
        return {}


class InvalidCredentialsError(AuthenticationError):
    """What was presented is malformed, unknown, out of date or does not match; which of them is not said."""

    code: ClassVar[str] = "INVALID_CREDENTIALS"
    sentence: ClassVar[str] = "The API key, secret or token is not valid"


class KeyExpiredError(AuthenticationError):
    """The key pair is past its expiry, or past the overlap that its rotation left it."""

    code: ClassVar[str] = "KEY_EXPIRED"
    sentence: ClassVar[str] = "API key {api_key_id} has expired"
    api_key_id: str


class KeyRevokedError(AuthenticationError):
    """The key pair was revoked."""

    code: ClassVar[str] = "KEY_REVOKED"
    sentence: ClassVar[str] = "API key {api_key_id} has been revoked"
    api_key_id: str


class ForbiddenError(DomainError):
    """The caller is known and may not do this."""

    code: ClassVar[str] = "FORBIDDEN"


class PermissionDeniedError(ForbiddenError):
    """The caller lacks a permission."""

    sentence: ClassVar[str] = "This needs the permission {permission}"
    permission: str


class NotTheOwnerError(ForbiddenError):
    """The subscription is another partner's (published message)."""

    sentence: ClassVar[str] = "This subscription does not belong to your partner account"


class RateLimitExceededError(DomainError):
    """The partner's bucket holds no token.

    `limit` is in requests a minute, `reset_at` the Unix second of a full bucket.
    """

    code: ClassVar[str] = "RATE_LIMIT_EXCEEDED"
    sentence: ClassVar[str] = "More than {limit} requests a minute; ask again in {retry_after_s} s"
    retryable: ClassVar[bool] = True
    limit: int
    remaining: int
    reset_at: int
    retry_after_s: int

    def details(self) -> Mapping[str, object]:
        """As published; the wait is in the header `Retry-After`."""
        return {"limit": self.limit, "remaining": self.remaining, "reset_at": self.reset_at}


class IdempotencyKeyReusedError(DomainError):
    """The idempotency key was used for another body within the last 24 hours."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_REUSED"
    sentence: ClassVar[str] = "This idempotency key was used for another request body"


class InvalidStatusTransitionError(DomainError):
    """The move is not legal from the current status (published message)."""

    code: ClassVar[str] = "INVALID_STATUS_TRANSITION"
    sentence: ClassVar[str] = "Can only {transition} {allowed_from} subscriptions. Current status: {status}"
    transition: str
    allowed_from: str
    status: str


class InvalidListingMoveError(DomainError):
    """The template's listing does not allow the move from where it is."""

    code: ClassVar[str] = "INVALID_STATUS_TRANSITION"
    sentence: ClassVar[str] = "Cannot {move} a template that is {status}"
    move: str
    status: str


class HistoryFullError(DomainError):
    """The status history is at its bound: pause and resume are refused, cancel and expire pass."""

    code: ClassVar[str] = "HISTORY_FULL"
    sentence: ClassVar[str] = (
        "Subscription {subscription_id} has changed status {limit} times; it can only be cancelled or expired"
    )
    subscription_id: str
    limit: int


class NotCoveredError(DomainError):
    """Dated data has no row for that subject on that day: an error, never a guess."""

    code: ClassVar[str] = "DATE_NOT_COVERED"
    sentence: ClassVar[str] = "No {data} for {subject} on {on}"
    data: str
    subject: str
    on: date


class NonTradingDayError(DomainError):
    """The exchange does not trade on that day."""

    code: ClassVar[str] = "NOT_A_TRADING_DAY"
    sentence: ClassVar[str] = "{on} is not a trading day: {reason}"
    on: date
    reason: str


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


class InvalidOrderMoveError(DomainError):
    """An order's life has no such move."""

    code: ClassVar[str] = "INVALID_ORDER_MOVE"
    sentence: ClassVar[str] = "An order that is {status} cannot become {target}"
    status: str
    target: str


class MoneyError(DomainError):
    """A posting that the rules of money refuse."""


class CurrencyMismatchError(MoneyError):
    """Two currencies never mix."""

    code: ClassVar[str] = "CURRENCY_MISMATCH"
    sentence: ClassVar[str] = "Cannot mix {left} and {right}"
    left: str
    right: str


class UnbalancedTransactionError(MoneyError):
    """Debits and credits of a ledger transaction differ."""

    code: ClassVar[str] = "UNBALANCED_TRANSACTION"
    sentence: ClassVar[str] = "Entries do not sum to zero: {difference_minor} minor units over"
    difference_minor: int


class LedgerCorruptError(MoneyError):
    """A stored ledger transaction is not what was posted: its digest or its form is wrong."""

    code: ClassVar[str] = "LEDGER_CORRUPT"
    sentence: ClassVar[str] = "Ledger transaction {transaction_id} is not what was posted: {reason}"
    transaction_id: str
    reason: str


class RefundExceedsChargeError(MoneyError):
    """A refund would give back more than was charged."""

    code: ClassVar[str] = "REFUND_EXCEEDS_CHARGE"
    sentence: ClassVar[str] = "Charge {charge_id} has only {refundable_minor} minor units left to refund"
    charge_id: str
    refundable_minor: int


class PeriodNotChargeableError(MoneyError):
    """The period is charged already, not due yet, or out of order; or the subscription is not live."""

    code: ClassVar[str] = "PERIOD_NOT_CHARGEABLE"
    sentence: ClassVar[str] = "Period {period_index} of {subscription_id} cannot be charged: {reason}"
    subscription_id: str
    period_index: int
    reason: str


class StatementTooEarlyError(MoneyError):
    """Postings of that month may still arrive."""

    code: ClassVar[str] = "STATEMENT_TOO_EARLY"
    sentence: ClassVar[str] = "The statement of {month} cannot be closed before {closes_from:%Y-%m-%dT%H:%M:%S%z}"
    month: str
    closes_from: datetime


class InvalidStatementMoveError(MoneyError):
    """A statement goes open, closed, paid, and never back."""

    code: ClassVar[str] = "INVALID_STATEMENT_MOVE"
    sentence: ClassVar[str] = "The statement of {month} is {status} and cannot become {target}"
    month: str
    status: str
    target: str


class SubscriptionParkedError(MoneyError):
    """An operator has to look at this subscription's money before it moves again."""

    code: ClassVar[str] = "SUBSCRIPTION_PARKED"
    sentence: ClassVar[str] = "Subscription {subscription_id} is parked for an operator: {reason}"
    subscription_id: str
    reason: str


class PortError(QuantleapError):
    """Something outside the domain failed; see `quantleap.ports.errors`."""
