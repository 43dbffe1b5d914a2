"""How far the change feed may be behind."""

from datetime import timedelta

from attrs import frozen


@frozen
class FeedDelay:
    """The longest time between a commit and its change's being in the feed."""

    at_most: timedelta
