"""Which entries each kind of posting makes. Legs of zero are left out; a posting of nothing at all is refused."""

from datetime import datetime

from quantleap.domain.commissions.commission import CommissionSplit
from quantleap.domain.commissions.ledger import (
    Account,
    AccountKind,
    Entry,
    LedgerTransaction,
    TransactionKind,
    charge_transaction_id,
    referenced_transaction_id,
)
from quantleap.domain.commissions.reversal import Reversal
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.money import Money

_REVENUE = Account(AccountKind.PLATFORM_REVENUE)
_DIRECT = Account(AccountKind.DIRECT_RECEIVABLE)


def charge_transaction(
    *,
    subscription_id: str,
    period_index: int,
    partner_id: PartnerId | None,
    split: CommissionSplit,
    posted_at: datetime,
    posted_by: str,
) -> LedgerTransaction:
    """A period's charge: debit whoever owes it, credit the partner's commission and the platform.

    The partner owes what it collects; without one the direct users do, and the split holds no commission. A charge of
    zero is an InvalidInputError: a free period posts nothing.
    """
    return LedgerTransaction(
        transaction_id=charge_transaction_id(subscription_id, period_index),
        kind=TransactionKind.CHARGE,
        posted_at=posted_at,
        posted_by=posted_by,
        currency=split.currency,
        entries=_charge_entries(partner_id, split.partner_minor, split.platform_minor),
        subscription_id=subscription_id,
        period_index=period_index,
        partner_id=_spelled(partner_id),
    )


def refund_transaction(
    *,
    subscription_id: str,
    period_index: int,
    partner_id: PartnerId | None,
    reversal: Reversal,
    reference: str,
    posted_at: datetime,
    posted_by: str,
    reason: str | None = None,
) -> LedgerTransaction:
    """A refund of a period's charge: the charge's entries the other way round, for the reversal's parts."""
    return LedgerTransaction(
        transaction_id=referenced_transaction_id(subscription_id, reference),
        kind=TransactionKind.REFUND,
        posted_at=posted_at,
        posted_by=posted_by,
        currency=reversal.refund.currency,
        entries=_charge_entries(partner_id, -reversal.clawback.minor, -reversal.platform_share.minor),
        subscription_id=subscription_id,
        period_index=period_index,
        partner_id=_spelled(partner_id),
        reference=reference,
        reason=reason,
    )


def adjustment_transaction(
    *, partner_id: PartnerId, amount: Money, reference: str, reason: str, posted_at: datetime, posted_by: str
) -> LedgerTransaction:
    """A correction of a partner's commission at the platform's cost; a negative amount takes commission away."""
    commission = Account(AccountKind.PARTNER_COMMISSION, str(partner_id))
    return LedgerTransaction(
        transaction_id=referenced_transaction_id(str(partner_id), reference),
        kind=TransactionKind.ADJUSTMENT,
        posted_at=posted_at,
        posted_by=posted_by,
        currency=amount.currency,
        entries=_transfer(_REVENUE, commission, amount),
        partner_id=str(partner_id),
        reference=reference,
        reason=reason,
    )


def payout_transaction(
    *,
    partner_id: PartnerId,
    amount: Money,
    reference: str,
    posted_at: datetime,
    posted_by: str,
    reason: str | None = None,
) -> LedgerTransaction:
    """A settlement of a partner's commission: `amount`, above zero, paid out or set off against what it owes."""
    if amount.minor < 0:
        raise InvalidInputError("amount", "must be more than zero")
    commission = Account(AccountKind.PARTNER_COMMISSION, str(partner_id))
    return LedgerTransaction(
        transaction_id=referenced_transaction_id(str(partner_id), reference),
        kind=TransactionKind.PAYOUT,
        posted_at=posted_at,
        posted_by=posted_by,
        currency=amount.currency,
        entries=_transfer(commission, Account(AccountKind.PARTNER_PAYOUT, str(partner_id)), amount),
        partner_id=str(partner_id),
        reference=reference,
        reason=reason,
    )


def _charge_entries(partner_id: PartnerId | None, commission_minor: int, platform_minor: int) -> tuple[Entry, ...]:
    """Debit the receivable with both parts, credit each part; parts below zero turn every entry round."""
    total = commission_minor + platform_minor
    if total == 0:
        raise InvalidInputError("amount", "must not be zero")
    if partner_id is None:
        if commission_minor != 0:
            raise InvalidInputError("partner_id", "must be given where there is a commission")
        return (Entry(_DIRECT, total), Entry(_REVENUE, -total))
    owner = str(partner_id)
    legs = (
        (Account(AccountKind.PARTNER_RECEIVABLE, owner), total),
        (Account(AccountKind.PARTNER_COMMISSION, owner), -commission_minor),
        (_REVENUE, -platform_minor),
    )
    return tuple(Entry(account, amount_minor) for account, amount_minor in legs if amount_minor != 0)


def _transfer(debited: Account, credited: Account, amount: Money) -> tuple[Entry, Entry]:
    if amount.minor == 0:
        raise InvalidInputError("amount", "must not be zero")
    return (Entry(debited, amount.minor), Entry(credited, -amount.minor))


def _spelled(partner_id: PartnerId | None) -> str | None:
    return None if partner_id is None else str(partner_id)
