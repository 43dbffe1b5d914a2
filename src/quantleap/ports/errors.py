"""What an adapter may raise, beside the refusals of the domain.

PortError
├── UnavailableError               it cannot be reached or used now (retryable)
│   └── BusyError                  others hold what it needs; nothing was written (retryable)
├── FeedTrimmedError               the change feed no longer keeps what follows a position; rebuild
├── CorruptDataError               what was read is not what this library writes; an operator has to look
├── MalformedReferenceDataError    a file of the exchange's dated facts cannot be trusted
└── MisconfiguredError             a setting, file or table is wrong; the text says what to do
"""

from typing import ClassVar

from quantleap.domain.errors import PortError


class UnavailableError(PortError):
    """It cannot be reached or used now. Whether a write went through may be unknown; repeating it is safe."""

    code: ClassVar[str] = "UNAVAILABLE"
    sentence: ClassVar[str] = "{reason}"
    retryable: ClassVar[bool] = True
    reason: str


class BusyError(UnavailableError):
    """Other requests held what this one needs until it was given up. Nothing was written; repeating it is safe."""

    code: ClassVar[str] = "CONCURRENT_UPDATE"


class FeedTrimmedError(PortError):
    """Some of what follows the position is no longer kept: what followed the feed is rebuilt from the records."""

    code: ClassVar[str] = "FEED_TRIMMED"
    sentence: ClassVar[str] = "the change feed has passed by: {reason}"
    reason: str


class CorruptDataError(PortError):
    """What was read is not what this library writes."""

    code: ClassVar[str] = "CORRUPT_DATA"
    sentence: ClassVar[str] = "{subject}: {reason}"
    subject: str
    reason: str


class MalformedReferenceDataError(PortError):
    """A file of reference data cannot be trusted. `line` counts from 1, None when the file as a whole is at fault."""

    code: ClassVar[str] = "MALFORMED_REFERENCE_DATA"
    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.reason}"


class MisconfiguredError(PortError):
    """A setting, file or table is wrong."""

    code: ClassVar[str] = "MISCONFIGURED"
    sentence: ClassVar[str] = "{reason}"
    reason: str
