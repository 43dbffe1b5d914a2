"""Planning an entry of 4 legs and one account: subscribers a second, against Decimal, and flat memory."""

import gc
import json
import tracemalloc
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, Decimal
from time import process_time

from bench.machine import machine
from bench.ratio import ROUNDS, Contest, Sample, holds
from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, entry_frame
from quantleap.domain.execution.plan import AccountPlan, LegPlan, Planner, PlanRow, Share, SubscriberPlan
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import MAX_MICROS, MICROS_PER_WHOLE, Multiplier
from quantleap.domain.lots.scaling import LotWarning
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.document import read_catalog

AT_LEAST = 1.5
SUBSCRIBERS_A_SECOND = 80_000
FEW, MANY = 10_000, 200_000
GROWTH_BYTES = 64 * 1024

_TRADE_DATE = date(2026, 11, 23)
_PARTNER = PartnerId("zebu", Mode.LIVE)

IN_HUNDREDTHS = [Multiplier(micros) for micros in range(MICROS_PER_WHOLE, MAX_MICROS + 1, 10_000)]
"""What people type: 1, 1.01 and so on to 10, so that most subscribers trade like somebody before them."""
ALL_DIFFERENT = [Multiplier(micros) for micros in range(MICROS_PER_WHOLE, MAX_MICROS, 900)]
"""The worst case, 10,000 of them: nothing a planner remembers is ever used again."""


def sample_frame() -> EntryFrame:
    """The frame of the sample catalog's iron condor, lots 2, 3, 1, 2, on a trading day of 2026."""
    data = PackageReferenceData()
    catalog = read_catalog(json.loads(data.sample_catalog(), parse_float=Decimal))
    basket = Basket.new(catalog.owner, catalog.templates[0], datetime(2026, 1, 1, tzinfo=UTC))
    facts = ExchangeFacts(data.trading_calendar(), data.expiry_rules(), data.contract_terms(), data.quantity_limits())
    frame = entry_frame(basket, Run(basket.strategies[0].strategy_id, _TRADE_DATE, RunKind.ENTRY), facts)
    assert len(frame.strategy.legs) == 4
    return frame


def rows(count: int, multipliers: Sequence[Multiplier]) -> Iterator[PlanRow]:
    """That many subscribers, one account each, with these multipliers in turn."""
    for number in range(count):
        yield PlanRow(
            subscription_id=f"sub_zebu_{number:08d}",
            mode=Mode.LIVE,
            partner_id=_PARTNER,
            multiplier=multipliers[number % len(multipliers)],
            ends_on=None,
            allocation=Allocation.single("zebu", f"ZB{number:08d}"),
            version=1,
        )


def plan_in_decimal(frame: EntryFrame, subscribers: Iterable[tuple[PlanRow, Decimal]]) -> Iterator[SubscriberPlan]:
    """The same plans from rows and their multipliers, each leg's lots by Decimal, nothing remembered.

    For rows that trade in full, as these do.
    """
    legs = frame.strategy.legs
    base = [Decimal(leg.lots) for leg in legs]
    largest = frame.max_order_quantity // frame.lot_size
    for row, multiplier in subscribers:
        assert row.allocation is not None
        lots = [int((leg * multiplier).to_integral_value(ROUND_FLOOR)) for leg in base]
        keeps_ratios = all(traded * base[0] == leg * lots[0] for traded, leg in zip(lots, base, strict=True))
        plans = []
        for leg, traded in zip(legs, lots, strict=True):
            full, rest = divmod(traded, largest)
            slices = (largest,) * full + ((rest,) if rest else ())
            plans.append(LegPlan(leg.leg_id, leg.action, traded, frame.lot_size, frame.expiry, slices))
        share = Share(tuple(plans), None, None, () if keeps_ratios else (LotWarning.RATIOS_CHANGED,))
        (account,) = row.allocation.accounts
        accounts = (AccountPlan(account.broker_id, account.broker_account_id, share),)
        yield SubscriberPlan(row.subscription_id, row.mode, row.partner_id, row.version, None, accounts, 0)


def _consume(plans: Iterable[SubscriberPlan]) -> None:
    deque(plans, maxlen=0)


def faster_than_decimal(frame: EntryFrame) -> bool:
    """The ratio. A planner is new in each call, so that what it remembers is paid for."""
    sample = list(rows(FEW, IN_HUNDREDTHS))
    in_decimal = [(row, row.multiplier.to_decimal()) for row in sample]
    assert list(Planner(frame).plan_all(sample)) == list(plan_in_decimal(frame, in_decimal))
    contest = Contest(
        f"plan {FEW:,} subscribers, 4 legs, one account",
        "Decimal",
        lambda: _consume(Planner(frame).plan_all(sample)),
        lambda: _consume(plan_in_decimal(frame, in_decimal)),
        1,
        AT_LEAST,
    )
    return holds(contest)


def fast_enough(frame: EntryFrame) -> bool:
    """Subscribers a second of CPU. A report of this machine: another one moves the figure."""
    print("subscribers planned a second of CPU (a report of this machine, where the project states the figure)")
    rate = _print_rate(frame, "multipliers in hundredths", list(rows(FEW, IN_HUNDREDTHS)))
    _print_rate(frame, "no two multipliers alike", list(rows(FEW, ALL_DIFFERENT)))
    met = rate >= SUBSCRIBERS_A_SECOND
    print(f"  the first at least {SUBSCRIBERS_A_SECOND:,}: {'met' if met else 'MISSED'}")
    return met


def _print_rate(frame: EntryFrame, name: str, sample: list[PlanRow]) -> float:
    """Print the quartiles of many rounds, and return the median."""
    gc.collect()
    rates = []
    for _ in range(ROUNDS):
        begun = process_time()
        _consume(Planner(frame).plan_all(sample))
        rates.append(len(sample) / (process_time() - begun))
    figures = Sample.of(rates)
    print(f"  {name:<26}{figures.median:11,.0f}  ({figures.low:,.0f} to {figures.high:,.0f})")
    return figures.median


def streams(frame: EntryFrame) -> bool:
    """Peak memory of planning rows as they come, few and many."""
    few, many = _peak_bytes(frame, FEW), _peak_bytes(frame, MANY)
    met = many - few <= GROWTH_BYTES
    print(f"peak memory by tracemalloc: {few:,} bytes for {FEW:,} subscribers, {many:,} for {MANY:,}")
    print(f"  at most {GROWTH_BYTES:,} bytes more: {'met' if met else 'MISSED'}")
    return met


def _peak_bytes(frame: EntryFrame, count: int) -> int:
    gc.collect()
    tracemalloc.start()
    _consume(Planner(frame).plan_all(rows(count, IN_HUNDREDTHS)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def measure() -> bool:
    """Whether all three are met; each is measured and printed whatever the others say."""
    frame = sample_frame()
    return all([faster_than_decimal(frame), fast_enough(frame), streams(frame)])


def main() -> int:
    """Print the machine and the verdicts; 1 when one is missed."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
