"""Each use case asks the store for what the table of costs says: at the seam, of SQLite, and on the wire."""

from contextlib import nullcontext
from inspect import getmembers, isfunction

import pytest
from tests.integration.contracts.stores import STORES
from tests.integration.costs.conftest import Metered
from tests.integration.costs.cost import FEED, SCAN, Cost, finished, lived_in_house, use_case_of, use_cases_of
from tests.integration.costs.meters import WireMeter, expected
from tests.integration.costs.read_back import pattern_of, writes_of
from tests.integration.costs.table_of_costs import COSTS
from tests.integration.recorded_store import USE_CASES


@pytest.mark.parametrize("cost", [cost for cost in COSTS if FEED not in cost.requests], ids=lambda cost: cost.name)
def test_a_use_case_asks_for_what_the_table_says_and_no_more(metered: Metered, cost: Cost) -> None:
    check(metered, cost)


@pytest.mark.parametrize("cost", [cost for cost in COSTS if FEED in cost.requests], ids=lambda cost: cost.name)
def test_who_follows_the_feed_asks_for_what_the_table_says_and_no_more(metered_anew: Metered, cost: Cost) -> None:
    check(metered_anew, cost)


def check(metered: Metered, cost: Cost) -> None:
    """On the wire each request is also one that is described of the use case, and a refused write answers why."""
    call = cost.call(metered.house)
    metered.meter.begin()
    with nullcontext() if cost.refused_by is None else pytest.raises(cost.refused_by):
        finished(call)
    assert metered.meter.counted() == expected(metered.meter, cost.requests)
    if isinstance(metered.meter, WireMeter):
        for sent in metered.meter.sent:
            assert use_cases_of(call).intersection(pattern_of(sent).used_by)
            for write in writes_of(sent):
                assert write["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD"


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({cost.name for cost in COSTS}) == len(COSTS)


@pytest.fixture(scope="module")
def costed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cost]]:
    """The rows of each use case."""
    found: dict[str, list[Cost]] = {}
    for cost in COSTS:
        house = lived_in_house(STORES["memory"](tmp_path_factory.mktemp("house")))
        with house.app:
            found.setdefault(use_case_of(cost.call(house)), []).append(cost)
    return found


def test_every_use_case_that_there_is_has_a_row(costed: dict[str, list[Cost]]) -> None:
    offered = {
        f"{name}.{method}"
        for name, use_case in USE_CASES.items()
        for method, _ in getmembers(use_case, isfunction)
        if not method.startswith("_")
    }
    assert costed.keys() == offered


def test_none_reads_everything_but_verifying_recounting_and_following_where_it_recounts(
    costed: dict[str, list[Cost]],
) -> None:
    scanning = {(use_case, cost.name) for use_case, costs in costed.items() for cost in costs if SCAN in cost.requests}
    assert {use_case for use_case, _ in scanning} == {
        "verification.verify",
        "verification.is_empty",
        "recounting.recount",
        "counters.follow",
    }
    assert [name for use_case, name in scanning if use_case == "counters.follow"] == [
        "follow where a recount was given up: another is made"
    ]
