"""What goes over the wire beside the counts: what is read consistently, what a refusal tells, what is paid."""

import json
from collections import Counter
from functools import partial

from tests.integration.application.house import ANITA, BALA, STRADDLE, refusal
from tests.integration.costs.answers import Answers
from tests.integration.costs.conftest import Wired
from tests.integration.costs.cost import BACKEND, BY_PARTNER, DIRECT, GET, QUERY
from tests.integration.dynamodb_local import needs_dynamodb_local

from quantleap.adapters.store.access_patterns import ACCESS_PATTERNS
from quantleap.adapters.store.access_patterns.pattern import Operation
from quantleap.adapters.store.table import (
    ALLOCATIONS_BY_BASKET,
    PARTNER_SUBSCRIPTIONS,
    TEMPLATE_SUBSCRIBERS,
    USER_SUBSCRIPTIONS,
)
from quantleap.domain.errors import InvalidStatusTransitionError
from quantleap.domain.subscriptions.status import SubscriptionStatus

READS = {Operation.GET, Operation.BATCH_GET, Operation.QUERY}

MAY_BE_STALE = {
    "a key pair",  # a revoked one may pass for a moment
    "a partner's subscriptions, counted by status",  # follows the feed anyhow
    "how often a partner's key pairs were used",  # a count of the past
    "what was changed on a day",  # follows the feed anyhow
    "what was changed of a partner in a month",
    "what an actor changed in a month",
    "the strategies of the baskets of a page",  # the basket tells by digests which ones it was written with
    "the baskets and strategies that are due",  # the same
}
"""What is read from the table and not consistently."""


def test_all_that_is_read_from_the_table_is_read_consistently_but_what_may_be_stale() -> None:
    of_the_table = [each for each in ACCESS_PATTERNS if each.operation in READS and each.index is None]
    assert {each.name for each in of_the_table if not each.consistent} == MAY_BE_STALE


def test_no_index_is_asked_for_what_it_cannot_give() -> None:
    assert [each.name for each in ACCESS_PATTERNS if each.index is not None and each.consistent] == []


@needs_dynamodb_local
def test_whose_and_where_a_subscription_is_and_what_a_move_is_decided_by_are_read_consistently(wired: Wired) -> None:
    subscriptions = wired.house.app.subscriptions
    for decided in (
        partial(subscriptions.pause, BACKEND, BY_PARTNER),
        partial(subscriptions.cancel, BACKEND, BY_PARTNER),
        partial(subscriptions.cancel, ANITA, DIRECT),
    ):
        wired.meter.begin()
        decided()
        [read, write] = wired.meter.sent
        assert (read.operation, read.body["ConsistentRead"]) == (GET, True)
        assert write.operation in (Operation.UPDATE, Operation.TRANSACT)


@needs_dynamodb_local
def test_a_subscription_is_read_from_itself_right_after_it_was_made(wired: Wired) -> None:
    wired.meter.begin()
    made = wired.house.subscribed(BALA, STRADDLE)
    for by in (BACKEND, BALA):
        assert wired.house.app.subscriptions.get(by, made.terms.subscription_id) == made
    reads = [sent for sent in wired.meter.sent if sent.operation != Operation.TRANSACT][-3:]
    assert [(sent.operation, sent.body["ConsistentRead"]) for sent in reads] == [(GET, True)] * 3
    assert QUERY not in wired.meter.counted()


@needs_dynamodb_local
def test_a_refused_move_names_the_status_as_it_is_and_nothing_is_read_for_it(wired: Wired) -> None:
    subscriptions = wired.house.app.subscriptions
    subscriptions.cancel(ANITA, DIRECT)
    wired.meter.begin()
    refused = refusal(partial(subscriptions.pause, ANITA, DIRECT))
    assert isinstance(refused, InvalidStatusTransitionError)
    assert refused.status == SubscriptionStatus.CANCELLED
    assert wired.meter.counted() == {Operation.UPDATE: 1}


@needs_dynamodb_local
def test_a_batch_of_the_feed_asks_which_stream_and_shards_there_are_and_reads_each(wired: Wired) -> None:
    asked: list[str] = []
    streams = wired.engine._stream._streams
    streams.meta.events.register(
        "before-send.dynamodb-streams", lambda event_name, **_: asked.append(event_name.rpartition(".")[2])
    )
    wired.meter.begin()
    batch = wired.engine.changes(None)
    assert batch.position is not None
    shards, counted = len(json.loads(batch.position)["shards"]), Counter(asked)
    assert wired.meter.counted() == {"DescribeTable": 1}
    assert counted["DescribeStream"] == 1
    assert counted["GetShardIterator"] == shards >= 1
    assert counted["GetRecords"] >= shards
    assert counted.keys() == {"DescribeStream", "GetShardIterator", "GetRecords"}


# What is paid


@needs_dynamodb_local
def test_a_move_pays_for_the_item_once_and_for_each_of_its_three_indexes_twice(wired: Wired) -> None:
    """A status is part of their sort keys: the entry is deleted, and another is put."""
    answers = Answers.of(wired.engine)
    wired.house.app.subscriptions.pause(ANITA, DIRECT)
    wired.house.app.subscriptions.pause(BACKEND, BY_PARTNER)
    direct, _, by_partner = answers.heard
    assert direct.consumed["Table"]["CapacityUnits"] == 1
    assert direct.consumed_by_index == {USER_SUBSCRIPTIONS.name: 2, TEMPLATE_SUBSCRIBERS.name: 2}
    assert by_partner.consumed_by_index == {**direct.consumed_by_index, PARTNER_SUBSCRIPTIONS.name: 2}


@needs_dynamodb_local
def test_subscribing_pays_for_each_index_that_holds_it_and_no_other(wired: Wired) -> None:
    """Twice what a single write takes, for it is a transaction; its four items stand in four indexes."""
    answers = Answers.of(wired.engine)
    wired.house.subscribed(BALA, STRADDLE)
    *reads, written = answers.heard
    assert Counter(read.consumed["CapacityUnits"] for read in reads) == {1.0: 2, 0.5: 1}  # the counter may be stale
    holding = (ALLOCATIONS_BY_BASKET, USER_SUBSCRIPTIONS, TEMPLATE_SUBSCRIBERS, PARTNER_SUBSCRIPTIONS)
    assert written.consumed_by_index == {index.name: 2 for index in holding}
