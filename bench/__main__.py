"""Runs every bench: `python -m bench`. Exits 1 when a ratio is missed."""

from bench import commission, planner, store, transition
from bench.machine import machine


def main() -> int:
    """Print the machine once, and each verdict."""
    print(machine())
    return 0 if all([transition.measure(), commission.measure(), planner.measure(), store.measure()]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
