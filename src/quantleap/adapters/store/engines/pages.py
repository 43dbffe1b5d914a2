"""What a page shows: the key attributes it is ordered by, the attributes it gives, the position it ends at."""

from quantleap.adapters.store.seam import Item, Position
from quantleap.adapters.store.table import INDEX_BY_NAME, PARTITION_KEY, SORT_KEY


def key_attributes(index: str | None) -> tuple[str, str]:
    """The partition and the sort key attribute of the table (None) or an index."""
    if index is None:
        return PARTITION_KEY, SORT_KEY
    return INDEX_BY_NAME[index].partition, INDEX_BY_NAME[index].sort


def position_attributes(index: str | None) -> frozenset[str]:
    """The attributes of a position in the table (None) or an index."""
    return frozenset((*key_attributes(index), PARTITION_KEY, SORT_KEY))


def projected(item: Item, index: str | None) -> Item:
    """What a read of the table (None) or an index gives of the item."""
    attributes = None if index is None else INDEX_BY_NAME[index].projected()
    return item if attributes is None else {name: value for name, value in item.items() if name in attributes}


def position_of(item: Item, index: str | None) -> Position:
    """The position of an item in the table (None) or an index that it is in."""
    return {name: value for name in position_attributes(index) if isinstance(value := item[name], str | int)}
