"""An admin's template baskets and strategies: written by the catalog's one schema, read whole, previewed, deleted."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.integration.api.asking import Asking, invalid, refusal_of
from tests.integration.api.faces import Face
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, House, sample_catalog

from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.lots.multiplier import Multiplier
from quantleap.domain.principals import PartnerBackend

Document = dict[str, Any]

READ_ONLY = {
    "listing_status",
    "is_marketplace_enabled",
    "marketplace_enabled_at",
    "version",
    "created_at",
    "updated_at",
}


@pytest.fixture
def admin(face: Face, house: House) -> Asking:
    return Asking.admin(face, house)


@pytest.fixture
def condor(house: House) -> Document:
    """The sample's iron condor, as its author wrote it."""
    [found] = [each for each in sample_catalog(house.app)["templates"] if each["basket_id"] == CONDOR]
    document: Document = found
    return document


@pytest.fixture
def draft(condor: Document) -> Document:
    """A document of a basket that is not there, with a strategy of its own."""
    return {**condor, "basket_id": "draft", "strategies": [{**condor["strategies"][0], "strategy_id": "one"}]}


def test_a_basket_is_created_read_edited_and_deleted(admin: Asking, draft: Document) -> None:
    made = admin.good("adminCreateBasket", json=draft)
    assert (made["version"], made["listing_status"], made["is_marketplace_enabled"]) == (1, "NOT_LISTED", False)
    assert made["subscription_price"] == Decimal(999)
    assert admin.good("adminGetBasket", basket_id="draft") == made
    sent = {name: value for name, value in made.items() if name not in READ_ONLY}
    edited = admin.good("adminEditBasket", basket_id="draft", json={**sent, "basket_name": "Edited", "version": 1})
    assert (edited["version"], edited["basket_name"]) == (2, "Edited")
    assert admin.good("adminDeleteBasket", basket_id="draft") == {
        "message": "Basket deleted successfully",
        "basket_id": "draft",
    }
    gone = (404, "TEMPLATE_NOT_FOUND", "No template basket draft", {"basket_id": "draft"})
    for name in ("adminGetBasket", "adminDeleteBasket", "adminListStrategies"):
        assert refusal_of(admin.ask(name, basket_id="draft")) == gone


def test_what_is_read_is_the_document_that_was_written_with_every_default(admin: Asking, condor: Document) -> None:
    read = admin.good("adminGetBasket", basket_id=CONDOR)
    amounts = {name: Decimal(condor[name]) for name in ("subscription_price", "total_capital_required")}
    assert {**read, **condor, **amounts, "strategies": read["strategies"]} == read
    [written], [strategy] = condor["strategies"], read["strategies"]
    assert {**strategy, **written, "legs": strategy["legs"]} == strategy
    assert strategy["status"] == "ACTIVE"
    assert [leg["lots"] for leg in strategy["legs"]] == [2, 3, 1, 2]


def test_a_basket_that_is_there_or_whose_strategy_another_has_is_refused(
    admin: Asking, draft: Document, condor: Document
) -> None:
    admin.good("adminCreateBasket", json=draft)
    refused = refusal_of(admin.ask("adminCreateBasket", json=draft))
    assert refused == (409, "ALREADY_EXISTS", "Basket draft already exists", {"kind": "Basket", "id": "draft"})
    other = {**draft, "basket_id": "other", "strategies": condor["strategies"]}
    assert refusal_of(admin.ask("adminCreateBasket", json=other))[:2] == (409, "ALREADY_EXISTS")


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (lambda d: d.pop("category"), "category", "is required"),
        (lambda d: d.update(colour="red"), "colour", "is not a known field"),
        (lambda d: d.update(version=1), "version", "is not a known field"),
        (lambda d: d.update(subscription_price=0), "subscription_price", "must be above zero"),
        (
            lambda d: d["strategies"][0]["legs"][1].update(lots=0),
            "strategies[0].legs[1].lots",
            "must be from 1 to 1000",
        ),
        (
            lambda d: d["strategies"][0].update(underlying="BANKNIFTY", expiry_type="WEEKLY"),
            "strategies[0].expiry_type",
            "BANKNIFTY has no weekly contracts",
        ),
    ],
    ids=["missing", "unknown", "no version of what is new", "price", "lots of a leg", "no such contracts"],
)
def test_a_refusal_names_the_path(
    admin: Asking, draft: Document, change: Callable[[Document], object], field: str, reason: str
) -> None:
    change(draft)
    assert refusal_of(admin.ask("adminCreateBasket", json=draft)) == invalid(field, reason)


