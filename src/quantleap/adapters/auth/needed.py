"""What tokens need beside the library's own packages."""

from collections.abc import Iterator
from contextlib import contextmanager

from quantleap.ports.errors import MisconfiguredError


@contextmanager
def needed() -> Iterator[None]:
    """Says in one line what is not installed. Raises MisconfiguredError."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("quantleap"):
            raise
        raise MisconfiguredError(f"tokens need {missing.name}: pip install 'quantleap[server]'") from missing
