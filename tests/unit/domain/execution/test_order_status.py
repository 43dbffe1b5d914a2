"""The life of an order at the broker."""

from itertools import product

import pytest

from quantleap.domain.errors import InvalidOrderMoveError
from quantleap.domain.execution.order_status import OrderStatus, moved

OPEN, PARTIAL, FILLED, CANCELLED = OrderStatus
LEGAL = {(OPEN, PARTIAL), (OPEN, FILLED), (OPEN, CANCELLED), (PARTIAL, FILLED), (PARTIAL, CANCELLED)}


@pytest.mark.parametrize(("status", "target"), sorted(LEGAL))
def test_an_order_only_fills_up_or_is_cancelled(status: OrderStatus, target: OrderStatus) -> None:
    assert moved(status, target) is target


@pytest.mark.parametrize(("status", "target"), sorted(set(product(OrderStatus, repeat=2)) - LEGAL))
def test_an_order_goes_nowhere_else(status: OrderStatus, target: OrderStatus) -> None:
    with pytest.raises(InvalidOrderMoveError, match=f"An order that is {status} cannot become {target}"):
        moved(status, target)
