"""Runs every bench: `python -m bench`. Exits 1 when a ratio is missed."""

from bench import cold_start, commission, planner, serve, store, transition, warm_function
from bench.machine import machine


def main() -> int:
    """Print the machine once, and each verdict."""
    print(machine())
    verdicts = [each.measure() for each in (transition, commission, planner, store, serve, warm_function, cold_start)]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main())