def test_an_edit_of_another_version_or_at_another_path_is_refused(admin: Asking, condor: Document) -> None:
    renamed = {**condor, "basket_name": "Renamed"}
    stale = refusal_of(admin.ask("adminEditBasket", basket_id=CONDOR, json={**renamed, "version": 1}))
    assert stale[:2] == (409, "CONCURRENT_UPDATE")
    elsewhere = refusal_of(admin.ask("adminEditBasket", basket_id="other", json=renamed))
    assert elsewhere == invalid("basket_id", "must be the one in the path")
    version = refusal_of(admin.ask("adminEditBasket", basket_id=CONDOR, json={**renamed, "version": "2"}))
    assert version == invalid("version", "must be a whole number, not text")


def test_an_edit_that_changes_nothing_makes_no_version(admin: Asking, condor: Document) -> None:
    before = admin.good("adminGetBasket", basket_id=CONDOR)
    assert admin.good("adminEditBasket", basket_id=CONDOR, json=condor) == before


def test_what_was_listed_is_not_deleted(admin: Asking) -> None:
    refused = refusal_of(admin.ask("adminDeleteBasket", basket_id=CONDOR))
    assert refused == (
        400,
        "INVALID_STATUS_TRANSITION",
        "Cannot delete a template that is LISTED",
        {"move": "delete", "status": "LISTED"},
    )


def test_baskets_are_listed_by_id_without_their_strategies(admin: Asking, draft: Document) -> None:
    admin.good("adminCreateBasket", json={**draft, "strategies": []})
    first = admin.good("adminListBaskets", query={"limit": "3"})
    rest = admin.good("adminListBaskets", query={"limit": "3", "cursor": first["next_cursor"]})
    found = [*first["baskets"], *rest["baskets"]]
    assert [each["basket_id"] for each in found] == sorted(each["basket_id"] for each in found)
    assert (first["total"], rest["total"], rest["next_cursor"], len(found)) == (5, 5, None, 5)
    assert {each["listing_status"] for each in found} == {"LISTED", "NOT_LISTED"}
    assert not any("strategies" in each for each in found)


# Strategies


def test_strategies_are_added_replaced_read_and_removed_one_by_one(admin: Asking, draft: Document) -> None:
    admin.good("adminCreateBasket", json=draft)
    two = {**draft["strategies"][0], "strategy_id": "two"}
    added = admin.good("adminAddStrategy", basket_id="draft", json=two)
    assert (added["basket_id"], added["version"], added["strategy_id"]) == ("draft", 2, "two")
    renamed = {**two, "strategy_name": "Renamed", "version": 2}
    replaced = admin.good("adminReplaceStrategy", basket_id="draft", strategy_id="two", json=renamed)
    assert (replaced["version"], replaced["strategy_name"]) == (3, "Renamed")
    assert admin.good("adminGetStrategy", basket_id="draft", strategy_id="two") == replaced
    listed = admin.good("adminListStrategies", basket_id="draft")
    assert [each["strategy_id"] for each in listed["strategies"]] == ["one", "two"]
    assert admin.good("adminRemoveStrategy", basket_id="draft", strategy_id="two") == {
        "message": "Strategy removed successfully",
        "basket_id": "draft",
        "strategy_id": "two",
        "version": 4,
    }
    gone = (404, "STRATEGY_NOT_FOUND", "No strategy two", {"strategy_id": "two"})
    for name, body in (
        ("adminGetStrategy", None),
        ("adminRemoveStrategy", None),
        ("adminReplaceStrategy", two),
    ):
        assert refusal_of(admin.ask(name, basket_id="draft", strategy_id="two", json=body)) == gone


def test_a_strategy_is_refused_by_its_own_paths(admin: Asking, draft: Document) -> None:
    admin.good("adminCreateBasket", json=draft)
    [one] = draft["strategies"]
    for changed, refused in (
        ({"legs": []}, invalid("legs", "must hold 1 to 6")),
        ({"underlying": "BANKNIFTY"}, invalid("expiry_type", "BANKNIFTY has no weekly contracts")),
        ({"strategy_id": "No Id"}, invalid("strategy_id", "must be 1 to 64 lower-case letters, digits, _ or -")),
    ):
        assert refusal_of(admin.ask("adminAddStrategy", basket_id="draft", json={**one, **changed})) == refused
    taken = refusal_of(admin.ask("adminAddStrategy", basket_id="draft", json=one))
    assert taken[:3] == (409, "ALREADY_EXISTS", "Strategy one already exists")
    elsewhere = refusal_of(admin.ask("adminReplaceStrategy", basket_id="draft", strategy_id="two", json=one))
    assert elsewhere == invalid("strategy_id", "must be the one in the path")
    stale = {**one, "strategy_id": "two", "version": 7}
    assert refusal_of(admin.ask("adminAddStrategy", basket_id="draft", json=stale))[:2] == (409, "CONCURRENT_UPDATE")


