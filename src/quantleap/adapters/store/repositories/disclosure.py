"""What partners may show, over any engine."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading
from quantleap.adapters.store.seam import Engine
from quantleap.domain.identifiers import PartnerId


class StoredDisclosure:
    """See `quantleap.ports.disclosure.Disclosure`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def shows_performance(self, partner_id: PartnerId) -> bool | None:
        """One consistent get of the partner."""
        item = self._engine.get(keys.partner(partner_id), consistent=True)
        return None if item is None else Reading(item).flag("show_performance")
