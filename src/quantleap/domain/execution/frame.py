"""What one run is the same for every subscriber: built once, before any of them is planned."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve, frozen

from quantleap.domain.errors import InvalidInputError, StrategyNotFoundError
from quantleap.domain.execution.calendar import TradingCalendar
from quantleap.domain.execution.expiries import ExpiryRules
from quantleap.domain.execution.reasons import SkipReason
from quantleap.domain.execution.run import Run, RunKind
from quantleap.domain.lots.allocation import OnShortfall
from quantleap.domain.lots.contract_terms import ContractTerms, QuantityLimits
from quantleap.domain.lots.scaling import LotRounding
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent
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
class RunTemplate:
    """What runs need of one version of a basket: its rules, and those of its strategies that are to run."""

    basket_id: str
    version: int
    rounding: LotRounding
    on_shortfall: OnShortfall
    is_retired: bool
    strategies: tuple[Strategy, ...]

    @classmethod
    def of(cls, basket: Basket) -> "RunTemplate":
        """All that it holds."""
        return cls.described(basket.content, basket.listing.status, basket.version, basket.strategies)

    @classmethod
    def described(
        cls, content: BasketContent, listing: ListingStatus, version: int, strategies: tuple[Strategy, ...]
    ) -> "RunTemplate":
        """The same from what describes the basket, with these strategies whatever `content` has."""
        return cls(
            basket_id=content.basket_id,
            version=version,
            rounding=content.lot_rounding,
            on_shortfall=content.on_shortfall,
            is_retired=listing is ListingStatus.RETIRED,
            strategies=strategies,
        )

    def only(self, strategy_ids: Iterable[str]) -> "RunTemplate":
        """The same without its other strategies, in the order of these ids; one that it has not is passed over."""
        found = map(self.find, strategy_ids)
        return evolve(self, strategies=tuple(strategy for strategy in found if strategy is not None))

    def find(self, strategy_id: str) -> Strategy | None:
        """The strategy of that id, where it is one of them."""
        return next((each for each in self.strategies if each.strategy_id == strategy_id), None)


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


def entry_frame(template: RunTemplate, run: Run, facts: ExchangeFacts) -> EntryFrame:
    """The frame of an ENTRY with the strategy as that version of the template has it.

    Raises StrategyNotFoundError, NonTradingDayError when the exchange is closed, NotCoveredError where a fact lacks.
    """
    require(run.kind is RunKind.ENTRY, "kind", "must be ENTRY")
    facts.calendar.require_trading_day(run.trade_date)
    strategy = template.find(run.strategy_id)
    if strategy is None:
        raise StrategyNotFoundError(run.strategy_id)
    expiry = facts.expiry_rules.expiry_on_or_after(
        strategy.underlying, strategy.expiry_type, run.trade_date, facts.calendar
    )
    lot_size = facts.contract_terms.lot_size(strategy.underlying, expiry)
    max_order_quantity = facts.quantity_limits.max_order_quantity(strategy.underlying, run.trade_date)
    require(lot_size <= max_order_quantity, "lot_size", f"must be at most the largest order, {max_order_quantity}")
    return EntryFrame(
        run=run,
        basket_id=template.basket_id,
        basket_version=template.version,
        strategy=strategy,
        max_order_quantity=max_order_quantity,
        expiry=expiry,
        lot_size=lot_size,
        rounding=template.rounding,
        on_shortfall=template.on_shortfall,
        skip_reason=_keeps_everybody_out(template, strategy),
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


def _keeps_everybody_out(template: RunTemplate, strategy: Strategy) -> SkipReason | None:
    if template.is_retired:
        return SkipReason.TEMPLATE_RETIRED
    return SkipReason.STRATEGY_INACTIVE if strategy.status is StrategyStatus.INACTIVE else None
