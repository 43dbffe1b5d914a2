"""What may be asked of a list."""

from functools import partial
from typing import cast

import pytest

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import MAX_OFFSET, ListRequest


@pytest.mark.parametrize(
    ("ask", "field", "reason"),
    [
        (partial(ListRequest, 0), "limit", "must be from 1 to 1000"),
        (partial(ListRequest, 1001), "limit", "must be from 1 to 1000"),
        (partial(ListRequest, offset=-1), "offset", "must be from 0 to 10000"),
        (partial(ListRequest, offset=MAX_OFFSET + 1), "offset", "must be from 0 to 10000"),
        (partial(ListRequest, 1, "AQ", offset=1), "cursor", "must not be given together with an offset"),
        (partial(ListRequest, with_total=cast("bool", 1)), "with_total", "must be a bool, not a number"),
    ],
)
def test_what_no_list_can_give_is_refused(ask: "partial[ListRequest]", field: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ask()
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_cursor_may_stand_beside_an_offset_of_nothing() -> None:
    assert ListRequest(1, "AQ", offset=0).cursor == "AQ"
