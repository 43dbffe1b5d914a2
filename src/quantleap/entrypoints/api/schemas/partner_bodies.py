"""Bodies of the partner routes."""

from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.subscriptions.metadata import NO_METADATA
from quantleap.entrypoints.api.bodies import Body
from quantleap.entrypoints.api.schemas.fields import (
    BrokerAccountId,
    LotMultiplier,
    MetadataPairs,
    TemplateId,
    UserEmail,
    defaulting,
)


class Subscribe(Body):
    """Whom to subscribe to what, and the account at the partner's broker that trades it."""

    user_email: UserEmail
    basket_id: TemplateId
    broker_account_id: BrokerAccountId
    custom_lot_multiplier: LotMultiplier = defaulting(ONE, 1)
    metadata: MetadataPairs = defaulting(NO_METADATA, {})
