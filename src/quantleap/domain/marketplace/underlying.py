"""The indices whose options are traded, and the kinds of expiry their contracts have."""

from enum import StrEnum


class Underlying(StrEnum):
    """NSE index options a strategy may trade."""

    NIFTY = "NIFTY"
    BANKNIFTY = "BANKNIFTY"
    FINNIFTY = "FINNIFTY"
    MIDCPNIFTY = "MIDCPNIFTY"


class ExpiryType(StrEnum):
    """Which of an index's contracts a strategy trades: the nearest weekly or the nearest monthly one."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
