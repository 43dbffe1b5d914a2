"""What one run is the same for every subscriber: built once, before any of them is planned."""

from datetime import date

from attrs import frozen

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.execution.calendar import TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRules
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.contract_terms import ContractTerms, QuantityLimits
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.listing import ListingStatus
from quantleap.domain.marketplace.strategy import Strategy, StrategyStatus
from quantleap.domain.validation import require


@frozen
class ExchangeFacts:
    """The dated facts a frame is built from."""

    calendar: TradingCalendar
    expiry_rules: ExpiryRules
    contract_terms: ContractTerms
    quantity_limits: QuantityLimits


@frozen(kw_only=True)
class RunFrame:
    """The run, and its strategy in that version of the basket. An order carries at most `max_order_quantity` units."""

    run: Run
    basket_id: str
    basket_version: int
    strategy: Strategy
    max_order_quantity: int


@frozen(kw_only=True)
class EntryFrame(RunFrame):
    """An ENTRY trades contracts of that expiry, `lot_size` units a lot. `skip_reason` keeps every subscriber out."""

    expiry: date
    lot_size: int
    rounding: LotRounding
    on_shortfall: OnShortfall
    skip_reason: SkipReason | None


def entry_frame(basket: Basket, run: Run, facts: ExchangeFacts) -> EntryFrame:
    """The frame of an ENTRY with the strategy as the basket has it now.

    Raises StrategyNotFoundError, NonTradingDayError when the exchange is closed, NotCoveredError where a fact lacks.
    """
    require(run.kind is RunKind.ENTRY, "kind", "must be ENTRY")
    facts.calendar.require_trading_day(run.trade_date)
    strategy = basket.content.strategy(run.strategy_id)
    expiry = facts.expiry_rules.expiry_on_or_after(
        strategy.underlying, strategy.expiry_type, run.trade_date, facts.calendar
    )
    lot_size = facts.contract_terms.lot_size(strategy.underlying, expiry)
    max_order_quantity = facts.quantity_limits.max_order_quantity(strategy.underlying, run.trade_date)
    require(lot_size <= max_order_quantity, "lot_size", f"must be at most the largest order, {max_order_quantity}")
    return EntryFrame(
        run=run,
        basket_id=basket.basket_id,
        basket_version=basket.version,
        strategy=strategy,
        max_order_quantity=max_order_quantity,
        expiry=expiry,
        lot_size=lot_size,
        rounding=basket.content.lot_rounding,
        on_shortfall=basket.content.on_shortfall,
        skip_reason=_keeps_everybody_out(basket, strategy),
    )


def exit_frame(basket_id: str, basket_version: int, strategy: Strategy, run: Run, facts: ExchangeFacts) -> RunFrame:
    """The frame of an EXIT. The strategy may be gone from its basket by now, so it is given as it was entered.

    Raises NonTradingDayError when the exchange is closed, NotCoveredError where a fact lacks.
    """
    require(run.kind is RunKind.EXIT, "kind", "must be EXIT")
    if strategy.strategy_id != run.strategy_id:
        raise InvalidInputError("strategy", f"must be {run.strategy_id}")
    facts.calendar.require_trading_day(run.trade_date)
    return RunFrame(
        run=run,
        basket_id=basket_id,
        basket_version=basket_version,
        strategy=strategy,
        max_order_quantity=facts.quantity_limits.max_order_quantity(strategy.underlying, run.trade_date),
    )


def _keeps_everybody_out(basket: Basket, strategy: Strategy) -> SkipReason | None:
    if basket.listing.status is ListingStatus.RETIRED:
        return SkipReason.TEMPLATE_RETIRED
    return SkipReason.STRATEGY_INACTIVE if strategy.status is StrategyStatus.INACTIVE else None
