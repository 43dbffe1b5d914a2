"""What was agreed when the subscription was made, and what its owner may set afterwards."""

from datetime import date, datetime

from attrs import field, frozen
from attrs.validators import optional

from quantleap.domain import identifiers
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.multiplier import ONE, Multiplier
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.metadata import NO_METADATA, Metadata, as_metadata
from quantleap.domain.validation import checked_by, instance_of, instant, plain_date, require


@frozen(kw_only=True)
class Terms:
    """Never changes. Of the template it copies only the name, the price of a period and the commission rate.

    A direct subscription has no partner and a commission rate of zero. `started_on` (Asia/Kolkata) anchors the
    billing periods.
    """

    subscription_id: str = field(validator=checked_by(identifiers.subscription_id))
    user: Email = field(validator=instance_of(Email))
    basket_id: str = field(validator=checked_by(identifiers.template_id))
    basket_name: str
    owner: Email = field(validator=instance_of(Email))
    partner_id: PartnerId | None = field(validator=optional(instance_of(PartnerId)))
    price: Money = field(validator=instance_of(Money))
    commission_rate: Rate = field(validator=instance_of(Rate))
    subscribed_at: datetime = field(validator=instant)
    started_on: date = field(validator=plain_date)

    @price.validator
    def _owed_by_the_user(self, _: object, value: Money) -> None:
        require(value.minor >= 0, "price", "must not be negative")

    def __attrs_post_init__(self) -> None:
        require(
            self.partner_id is not None or self.commission_rate.bps == 0, "commission_rate", "must be 0 when direct"
        )

    @property
    def mode(self) -> Mode:
        """Live or test data; a direct subscription is always live."""
        return Mode.LIVE if self.partner_id is None else self.partner_id.mode

    @property
    def partner_commission(self) -> Money:
        """The partner's share of one period's price, half-up to the minor unit."""
        return self.price.share(self.commission_rate)


@frozen(kw_only=True)
class Options:
    """What the subscriber chose: lots, the account it was made with, renewal, pairs of the caller's own.

    `metadata` may be given as a mapping. No representation shows it or the account: both are personal.
    """

    multiplier: Multiplier = field(default=ONE, validator=instance_of(Multiplier))
    broker_account_id: str | None = field(
        default=None, validator=optional(checked_by(identifiers.broker_account_id)), repr=False
    )
    auto_renew: bool = field(default=True, validator=instance_of(bool))
    metadata: Metadata = field(default=NO_METADATA, converter=as_metadata, repr=False)
