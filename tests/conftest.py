"""Hypothesis profiles, and what is done where Amazon's DynamoDB Local is missing.

Profiles: `short` (fixed seed, in the checks) and `deep` (random, many examples, `nox -s deep`).
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from tests.integration.dynamodb_local import needs_dynamodb_local, use_dummy_credentials, why_left_out

SLOW = [HealthCheck.too_slow]

settings.register_profile("short", max_examples=60, derandomize=True, deadline=None, suppress_health_check=SLOW)
settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("QUANTLEAP_HYPOTHESIS_PROFILE", "short"))

use_dummy_credentials()

LEFT_OUT = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """The marker of the tests that need the engine."""
    config.addinivalue_line("markers", f"{needs_dynamodb_local.name}: needs Amazon's DynamoDB Local")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests that need a missing engine; where QUANTLEAP_REQUIRE_ENGINE is 1, run none at all."""
    needing = [item for item in items if item.get_closest_marker(needs_dynamodb_local.name)]
    reason = why_left_out() if needing else None
    if reason is None:
        return
    if os.environ.get("QUANTLEAP_REQUIRE_ENGINE") == "1":
        raise pytest.UsageError(reason)
    config.stash[LEFT_OUT] = reason
    for item in needing:
        item.add_marker(pytest.mark.skip(reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it in one line, however quiet the run is."""
    if LEFT_OUT in config.stash:
        terminalreporter.write_line(f"{config.stash[LEFT_OUT]}; its tests were skipped")
