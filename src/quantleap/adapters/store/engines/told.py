"""Which changes the feed of every engine tells."""

from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import ENTITY_TYPE, NOT_TOLD


def is_told(old: Item | None, new: Item | None) -> bool:
    """Whether a change with those images is told: it is unless every image is of a kind that stays out."""
    return any(image is not None and image.get(ENTITY_TYPE) not in NOT_TOLD for image in (old, new))
