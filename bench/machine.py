"""The machine a bench ran on, in one line: figures mean nothing without it."""

import os
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


def machine() -> str:
    """CPU model, usable cores, Python and system."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_cpu_model()}, {_usable_cores()} cores, {python}, {platform.system()} {platform.machine()}"


def _cpu_model() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown CPU"


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> int:
    """Print it."""
    print(machine())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
