"""Charging periods, and posting refunds, adjustments and payouts: each posted once, whatever is repeated."""

from collections.abc import Callable
from datetime import date

from quantleap.application.stamping import Stamping
from quantleap.domain import identifiers
from quantleap.domain.billing.charge import Charge, parse_charge_id
from quantleap.domain.commissions.ledger import LedgerTransaction, TransactionKind, referenced_transaction_id
from quantleap.domain.commissions.postings import (
    adjustment_transaction,
    charge_transaction,
    payout_transaction,
    refund_transaction,
)
from quantleap.domain.errors import (
    ChargeNotFoundError,
    ConcurrentUpdateError,
    DomainError,
    PartnerNotFoundError,
    ReferenceReusedError,
    RefundExceedsChargeError,
    SubscriptionNotFoundError,
    SubscriptionParkedError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.money import Money
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import Principal, mode_of, require_admin
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.validation import checked_date, checked_instance, require
from quantleap.ports.money import Charges, Ledger
from quantleap.ports.partners import Partners
from quantleap.ports.subscriptions import Subscriptions
from quantleap.ports.unit_of_work import UnitOfWork, Write

_ATTEMPTS = 5
"""How often a posting with a reference is begun anew when another one of the same charge or reference overtook it."""


class Billing:
    """What moves money. Every posting is one commit of all that it changes, the ledger included."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        partners: Partners,
        charges: Charges,
        ledger: Ledger,
        units: UnitOfWork,
        stamping: Stamping,
    ) -> None:
        self._subscriptions = subscriptions
        self._partners = partners
        self._charges = charges
        self._ledger = ledger
        self._units = units
        self._stamping = stamping

    def charge_next(self, by: Principal, subscription_id: str, *, through: date) -> Charge | None:
        """Charge the next period of a subscription, if it begins on that day (Asia/Kolkata) or before, and not later
        than today.

        None when nothing is due yet. The commission rate is the one agreed when the subscription was made. Raises
        SubscriptionNotFoundError, PeriodNotChargeableError (terminal, or charged by another meanwhile),
        SubscriptionParkedError.
        """
        require_admin(by)
        before = self._subscription(mode_of(by), subscription_id)
        if before.billing.parked is not None:
            raise SubscriptionParkedError(subscription_id, before.billing.parked)
        period = before.next_period()
        stamp = self._stamping.stamp(by)
        if period.start > min(checked_date(through, "through"), kolkata_date(stamp.at)):
            return None
        terms = before.terms
        charge = Charge.of_period(
            subscription_id=subscription_id,
            partner_id=terms.partner_id,
            basket_id=terms.basket_id,
            period=period,
            amount=terms.price,
            rate=terms.commission_rate,
            posted_at=stamp.at,
        )
        posting = charge_transaction(
            subscription_id=subscription_id,
            period_index=period.index,
            partner_id=terms.partner_id,
            split=charge.split,
            posted_at=stamp.at,
            posted_by=stamp.changed_by,
        )
        self._units.commit(
            *self._subscriptions.charging(before, before.charged(period.index, stamp.at)),
            *self._charges.posting(terms.mode, charge),
            *self._ledger.appending(posting),
            outcome=charge,
        )
        return charge

    def refund(
        self, by: Principal, charge_id: str, amount: Money, *, reference: str, reason: str | None = None
    ) -> LedgerTransaction:
        """Give back part or all of a charge, and claw the partner's share back with it.

        The `reference` posts once: repeated for the same refund it gives that posting again, for another it is a
        ReferenceReusedError. A refund above what is left is refused by RefundExceedsChargeError, and the subscription
        is parked for an operator. Raises ChargeNotFoundError, CurrencyMismatchError,
        InvalidInputError, ConcurrentUpdateError when others refunded the same charge again and again meanwhile.
        """
        require_admin(by)
        subscription_id, period_index = parse_charge_id(charge_id)
        checked_instance(amount, Money, "amount")
        mode = mode_of(by)
        stamp = self._stamping.stamp(by, reason=reason)

        def stage() -> tuple[LedgerTransaction, list[Write]]:
            before = self._charges.get(mode, charge_id)
            if before is None:
                raise ChargeNotFoundError(charge_id)
            after, reversal = before.refund(amount)
            posting = refund_transaction(
                subscription_id=subscription_id,
                period_index=period_index,
                partner_id=before.partner_id,
                reversal=reversal,
                reference=reference,
                posted_at=stamp.at,
                posted_by=stamp.changed_by,
                reason=reason,
            )
            return posting, self._charges.refunding(mode, before, after)

        def is_this(posted: LedgerTransaction) -> bool:
            return (
                posted.kind is TransactionKind.REFUND
                and posted.period_index == period_index
                and posted.currency == amount.currency
                and _total_debits(posted) == amount.minor
            )

        try:
            return self._post_once(subscription_id, reference, stage, is_this)
        except RefundExceedsChargeError:
            self._park(mode, subscription_id, "a refund above its charge was asked for")
            raise

    def unpark(self, by: Principal, subscription_id: str) -> Subscription:
        """Let an operator who has looked at it free a parked subscription: it is charged again.

        Raises SubscriptionNotFoundError; InvalidInputError when it is not parked.
        """
        require_admin(by)
        before = self._subscription(mode_of(by), subscription_id)
        require(before.billing.parked is not None, "subscription_id", "is not parked")
        after = before.unparked()
        self._units.commit(*self._subscriptions.parking(before, after), outcome=after)
        return after

    def adjust(
        self, by: Principal, partner_id: PartnerId, amount: Money, *, reference: str, reason: str
    ) -> LedgerTransaction:
        """Correct a partner's commission: above zero in its favour. Posts once a reference, as `refund` does."""
        require_admin(by)
        checked_instance(partner_id, PartnerId, "partner_id")
        checked_instance(amount, Money, "amount")
        stamp = self._stamping.stamp(by, reason=reason)
        return self._post_for_partner(
            partner_id,
            adjustment_transaction(
                partner_id=partner_id,
                amount=amount,
                reference=reference,
                reason=reason,
                posted_at=stamp.at,
                posted_by=stamp.changed_by,
            ),
        )

    def pay_out(
        self, by: Principal, partner_id: PartnerId, amount: Money, *, reference: str, reason: str | None = None
    ) -> LedgerTransaction:
        """Record that commission was paid to a partner. Posts once a reference, as `refund` does."""
        require_admin(by)
        checked_instance(partner_id, PartnerId, "partner_id")
        checked_instance(amount, Money, "amount")
        stamp = self._stamping.stamp(by, reason=reason)
        return self._post_for_partner(partner_id, _payout(partner_id, amount, reference, reason, stamp))

    def _post_for_partner(self, partner_id: PartnerId, posting: LedgerTransaction) -> LedgerTransaction:
        if self._partners.get(partner_id) is None:
            raise PartnerNotFoundError(str(partner_id))

        def is_this(posted: LedgerTransaction) -> bool:
            return (posted.kind, posted.currency, posted.entries) == (posting.kind, posting.currency, posting.entries)

        return self._post_once(str(partner_id), str(posting.reference), lambda: (posting, []), is_this)

    def _post_once(
        self,
        subject_id: str,
        reference: str,
        stage: Callable[[], tuple[LedgerTransaction, list[Write]]],
        is_this: Callable[[LedgerTransaction], bool],
    ) -> LedgerTransaction:
        """What was posted under the reference, or the staged posting once it is committed."""
        transaction_id = referenced_transaction_id(subject_id, identifiers.reference(reference))
        for _ in range(_ATTEMPTS):
            posted = self._ledger.posted(transaction_id)
            if posted is not None:
                if not is_this(posted):
                    raise ReferenceReusedError(reference)
                return posted
            try:
                posting, writes = stage()
                self._units.commit(*writes, *self._ledger.appending(posting), outcome=posting)
            except ConcurrentUpdateError:
                continue
            except DomainError:
                if self._ledger.posted(transaction_id) is None:
                    raise
                continue  # a twin posted it between the two reads, and what is left now refuses it
            return posting
        raise ConcurrentUpdateError(f"posting {reference}")

    def _park(self, mode: Mode, subscription_id: str, reason: str) -> None:
        """Hold a subscription's money for an operator; one that is held already keeps its first reason."""
        for _ in range(_ATTEMPTS):
            before = self._subscription(mode, subscription_id)
            if before.billing.parked is not None:
                return
            try:
                self._units.commit(*self._subscriptions.parking(before, before.held(reason)))
            except ConcurrentUpdateError:
                continue
            return
        raise ConcurrentUpdateError(f"subscription {subscription_id}")

    def _subscription(self, mode: Mode, subscription_id: str) -> Subscription:
        location = self._subscriptions.locate(mode, identifiers.subscription_id(subscription_id))
        subscription = None if location is None else self._subscriptions.get(location.address)
        if subscription is None:
            raise SubscriptionNotFoundError(subscription_id)
        return subscription


def _payout(
    partner_id: PartnerId, amount: Money, reference: str, reason: str | None, stamp: Stamp
) -> LedgerTransaction:
    return payout_transaction(
        partner_id=partner_id,
        amount=amount,
        reference=reference,
        posted_at=stamp.at,
        posted_by=stamp.changed_by,
        reason=reason,
    )


def _total_debits(posting: LedgerTransaction) -> int:
    return sum(entry.amount_minor for entry in posting.entries if entry.amount_minor > 0)
