"""Subscribing a user to a template."""

from collections.abc import Mapping

from quantleap.application.partner_counts import PartnerCounts
from quantleap.application.recent_partners import RecentPartners
from quantleap.application.recent_reads import RecentReads
from quantleap.application.stamping import Stamping
from quantleap.domain.errors import (
    DuplicateSubscriptionError,
    InvalidInputError,
    PartnerNotFoundError,
    PermissionDeniedError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import Email, PartnerId, template_id
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import ONE, Multiplier
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.partners.partner import Partner
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.periods import kolkata_date
from quantleap.domain.principals import PartnerBackend, Principal, User, require_permission
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.history import Stamp
from quantleap.domain.subscriptions.metadata import NO_METADATA, Metadata, as_metadata
from quantleap.domain.subscriptions.subscription import Subscription
from quantleap.domain.subscriptions.terms import Options, Terms
from quantleap.domain.validation import checked_instance
from quantleap.ports.subscriptions import SubscriptionAddress, Subscriptions
from quantleap.ports.system import Identifiers
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork


class Subscribing:
    """A partner subscribes its user, or a user subscribes directly.

    Template, partner and counter may be seconds old: so late a change of price reaches new subscribers, and one who
    came with a template that is just taken off the marketplace is served like those before.
    """

    def __init__(
        self,
        *,
        templates: Templates,
        recent: RecentReads,
        partners: RecentPartners,
        counts: PartnerCounts,
        subscriptions: Subscriptions,
        units: UnitOfWork,
        identifiers: Identifiers,
        stamping: Stamping,
    ) -> None:
        self._templates = templates
        self._recent = recent
        self._partners = partners
        self._counts = counts
        self._subscriptions = subscriptions
        self._units = units
        self._identifiers = identifiers
        self._stamping = stamping

    def for_partner(
        self,
        by: Principal,
        *,
        user: Email,
        basket_id: str,
        broker_account_id: str,
        multiplier: Multiplier = ONE,
        metadata: Mapping[str, str] | Metadata = NO_METADATA,
        request_id: str | None = None,
    ) -> Subscription:
        """Subscribe a partner's user, linking their account at the partner's broker.

        The price and the partner's commission rate of today are agreed; a leftover allocation of the basket is
        replaced by that one account. Raises PermissionDeniedError, TemplateNotFoundError (also when the template is
        off the marketplace), DuplicateSubscriptionError, InvalidInputError, PartnerNotFoundError. Repeated under one
        `request_id` it gives the subscription that it made.
        """
        if not isinstance(by, PartnerBackend):
            raise PermissionDeniedError(Permission.SUBSCRIPTIONS_WRITE.value)
        require_permission(by, Permission.SUBSCRIPTIONS_WRITE)
        options = Options(multiplier=multiplier, broker_account_id=broker_account_id, metadata=as_metadata(metadata))
        checked_instance(user, Email, "user")
        partner = self._partner(by.partner_id)
        allocation = Allocation.single(partner.broker_id, broker_account_id)
        stamp = self._stamping.stamp(by, request_id=request_id)
        template = self._offered(basket_id)
        live = self._counts.live(partner.partner_id)
        rate = partner.agreement.rate_for(template.basket_id, kolkata_date(stamp.at), live)
        terms = self._terms(template, user, partner.partner_id, rate, stamp)
        return self._begin(terms, options, allocation, stamp)

    def directly(
        self,
        by: Principal,
        *,
        basket_id: str,
        broker_id: str | None = None,
        broker_account_id: str | None = None,
        multiplier: Multiplier = ONE,
        metadata: Mapping[str, str] | Metadata = NO_METADATA,
        request_id: str | None = None,
    ) -> Subscription:
        """Subscribe the user who asks, without a partner and so without commission.

        With `broker_id` and `broker_account_id` (both or none) that account is linked; without, runs are skipped until
        an allocation is made. Raises as `for_partner` does.
        """
        if not isinstance(by, User):
            raise PermissionDeniedError("user")
        options = Options(multiplier=multiplier, broker_account_id=broker_account_id, metadata=as_metadata(metadata))
        allocation = _linked(broker_id, broker_account_id)
        stamp = self._stamping.stamp(by, request_id=request_id)
        terms = self._terms(self._offered(basket_id), by.email, None, Rate(0), stamp)
        return self._begin(terms, options, allocation, stamp)

    def _partner(self, partner_id: PartnerId) -> Partner:
        partner = self._partners.get(partner_id)
        if partner is None:
            raise PartnerNotFoundError(str(partner_id))
        return partner

    def _offered(self, basket_id: str) -> StrategyTemplate:
        template = self._recent.template(template_id(basket_id, "basket_id"))
        if template is None or not template.is_marketplace_enabled:
            raise TemplateNotFoundError(basket_id)
        return template

    def _terms(
        self, template: StrategyTemplate, user: Email, partner_id: PartnerId | None, rate: Rate, stamp: Stamp
    ) -> Terms:
        return Terms(
            subscription_id=self._identifiers.subscription_id(partner_id),
            user=user,
            basket_id=template.basket_id,
            basket_name=template.basket_name,
            owner=self._templates.owner,
            partner_id=partner_id,
            price=template.subscription_price,
            commission_rate=rate,
            subscribed_at=stamp.at,
            started_on=kolkata_date(stamp.at),
        )

    def _begin(self, terms: Terms, options: Options, allocation: Allocation | None, stamp: Stamp) -> Subscription:
        subscription = Subscription.begin(terms, options, stamp)
        try:
            self._units.commit(*self._subscriptions.adding(subscription, allocation), outcome=subscription)
        except DuplicateSubscriptionError as refusal:
            return self._made_before(terms, stamp, refusal)
        return subscription

    def _made_before(self, terms: Terms, stamp: Stamp, refusal: DuplicateSubscriptionError) -> Subscription:
        """What this very request made when it was sent before: a client library repeats what it got no answer to."""
        existing_id = refusal.existing_subscription_id
        if existing_id is not None:
            existing = self._subscriptions.get(SubscriptionAddress(terms.mode, terms.user, existing_id))
            if existing is not None and existing.history[0].stamp.request_id == stamp.request_id:
                return existing
        raise refusal


def _linked(broker_id: str | None, broker_account_id: str | None) -> Allocation | None:
    if broker_id is None and broker_account_id is None:
        return None
    if broker_id is None or broker_account_id is None:
        missing = "broker_id" if broker_id is None else "broker_account_id"
        raise InvalidInputError(missing, "must be given together with the other")
    return Allocation.single(broker_id, broker_account_id)
