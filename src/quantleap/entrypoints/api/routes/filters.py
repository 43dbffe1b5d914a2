"""Query parameters that partners' and users' routes share."""

from enum import StrEnum

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.category import Category
from quantleap.domain.marketplace.underlying import Underlying
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.entrypoints.api.parameters import choice, paging
from quantleap.entrypoints.api.route import Parameter


class OfferedStatus(StrEnum):
    """Where a template stands, as lists ask for it."""

    ACTIVE = "active"
    """On the marketplace."""
    INACTIVE = "inactive"
    """Taken off it."""


def _read_at_period_end(spelled: str) -> bool:
    if spelled != "false":
        raise InvalidInputError("at_period_end", "must be false: a subscription can be cancelled at once only")
    return False


TEMPLATES = (
    choice("status", "On the marketplace, or taken off it.", OfferedStatus, OfferedStatus.ACTIVE),
    choice("index_symbol", "Only templates on this index.", Underlying),
    choice("category", "Only templates of this category.", Category),
    *paging(20),
)
STATUS = choice("status", "Only subscriptions of this status.", SubscriptionStatus)
SUBSCRIPTIONS_AT_ONCE = 50
AT_PERIOD_END = Parameter(
    name="at_period_end",
    about="Whether it runs on to the end of the paid period, which is not offered yet.",
    read=_read_at_period_end,
    schema={"type": "boolean", "enum": [False], "default": False},
    default=False,
)