def test_the_last_strategy_of_a_listed_basket_stays(admin: Asking, condor: Document) -> None:
    [strategy] = condor["strategies"]
    refused = admin.ask("adminRemoveStrategy", basket_id=CONDOR, strategy_id=strategy["strategy_id"])
    assert refusal_of(refused)[:2] == (400, "VALIDATION_ERROR")
    assert refused.json["details"]["field"] == "strategies"


# Preview


def test_a_preview_is_never_an_earlier_one_whatever_key_it_comes_with(
    admin: Asking, house: House, condor: Document
) -> None:
    key = {"Idempotency-Key": "k1"}
    before = admin.ask("adminPreviewEdit", basket_id=CONDOR, json=condor, headers=key)
    house.subscribed(ANITA)
    after = admin.ask("adminPreviewEdit", basket_id=CONDOR, json=condor, headers=key)
    assert (before.status, after.status) == (200, 200)
    assert "idempotent-replayed" not in after.headers
    assert before.json["subscribers"] != after.json["subscribers"]


def test_a_preview_counts_whom_an_edit_reaches_and_shows_their_lots(
    admin: Asking, house: House, condor: Document
) -> None:
    app = house.app
    paused = house.subscribed(ANITA).terms.subscription_id
    app.subscriptions.pause(PartnerBackend(house.first_key().partner_id), paused)
    app.subscribing.directly(BALA, basket_id=CONDOR, multiplier=Multiplier(3_000_000))
    accounts = [BrokerAccount("zebu", "A1", weight=1), BrokerAccount("kite", "K1", weight=1)]
    app.allocations.put(BALA, CONDOR, Allocation(AllocationMode.SPLIT, accounts))
    before = house.items()
    [strategy] = condor["strategies"]
    doubled = {**strategy, "legs": [{**leg, "lots": 2 * leg["lots"]} for leg in strategy["legs"]]}
    preview = admin.good("adminPreviewEdit", basket_id=CONDOR, json={**condor, "strategies": [doubled]})
    assert house.items() == before
    assert preview["subscribers"] == {"ACTIVE": 1, "PAUSED": 1, "is_complete": True}
    assert (preview["version"], preview["multipliers_left_out"]) == (2, 0)
    [change] = preview["strategies"]
    assert (change["strategy_id"], change["edit"]) == (strategy["strategy_id"], "CHANGED")
    shown = {(each["lot_multiplier"], each["in_whole_units"]): each for each in change["lots"]}
    assert {key: each["subscribers"] for key, each in shown.items() if each["subscribers"]} == {
        (Decimal(1), False): 1,
        (Decimal(3), True): 1,
    }
    assert [(leg["lots_before"], leg["lots_after"]) for leg in shown[Decimal("1.5"), False]["legs"]] == [
        (3, 6),
        (4, 9),
        (1, 3),
        (3, 6),
    ]
    assert [(leg["lots_before"], leg["lots_after"]) for leg in shown[Decimal(3), True]["legs"]] == [
        (6, 12),
        (9, 18),
        (3, 6),
        (6, 12),
    ]


def test_a_preview_is_of_the_basket_in_the_path_and_of_one_that_is_there(admin: Asking, draft: Document) -> None:
    elsewhere = refusal_of(admin.ask("adminPreviewEdit", basket_id=CONDOR, json=draft))
    assert elsewhere == invalid("basket_id", "must be the one in the path")
    assert refusal_of(admin.ask("adminPreviewEdit", basket_id="draft", json=draft))[:2] == (404, "TEMPLATE_NOT_FOUND")


def test_a_repeat_under_one_idempotency_key_is_answered_as_the_first_was(admin: Asking, draft: Document) -> None:
    headers = {"Idempotency-Key": "create-draft"}
    first = admin.ask("adminCreateBasket", json=draft, headers=headers)
    again = admin.ask("adminCreateBasket", json=draft, headers=headers)
    assert (first.status, again.status, again.text) == (201, 201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    one = {**draft["strategies"][0], "strategy_id": "two"}
    added = [
        admin.ask("adminAddStrategy", basket_id="draft", json=one, headers={"Idempotency-Key": "add"}) for _ in range(2)
    ]
    assert [answered.status for answered in added] == [201, 201]
    assert added[0].text == added[1].text
    removed = [
        admin.ask("adminRemoveStrategy", basket_id="draft", strategy_id="two", headers={"Idempotency-Key": "remove"})
        for _ in range(2)
    ]
    assert [answered.json["version"] for answered in removed] == [3, 3]


def test_who_changed_a_basket_is_noted_for_the_request_that_was_answered(
    admin: Asking, house: House, draft: Document
) -> None:
    answered = admin.ask("adminCreateBasket", json=draft)
    [item] = [each for each in house.items() if each["sort_key"] == "BASKET#draft"]
    assert item["request_id"] == answered.headers["x-request-id"]
    assert str(item["changed_by"]).startswith("admin:")
    assert ADMIN.email.address not in str(item["changed_by"])
