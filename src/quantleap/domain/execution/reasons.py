"""Reason codes: why a subscriber, an account or an order intent traded nothing."""

from enum import StrEnum


class SkipReason(StrEnum):
    """One code for each answer to "why did it not trade"."""

    TEMPLATE_RETIRED = "TEMPLATE_RETIRED"
    """The whole run: the template is over."""
    STRATEGY_INACTIVE = "STRATEGY_INACTIVE"
    """The whole run: its author has switched the strategy off."""
    ENDED = "ENDED"
    """The subscription's last day is before the trade date."""
    NO_ALLOCATION = "NO_ALLOCATION"
    """The subscriber has linked no broker account."""
    NO_OPEN_POSITION = "NO_OPEN_POSITION"
    """There is nothing to leave."""
    ZERO_LOTS = "ZERO_LOTS"
    """The account: every leg came to 0 lots."""
    LEG_AT_ZERO_LOTS = "LEG_AT_ZERO_LOTS"
    """The account: some legs came to 0 lots, what remains could be a naked position."""
    SHORTFALL_REJECTED = "SHORTFALL_REJECTED"
    """The account: caps leave a part over, and the basket rejects a part."""
    TOO_MANY_SLICES = "TOO_MANY_SLICES"
    """The account: its orders are more than one claim may hold."""
    NOT_ACTIVE = "NOT_ACTIVE"
    """The intent: the subscription was no longer ACTIVE at the claim."""
    HALTED = "HALTED"
    """The intent: a kill switch covers it."""
    NOT_RECEIVED = "NOT_RECEIVED"
    """The intent: it was sent, and the broker's order book or an operator says that it never arrived."""
