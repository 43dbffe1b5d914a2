"""The double-entry ledger: accounts, entries, and transactions that sum to zero and carry a digest.

`commissions.postings` says which entries each kind of posting makes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from attrs import field, frozen, validators

from quantleap.domain import identifiers
from quantleap.domain.canonical import sha256_hex
from quantleap.domain.errors import DomainError, LedgerCorruptError, UnbalancedTransactionError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.money import MAX_MINOR, known_currency
from quantleap.domain.periods import MAX_PERIOD_INDEX
from quantleap.domain.principals import MAX_CHANGED_BY_BYTES, MAX_REASON_BYTES
from quantleap.domain.validation import (
    checked_by,
    checked_choice,
    checked_match,
    instance_of,
    instant,
    kept_text,
    require,
    tuple_of,
    whole_number,
)

MAX_ENTRIES = 10

_ID_HEX_DIGITS = 32
_TRANSACTION_ID = re.compile(r"txn_[0-9a-f]{32}")


class AccountKind(StrEnum):
    """What an account counts. A balance above zero is a debit."""

    PARTNER_RECEIVABLE = "PARTNER_RECEIVABLE"  # what a partner has collected from its users and owes
    PARTNER_COMMISSION = "PARTNER_COMMISSION"  # what a partner has earned and was not paid (a credit)
    PARTNER_PAYOUT = "PARTNER_PAYOUT"  # what was paid out to a partner, or set off against what it owes (a credit)
    PLATFORM_REVENUE = "PLATFORM_REVENUE"
    DIRECT_RECEIVABLE = "DIRECT_RECEIVABLE"  # what users without a partner owe, all together


_OF_A_PARTNER = frozenset({AccountKind.PARTNER_RECEIVABLE, AccountKind.PARTNER_COMMISSION, AccountKind.PARTNER_PAYOUT})


@frozen(order=True)
class Account:
    """One account: a partner's kinds name their partner (`partner_zebu_live`), the platform's name none."""

    kind: AccountKind = field(validator=instance_of(AccountKind))
    partner_id: str | None = field(default=None)

    @partner_id.validator
    def _owned(self, _: object, value: str | None) -> None:
        if self.kind in _OF_A_PARTNER:
            PartnerId.parse(value)
        else:
            require(value is None, "partner_id", f"must be absent on {self.kind}")

    @classmethod
    def parse(cls, spelled: str) -> "Account":
        """Read what `str` gives: `PARTNER_COMMISSION:partner_zebu_live`, `PLATFORM_REVENUE`."""
        kind, _, partner_id = spelled.partition(":")
        return cls(checked_choice(kind, "account", AccountKind), partner_id or None)

    def __str__(self) -> str:
        return self.kind.value if self.partner_id is None else f"{self.kind}:{self.partner_id}"


@frozen
class Entry:
    """One leg: `amount_minor` minor units, never zero; above zero it debits the account, below it credits."""

    account: Account = field(validator=instance_of(Account))
    amount_minor: int = field(validator=whole_number(-MAX_MINOR, MAX_MINOR))

    @amount_minor.validator
    def _not_zero(self, _: object, value: int) -> None:
        require(value != 0, "amount_minor", "must not be zero")


class TransactionKind(StrEnum):
    """Why money moved."""

    CHARGE = "CHARGE"
    REFUND = "REFUND"
    ADJUSTMENT = "ADJUSTMENT"
    PAYOUT = "PAYOUT"


_NAMES: Mapping[TransactionKind, tuple[frozenset[str], frozenset[str]]] = {
    TransactionKind.CHARGE: (frozenset({"subscription_id", "period_index"}), frozenset({"partner_id"})),
    TransactionKind.REFUND: (
        frozenset({"subscription_id", "period_index", "reference"}),
        frozenset({"partner_id", "reason"}),
    ),
    TransactionKind.ADJUSTMENT: (frozenset({"partner_id", "reference", "reason"}), frozenset()),
    TransactionKind.PAYOUT: (frozenset({"partner_id", "reference"}), frozenset({"reason"})),
}
"""What a transaction of each kind must name, and what it may; it names nothing else."""

_NAMEABLE = ("subscription_id", "period_index", "partner_id", "reference", "reason")


def charge_transaction_id(subscription_id: str, period_index: int) -> str:
    """The id of the one charge of that period: `txn_` and 32 hexadecimal digits of a SHA-256."""
    return _transaction_id([subscription_id, period_index])


def referenced_transaction_id(subject_id: str, reference: str) -> str:
    """The id of a refund (subject: the subscription), adjustment or payout (subject: the partner) by its reference.

    The kind is no part of it: a reference used again for the subject, for whatever, meets the first posting.
    """
    return _transaction_id([subject_id, reference])


def _transaction_id(key: list[object]) -> str:
    return f"txn_{sha256_hex(key)[:_ID_HEX_DIGITS]}"


def _known_id(value: object, name: str) -> str:
    return checked_match(value, name, _TRANSACTION_ID, "txn_ and 32 hexadecimal digits")


def _partner(value: object, name: str) -> PartnerId:
    return PartnerId.parse(value, field=name)


@frozen(kw_only=True)
class LedgerTransaction:
    """A posting: 2 to 10 entries of one currency that sum to zero (else UnbalancedTransactionError), and why.

    Each kind names what `_NAMES` says. A partner's entries are those of `partner_id`. `posted_by` is a pseudonymous
    principal of at most 64 bytes, `reason` has at most 120 bytes.
    """

    transaction_id: str = field(validator=checked_by(_known_id))
    kind: TransactionKind = field(validator=instance_of(TransactionKind))
    posted_at: datetime = field(validator=instant)
    posted_by: str = field(validator=kept_text(MAX_CHANGED_BY_BYTES))
    currency: str = field(validator=known_currency)
    entries: tuple[Entry, ...] = field(validator=tuple_of(Entry, 2, MAX_ENTRIES))
    subscription_id: str | None = field(
        default=None, validator=validators.optional(checked_by(identifiers.subscription_id))
    )
    period_index: int | None = field(default=None, validator=validators.optional(whole_number(0, MAX_PERIOD_INDEX)))
    partner_id: str | None = field(default=None, validator=validators.optional(checked_by(_partner)))
    reference: str | None = field(default=None, validator=validators.optional(checked_by(identifiers.reference)))
    reason: str | None = field(default=None, validator=validators.optional(kept_text(MAX_REASON_BYTES)))

    def __attrs_post_init__(self) -> None:
        required, optional = _NAMES[self.kind]
        for name in _NAMEABLE:
            named = getattr(self, name) is not None
            require(named or name not in required, name, f"must be given where kind is {self.kind}")
            require(not named or name in required | optional, name, f"must be absent where kind is {self.kind}")
        owners = {entry.account.partner_id for entry in self.entries} - {None}
        require(owners <= {self.partner_id}, "entries", "must be of the transaction's partner")
        difference = sum(entry.amount_minor for entry in self.entries)
        if difference != 0:
            raise UnbalancedTransactionError(difference)

    def amount_on(self, kind: AccountKind) -> int:
        """What this adds to accounts of that kind, in minor units: debits above zero, credits below."""
        return sum(entry.amount_minor for entry in self.entries if entry.account.kind is kind)

    @property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the canonical JSON of `to_plain` without `digest`: it covers every other field.

        It finds damage and careless edits of a stored posting. It is no signature: whoever can rewrite the posting
        can rewrite the digest.
        """
        return sha256_hex(self._content())

    def to_plain(self) -> dict[str, Any]:
        """The transaction as JSON data: every field, None where absent, `posted_at` in RFC 3339 UTC, and the digest."""
        return {**self._content(), "digest": self.digest}

    def _content(self) -> dict[str, Any]:
        return {
            "transaction_id": self.transaction_id,
            "kind": self.kind.value,
            "posted_at": self.posted_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "posted_by": self.posted_by,
            "currency": self.currency,
            "entries": [{"account": str(entry.account), "amount_minor": entry.amount_minor} for entry in self.entries],
            "subscription_id": self.subscription_id,
            "period_index": self.period_index,
            "partner_id": self.partner_id,
            "reference": self.reference,
            "reason": self.reason,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "LedgerTransaction":
        """Read what `to_plain` gave. Anything that differs from it, in any field, is a LedgerCorruptError."""
        transaction_id = str(plain.get("transaction_id"))
        try:
            transaction = cls._read(plain)
        except DomainError as refusal:
            raise LedgerCorruptError(transaction_id, f"it is refused ({refusal})") from refusal
        except (KeyError, TypeError, ValueError, AttributeError) as misfit:
            raise LedgerCorruptError(transaction_id, "its form is not that of a transaction") from misfit
        if transaction.to_plain() != dict(plain):
            raise LedgerCorruptError(transaction_id, "its content does not match its digest")
        return transaction

    @classmethod
    def _read(cls, plain: Mapping[str, Any]) -> "LedgerTransaction":
        return cls(
            transaction_id=plain["transaction_id"],
            kind=TransactionKind(plain["kind"]),
            posted_at=datetime.fromisoformat(plain["posted_at"]),
            posted_by=plain["posted_by"],
            currency=plain["currency"],
            entries=tuple(Entry(Account.parse(entry["account"]), entry["amount_minor"]) for entry in plain["entries"]),
            subscription_id=plain["subscription_id"],
            period_index=plain["period_index"],
            partner_id=plain["partner_id"],
            reference=plain["reference"],
            reason=plain["reason"],
        )


def balances(transactions: Iterable[LedgerTransaction]) -> dict[str, dict[Account, int]]:
    """The sum of each account's entries in minor units, debits above zero, by currency and account."""
    sums: defaultdict[str, defaultdict[Account, int]] = defaultdict(lambda: defaultdict(int))
    for transaction in transactions:
        for entry in transaction.entries:
            sums[transaction.currency][entry.account] += entry.amount_minor
    return {currency: dict(accounts) for currency, accounts in sums.items()}
