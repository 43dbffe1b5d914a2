"""What is refused inside a field is told by its path; a word that is no path goes into the reason."""

import pytest

from quantleap.entrypoints.api.bodies import validated
from quantleap.entrypoints.api.problems import InvalidRequestError
from quantleap.entrypoints.api.schemas.partner_bodies import Subscribe

GOOD = {"user_email": "a@example.com", "basket_id": "b", "broker_account_id": "A1"}


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
    with pytest.raises(InvalidRequestError) as caught:
        validated(Subscribe, {**GOOD, "metadata": metadata})
    assert [(each.field, each.reason) for each in caught.value.refusals] == [told]
