"""Cutting a leg's lots into orders that the exchange and the account accept."""

from quantleap.domain.errors import InvalidInputError


def largest_order(*, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None = None) -> int:
    """The most lots one order takes, at least 1, with both limits inclusive.

    `lot_size` and `max_order_quantity` are in units of the contract. Raises InvalidInputError for `lot_size` when even
    one lot exceeds the largest order quantity.
    """
    if not 1 <= lot_size <= max_order_quantity:
        raise InvalidInputError("lot_size", f"must be from 1 to the largest order quantity {max_order_quantity}")
    largest = max_order_quantity // lot_size
    if max_lots_per_order is None:
        return largest
    if max_lots_per_order < 1:
        raise InvalidInputError("max_lots_per_order", "must be at least 1")
    return min(largest, max_lots_per_order)


def cut_lots(lots: int, largest: int) -> tuple[int, ...]:
    """Lots of each order, biggest first, at most `largest` (at least 1) each: as few orders as that allows.

    0 lots are no order. Raises InvalidInputError for negative `lots`.
    """
    if lots < 0:
        raise InvalidInputError("lots", "must not be negative")
    full, rest = divmod(lots, largest)
    return (largest,) * full + ((rest,) if rest else ())


def cut_each(legs: tuple[int, ...], largest: int) -> tuple[tuple[int, ...], ...]:
    """`cut_lots` of each leg's lots; those that one order takes need no cutting."""
    cut = []
    for lots in legs:
        cut.append((lots,) if 0 < lots <= largest else cut_lots(lots, largest))
    return tuple(cut)


def slice_lots(
    lots: int, *, lot_size: int, max_order_quantity: int, max_lots_per_order: int | None = None
) -> tuple[int, ...]:
    """`cut_lots` by the `largest_order` of these limits, for a leg whose limits are its own."""
    largest = largest_order(
        lot_size=lot_size, max_order_quantity=max_order_quantity, max_lots_per_order=max_lots_per_order
    )
    return cut_lots(lots, largest)
