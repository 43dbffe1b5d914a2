"""Logs of functions: one JSON line a record, by Powertools."""

import logging
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from quantleap.entrypoints.observing import SERVICE, exception_fields, keep_quiet


class _Formatter(LambdaPowertoolsFormatter):
    """Of an exception it tells no text, which may hold anything."""

    def _extract_log_keys(self, log_record: logging.LogRecord) -> dict[str, Any]:
        keys = super()._extract_log_keys(log_record)
        return {**keys, **exception_fields(log_record)}

    def _extract_log_exception(self, log_record: logging.LogRecord) -> tuple[None, None, None]:  # noqa: ARG002
        return None, None, None


def log_as_json(function: str) -> None:
    """Log what quantleap logs, from INFO or the level that `POWERTOOLS_LOG_LEVEL` names."""
    keep_quiet()
    Logger(
        SERVICE,
        logger_formatter=_Formatter(utc=True, use_rfc3339=True, serialize_stacktrace=False),
        function=str(function),
    )
