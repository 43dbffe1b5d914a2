"""The shelves of the marketplace."""

from enum import StrEnum


class Category(StrEnum):
    """What a template bets on, in its author's judgement."""

    DIRECTIONAL = "directional"
    NEUTRAL = "neutral"
    VOLATILITY = "volatility"
    INCOME = "income"
