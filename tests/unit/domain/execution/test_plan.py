"""What subscribers trade in the ENTRY of Monday 2026-01-12: lots of 65, orders of at most 27 lots (1800 units)."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.execution import plan as plan_module
from quantleap.domain.execution.frame import EntryFrame
from quantleap.domain.execution.plan import Planner, PlanOutcome, PlanRow, SubscriberPlan
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount, OnShortfall
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.lots.scaling import LotRounding, LotSkipReason, LotWarning
from quantleap.domain.marketplace.strategy import Strategy

BuildFrame = Callable[..., EntryFrame]
BuildRow = Callable[..., PlanRow]
TIMES_TWO, TIMES_ONE_AND_A_HALF, TIMES_TEN = Multiplier(2_000_000), Multiplier(1_500_000), Multiplier(10_000_000)
HALF, TENTH = Multiplier(500_000), Multiplier(100_000)


def lots(plan: SubscriberPlan, account: int = 0) -> tuple[int, ...]:
    return tuple(leg.lots for leg in plan.accounts[account].share.legs)


def slices(plan: SubscriberPlan, account: int = 0) -> tuple[tuple[int, ...], ...]:
    return tuple(leg.slices for leg in plan.accounts[account].share.legs)


def split(*accounts: BrokerAccount) -> Allocation:
    return Allocation(AllocationMode.SPLIT, accounts)


def test_lots_quantities_and_slices_of_a_condor_times_two(frame_of: BuildFrame, row: BuildRow) -> None:
    plan = Planner(frame_of()).plan(row(multiplier=TIMES_TWO))

    assert (plan.outcome, plan.skip_reason, plan.shortfall_units) == (PlanOutcome.PLANNED, None, 0)
    [account] = plan.accounts
    assert (account.broker_id, account.broker_account_id) == ("zebu", "AB1234")
    assert lots(plan) == (4, 6, 2, 4)
    assert [leg.quantity for leg in account.share.legs] == [260, 390, 130, 260]
    assert slices(plan) == ((4,), (6,), (2,), (4,))
    assert {leg.expiry for leg in account.share.legs} == {date(2026, 1, 13)}
    assert account.share.warnings == ()


def test_a_plan_says_whose_it_is_and_which_version_it_was_made_from(frame_of: BuildFrame, row: BuildRow) -> None:
    plan = Planner(frame_of()).plan(row(mode=Mode.TEST, partner_id=None, version=9))

    assert (plan.subscription_id, plan.mode, plan.partner_id) == ("sub_zebu_1", Mode.TEST, None)
    assert plan.subscription_version == 9


def test_changed_ratios_are_warned_of(frame_of: BuildFrame, row: BuildRow) -> None:
    plan = Planner(frame_of()).plan(row(multiplier=TIMES_ONE_AND_A_HALF))

    assert lots(plan) == (3, 4, 1, 3)
    assert plan.accounts[0].share.warnings == (LotWarning.RATIOS_CHANGED,)


def test_orders_larger_than_the_exchange_takes_are_sliced(frame_of: BuildFrame, row: BuildRow) -> None:
    plan = Planner(frame_of()).plan(row(multiplier=TIMES_TEN))

    assert slices(plan) == ((20,), (27, 3), (10,), (20,))


def test_orders_larger_than_the_account_takes_are_sliced(frame_of: BuildFrame, row: BuildRow) -> None:
    account = BrokerAccount("zebu", "AB1234", max_lots_per_order=2)
    plan = Planner(frame_of()).plan(row(allocation=Allocation(AllocationMode.MULTIPLY, (account,))))

    assert slices(plan) == ((2,), (2, 1), (1,), (2,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"allocation": None}, SkipReason.NO_ALLOCATION),
        ({"ends_on": date(2026, 1, 11)}, SkipReason.ENDED),
        ({"ends_on": date(2026, 1, 11), "allocation": None}, SkipReason.ENDED),
    ],
)
def test_a_subscriber_who_trades_nothing_has_a_reason(
    changes: dict[str, Any], reason: SkipReason, frame_of: BuildFrame, row: BuildRow
) -> None:
    plan = Planner(frame_of()).plan(row(**changes))

    assert (plan.outcome, plan.skip_reason, plan.accounts) == (PlanOutcome.SKIPPED, reason, ())


def test_a_subscription_still_trades_on_its_last_day(frame_of: BuildFrame, row: BuildRow) -> None:
    plan = Planner(frame_of()).plan(row(ends_on=date(2026, 1, 12)))

    assert plan.outcome is PlanOutcome.PLANNED


def test_a_frame_that_keeps_everybody_out_gives_everybody_its_reason(frame_of: BuildFrame, row: BuildRow) -> None:
    closed = evolve(frame_of(), skip_reason=SkipReason.TEMPLATE_RETIRED)

    assert Planner(closed).plan(row(allocation=None)).skip_reason is SkipReason.TEMPLATE_RETIRED


@pytest.mark.parametrize(("multiplier", "reason"), [(HALF, SkipReason.LEG_AT_ZERO_LOTS), (TENTH, SkipReason.ZERO_LOTS)])
def test_an_account_whose_lots_fall_away_is_skipped(
    multiplier: Multiplier, reason: SkipReason, *, frame_of: BuildFrame, row: BuildRow
) -> None:
    base = frame_of()
    plan = Planner(base).plan(row(multiplier=multiplier))

    assert (plan.outcome, plan.skip_reason) == (PlanOutcome.SKIPPED, reason)
    assert plan.accounts[0].share.skip_reason is reason
    assert slices(plan) == ((), (), (), ())


def test_one_trading_account_makes_a_plan_and_the_others_keep_their_reasons(
    frame_of: BuildFrame, row: BuildRow
) -> None:
    accounts = (BrokerAccount("zebu", "A", lot_multiplier=TENTH), BrokerAccount("zebu", "B", lot_multiplier=TIMES_TWO))
    plan = Planner(frame_of()).plan(row(allocation=Allocation(AllocationMode.MULTIPLY, accounts)))

    assert plan.outcome is PlanOutcome.PLANNED
    assert [account.share.skip_reason for account in plan.accounts] == [SkipReason.ZERO_LOTS, None]
    assert lots(plan, 1) == (4, 6, 2, 4)


def test_a_shortfall_is_reported_or_rejected_as_the_basket_says(frame_of: BuildFrame, row: BuildRow) -> None:
    capped = row(
        multiplier=TIMES_TEN,
        allocation=split(BrokerAccount("zebu", "A", weight=1, cap_units=3), BrokerAccount("zebu", "B", weight=0)),
    )
    reduced = Planner(frame_of()).plan(capped)
    rejected = Planner(frame_of(on_shortfall=OnShortfall.REJECT)).plan(capped)

    assert (reduced.outcome, reduced.shortfall_units) == (PlanOutcome.PLANNED, 7)
    assert reduced.accounts[0].share.units == 3
    assert (rejected.skip_reason, rejected.shortfall_units) == (SkipReason.SHORTFALL_REJECTED, 7)


@pytest.mark.parametrize(("base_lots", "reason"), [(90, None), (91, SkipReason.TOO_MANY_SLICES)])
def test_a_claim_holds_ninety_orders_of_an_account_and_no_more(
    base_lots: int,
    reason: SkipReason | None,
    *,
    one_leg: Callable[[int], Strategy],
    frame_of: BuildFrame,
    row: BuildRow,
) -> None:
    account = BrokerAccount("zebu", "AB1234", max_lots_per_order=1)
    allocation = Allocation(AllocationMode.MULTIPLY, (account,))
    plan = Planner(frame_of(one_leg(base_lots))).plan(row(allocation=allocation))

    assert plan.skip_reason is reason
    assert lots(plan) == (base_lots,)
    assert len(slices(plan)[0]) == (90 if reason is None else 0)


def test_plans_stream_a_row_at_a_time(frame_of: BuildFrame, row: BuildRow) -> None:
    read: list[int] = []

    def rows() -> Iterator[PlanRow]:
        for number in range(1, 4):
            read.append(number)
            yield row(subscription_id=f"sub_zebu_{number}")

    plans = Planner(frame_of()).plan_all(rows())
    assert read == []
    assert next(plans).subscription_id == "sub_zebu_1"
    assert read == [1]
    assert [plan.subscription_id for plan in plans] == ["sub_zebu_2", "sub_zebu_3"]


def test_every_reason_of_the_lots_is_a_reason_of_the_plan() -> None:
    assert {reason.value for reason in LotSkipReason} <= {reason.value for reason in SkipReason}


some_multipliers = st.sampled_from([TENTH, HALF, TIMES_ONE_AND_A_HALF, TIMES_TWO, Multiplier(1_234_567), TIMES_TEN])
some_ids = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("XYZ")), min_size=1, max_size=3, unique=True)
some_limits = st.none() | st.integers(min_value=1, max_value=3)


@st.composite
def allocations(draw: st.DrawFn) -> Allocation:
    ids = draw(some_ids)
    if draw(st.booleans()):
        accounts = [
            BrokerAccount(broker, account, 0, draw(st.none() | some_multipliers), None, None, draw(some_limits))
            for broker, account in ids
        ]
        return Allocation(AllocationMode.MULTIPLY, accounts)
    weights = [draw(st.integers(min_value=0, max_value=3)) for _ in ids]
    weights[0] += 1
    caps, priorities = st.none() | st.integers(min_value=0, max_value=4), st.integers(min_value=0, max_value=1)
    return split(
        *(
            BrokerAccount(broker, account, draw(priorities), None, weight, draw(caps), draw(some_limits))
            for (broker, account), weight in zip(ids, weights, strict=True)
        )
    )


@given(
    chosen=st.lists(st.tuples(some_multipliers, st.none() | allocations()), max_size=12),
    rounding=st.sampled_from(LotRounding),
    on_shortfall=st.sampled_from(OnShortfall),
)
def test_what_a_planner_remembers_changes_no_plan(
    chosen: list[tuple[Multiplier, Allocation | None]],
    rounding: LotRounding,
    on_shortfall: OnShortfall,
    *,
    frame_of: BuildFrame,
    row: BuildRow,
) -> None:
    frame = frame_of(rounding=rounding, on_shortfall=on_shortfall)
    rows = [row(multiplier=multiplier, allocation=allocation) for multiplier, allocation in chosen]

    assert list(Planner(frame).plan_all(rows)) == [Planner(frame).plan(each) for each in rows]


def test_subscribers_who_trade_alike_share_one_value(frame_of: BuildFrame, row: BuildRow) -> None:
    planner = Planner(frame_of())
    one = planner.plan(row(allocation=Allocation.single("zebu", "ONE")))
    two = planner.plan(row(allocation=Allocation.single("zerodha", "TWO"), partner_id=PartnerId("other", Mode.LIVE)))

    assert one.accounts[0].share is two.accounts[0].share


def test_accounts_with_other_order_limits_trade_the_same_lots_in_other_slices(
    frame_of: BuildFrame, row: BuildRow
) -> None:
    accounts = [BrokerAccount("zebu", f"A{limit}", max_lots_per_order=limit) for limit in (None, 1, 2, 100)]
    plan = Planner(frame_of()).plan(row(allocation=Allocation(AllocationMode.MULTIPLY, accounts)))

    assert {lots(plan, account) for account in range(4)} == {(2, 3, 1, 2)}
    assert [slices(plan, account)[1] for account in range(4)] == [(3,), (1, 1, 1), (2, 1), (3,)]


def test_the_parts_of_a_split_are_sliced_by_their_own_accounts_limit(frame_of: BuildFrame, row: BuildRow) -> None:
    accounts = [BrokerAccount("zebu", f"A{limit}", weight=1, max_lots_per_order=limit) for limit in (None, 2)]
    plan = Planner(frame_of()).plan(row(multiplier=TIMES_TWO, allocation=split(*accounts)))

    assert [lots(plan, account) for account in range(2)] == [(2, 3, 1, 2)] * 2
    assert [slices(plan, account)[1] for account in range(2)] == [(3,), (2, 1)]


@given(micros=st.lists(st.integers(min_value=1_000_000, max_value=10_000_000), min_size=1, max_size=8))
def test_every_multiplier_buys_the_floor_of_its_exact_product(
    micros: list[int], *, frame_of: BuildFrame, row: BuildRow
) -> None:
    planner = Planner(frame_of())
    for each in micros:
        plan = planner.plan(row(multiplier=Multiplier(each)))
        assert lots(plan) == tuple(floor(base * Fraction(each, 1_000_000)) for base in (2, 3, 1, 2))
        assert tuple(map(sum, slices(plan))) == lots(plan)
        assert max(max(orders) for orders in slices(plan)) <= 27


@pytest.mark.parametrize(("kind", "field"), [("plan", "skip_reason"), ("account", "share"), ("share", "lots")])
def test_a_plan_cannot_be_changed_once_it_is_made(
    kind: str, field: str, *, frame_of: BuildFrame, row: BuildRow
) -> None:
    plan = Planner(frame_of()).plan(row())
    values = {"plan": plan, "account": plan.accounts[0], "share": plan.accounts[0].share}

    with pytest.raises(AttributeError):
        setattr(values[kind], field, None)


def test_a_planner_remembers_only_so_much(monkeypatch: pytest.MonkeyPatch, frame_of: BuildFrame, row: BuildRow) -> None:
    monkeypatch.setattr(plan_module, "MEMO_ENTRIES", 2)
    planner = Planner(frame_of())

    totals = [sum(lots(planner.plan(row(multiplier=Multiplier(whole * 1_000_000))))) for whole in range(1, 8)]

    assert totals == [8, 16, 24, 32, 40, 48, 56]
    assert len(planner._memo) <= 2
