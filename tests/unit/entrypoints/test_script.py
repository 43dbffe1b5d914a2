"""The console script where only the library is installed."""

import sys

import pytest

from quantleap.entrypoints.cli import script


def test_without_the_extra_it_exits_with_one_line_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "quantleap.entrypoints.cli.main", raising=False)
    with pytest.raises(SystemExit) as exit_:
        script.run()
    assert exit_.value.code == "quantleap: the command line needs typer: pip install 'quantleap[cli]'"


def test_a_fault_of_its_own_is_not_taken_for_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "quantleap.entrypoints.cli.main", None)
    with pytest.raises(ModuleNotFoundError):
        script.run()
