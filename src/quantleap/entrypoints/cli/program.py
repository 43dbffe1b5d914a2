"""The root command: whatever happens under it ends as an exit code, without a traceback."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from typer.core import TyperGroup

from quantleap.entrypoints.cli.failures import INTERRUPTED, tell

JSON_FLAG = "--json"
DEBUG_FLAG = "--debug"


class Program(TyperGroup):
    """Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted."""

    def main(self, args: Sequence[str] | None = None, *positional: Any, **options: Any) -> NoReturn:
        """Run, and leave the process with the exit code."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, *positional, **{**options, "standalone_mode": False})
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_stdout()
            code = 1
        except KeyboardInterrupt:
            code = INTERRUPTED
        except Exception as error:
            # Asked of the words themselves, since a wrong usage ends before any option is known.
            code = tell(error, as_json=JSON_FLAG in given, debug=DEBUG_FLAG in given)
        sys.exit(code)


def _forget_stdout() -> None:
    """Whoever read our output has gone: without this the interpreter complains when it flushes at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
