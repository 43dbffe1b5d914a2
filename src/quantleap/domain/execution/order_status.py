"""The life of an order at the broker, which begins where its intent's ends: PLACED."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from quantleap.domain.errors import InvalidOrderMoveError


class OrderStatus(StrEnum):
    """How much of an order is done."""

    OPEN = "OPEN"
    PARTIAL = "PARTIAL"
    """Some of it is filled, the rest still open."""
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    """The rest will not be filled; what was filled before stays a position."""


ORDER_MOVES: Mapping[OrderStatus, frozenset[OrderStatus]] = MappingProxyType(
    {
        OrderStatus.OPEN: frozenset({OrderStatus.PARTIAL, OrderStatus.FILLED, OrderStatus.CANCELLED}),
        # A further partial fill leaves the status as it is: only the fills change.
        OrderStatus.PARTIAL: frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED}),
        OrderStatus.FILLED: frozenset(),
        OrderStatus.CANCELLED: frozenset(),
    }
)
"""From each status, where an order may go."""


def moved(status: OrderStatus, target: OrderStatus) -> OrderStatus:
    """The target, when the table has that move. Raises InvalidOrderMoveError."""
    if target not in ORDER_MOVES[status]:
        raise InvalidOrderMoveError(status, target)
    return target
