"""What was agreed when the subscription was made, and what its owner may set afterwards."""

from datetime import date, datetime

from attrs import field, frozen
from attrs.validators import optional

from quantleap.domain import identifiers
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.multiplier import ONE, Multiplier
from quantleap.domain.money import Money
from quantleap.domain.rates import Rate
from quantleap.domain.subscriptions.metadata import NO_METADATA, Metadata, read_metadata
from quantleap.domain.validation import checked_by, instant, require


@frozen(kw_only=True)
class Terms:
    """Never changes. Of the template it copies only the name, the price of a period and the commission rate.

    A direct subscription has no partner and a commission rate of zero. `started_on` (Asia/Kolkata) anchors the
    billing periods.
    """

    subscription_id: str = field(validator=checked_by(identifiers.subscription_id))
    user: Email
    basket_id: str = field(validator=checked_by(identifiers.template_id))
    basket_name: str
    owner: Email
    partner_id: PartnerId | None
    price: Money = field()
    commission_rate: Rate
    subscribed_at: datetime = field(validator=instant)
    started_on: date

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
    """What the subscriber chose: lots, the account it was made with, renewal, pairs of the caller's own."""

    multiplier: Multiplier = ONE
    broker_account_id: str | None = field(default=None, validator=optional(checked_by(identifiers.broker_account_id)))
    auto_renew: bool = True
    metadata: Metadata = field(default=NO_METADATA)

    @metadata.validator
    def _as_read(self, _: object, value: Metadata) -> None:
        require(value == read_metadata(dict(value)), "metadata", "must be pairs as `read_metadata` gives them")
