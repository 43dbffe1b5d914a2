"""What is the same for every subscriber of a run."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from quantleap.domain.errors import InvalidInputError, NonTradingDayError, NotCoveredError, StrategyNotFoundError
from quantleap.domain.execution.frame import EntryFrame, ExchangeFacts, RunTemplate, entry_frame, exit_frame
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus
from quantleap.domain.marketplace.underlying import ExpiryType, Underlying

Build = Callable[..., Strategy]
BuildBasket = Callable[..., Basket]
LATER = datetime(2025, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trade_date", "expiry", "lot_size"),
    [
        (date(2025, 12, 29), date(2025, 12, 30), 75),
        (date(2025, 12, 30), date(2025, 12, 30), 75),
        (date(2025, 12, 31), date(2026, 1, 6), 65),
    ],
)
def test_the_lot_is_that_of_the_contract_not_of_the_trade_date(
    *, trade_date: date, expiry: date, lot_size: int, intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    frame = entry_frame(RunTemplate.of(basket_of(intraday())), Run("condor", trade_date, RunKind.ENTRY), facts)

    assert (frame.expiry, frame.lot_size) == (expiry, lot_size)


def test_an_entry_carries_the_basket_as_it_is_now(
    intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    basket = basket_of(intraday(), LotRounding.WHOLE_UNITS, OnShortfall.REJECT).enabled(LATER)
    run = Run("condor", date(2026, 1, 12), RunKind.ENTRY)

    assert entry_frame(RunTemplate.of(basket), run, facts) == EntryFrame(
        run=run,
        basket_id="basket",
        basket_version=2,
        strategy=intraday(),
        max_order_quantity=1800,
        expiry=date(2026, 1, 13),
        lot_size=65,
        rounding=LotRounding.WHOLE_UNITS,
        on_shortfall=OnShortfall.REJECT,
        skip_reason=None,
    )


def test_a_retired_template_and_a_switched_off_strategy_keep_everybody_out(
    intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    run = Run("condor", date(2026, 1, 12), RunKind.ENTRY)
    retired = basket_of(intraday()).retired("No longer kept", LATER)
    inactive = basket_of(intraday(status=StrategyStatus.INACTIVE))

    assert entry_frame(RunTemplate.of(retired), run, facts).skip_reason is SkipReason.TEMPLATE_RETIRED
    assert entry_frame(RunTemplate.of(inactive), run, facts).skip_reason is SkipReason.STRATEGY_INACTIVE


def test_a_template_cut_down_has_the_strategies_asked_for_in_that_order_and_nothing_else_changed(
    intraday: Build, basket_of: BuildBasket
) -> None:
    names = ("a", "b", "c")
    template = evolve(
        RunTemplate.of(basket_of(intraday())), strategies=tuple(intraday(strategy_id=name) for name in names)
    )

    assert template.only(("c", "missing", "a")) == evolve(
        template, strategies=(intraday(strategy_id="c"), intraday(strategy_id="a"))
    )


def test_an_exit_needs_no_contract_facts_since_positions_carry_their_own(intraday: Build, facts: ExchangeFacts) -> None:
    without_terms = evolve(facts, contract_terms=evolve(facts.contract_terms, rows=()))
    run = Run("condor", date(2026, 1, 12), RunKind.EXIT)

    frame = exit_frame("basket", 3, intraday(), run, without_terms)

    assert (frame.run, frame.basket_version, frame.max_order_quantity) == (run, 3, 1800)


def test_no_frame_is_built_for_a_day_without_a_session(
    intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    holiday = date(2026, 1, 15)

    with pytest.raises(NonTradingDayError) as entry:
        entry_frame(RunTemplate.of(basket_of(intraday())), Run("condor", holiday, RunKind.ENTRY), facts)
    with pytest.raises(NonTradingDayError):
        exit_frame("basket", 1, intraday(), Run("condor", holiday, RunKind.EXIT), facts)

    assert entry.value.reason == "Municipal Corporation Election"


def test_a_frame_is_only_for_its_kind_and_its_strategy(
    intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    day = date(2026, 1, 12)

    with pytest.raises(InvalidInputError):
        entry_frame(RunTemplate.of(basket_of(intraday())), Run("condor", day, RunKind.EXIT), facts)
    with pytest.raises(InvalidInputError):
        exit_frame("basket", 1, intraday(), Run("condor", day, RunKind.ENTRY), facts)
    with pytest.raises(InvalidInputError):
        exit_frame("basket", 1, intraday(), Run("another", day, RunKind.EXIT), facts)
    with pytest.raises(StrategyNotFoundError):
        entry_frame(RunTemplate.of(basket_of(intraday())), Run("another", day, RunKind.ENTRY), facts)


def test_a_fact_that_no_row_covers_is_an_error(intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts) -> None:
    unlisted = intraday(underlying=Underlying.FINNIFTY, expiry_type=ExpiryType.MONTHLY)

    with pytest.raises(NotCoveredError):
        entry_frame(RunTemplate.of(basket_of(unlisted)), Run("condor", date(2026, 1, 12), RunKind.ENTRY), facts)


def test_a_contract_whose_lot_no_order_can_carry_is_refused(
    intraday: Build, basket_of: BuildBasket, facts: ExchangeFacts
) -> None:
    too_large = intraday(underlying=Underlying.BANKNIFTY, expiry_type=ExpiryType.MONTHLY)

    with pytest.raises(InvalidInputError) as refusal:
        entry_frame(RunTemplate.of(basket_of(too_large)), Run("condor", date(2026, 1, 12), RunKind.ENTRY), facts)

    assert refusal.value.field == "lot_size"
