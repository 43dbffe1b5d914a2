"""What the service is long in building is waited for, and not for ever."""

from typing import Any

import pytest
from tests.integration.dynamodb.conftest import Watched
from tests.integration.dynamodb.wire import answers

from quantleap.adapters.store.seam import StoreUnavailableError

_FILLING = {"IndexName": "UserSubscriptions", "IndexStatus": "CREATING", "Backfilling": True}
BUILDING: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a table": ({"TableStatus": "CREATING"}, ["table is creating"]),
    "an index": (
        {"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": [_FILLING]},
        ["index UserSubscriptions is creating, filling"],
    ),
    "both": (
        {"TableStatus": "UPDATING", "GlobalSecondaryIndexes": [_FILLING]},
        ["index UserSubscriptions is creating, filling", "table is updating"],
    ),
}
LOOKS_ENOUGH = 1_000


@pytest.mark.parametrize(("table", "lines"), BUILDING.values(), ids=BUILDING)
def test_what_is_still_being_built_after_an_hour_is_waited_for_no_longer(
    alone: Watched, table: dict[str, Any], lines: list[str]
) -> None:
    told: list[str] = []
    alone.wire.play(*[answers({"Table": table})] * LOOKS_ENOUGH)

    with pytest.raises(StoreUnavailableError) as refusal:
        alone.engine.prepare(told.append)

    assert str(refusal.value) == (
        f"table {alone.engine._table} is still being built ({'; '.join(lines)}): run `quantleap init` again later"
    )
    assert told == lines
    assert sum(alone.pauses) == pytest.approx(3600, abs=60)
