"""What an adapter may raise, beside the refusals of the domain.

PortError
├── UnavailableError        it cannot be reached or used now; nothing is known to be written (retryable)
├── CorruptDataError        what was read is not what this library writes; an operator has to look
└── MisconfiguredError      a setting, file or table is wrong; the text says what to do
"""

from typing import ClassVar

from attrs import define

from quantleap.domain.errors import PortError


@define(eq=False)
class UnavailableError(PortError):
    """It cannot be reached or used now. Whether a write went through may be unknown; repeating it is safe."""

    code: ClassVar[str] = "UNAVAILABLE"
    retryable: ClassVar[bool] = True
    reason: str

    def __str__(self) -> str:
        return self.reason


@define(eq=False)
class CorruptDataError(PortError):
    """What was read is not what this library writes."""

    code: ClassVar[str] = "CORRUPT_DATA"
    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


@define(eq=False)
class MisconfiguredError(PortError):
    """A setting, file or table is wrong."""

    code: ClassVar[str] = "MISCONFIGURED"
    reason: str

    def __str__(self) -> str:
        return self.reason
