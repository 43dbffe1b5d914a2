"""Planning many subscribers: one query a page, and pages as large as the engine reads at once."""

import os
from collections.abc import Sequence

from tests.integration.application.house import ADMIN, CONDOR, House
from tests.integration.contracts.samples import subscription
from tests.integration.costs.answers import Answers
from tests.integration.costs.conftest import Metered, Wired
from tests.integration.costs.cost import BATCH_GET, NINE_TWENTY, ONE_ACCOUNT, QUERY, TOMORROW
from tests.integration.costs.meters import Meter, SeamMeter, StatementMeter, WireMeter, expected
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.engines.pages import projected
from quantleap.adapters.store.engines.sqlite import PAGE
from quantleap.adapters.store.engines.valid_writes import item_bytes
from quantleap.adapters.store.records.subscriptions import subscription_item
from quantleap.adapters.store.seam import MAX_TRANSACTION_WRITES, Engine, Item, Put, Query
from quantleap.adapters.store.table import TEMPLATE_SUBSCRIBERS
from quantleap.application.planning import PlannedRun
from quantleap.domain.identifiers import Email

IS_DEEP = os.environ.get("QUANTLEAP_DEEP") == "1"

PAGE_BYTES = 1024 * 1024
"""What one Query reads at most. Source: Amazon DynamoDB, Query, paginating results."""

BYTES_OF_A_HALF_UNIT = 4 * 1024
"""What half a read unit reads, eventually consistent. Source: Amazon DynamoDB, read consumption."""

ROW_BYTES = 400
"""So small that four pages hold 10,000."""

MAX_ROW_JSON_BYTES = 600
"""The same on the wire, where JSON names types and quotes names."""

ACTIVE_INDEX = TEMPLATE_SUBSCRIBERS.name
ACTIVE = Query(CONDOR, index=ACTIVE_INDEX, begins_with="ACTIVE#")


def subscribe_many(engine: Engine, count: int) -> None:
    """That many more to the condor, each as the one item of it that planning reads. Ids are as long as those in use."""
    users = [Email(f"u{number}@example.com") for number in range(count)]
    made = (subscription(10**31 + number, user=user, basket_id=CONDOR) for number, user in enumerate(users))
    items = [subscription_item(each, ONE_ACCOUNT) for each in made]
    for start in range(0, count, MAX_TRANSACTION_WRITES):
        engine.transact([Put(item) for item in items[start : start + MAX_TRANSACTION_WRITES]])


def planned_run(house: House) -> PlannedRun:
    [run] = [run for run in house.app.planning.entries_due(ADMIN, TOMORROW, NINE_TWENTY) if isinstance(run, PlannedRun)]
    return run


def pages(total_bytes: int) -> int:
    return -(-total_bytes // PAGE_BYTES)


def possible_pages(meter: Meter, stored: Sequence[Item]) -> range:
    """How many pages these subscribers of one template may be.

    In memory all is one page, in SQLite so many items are. The service counts what the index holds of an item into a
    page; DynamoDB Local counts the whole item, or nearly so, and gives more pages than the service.
    """
    match meter:
        case SeamMeter():
            least = most = 1
        case StatementMeter():
            least = most = -(-len(stored) // PAGE)
        case _:
            least = pages(sum(item_bytes(projected(item, ACTIVE_INDEX)) for item in stored))
            most = pages(sum(map(item_bytes, stored)))
    return range(least, most + 1)


def test_four_hundred_subscribers_are_planned_by_two_queries(metered_anew: Metered) -> None:
    house, meter = metered_anew.house, metered_anew.meter
    subscribe_many(house.app._engine, 398)
    meter.begin()
    assert len(list(planned_run(house).plans)) == 400
    assert meter.counted() == expected(meter, {QUERY: 2, BATCH_GET: 1})


def test_ten_thousand_subscribers_are_read_page_by_page_as_they_are_planned(metered_anew: Metered) -> None:
    house, meter = metered_anew.house, metered_anew.meter
    # DynamoDB Local takes 5 ms to write one; so many are more than one of its pages.
    count = 1_600 if isinstance(meter, WireMeter) and not IS_DEEP else 9_998
    subscribe_many(house.app._engine, count)
    stored = [item for item in house.items() if item["entity_type"] == "SUBSCRIPTION"]
    meter.begin()
    run = planned_run(house)
    assert meter.counted() == expected(meter, {QUERY: 1, BATCH_GET: 1})
    next(run.plans)
    assert meter.counted() == expected(meter, {QUERY: 2, BATCH_GET: 1})
    assert len(list(run.plans)) == count + 1
    assert meter.counted() in [
        expected(meter, {QUERY: 1 + count, BATCH_GET: 1}) for count in possible_pages(meter, stored)
    ]


@needs_dynamodb_local
def test_a_row_of_a_plan_with_one_account_is_a_few_hundred_bytes_in_the_index_and_on_the_wire(wired: Wired) -> None:
    subscribe_many(wired.engine, 100)
    answers = Answers.of(wired.engine)
    rows = wired.engine.query(ACTIVE).items
    stored_bytes = sum(map(item_bytes, rows))
    [answer] = answers.heard
    assert len(rows) == 102
    assert max(map(item_bytes, rows)) < ROW_BYTES
    assert pages(10_000 * ROW_BYTES) == 4
    assert len(answer.body) / len(rows) < MAX_ROW_JSON_BYTES
    # What is paid is what the index holds, not the whole item.
    assert answer.consumed["Table"]["CapacityUnits"] == 0
    assert answer.consumed_by_index[ACTIVE_INDEX] <= -(-stored_bytes // BYTES_OF_A_HALF_UNIT) / 2
