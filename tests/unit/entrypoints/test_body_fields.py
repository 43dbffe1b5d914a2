"""What is refused inside a field is told by its path, in our own words, and no more of it than anybody reads."""

import re
from typing import Any

import pytest

from quantleap.domain.lots.allocation import MAX_ACCOUNTS
from quantleap.entrypoints.api.bodies import BY_DEFAULT, Body, validated
from quantleap.entrypoints.api.problems import MAX_TOLD, InvalidRequestError
from quantleap.entrypoints.api.routes.table import ROUTES
from quantleap.entrypoints.api.schemas.admin_bodies import PermittedApiKey, RevisedPartner
from quantleap.entrypoints.api.schemas.partner_bodies import Subscribe
from quantleap.entrypoints.api.schemas.user_bodies import NewAllocation

BODIES = {route.body: route.load_body() for route in ROUTES if route.body is not None}
PYDANTIC_S = re.compile("Input|input|Value error|Extra inputs|should")
GOOD = {"user_email": "a@example.com", "basket_id": "b", "broker_account_id": "A1"}


def refused(schema: type[Body], document: object) -> list[tuple[str, str]]:
    """Field and reason of every refusal."""
    with pytest.raises(InvalidRequestError) as caught:
        validated(schema, document)
    return [(each.field, each.reason) for each in caught.value.refusals]


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"plan": 7}, ("metadata.plan", "must be text, not a number")),
        ({"": "x"}, ("metadata", "key must have 1 to 40 characters")),
        ([], ("metadata", "must be an object, not a list")),
    ],
    ids=["a value", "a key", "the whole"],
)
def test_a_refusal_inside_metadata_names_its_place(metadata: object, told: tuple[str, str]) -> None:
    assert refused(Subscribe, {**GOOD, "metadata": metadata}) == [told]


@pytest.mark.parametrize("count", [MAX_ACCOUNTS + 1, 21_000])
def test_of_a_list_that_is_too_long_nothing_is_told_but_that(count: int) -> None:
    told = refused(NewAllocation, {"mode": "multiply", "accounts": [{}] * count})
    assert told == [("accounts", f"must hold at most {MAX_ACCOUNTS}")]


def test_no_more_refusals_are_told_than_anybody_reads() -> None:
    told = refused(NewAllocation, {"mode": "multiply", "accounts": [{}] * MAX_ACCOUNTS})
    assert len(told) == MAX_TOLD == 20
    assert told[:3] == [
        ("accounts[0].broker_id", "is required"),
        ("accounts[0].broker_account_id", "is required"),
        ("accounts[1].broker_id", "is required"),
    ]


def test_unknown_keys_are_told_once_for_each_place() -> None:
    [told] = refused(Subscribe, {**GOOD, **{f"key_{number}": 0 for number in range(5000)}})
    assert told[0] == "body"


@pytest.mark.parametrize(
    ("schema", "document", "told"),
    [
        (RevisedPartner, {"version": 0}, ("version", "must be from 1 to 1000000000")),
        (RevisedPartner, {"version": 10**9 + 1}, ("version", "must be from 1 to 1000000000")),
        (RevisedPartner, {"version": "1"}, ("version", "must be a whole number, not text")),
        (RevisedPartner, {"show_performance": 1}, ("show_performance", "must be true or false")),
        (PermittedApiKey, {}, ("permissions", "is required")),
        (NewAllocation, {"mode": "multiply", "accounts": {}}, ("accounts", "must be a list")),
        (NewAllocation, {"mode": "multiply", "accounts": [7]}, ("accounts[0]", "must be an object")),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_our_own_words(schema: type[Body], document: object, told: tuple[str, str]) -> None:
    assert refused(schema, document) == [told]


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("value", [None, True, 0, -1, 10**30, "", "x", [], [[]], [{}], {}, {"a": 1}], ids=repr)
def test_whatever_is_sent_is_told_in_words_of_our_own(name: str, value: Any) -> None:
    schema = BODIES[name]
    described = schema.model_json_schema()
    names = described.get("properties") or described["$defs"][described["$ref"].rpartition("/")[2]]["properties"]
    for each in names:
        try:
            validated(schema, {each: value})
        except InvalidRequestError as caught:
            for told in caught.refusals:
                assert told.reason != BY_DEFAULT
                assert PYDANTIC_S.search(told.reason) is None, told.reason
