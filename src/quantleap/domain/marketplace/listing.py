"""Whether a template is on the marketplace, and the one table of moves that change it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from attrs import evolve, field, frozen, validators

from quantleap.domain.errors import InvalidListingMoveError
from quantleap.domain.principals import MAX_REASON_BYTES
from quantleap.domain.validation import instance_of, instant, kept_text, require


class ListingStatus(StrEnum):
    """Where a template stands."""

    NOT_LISTED = "NOT_LISTED"
    """Written and never offered."""
    LISTED = "LISTED"
    """Offered: new subscribers may join."""
    TAKEN_OFF = "TAKEN_OFF"
    """No longer offered: takes nobody new and serves those it has."""
    RETIRED = "RETIRED"
    """Over: its subscriptions are cancelled."""


class ListingMove(StrEnum):
    """What may be done to a template; worded for a refusal."""

    EDIT = "edit"
    ENABLE = "enable"
    TAKE_OFF = "take off"
    RETIRE = "retire"


LISTING_MOVES: Mapping[ListingMove, Mapping[ListingStatus, ListingStatus]] = MappingProxyType(
    {
        # Subscribers of a template that was taken off still follow it, so it can still be mended.
        ListingMove.EDIT: {
            ListingStatus.NOT_LISTED: ListingStatus.NOT_LISTED,
            ListingStatus.LISTED: ListingStatus.LISTED,
            ListingStatus.TAKEN_OFF: ListingStatus.TAKEN_OFF,
        },
        ListingMove.ENABLE: {
            ListingStatus.NOT_LISTED: ListingStatus.LISTED,
            ListingStatus.TAKEN_OFF: ListingStatus.LISTED,
        },
        ListingMove.TAKE_OFF: {ListingStatus.LISTED: ListingStatus.TAKEN_OFF},
        # Nothing leaves RETIRED: cancelling its subscribers may be half done.
        ListingMove.RETIRE: {
            ListingStatus.NOT_LISTED: ListingStatus.RETIRED,
            ListingStatus.LISTED: ListingStatus.RETIRED,
            ListingStatus.TAKEN_OFF: ListingStatus.RETIRED,
        },
    }
)
"""From each status a move allows, the status it leads to."""


@frozen(kw_only=True)
class Listing:
    """`marketplace_enabled_at` is the last enabling, absent before the first.

    `retired_reason`, of at most 120 bytes, is there exactly when RETIRED.
    """

    status: ListingStatus = field(default=ListingStatus.NOT_LISTED, validator=instance_of(ListingStatus))
    marketplace_enabled_at: datetime | None = field(default=None, validator=validators.optional(instant))
    retired_reason: str | None = field(default=None, validator=validators.optional(kept_text(MAX_REASON_BYTES)))

    def __attrs_post_init__(self) -> None:
        enabled, retired = self.marketplace_enabled_at is not None, self.status is ListingStatus.RETIRED
        if self.status is ListingStatus.NOT_LISTED:
            require(not enabled, "marketplace_enabled_at", "must be absent while NOT_LISTED")
        elif not retired:
            require(enabled, "marketplace_enabled_at", f"must be there when {self.status}")
        require((self.retired_reason is not None) == retired, "retired_reason", "must be there exactly when RETIRED")

    @property
    def is_enabled(self) -> bool:
        """Whether new subscribers may join."""
        return self.status is ListingStatus.LISTED

    def edited(self) -> "Listing":
        """The same listing, once the template may be edited. Raises InvalidListingMoveError."""
        return evolve(self, status=self._after(ListingMove.EDIT))

    def enabled(self, at: datetime) -> "Listing":
        """On the marketplace since that instant. Raises InvalidListingMoveError."""
        return evolve(self, status=self._after(ListingMove.ENABLE), marketplace_enabled_at=at)

    def taken_off(self) -> "Listing":
        """Off the marketplace. Raises InvalidListingMoveError."""
        return evolve(self, status=self._after(ListingMove.TAKE_OFF))

    def retired(self, reason: str) -> "Listing":
        """Over, for that reason. Raises InvalidListingMoveError."""
        return evolve(self, status=self._after(ListingMove.RETIRE), retired_reason=reason)

    def check_deletable(self) -> None:
        """Raises InvalidListingMoveError once it was offered: it may have subscribers then, and is retired instead."""
        if self.status is not ListingStatus.NOT_LISTED:
            raise InvalidListingMoveError("delete", self.status.value)

    def _after(self, move: ListingMove) -> ListingStatus:
        target = LISTING_MOVES[move].get(self.status)
        if target is None:
            raise InvalidListingMoveError(move.value, self.status.value)
        return target
