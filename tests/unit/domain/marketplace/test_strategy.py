"""Which strategies can be built, and when they run."""

from collections.abc import Callable
from datetime import UTC, time
from itertools import product
from typing import Any

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.marketplace.leg import Leg
from quantleap.domain.marketplace.schedule import RunKind, ScheduleEntry, schedule_of
from quantleap.domain.marketplace.strategy import (
    Strategy,
    StrategyStatus,
    TradingType,
    read_time,
    require_listed_expiry,
)
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday

MakeLeg = Callable[..., Leg]
MakeStrategy = Callable[..., Strategy]

MONDAY, TUESDAY, FRIDAY = Weekday.MONDAY, Weekday.TUESDAY, Weekday.FRIDAY


def refusal_of(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        call()
    return caught.value.field, caught.value.reason


def test_what_is_not_said_of_a_strategy_is_its_default(strategy: MakeStrategy) -> None:
    plain = strategy()
    assert plain.status is StrategyStatus.ACTIVE
    assert plain.move_stop_loss_to_cost is False
    assert (plain.algo_id, plain.target_profit, plain.mtm_stop_loss) == (None, None, None)
    assert (plain.entry_days_before_expiry, plain.exit_days_before_expiry) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strategy_id", "Strat"),
        ("strategy_id", "strat#1"),
        ("strategy_name", ""),
        ("strategy_name", "x" * 121),
        ("strategy_name", "a\u202eb"),
        ("strategy_name", "two\nlines"),
        ("underlying", "NIFTY"),
        ("expiry_type", "WEEKLY"),
        ("product", "MIS"),
        ("trading_type", "INTRADAY"),
        ("entry_time", "09:20"),
        ("entry_time", time(9, 20, 1)),
        ("entry_time", time(9, 20, 0, 1)),
        ("entry_time", time(9, 20, tzinfo=UTC)),
        ("exit_time", 915),
        ("entry_days", ()),
        ("entry_days", (FRIDAY, MONDAY)),
        ("entry_days", (MONDAY, MONDAY)),
        ("entry_days", ("MONDAY", "FRIDAY")),
        ("exit_days", ()),
        ("exit_days", (FRIDAY, MONDAY)),
        ("legs", ()),
        ("legs", []),
        ("legs", ("leg_1",)),
        ("status", "ACTIVE"),
        ("algo_id", ""),
        ("algo_id", "a b"),
        ("algo_id", "a" * 65),
        ("algo_id", "\uff11"),
        ("algo_id", 7),
        ("target_profit", 1),
        ("mtm_stop_loss", 1),
        ("move_stop_loss_to_cost", 1),
        ("move_stop_loss_to_cost", None),
        ("entry_days_before_expiry", -1),
        ("entry_days_before_expiry", 31),
        ("entry_days_before_expiry", True),
        ("exit_days_before_expiry", 1.0),
    ],
)
def test_a_malformed_strategy_is_refused_by_the_name_of_the_field(
    strategy: MakeStrategy, name: str, value: object
) -> None:
    assert refusal_of(lambda: strategy(**{name: value}))[0] == name


@pytest.mark.parametrize("count", range(1, 7))
def test_a_strategy_has_1_to_6_legs(strategy: MakeStrategy, leg: MakeLeg, count: int) -> None:
    legs = tuple(leg(leg_id=f"leg_{index}", leg_index=index) for index in range(1, count + 1))
    assert len(strategy(legs=legs).legs) == count


def test_seven_legs_are_too_many(strategy: MakeStrategy, leg: MakeLeg) -> None:
    legs = tuple(leg(leg_id=f"leg_{index}", leg_index=min(index, 6)) for index in range(1, 8))
    assert refusal_of(lambda: strategy(legs=legs)) == ("legs", "must hold 1 to 6")


@pytest.mark.parametrize("indexes", list(product(range(1, 4), repeat=3)))
def test_legs_stand_in_the_order_of_their_distinct_indexes(
    strategy: MakeStrategy, leg: MakeLeg, indexes: tuple[int, ...]
) -> None:
    legs = tuple(leg(leg_id=f"leg_{position}", leg_index=index) for position, index in enumerate(indexes))
    if list(indexes) == sorted(set(indexes)):
        assert strategy(legs=legs).legs == legs
    else:
        assert refusal_of(lambda: strategy(legs=legs))[0] in ("legs[1].leg_index", "legs[2].leg_index")


def test_a_gap_between_indexes_is_allowed(strategy: MakeStrategy, leg: MakeLeg) -> None:
    legs = (leg(leg_id="a", leg_index=2), leg(leg_id="b", leg_index=6))
    assert strategy(legs=legs).legs == legs


def test_two_legs_of_one_id_are_refused_at_the_second(strategy: MakeStrategy, leg: MakeLeg) -> None:
    legs = (leg(leg_index=1), leg(leg_index=2))
    assert refusal_of(lambda: strategy(legs=legs)) == ("legs[1].leg_id", "repeats the id of a leg before it")


