"""An admin's own listings on the marketplace: enabled, revised, disabled, listed."""

from decimal import Decimal
from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ANITA, BALA, CONDOR, STRADDLE, House, sample_catalog


@pytest.fixture
def admin(face: Face, house: House) -> Asking:
    return Asking.admin(face, house)


def revised(admin: Asking, **changes: Any) -> Any:
    return admin.good("adminReviseListing", basket_id=CONDOR, json=changes)


def test_a_draft_is_listed_and_taken_off_and_listed_again(admin: Asking, house: House) -> None:
    template = sample_catalog(house.app)["templates"][0]
    strategies = [{**each, "strategy_id": "own"} for each in template["strategies"]]
    admin.good("adminCreateBasket", json={**template, "basket_id": "draft", "strategies": strategies})
    enabled = admin.good("adminEnableListing", basket_id="draft")
    assert enabled["message"] == "Marketplace listing enabled successfully"
    assert (enabled["listing_status"], enabled["is_marketplace_enabled"], enabled["version"]) == ("LISTED", True, 2)
    disabled = admin.good("adminDisableListing", basket_id="draft")
    assert disabled["message"] == "Marketplace listing disabled successfully"
    assert (disabled["listing_status"], disabled["version"]) == ("TAKEN_OFF", 3)
    assert "strategies" not in disabled
    assert admin.good("adminEnableListing", basket_id="draft")["version"] == 4


def test_a_move_that_is_none_is_refused_and_so_is_a_basket_without_strategies(admin: Asking, house: House) -> None:
    refused = refusal_of(admin.ask("adminEnableListing", basket_id=CONDOR))
    assert refused[:3] == (400, "INVALID_STATUS_TRANSITION", "Cannot enable a template that is LISTED")
    template = sample_catalog(house.app)["templates"][0]
    admin.good("adminCreateBasket", json={**template, "basket_id": "draft", "strategies": []})
    empty = refusal_of(admin.ask("adminEnableListing", basket_id="draft"))
    assert empty == invalid("strategies", "must hold at least one strategy while the template is on the marketplace")
    refused = refusal_of(admin.ask("adminDisableListing", basket_id="draft"))
    assert refused[:3] == (400, "INVALID_STATUS_TRANSITION", "Cannot take off a template that is NOT_LISTED")


def test_a_new_price_reaches_new_subscribers_only(admin: Asking, house: House) -> None:
    before = house.subscribed(ANITA)
    shown = revised(admin, subscription_price=Decimal("1499.5"), description="Revised.", version=2)
    assert (shown["subscription_price"], shown["description"], shown["version"]) == (
        Decimal("1499.5"),
        "Revised.",
        3,
    )
    after = house.subscribed(BALA)
    assert [str(each.terms.price.major_decimal()) for each in (before, after)] == ["999", "1499.5"]
    kept = house.app.subscriptions.get(ANITA, before.terms.subscription_id)
    assert kept.terms.price == before.terms.price


def test_null_takes_away_what_may_be_absent(admin: Asking) -> None:
    assert "risk_level" not in revised(admin, risk_level=None)
    assert revised(admin, risk_level="high")["risk_level"] == "high"


def test_what_trades_and_what_is_wrong_is_refused(admin: Asking) -> None:
    def refused(**changes: Any) -> Any:
        return refusal_of(admin.ask("adminReviseListing", basket_id=CONDOR, json=changes))

    assert refused(strategies=[]) == invalid("strategies", "is not a field of a listing")
    assert refused(subscription_price=0) == invalid("subscription_price", "must be above zero")
    assert refused(category="exotic")[3]["field"] == "category"
    assert refused(basket_name="Late", version=1)[:2] == (409, "CONCURRENT_UPDATE")


def test_the_admins_own_are_listed_by_where_they_stand_and_no_drafts(admin: Asking, house: House) -> None:
    template = sample_catalog(house.app)["templates"][0]
    admin.good("adminCreateBasket", json={**template, "basket_id": "draft", "strategies": []})
    admin.good("adminDisableListing", basket_id=STRADDLE)

    def listed(**query: str) -> list[str]:
        return [each["basket_id"] for each in admin.good("adminListTemplates", query=query)["templates"]]

    every = listed()
    assert "draft" not in every
    assert (len(every), listed(status="inactive")) == (4, [STRADDLE])
    assert listed(status="active") == [each for each in every if each != STRADDLE]
    page = admin.good("adminListTemplates", query={"status": "active", "limit": "1", "offset": "1"})
    assert (page["total"], page["limit"], page["offset"]) == (3, 1, 1)
    assert [each["basket_id"] for each in page["templates"]] == [listed(status="active")[1]]


def test_a_cursor_of_one_list_is_none_of_another(admin: Asking) -> None:
    cursor = admin.good("adminListTemplates", query={"limit": "1"})["next_cursor"]
    other = {"status": "active", "cursor": cursor}
    assert refusal_of(admin.ask("adminListTemplates", query=other)) == invalid(
        "cursor", "is not a position of this list"
    )
