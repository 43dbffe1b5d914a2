"""What an edit does to the lots of those who trade by a template."""

from collections.abc import Callable

import pytest
from attrs import evolve

from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import ONE, Multiplier
from quantleap.domain.lots.scaling import LotRounding, LotSkipReason, LotWarning
from quantleap.domain.marketplace.content import BasketContent
from quantleap.domain.marketplace.edit_preview import (
    REPRESENTATIVE,
    LegLots,
    StrategyEdit,
    TradedMultiplier,
    strategy_changes,
    traded_multipliers,
)
from quantleap.domain.marketplace.leg import Leg
from quantleap.domain.marketplace.strategy import Strategy

MakeLeg = Callable[..., Leg]
MakeStrategy = Callable[..., Strategy]
MakeContent = Callable[..., BasketContent]

HALF, ONE_AND_A_HALF = Multiplier(500_000), Multiplier(1_500_000)


@pytest.fixture
def condor(leg: MakeLeg, strategy: MakeStrategy, content: MakeContent) -> Callable[..., BasketContent]:
    """A basket of one strategy `s`, whose legs have these lots."""

    def make(*lots: int) -> BasketContent:
        legs = tuple(leg(leg_id=f"leg_{place}", leg_index=place, lots=each) for place, each in enumerate(lots, 1))
        return content(strategies=(strategy(strategy_id="s", legs=legs),))

    return make


def test_the_published_example_keeps_its_lots_and_the_edit_shows_others(condor: Callable[..., BasketContent]) -> None:
    [change] = strategy_changes(condor(2, 3, 1, 2), condor(2, 2, 2), [TradedMultiplier(ONE_AND_A_HALF)])
    assert (change.strategy_id, change.edit) == ("s", StrategyEdit.CHANGED)
    [lots] = change.lots
    assert lots.by == TradedMultiplier(ONE_AND_A_HALF)
    assert lots.legs == (
        LegLots("leg_1", 3, 3),
        LegLots("leg_2", 4, 3),
        LegLots("leg_3", 1, 3),
        LegLots("leg_4", 3, None),
    )
    assert (lots.warnings_before, lots.warnings_after) == ((LotWarning.RATIOS_CHANGED,), ())
    assert (lots.skip_before, lots.skip_after) == (None, None)


def test_a_side_that_would_be_skipped_says_why(condor: Callable[..., BasketContent]) -> None:
    [change] = strategy_changes(condor(2, 2), condor(2, 1), [TradedMultiplier(HALF)])
    [lots] = change.lots
    assert (lots.skip_before, lots.skip_after) == (None, LotSkipReason.LEG_AT_ZERO_LOTS)
    assert [leg.after for leg in lots.legs] == [0, 0]


def test_who_shares_units_trades_whole_ones_whatever_the_basket_rounds(condor: Callable[..., BasketContent]) -> None:
    by = [TradedMultiplier(ONE_AND_A_HALF, in_whole_units=shared) for shared in (False, True)]
    [change] = strategy_changes(condor(2, 3), condor(4, 6), by)
    assert [[leg.before for leg in lots.legs] for lots in change.lots] == [[3, 4], [2, 3]]


def test_another_rounding_changes_every_strategy(condor: Callable[..., BasketContent]) -> None:
    before = condor(2, 3)
    after = evolve(before, lot_rounding=LotRounding.WHOLE_UNITS)
    [change] = strategy_changes(before, after, [TradedMultiplier(ONE_AND_A_HALF)])
    assert change.edit is StrategyEdit.CHANGED
    assert [(leg.before, leg.after) for leg in change.lots[0].legs] == [(3, 2), (4, 3)]


def test_strategies_come_go_and_stay(strategy: MakeStrategy, content: MakeContent) -> None:
    old, new = strategy(strategy_id="old"), strategy(strategy_id="new")
    stays = strategy(strategy_id="stays")
    before, after = content(strategies=(old, stays)), content(strategies=(new, stays))
    changes = strategy_changes(before, after, [TradedMultiplier(ONE)])
    assert [(change.strategy_id, change.edit) for change in changes] == [
        ("new", StrategyEdit.ADDED),
        ("stays", StrategyEdit.UNCHANGED),
        ("old", StrategyEdit.REMOVED),
    ]
    assert [[(leg.before, leg.after) for lots in change.lots for leg in lots.legs] for change in changes] == [
        [(None, 2)],
        [],
        [(2, None)],
    ]


def test_a_subscription_trades_by_its_own_multiplier_unless_an_account_has_another() -> None:
    own = BrokerAccount("zebu", "A1")
    other = BrokerAccount("kite", "K1", lot_multiplier=HALF)
    for allocation, expected in (
        (None, {TradedMultiplier(ONE)}),
        (Allocation(AllocationMode.MULTIPLY, [own]), {TradedMultiplier(ONE)}),
        (Allocation(AllocationMode.MULTIPLY, [own, other]), {TradedMultiplier(ONE), TradedMultiplier(HALF)}),
        (
            Allocation(AllocationMode.SPLIT, [evolve(own, weight=1)]),
            {TradedMultiplier(ONE, in_whole_units=True)},
        ),
    ):
        assert traded_multipliers(ONE, allocation) == expected


def test_what_is_shown_as_an_example_is_in_order() -> None:
    assert list(map(str, REPRESENTATIVE)) == ["0.5", "1", "1.5", "2", "5"]
