"""What a failure looks like: one line on stderr, for people or as JSON, and an exit code."""

import re
import sys
import traceback

import typer
from attrs import frozen

from quantleap.domain.errors import QuantleapError
from quantleap.entrypoints.api.errors import told
from quantleap.entrypoints.exact_json import json_line

USAGE = "USAGE"
SYSTEM = "SYSTEM"
MISSING = "MISSING_PACKAGE"
INTERRUPTED = 130
"""What a shell says of a process that SIGINT ended: 128 and the signal's number."""

_PRIVATE = re.compile(r"[^\s'\"()]+@[^\s'\"()]+|\b[ps]k_\w+")
"""An email or a credential."""


@frozen
class Failure:
    """The fields of the published error body, and the exit code."""

    error: str
    code: str
    message: str
    details: object
    exit_code: int

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """How that exception is told. Only refusals and faults that have a name are told in their own words."""
        match error:
            case typer.BadParameter():
                return cls("bad_request", USAGE, _one_line(error.format_message()), {}, error.exit_code)
            case typer.TyperException():
                # What could not be parsed is repeated in it.
                return cls(
                    "bad_request", USAGE, _PRIVATE.sub("...", _one_line(error.format_message())), {}, error.exit_code
                )
            case QuantleapError():
                return cls(told(type(error)).error, error.code, _one_line(str(error)), error.details(), 1)
            case ModuleNotFoundError(name=str(name)) if not name.startswith("quantleap"):
                message = f"This command needs {name}: pip install 'quantleap[server]'"
                return cls("internal_error", MISSING, message, {}, 1)
            case OSError():
                return cls("internal_error", SYSTEM, f"The system says: {error.strerror}", {}, 1)
        message = f"Unexpected {type(error).__name__}: a fault of quantleap. Repeat it with --debug for the traceback"
        return cls("internal_error", QuantleapError.code, message, {}, 1)


def tell(error: Exception, *, as_json: bool, debug: bool) -> int:
    """Write the failure to stderr and return its exit code."""
    failure = Failure.of(error)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        body = {"error": failure.error, "code": failure.code, "message": failure.message, "details": failure.details}
        sys.stderr.write(f"{json_line(body)}\n")
    else:
        hint = " (see --help)" if failure.code == USAGE else ""
        sys.stderr.write(f"quantleap: {failure.message}{hint}\n")
    return failure.exit_code


def _one_line(text: str) -> str:
    return " ".join(text.split())
