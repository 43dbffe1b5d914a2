"""What a double of the service does in races is told at the end of a run, and fails nothing."""

import pytest

REMARKS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Room for lines to be told."""
    config.stash[REMARKS] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell them, however quiet the run is."""
    for remark in config.stash.get(REMARKS, []):
        terminalreporter.write_line(remark)
