"""The local server's log: one JSON line an event, on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime

from quantleap.entrypoints.observing import exception_fields, keep_quiet

_FIELDS = ("request_id", "method", "route", "status", "duration_ms", "partner_id")
"""What a record may carry beside its message; any other extra is left out."""


class JsonLines(logging.Formatter):
    """Nothing of an exception's text is told."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        known = {"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        extra = {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        return json.dumps({**known, **extra, **exception_fields(record)})


def to_stderr(level: int = logging.INFO) -> None:
    """Send everything from that level on there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    keep_quiet()
