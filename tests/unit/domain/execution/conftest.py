"""Facts of the exchange from October 2025 to March 2026, and builders of the values that a run needs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from quantleap.domain.execution.calendar import Session, TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRule, ExpiryRules
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunTemplate, entry_frame
from quantleap.domain.execution.plan import PlanRow
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, OnShortfall
from quantleap.domain.lots.contract_terms import ContractTerm, ContractTerms, QuantityLimit, QuantityLimits
from quantleap.domain.lots.multiplier import ONE
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent, Category
from quantleap.domain.marketplace.leg import Action, Leg, OptionType, SelectionMethod
from quantleap.domain.marketplace.strategy import Product, Strategy, TradingType
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying
from quantleap.domain.marketplace.weekday import Weekday
from quantleap.domain.money import Money

FIRST, LAST = date(2025, 10, 1), date(2026, 3, 31)
CREATED = datetime(2025, 10, 1, tzinfo=UTC)
NIFTY, BANKNIFTY = Underlying.NIFTY, Underlying.BANKNIFTY


@pytest.fixture(scope="session")
def facts() -> ExchangeFacts:
    """NIFTY (weekly and monthly, 75 then 65 units a lot) and BANKNIFTY (monthly)."""
    return ExchangeFacts(
        calendar=TradingCalendar(
            covers_from=FIRST,
            covers_to=LAST,
            holidays={
                date(2025, 10, 2): "Mahatma Gandhi Jayanti",
                date(2025, 10, 21): "Diwali Laxmi Pujan",
                date(2025, 10, 22): "Diwali Balipratipada",
                date(2025, 11, 5): "Prakash Gurpurb",
                date(2025, 12, 25): "Christmas",
                date(2026, 1, 15): "Municipal Corporation Election",
                date(2026, 1, 26): "Republic Day",
                date(2026, 3, 3): "Holi",
                date(2026, 3, 26): "Shri Ram Navami",
                date(2026, 3, 31): "Shri Mahavir Jayanti",
            },
            special_sessions={
                date(2025, 10, 21): Session(time(13, 45), time(14, 45), special=True),
                date(2026, 2, 1): Session(time(9, 15), time(15, 30), special=True),
            },
            regular_sessions={FIRST: Session(time(9, 15), time(15, 30), special=False)},
        ),
        expiry_rules=ExpiryRules(
            [
                ExpiryRule(NIFTY, ExpiryType.WEEKLY, Weekday.TUESDAY, FIRST, None, "a circular"),
                ExpiryRule(NIFTY, ExpiryType.MONTHLY, Weekday.TUESDAY, FIRST, None, "a circular"),
                ExpiryRule(BANKNIFTY, ExpiryType.MONTHLY, Weekday.TUESDAY, FIRST, None, "a circular"),
            ]
        ),
        contract_terms=ContractTerms(
            (
                ContractTerm(NIFTY, "NSE", FIRST, date(2025, 12, 30), 75, "a circular"),
                ContractTerm(NIFTY, "NSE", date(2026, 1, 1), None, 65, "a circular"),
                ContractTerm(BANKNIFTY, "NSE", FIRST, None, 700, "made up, larger than an order may be"),
            )
        ),
        quantity_limits=QuantityLimits(
            (
                QuantityLimit(NIFTY, "NSE", FIRST, None, 1800, "a circular"),
                QuantityLimit(BANKNIFTY, "NSE", FIRST, None, 600, "a circular"),
            )
        ),
    )


def leg(index: int, action: Action, lots: int) -> Leg:
    return Leg(
        leg_id=f"leg_{index}",
        leg_index=index,
        option_type=OptionType.CE,
        action=action,
        lots=lots,
        selection_method=SelectionMethod.ATM_POINTS,
        selection_value=Decimal(100 * index),
    )


WORKING_DAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
IRON_CONDOR = Strategy(
    strategy_id="condor",
    strategy_name="Iron condor 09:20",
    underlying=NIFTY,
    expiry_type=ExpiryType.WEEKLY,
    product=Product.MIS,
    trading_type=TradingType.INTRADAY,
    entry_time=time(9, 20),
    exit_time=time(15, 15),
    entry_days=WORKING_DAYS,
    exit_days=WORKING_DAYS,
    legs=(leg(1, Action.SELL, 2), leg(2, Action.SELL, 3), leg(3, Action.BUY, 1), leg(4, Action.BUY, 2)),
    algo_id="ALGO1",
)
CARRIED = evolve(IRON_CONDOR, trading_type=TradingType.POSITIONAL, product=Product.NRML)


@pytest.fixture(scope="session")
def intraday() -> Callable[..., Strategy]:
    """The iron condor of 2, 3, 1, 2 lots on every working day, 09:20 to 15:15, with changes."""
    return lambda **changes: evolve(IRON_CONDOR, **changes)


@pytest.fixture(scope="session")
def positional() -> Callable[..., Strategy]:
    """The same held overnight, with changes."""
    return lambda **changes: evolve(CARRIED, **changes)


@pytest.fixture(scope="session")
def one_leg() -> Callable[[int], Strategy]:
    """A strategy that buys one leg of that many lots."""
    return lambda lots: evolve(IRON_CONDOR, legs=(leg(1, Action.BUY, lots),))


@pytest.fixture(scope="session")
def basket_of() -> Callable[..., Basket]:
    """A basket at version 1 that holds one strategy."""

    def build(
        strategy: Strategy,
        rounding: LotRounding = LotRounding.PER_LEG_FLOOR,
        on_shortfall: OnShortfall = OnShortfall.REDUCE,
    ) -> Basket:
        content = BasketContent(
            basket_id="basket",
            basket_name="A basket",
            description="Sells a strangle and buys wings",
            category=Category.NEUTRAL,
            index_symbol=NIFTY,
            subscription_price=Money(99900, "INR"),
            lot_rounding=rounding,
            on_shortfall=on_shortfall,
            strategies=(strategy,),
        )
        return Basket.new(Email("admin@example.com"), content, CREATED)

    return build


@pytest.fixture(scope="session")
def frame_of(facts: ExchangeFacts, basket_of: Callable[..., Basket]) -> Callable[..., EntryFrame]:
    """The ENTRY frame of Monday 2026-01-12: expiry on Tuesday 2026-01-13, lots of 65, orders of 27 lots at most."""

    def build(strategy: Strategy = IRON_CONDOR, **basket: Any) -> EntryFrame:
        run = Run(strategy.strategy_id, date(2026, 1, 12), RunKind.ENTRY)
        return entry_frame(RunTemplate.of(basket_of(strategy, **basket)), run, facts)

    return build


@pytest.fixture(scope="session")
def row() -> Callable[..., PlanRow]:
    """A subscription with one account, times one, with changes."""
    plain = PlanRow(
        subscription_id="sub_zebu_1",
        mode=Mode.LIVE,
        partner_id=PartnerId("zebu", Mode.LIVE),
        multiplier=ONE,
        ends_on=None,
        allocation=Allocation.single("zebu", "AB1234"),
        version=7,
    )
    return lambda **changes: evolve(plain, **changes)
