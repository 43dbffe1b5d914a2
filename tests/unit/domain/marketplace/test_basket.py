"""The life of a template basket, and what a reader sees of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from attrs import evolve, fields_dict

from quantleap.domain.errors import InvalidInputError, InvalidListingMoveError
from quantleap.domain.marketplace.basket import Basket
from quantleap.domain.marketplace.content import BasketContent, RiskLevel
from quantleap.domain.marketplace.listing import LISTING_MOVES, Listing, ListingMove, ListingStatus
from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.marketplace.template import StrategyTemplate
from quantleap.domain.money import Money

MakeBasket = Callable[..., Basket]
MakeContent = Callable[..., BasketContent]

START = datetime(2026, 1, 1, tzinfo=UTC)
REASON = "The index is discontinued"

# The rules in words, written again as data: from each status, what is allowed and where it leads.
EXPECTED = {
    "NOT_LISTED": {"edit": "NOT_LISTED", "enable": "LISTED", "retire": "RETIRED"},
    "LISTED": {"edit": "LISTED", "take off": "TAKEN_OFF", "retire": "RETIRED"},
    "TAKEN_OFF": {"edit": "TAKEN_OFF", "enable": "LISTED", "retire": "RETIRED"},
    "RETIRED": {},
}


def made(basket: Basket, move: str, at: datetime) -> Basket:
    match move:
        case "edit":
            return basket.edited(evolve(basket.content, basket_name=f"At {at:%d}"), at)
        case "enable":
            return basket.enabled(at)
        case "take off":
            return basket.taken_off(at)
        case _:
            return basket.retired(REASON, at)


@pytest.mark.parametrize("moves", list(product(ListingMove, repeat=4)))
def test_every_sequence_of_moves_goes_as_the_rules_say(basket: MakeBasket, moves: tuple[ListingMove, ...]) -> None:
    now, status, enabled_at = basket(), "NOT_LISTED", None
    for step, move in enumerate(moves, 1):
        at = START + timedelta(days=step)
        if move.value not in EXPECTED[status]:
            with pytest.raises(InvalidListingMoveError) as caught:
                made(now, move.value, at)
            assert (caught.value.move, caught.value.status) == (move.value, status)
            assert str(caught.value) == f"Cannot {move.value} a template that is {status}"
            continue
        before, now = now, made(now, move.value, at)
        status = EXPECTED[status][move.value]
        enabled_at = at if move is ListingMove.ENABLE else enabled_at
        assert now.listing.status == status
        assert now.listing.is_enabled == (status == "LISTED")
        assert now.listing.marketplace_enabled_at == enabled_at
        assert now.listing.retired_reason == (REASON if status == "RETIRED" else None)
        assert (now.version, now.updated_at, now.created_at) == (before.version + 1, at, START)


def test_only_what_was_never_listed_may_be_deleted(basket: MakeBasket) -> None:
    draft, at = basket(), START + timedelta(days=1)
    draft.listing.check_deletable()
    listed = draft.enabled(at)
    for known, status in (
        (listed, "LISTED"),
        (listed.taken_off(at), "TAKEN_OFF"),
        (draft.retired(REASON, at), "RETIRED"),
    ):
        with pytest.raises(InvalidListingMoveError, match=f"Cannot delete a template that is {status}"):
            known.listing.check_deletable()


def test_the_table_has_a_row_for_every_move() -> None:
    assert set(LISTING_MOVES) == set(ListingMove)


def test_a_new_basket_is_version_1_and_not_listed(basket: MakeBasket) -> None:
    new = basket()
    assert (new.version, new.listing, new.created_at, new.updated_at) == (1, Listing(), START, START)
    assert new.basket_id == new.content.basket_id
    assert new.strategies == new.content.strategies


def test_a_basket_without_a_strategy_is_not_put_on_the_marketplace(basket: MakeBasket) -> None:
    with pytest.raises(InvalidInputError) as caught:
        basket(strategies=()).enabled(START)
    assert caught.value.field == "strategies"


def test_the_last_strategy_of_a_listed_basket_stays(basket: MakeBasket, content: MakeContent) -> None:
    listed = basket().enabled(START)
    with pytest.raises(InvalidInputError, match="at least one strategy"):
        listed.edited(content(strategies=()), START)
    assert listed.taken_off(START).edited(content(strategies=()), START).strategies == ()


def test_an_edit_never_changes_the_id(basket: MakeBasket, content: MakeContent) -> None:
    with pytest.raises(InvalidInputError, match="basket_id: cannot be changed"):
        basket().edited(content(basket_id="another"), START)


@pytest.mark.parametrize("reason", ["x" * 120, "\u00e9" * 60])
def test_a_reason_of_120_bytes_is_kept(basket: MakeBasket, reason: str) -> None:
    assert basket().retired(reason, START).listing.retired_reason == reason


@pytest.mark.parametrize("reason", ["", "x" * 121, "\u00e9" * 61, "a\nb", None, 7])
def test_any_other_reason_is_refused(basket: MakeBasket, reason: Any) -> None:
    with pytest.raises(InvalidInputError, match="retired_reason"):
        basket().retired(reason, START)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "LISTED"}, "status"),
        ({"marketplace_enabled_at": START}, "marketplace_enabled_at"),
        ({"status": ListingStatus.LISTED}, "marketplace_enabled_at"),
        ({"status": ListingStatus.TAKEN_OFF}, "marketplace_enabled_at"),
        ({"status": ListingStatus.RETIRED}, "retired_reason"),
        ({"retired_reason": REASON}, "retired_reason"),
        ({"status": ListingStatus.LISTED, "marketplace_enabled_at": datetime(2026, 1, 1)}, "marketplace_enabled_at"),  # noqa: DTZ001 - what is refused
    ],
)
def test_an_inconsistent_listing_cannot_be_built(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Listing(**changes)
    assert caught.value.field == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("owner", "admin@example.com"),
        ("content", {}),
        ("created_at", datetime(2026, 1, 1)),  # noqa: DTZ001 - what is refused
        ("updated_at", None),
        ("listing", None),
        ("version", 0),
        ("version", True),
    ],
)
def test_a_malformed_basket_cannot_be_built(basket: MakeBasket, name: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        evolve(basket(), **{name: value})  # type: ignore[arg-type]  # what is refused
    assert caught.value.field == name


METRICS = PerformanceMetrics(win_rate=Decimal("61.5"), sharpe_ratio=Decimal("1.2"))


def claiming(basket: MakeBasket) -> Basket:
    return basket(
        risk_level=RiskLevel.HIGH,
        total_capital_required=Money(5_000_000, "INR"),
        expected_return_monthly=Decimal("2.5"),
        performance_metrics=METRICS,
    ).enabled(START + timedelta(days=1))


def test_a_reader_sees_the_published_fields(basket: MakeBasket) -> None:
    listed = claiming(basket)
    template = StrategyTemplate.of(listed, subscriber_count=7, show_performance=True)
    assert template == StrategyTemplate(
        basket_id="basket_1",
        basket_name="A basket",
        description="Sells a straddle.",
        category=listed.content.category,
        index_symbol=listed.content.index_symbol,
        strategies_count=1,
        subscription_price=Money(99_900, "INR"),
        is_marketplace_enabled=True,
        subscriber_count=7,
        created_at=START,
        updated_at=START + timedelta(days=1),
        risk_level=RiskLevel.HIGH,
        total_capital_required=Money(5_000_000, "INR"),
        marketplace_enabled_at=START + timedelta(days=1),
        expected_return_monthly=Decimal("2.5"),
        performance_metrics=METRICS,
    )


def test_past_and_expected_returns_are_left_out_where_they_may_not_be_shown(basket: MakeBasket) -> None:
    shown = StrategyTemplate.of(claiming(basket), subscriber_count=7, show_performance=True)
    hidden = StrategyTemplate.of(claiming(basket), subscriber_count=7, show_performance=False)
    assert (hidden.expected_return_monthly, hidden.performance_metrics) == (None, None)
    assert hidden == shown.without_performance()
    restored = evolve(hidden, expected_return_monthly=Decimal("2.5"), performance_metrics=METRICS)
    assert restored == shown


def test_a_reader_never_sees_legs_days_or_times(basket: MakeBasket) -> None:
    template = StrategyTemplate.of(claiming(basket), subscriber_count=0, show_performance=True)
    for word in ("leg_1", "selection", "09", "strat_1", "MONDAY"):
        assert word not in repr(template)
    assert not {"legs", "strategies", "owner"} & set(fields_dict(StrategyTemplate))
