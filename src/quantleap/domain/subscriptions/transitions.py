"""The one table of moves: the aggregate, the store's conditions, the diagram in the docs and the tests all read it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from quantleap.domain.subscriptions.status import LIVE_STATUSES, SubscriptionStatus


class Transition(StrEnum):
    """What may happen to a subscription."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    EXPIRE = "expire"


@frozen
class Move:
    """From which statuses, to which; the field that keeps its instant; whether a full history refuses it."""

    sources: tuple[SubscriptionStatus, ...]
    target: SubscriptionStatus
    stamps: str | None
    bounded: bool

    @property
    def allowed_from(self) -> str:
        """`ACTIVE` or `ACTIVE or PAUSED`, as the published refusal spells it."""
        return " or ".join(self.sources)


MOVES: Mapping[Transition, Move] = MappingProxyType(
    {
        Transition.PAUSE: Move((SubscriptionStatus.ACTIVE,), SubscriptionStatus.PAUSED, "paused_at", bounded=True),
        Transition.RESUME: Move((SubscriptionStatus.PAUSED,), SubscriptionStatus.ACTIVE, "resumed_at", bounded=True),
        # The two ways out are never bounded: nobody is kept in a subscription because its history is long.
        Transition.CANCEL: Move(LIVE_STATUSES, SubscriptionStatus.CANCELLED, "cancelled_at", bounded=False),
        # Payment failed after dunning, or the paid period ended without renewal.
        Transition.EXPIRE: Move(LIVE_STATUSES, SubscriptionStatus.EXPIRED, None, bounded=False),
    }
)

MOVE_TO: Mapping[SubscriptionStatus, Transition] = MappingProxyType(
    {move.target: transition for transition, move in MOVES.items()}
)
"""The move that leads to each status; a new subscription is ACTIVE without one."""
