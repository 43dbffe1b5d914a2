"""What is read of the change feed, and how far: the same for whoever follows it."""

from datetime import datetime
from typing import Generic, TypeVar

from attrs import frozen

from quantleap.ports.errors import CorruptDataError

T = TypeVar("T")


@frozen
class FeedBatch(Generic[T]):
    """Facts, what could not be read and was passed over, the position up to which the feed was read (None: it is still
    at its beginning), and whether that was its end.
    """

    events: tuple[T, ...]
    unreadable: tuple[CorruptDataError, ...]
    position: str | None
    is_last: bool


@frozen
class FeedCheckpoint:
    """The feed's position up to which a follower has come (None: its beginning), and when that was last saved."""

    position: str | None = None
    saved_at: datetime | None = None
