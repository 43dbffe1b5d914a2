"""Variables of the environment, each by the name of a setting: for whoever cannot wait until pydantic is loaded."""

import os
from datetime import timedelta

from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.system import MAX_STALENESS_S, USUAL_STALENESS_S, Staleness

PREFIX = "QUANTLEAP_"


def variable(setting: str) -> str | None:
    """What is set, as `QUANTLEAP_STORE` for `store`. A variable that is empty counts as absent."""
    return os.environ.get(_name(setting)) or None


def required(setting: str) -> str:
    """The same. Raises MisconfiguredError where it is absent."""
    value = variable(setting)
    if value is None:
        raise MisconfiguredError(f"{_name(setting)}: is not set")
    return value


def staleness() -> Staleness:
    """`QUANTLEAP_STALENESS`, in seconds. Raises MisconfiguredError."""
    spelled = variable("staleness") or str(USUAL_STALENESS_S)
    if not spelled.isascii() or not spelled.isdecimal() or int(spelled) > MAX_STALENESS_S:
        raise MisconfiguredError(f"{_name('staleness')}: must be a number of seconds from 0 to {MAX_STALENESS_S}")
    return Staleness(timedelta(seconds=int(spelled)))


def _name(setting: str) -> str:
    return f"{PREFIX}{setting.upper()}"
