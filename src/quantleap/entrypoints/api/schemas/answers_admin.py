"""What an admin is answered of baskets, listings, partners and key pairs."""

from typing import Annotated

from pydantic import Field

from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding, LotSkipReason, LotWarning
from quantleap.domain.marketplace.content import Category, PartialHedge, RiskLevel
from quantleap.domain.marketplace.edit_preview import StrategyEdit
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.partners.permissions import Permission
from quantleap.entrypoints.api.schemas import catalog
from quantleap.entrypoints.api.schemas.answering import Answer, Currency, Day, Instant, Number
from quantleap.entrypoints.api.schemas.answers import Listing, PerformanceMetrics, StrategyTemplate

# Baskets and listings


class BasketListing(Answer):
    """What the marketplace shows of a basket, where it stands, and the version of the basket."""

    basket_id: str
    basket_name: str
    description: str
    category: Category
    index_symbol: Underlying
    subscription_price: Number
    currency: Currency
    risk_level: RiskLevel | None = None
    total_capital_required: Number | None = None
    expected_return_monthly: Number | None = None
    performance_metrics: PerformanceMetrics | None = None
    listing_status: ListingStatus
    is_marketplace_enabled: bool
    marketplace_enabled_at: Instant | None = None
    retired_reason: str | None = None
    version: int = Field(ge=1)
    created_at: Instant
    updated_at: Instant


class MovedListing(BasketListing):
    """A listing that was enabled or disabled."""

    message: str


class AuthoredBasket(BasketListing):
    """A basket, whole."""

    lot_rounding: LotRounding
    on_shortfall: OnShortfall
    partial_hedge: PartialHedge
    strategies: list[catalog.Strategy]


class BasketOverview(StrategyTemplate):
    """A basket as lists show it: what the marketplace shows of it, where it stands, its version."""

    listing_status: ListingStatus
    retired_reason: str | None = None
    version: int = Field(ge=1)


class BasketList(Listing):
    """A page of baskets, by id."""

    baskets: list[BasketOverview]


class OwnTemplateList(Listing):
    """A page of what is or was on the marketplace, by id."""

    templates: list[BasketOverview]


class DeletedBasket(Answer):
    """A basket is gone."""

    message: str
    basket_id: str


class StrategyList(Answer):
    """The strategies of a basket, in their order."""

    basket_id: str
    version: int = Field(ge=1)
    strategies: list[catalog.Strategy]


class AuthoredStrategy(catalog.Strategy):
    """A strategy, and the basket and version that it is of."""

    basket_id: str
    version: int = Field(ge=1)


class RemovedStrategy(Answer):
    """A strategy is gone; `version` is that of the basket without it."""

    message: str
    basket_id: str
    strategy_id: str
    version: int = Field(ge=1)


# Preview of an edit


class AffectedSubscribers(Answer):
    """Live subscribers by status. Where `is_complete` is false there are more than were counted."""

    ACTIVE: int = Field(ge=0)
    PAUSED: int = Field(ge=0)
    is_complete: bool


class PreviewedLegLots(Answer):
    """Lots of a leg; null on the side that has no such leg."""

    leg_id: str
    lots_before: int | None
    lots_after: int | None


class PreviewedLots(Answer):
    """What accounts of one multiplier trade. `subscribers` is how many of those counted trade by it, 0 of one that is
    shown as an example. Lots are 0 where a side is skipped for its reason.
    """

    lot_multiplier: Number
    in_whole_units: bool
    subscribers: int = Field(ge=0)
    legs: list[PreviewedLegLots]
    skip_reason_before: LotSkipReason | None
    skip_reason_after: LotSkipReason | None
    warnings_before: list[LotWarning]
    warnings_after: list[LotWarning]


class PreviewedStrategyEdit(Answer):
    """What becomes of a strategy; `lots` is empty where it is UNCHANGED."""

    strategy_id: str
    edit: StrategyEdit
    lots: list[PreviewedLots]


class EditPreview(Answer):
    """What an edit of that version would do. Nothing was written."""

    basket_id: str
    version: int = Field(ge=1)
    subscribers: AffectedSubscribers
    multipliers_left_out: int = Field(ge=0)
    strategies: list[PreviewedStrategyEdit]


# Partners

Bps = Annotated[int, Field(ge=0, le=10_000, description="Basis points: 3000 is 30 %.")]


class Tier(Answer):
    """A rate from that many live subscribers on."""

    from_subscribers: int
    commission_bps: Bps


class Override(Answer):
    """A rate for one template."""

    basket_id: str
    commission_bps: Bps


class Term(Answer):
    """What was agreed for some days, both inclusive; null: until further notice."""

    commission_bps: Bps
    effective_from: Day
    effective_to: Day | None
    tiers: list[Tier]
    overrides: list[Override]


class Partner(Answer):
    """A partner in one mode. `rate_limit` is in requests a minute; `show_performance` its disclosure policy."""

    partner_id: str
    mode: Mode
    display_name: str
    broker_id: str
    agreement: list[Term]
    rate_limit: int = Field(ge=1)
    show_performance: bool
    created_at: Instant
    version: int = Field(ge=1)


class PartnerList(Listing):
    """A page of partners, by id."""

    partners: list[Partner]


# Key pairs


class ApiKey(Answer):
    """A key pair, without its halves. It works until `usable_until`, or `revoked_at` where that is not null."""

    api_key_id: str
    partner_id: str
    permissions: list[Permission]
    created_at: Instant
    expires_at: Instant
    usable_until: Instant
    overlap_until: Instant | None
    successor_id: str | None
    revoked_at: Instant | None
    version: int = Field(ge=1)


class UsedApiKey(ApiKey):
    """The same, and how many requests it was let through for."""

    uses: int = Field(ge=0)


class IssuedApiKey(ApiKey):
    """A new key pair. The secret is shown this once."""

    api_key: str
    api_secret: str


class MadePartner(IssuedApiKey):
    """A new partner and its first key pair. The secret is shown this once."""

    partner: Partner


class RevokedApiKey(ApiKey):
    """A key pair that is useless from now on."""

    message: str


class ApiKeyList(Listing):
    """A page of a partner's key pairs, oldest first."""

    api_keys: list[UsedApiKey]
