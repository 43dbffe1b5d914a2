"""Expired records over any engine."""

from datetime import datetime

from quantleap.adapters.store.records.values import unix_s
from quantleap.adapters.store.seam import Engine


class StoredExpiredRecords:
    """See `quantleap.ports.expired_records.ExpiredRecords`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def remove(self, at: datetime, *, limit: int) -> int:
        """Whatever has the table's expiry attribute, of any kind."""
        return self._engine.expire(unix_s(at), limit=limit)
