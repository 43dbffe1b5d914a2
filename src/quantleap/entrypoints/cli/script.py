"""The console script: it says in one line what is missing where only the library was installed."""

import sys


def run() -> None:
    """Run the program; without the extra `cli`, exit 1 with a line that says how to get it."""
    try:
        from quantleap.entrypoints.cli.main import run as run_program  # noqa: PLC0415 - may fail, and is told
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("quantleap"):
            raise
        sys.exit(f"quantleap: the command line needs {missing.name}: pip install 'quantleap[cli]'")
    run_program()
