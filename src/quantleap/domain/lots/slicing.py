"""Cutting a leg's lots into orders that the exchange and the account accept."""

from quantleap.domain.errors import InvalidInputError


def slice_lots(
    lots: int, *, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None = None
) -> tuple[int, ...]:
    """Lots of each order, biggest first: whole lots that add up to `lots`, in as few orders as the two limits allow.

    `lot_size` and `max_order_quantity` are in units of the contract; both limits are inclusive. 0 lots are no order.
    Raises InvalidInputError for `lot_size` when even one lot exceeds the largest order quantity.
    """
    if lots < 0:
        raise InvalidInputError("lots", "must not be negative")
    if not 1 <= lot_size <= max_order_quantity:
        raise InvalidInputError("lot_size", f"must be from 1 to the largest order quantity {max_order_quantity}")
    largest = max_order_quantity // lot_size
    if max_lots_per_order is not None:
        if max_lots_per_order < 1:
            raise InvalidInputError("max_lots_per_order", "must be at least 1")
        largest = min(largest, max_lots_per_order)
    full, rest = divmod(lots, largest)
    return (largest,) * full + ((rest,) if rest else ())
