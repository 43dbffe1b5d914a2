"""Hypothesis profiles: `short` (fixed seed, in the checks) and `deep` (random, many examples, `nox -s deep`)."""

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow]

settings.register_profile("short", max_examples=60, derandomize=True, deadline=None, suppress_health_check=SLOW)
settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("QUANTLEAP_HYPOTHESIS_PROFILE", "short"))
