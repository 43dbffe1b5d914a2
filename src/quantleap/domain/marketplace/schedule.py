"""When a strategy runs: one entry for each weekday it enters and each it leaves."""

from datetime import time
from enum import StrEnum

from attrs import frozen

from quantleap.domain.marketplace.strategy import Strategy
from quantleap.domain.marketplace.weekday import Weekday


class RunKind(StrEnum):
    """What a run does with the strategy's legs."""

    ENTRY = "ENTRY"
    EXIT = "EXIT"


@frozen
class ScheduleEntry:
    """On that weekday, at that minute (Asia/Kolkata), that strategy enters or leaves."""

    weekday: Weekday
    at: time
    kind: RunKind
    strategy_id: str


def schedule_of(strategy: Strategy) -> tuple[ScheduleEntry, ...]:
    """Entries in week order, then exits in week order.

    An INACTIVE strategy has a schedule too: its exits still follow open positions.
    """
    entries = [
        ScheduleEntry(day, strategy.entry_time, RunKind.ENTRY, strategy.strategy_id) for day in strategy.entry_days
    ]
    exits = [ScheduleEntry(day, strategy.exit_time, RunKind.EXIT, strategy.strategy_id) for day in strategy.exit_days]
    return (*entries, *exits)