@pytest.mark.parametrize("exit_time", [time(9, 19), time(9, 20)])
def test_an_intraday_exit_is_after_its_entry(strategy: MakeStrategy, exit_time: time) -> None:
    assert refusal_of(lambda: strategy(exit_time=exit_time)) == (
        "exit_time",
        "must be after entry_time when INTRADAY",
    )


@pytest.mark.parametrize("exit_days", [(MONDAY,), (MONDAY, TUESDAY, FRIDAY), (TUESDAY, FRIDAY)])
def test_an_intraday_strategy_leaves_on_the_days_it_enters(
    strategy: MakeStrategy, exit_days: tuple[Weekday, ...]
) -> None:
    assert refusal_of(lambda: strategy(exit_days=exit_days)) == (
        "exit_days",
        "must be the entry_days when INTRADAY",
    )


@pytest.mark.parametrize("exit_days", [(MONDAY,), (TUESDAY,), (MONDAY, TUESDAY, FRIDAY)])
@pytest.mark.parametrize("exit_time", [time(9, 0), time(9, 20), time(15, 15)])
def test_a_positional_strategy_may_leave_on_any_day_at_any_time(
    strategy: MakeStrategy, exit_days: tuple[Weekday, ...], exit_time: time
) -> None:
    taken = strategy(trading_type=TradingType.POSITIONAL, exit_days=exit_days, exit_time=exit_time)
    assert (taken.exit_days, taken.exit_time) == (exit_days, exit_time)


@pytest.mark.parametrize(("entry", "leave"), [(0, 0), (30, 0), (3, 3), (None, 30), (30, None)])
def test_an_exit_is_no_further_from_the_expiry_than_the_entry(
    strategy: MakeStrategy, entry: int | None, leave: int | None
) -> None:
    taken = strategy(entry_days_before_expiry=entry, exit_days_before_expiry=leave)
    assert (taken.entry_days_before_expiry, taken.exit_days_before_expiry) == (entry, leave)


def test_an_exit_further_from_the_expiry_than_the_entry_is_refused(strategy: MakeStrategy) -> None:
    assert refusal_of(lambda: strategy(entry_days_before_expiry=2, exit_days_before_expiry=3)) == (
        "exit_days_before_expiry",
        "must not be more than entry_days_before_expiry",
    )


@pytest.mark.parametrize(("spelled", "expected"), [("00:00", time(0)), ("09:20", time(9, 20)), ("23:59", time(23, 59))])
def test_a_time_is_a_minute_of_the_day(spelled: str, expected: time) -> None:
    assert read_time(spelled, "entry_time") == expected


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "9:20",
        "24:00",
        "09:60",
        "09:20:00",
        "09.20",
        "09:20 ",
        "09:20\n",
        "0\u0669:20",
        "\uff10\uff19:20",
        920,
        None,
    ],
)
def test_anything_else_is_no_time(spelled: object) -> None:
    assert refusal_of(lambda: read_time(spelled, "entry_time"))[0] == "entry_time"


@pytest.mark.parametrize("underlying", list(Underlying))
@pytest.mark.parametrize("expiry_type", list(ExpiryType))
def test_weekly_is_refused_where_the_underlying_has_no_weekly_contracts(
    strategy: MakeStrategy, underlying: Underlying, expiry_type: ExpiryType
) -> None:
    written = strategy(underlying=underlying, expiry_type=expiry_type)
    if expiry_type is ExpiryType.WEEKLY and underlying is not Underlying.NIFTY:
        assert refusal_of(lambda: require_listed_expiry(written, {Underlying.NIFTY})) == (
            "expiry_type",
            f"{underlying} has no weekly contracts",
        )
    else:
        require_listed_expiry(written, {Underlying.NIFTY})


def test_a_schedule_has_one_entry_a_day_and_kind(strategy: MakeStrategy) -> None:
    written = strategy(trading_type=TradingType.POSITIONAL, exit_days=(TUESDAY,), exit_time=time(9, 5))
    assert schedule_of(written) == (
        ScheduleEntry(MONDAY, time(9, 20), RunKind.ENTRY, "strat_1"),
        ScheduleEntry(FRIDAY, time(9, 20), RunKind.ENTRY, "strat_1"),
        ScheduleEntry(TUESDAY, time(9, 5), RunKind.EXIT, "strat_1"),
    )


def test_an_inactive_strategy_keeps_its_schedule_since_its_exits_still_follow_positions(
    strategy: MakeStrategy,
) -> None:
    assert schedule_of(strategy(status=StrategyStatus.INACTIVE)) == schedule_of(strategy())


def test_every_day_of_the_week_can_be_named(strategy: MakeStrategy) -> None:
    everyday: dict[str, Any] = {"entry_days": tuple(Weekday), "exit_days": tuple(Weekday)}
    assert len(schedule_of(strategy(**everyday))) == 14
