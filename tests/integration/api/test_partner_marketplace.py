"""`GET /partner/marketplace/templates` as it was published: fields, filters, pages, and what a partner may see."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, STRADDLE, ZEBU, House

from quantleap.domain.marketplace.performance import PerformanceMetrics
from quantleap.domain.paging import ListRequest

LIST = "partnerListTemplates"
CHOICES = "must be one of"
CURSOR = "is not a position of this list"


@pytest.fixture
def partner(face: Face, house: House) -> Asking:
    return Asking.partner(face, house)


@pytest.fixture
def everything(house: House) -> list[str]:
    """What is on the marketplace, in the order it is shown: nobody subscribes, so that ids decide."""
    return sorted(basket.basket_id for basket in house.app.authoring.all(ADMIN, ListRequest()).entries)


def ids(document: Any) -> list[str]:
    return [template["basket_id"] for template in document["templates"]]


def test_a_template_is_shown_by_its_published_names_and_no_others(partner: Asking) -> None:
    [shown] = partner.good(LIST, query={"category": "neutral", "index_symbol": "NIFTY"})["templates"]
    assert shown == {
        "basket_id": CONDOR,
        "basket_name": "NIFTY weekly iron condor",
        "description": "Sells a weekly NIFTY strangle and buys wings, intraday, with a stop on each short leg.",
        "category": "neutral",
        "index_symbol": "NIFTY",
        "strategies_count": 1,
        "subscription_price": 999,
        "currency": "INR",
        "is_marketplace_enabled": True,
        "total_capital_required": 50000,
        "risk_level": "medium",
        "marketplace_enabled_at": "2026-11-24T06:30:00Z",
        "subscriber_count": 0,
        "created_at": "2026-11-24T06:30:00Z",
        "updated_at": "2026-11-24T06:30:00Z",
    }


def test_nothing_is_asked_and_all_that_is_offered_is_shown(partner: Asking, everything: list[str]) -> None:
    document = partner.good(LIST)
    assert ids(document) == everything
    assert {name: value for name, value in document.items() if name != "templates"} == {
        "total": 4,
        "limit": 20,
        "offset": 0,
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"category": "volatility"}, [STRADDLE]),
        ({"index_symbol": "BANKNIFTY"}, [STRADDLE]),
        ({"category": "neutral", "index_symbol": "BANKNIFTY"}, []),
        ({"status": "inactive"}, []),
        ({"status": "active", "category": "volatility", "index_symbol": "BANKNIFTY"}, [STRADDLE]),
    ],
    ids=str,
)
def test_filters_leave_what_fits_them_all(partner: Asking, query: dict[str, str], shown: list[str]) -> None:
    document = partner.good(LIST, query=query)
    assert (ids(document), document["total"]) == (shown, len(shown))


def test_what_was_taken_off_is_shown_as_inactive_alone(partner: Asking, house: House, everything: list[str]) -> None:
    house.app.authoring.take_off(ADMIN, STRADDLE)
    [shown] = partner.good(LIST, query={"status": "inactive"})["templates"]
    assert (shown["basket_id"], shown["is_marketplace_enabled"]) == (STRADDLE, False)
    assert ids(partner.good(LIST)) == [each for each in everything if each != STRADDLE]


def test_the_most_subscribed_comes_first_whatever_its_category(
    partner: Asking, house: House, everything: list[str]
) -> None:
    first = everything[-1]
    house.subscribed(ANITA, first)
    house.subscribed(BALA, first)
    house.subscribed(ANITA, everything[2])
    house.app.counters.follow()
    document = partner.good(LIST)
    assert ids(document) == [first, everything[2], *everything[:2]]
    assert [template["subscriber_count"] for template in document["templates"]] == [2, 1, 0, 0]


@pytest.mark.parametrize("by", ["offset", "cursor"])
def test_pages_give_each_template_once(partner: Asking, everything: list[str], by: str) -> None:
    shown: list[str] = []
    query = {"limit": "3"}
    while len(shown) < len(everything):
        document = partner.good(LIST, query=query)
        assert (document["total"], document["limit"]) == (4, 3)
        shown += ids(document)
        query = {"limit": "3", by: str(len(shown)) if by == "offset" else str(document["next_cursor"])}
    assert shown == everything
    assert document["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"status": "ACTIVE"}, invalid("status", f"{CHOICES} active, inactive")),
        ({"index_symbol": "SENSEX"}, invalid("index_symbol", f"{CHOICES} NIFTY, BANKNIFTY, FINNIFTY, MIDCPNIFTY")),
        ({"category": "Neutral"}, invalid("category", f"{CHOICES} directional, neutral, volatility, income")),
        ({"limit": "0"}, invalid("limit", "must be from 1 to 100")),
        ({"limit": "101"}, invalid("limit", "must be from 1 to 100")),
        ({"limit": "ten"}, invalid("limit", "must be a whole number from 1 to 100")),
        ({"offset": "-1"}, invalid("offset", "must be a whole number from 0 to 10000")),
        ({"offset": "10001"}, invalid("offset", "must be from 0 to 10000")),
        ({"cursor": "AQ"}, invalid("cursor", CURSOR)),
        ({"cursor": "AQ", "offset": "1"}, invalid("cursor", "must not be given together with an offset")),
        (
            {"sort": "returns"},
            invalid(
                "query", "has a parameter that is not one of status, index_symbol, category, limit, offset, cursor"
            ),
        ),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "",
)
def test_a_bad_parameter_is_named(partner: Asking, query: dict[str, str], refused: object) -> None:
    assert refusal_of(partner.ask(LIST, query=query)) == refused


def test_a_cursor_of_other_filters_is_none_of_this_list(partner: Asking) -> None:
    cursor = partner.good(LIST, query={"limit": "1"})["next_cursor"]
    other = {"limit": "1", "cursor": cursor, "index_symbol": "NIFTY"}
    assert refusal_of(partner.ask(LIST, query=other)) == invalid("cursor", CURSOR)


def test_returns_are_shown_only_to_a_partner_whose_policy_shows_them(partner: Asking, house: House) -> None:
    content = house.app.authoring.get(ADMIN, CONDOR).content
    metrics = PerformanceMetrics(win_rate=Decimal("61.5"))
    house.app.authoring.edit(
        ADMIN, evolve(content, expected_return_monthly=Decimal("2.5"), performance_metrics=metrics)
    )
    query = {"category": "neutral"}
    names = {"expected_return_monthly", "performance_metrics"}
    [hidden] = partner.good(LIST, query=query)["templates"]
    assert not names & hidden.keys()
    house.app.partners.revise(ADMIN, ZEBU, show_performance=True)
    [shown] = partner.good(LIST, query=query)["templates"]
    assert {name: shown[name] for name in names} == {
        "expected_return_monthly": Decimal("2.5"),
        "performance_metrics": {"win_rate": Decimal("61.5")},
    }
