"""Planning an entry of 4 legs and one account: subscribers a second, against Decimal, and flat memory.

Both where multipliers repeat and where no two are alike.
"""

import gc
import json
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from time import process_time

from attrs import frozen

from bench.machine import machine
from bench.planner_in_decimal import DecimalPlanner
from bench.ratio import ROUNDS, Contest, Sample, holds
from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunTemplate, entry_frame
from quantleap.domain.execution.plan import MEMO_ENTRIES, Planner, PlanRow, SubscriberPlan
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.lots.multiplier import MAX_MICROS, MICROS_PER_WHOLE, Multiplier
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.document import read_catalog

AT_LEAST = 1.0
SUBSCRIBERS_A_SECOND = 80_000
FEW, MANY = 10_000, 200_000
GROWTH_BYTES = 64 * 1024

_TRADE_DATE = date(2026, 11, 23)
_PARTNER = PartnerId("zebu", Mode.LIVE)


@frozen
class Case:
    """Multipliers that subscribers have in turn, and how many shares the peer had best remember for them."""

    name: str
    multipliers: tuple[Multiplier, ...]
    peer_memo_entries: int


# What people type: 1, 1.01 and so on to 10, so that most subscribers trade like somebody before them.
IN_HUNDREDTHS = Case(
    "multipliers in hundredths", tuple(map(Multiplier, range(MICROS_PER_WHOLE, MAX_MICROS + 1, 10_000))), MEMO_ENTRIES
)
# The worst case, 10,000 of them: nothing a planner remembers is ever used again, so the peer remembers nothing.
ALL_DIFFERENT = Case("no two multipliers alike", tuple(map(Multiplier, range(MICROS_PER_WHOLE, MAX_MICROS, 900))), 0)


def sample_frame() -> EntryFrame:
    """The frame of the sample catalog's iron condor, lots 2, 3, 1, 2, on a trading day of 2026."""
    data = PackageReferenceData()
    catalog = read_catalog(json.loads(data.sample_catalog(), parse_float=Decimal))
    basket = Basket.new(catalog.owner, catalog.templates[0], datetime(2026, 1, 1, tzinfo=UTC))
    facts = ExchangeFacts(data.trading_calendar(), data.expiry_rules(), data.contract_terms(), data.quantity_limits())
    frame = entry_frame(
        RunTemplate.of(basket), Run(basket.strategies[0].strategy_id, _TRADE_DATE, RunKind.ENTRY), facts
    )
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


def _consume(plans: Iterable[SubscriberPlan]) -> None:
    deque(plans, maxlen=0)


def _read(plans: Iterable[SubscriberPlan]) -> None:
    """Consume them as the maker of orders does, who reads every leg by itself."""
    deque((account.share.legs for plan in plans for account in plan.accounts), maxlen=0)


def faster_than_decimal(frame: EntryFrame, case: Case) -> bool:
    """The ratio. Planners are new in each call, so that what they remember is paid for."""
    sample = list(rows(FEW, case.multipliers))
    in_decimal = [(row, row.multiplier.to_decimal()) for row in sample]
    entries = case.peer_memo_entries
    assert list(Planner(frame).plan_all(sample)) == list(DecimalPlanner(frame, entries).plan_all(in_decimal))
    contest = Contest(
        f"plan {FEW:,} subscribers, 4 legs, one account, {case.name}",
        "Decimal",
        lambda: _consume(Planner(frame).plan_all(sample)),
        lambda: _consume(DecimalPlanner(frame, entries).plan_all(in_decimal)),
        1,
        AT_LEAST,
    )
    return holds(contest)


def fast_enough(frame: EntryFrame) -> bool:
    """Subscribers a second of CPU. A report of this machine: another one moves the figure."""
    print("subscribers planned a second of CPU (a report of this machine, where the project states the figure)")
    rates = [
        _print_rate(frame, IN_HUNDREDTHS, "", _consume),
        _print_rate(frame, ALL_DIFFERENT, "", _consume),
        _print_rate(frame, ALL_DIFFERENT, ", legs read", _read),
    ]
    met = min(rates) >= SUBSCRIBERS_A_SECOND
    print(f"  each at least {SUBSCRIBERS_A_SECOND:,}: {'met' if met else 'MISSED'}")
    return met


def _print_rate(frame: EntryFrame, case: Case, and_then: str, use: Callable[[Iterable[SubscriberPlan]], None]) -> float:
    """Print the quartiles of many rounds, and return the median."""
    sample = list(rows(FEW, case.multipliers))
    gc.collect()
    rates = []
    for _ in range(ROUNDS):
        begun = process_time()
        use(Planner(frame).plan_all(sample))
        rates.append(len(sample) / (process_time() - begun))
    figures = Sample.of(rates)
    print(f"  {case.name + and_then:<36}{figures.median:11,.0f}  ({figures.low:,.0f} to {figures.high:,.0f})")
    return figures.median


def streams(frame: EntryFrame, case: Case) -> bool:
    """Peak memory of planning rows as they come, few and many."""
    few, many = _peak_bytes(frame, FEW, case), _peak_bytes(frame, MANY, case)
    met = many - few <= GROWTH_BYTES
    print(f"peak memory by tracemalloc, {case.name}: {few:,} bytes for {FEW:,} subscribers, {many:,} for {MANY:,}")
    print(f"  at most {GROWTH_BYTES:,} bytes more: {'met' if met else 'MISSED'}")
    return met


def _peak_bytes(frame: EntryFrame, count: int, case: Case) -> int:
    gc.collect()
    tracemalloc.start()
    _consume(Planner(frame).plan_all(rows(count, case.multipliers)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def measure() -> bool:
    """Whether all are met in both cases; each is measured and printed whatever the others say."""
    frame = sample_frame()
    cases = (IN_HUNDREDTHS, ALL_DIFFERENT)
    ratios = [faster_than_decimal(frame, case) for case in cases]
    return all([*ratios, fast_enough(frame), *[streams(frame, case) for case in cases]])


def main() -> int:
    """Print the machine and the verdicts; 1 when one is missed."""
    print(machine())
    return 0 if measure() else 1


if __name__ == "__main__":
    raise SystemExit(main())
