"""What `ports.verification.WholeStore` promises, on every store."""

from collections.abc import Callable

import pytest
from tests.integration.contracts.samples import (
    ANITA,
    LATER,
    NOON,
    ONE_ACCOUNT,
    ZEBU,
    ZEBU_TEST,
    added,
    api_key,
    basket,
    charge,
    location_of,
    partner,
    saved,
    stamp,
    subscription,
)
from tests.integration.contracts.stores import OWNER, Store
from tests.integration.contracts.test_money_ports import payout

from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store import keys
from quantleap.adapters.store.records.money import ledger_key
from quantleap.adapters.store.repositories.claims import StoredClaims
from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.repositories.whole_records import READERS
from quantleap.adapters.store.seam import Item, Key, Put, Update
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry, told_as
from quantleap.domain.errors import LedgerCorruptError
from quantleap.domain.identifiers import Mode
from quantleap.domain.marketplace.schedule import schedule_of
from quantleap.domain.subscriptions.status import SubscriptionStatus
from quantleap.ports.counters import StatusCount
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.kept_answers import AnswerPlace, KeptAnswer
from quantleap.ports.rate_limits import RateLimitAlert
from quantleap.ports.verification import (
    KeyLine,
    KeyName,
    LiveHolder,
    LiveMarker,
    Misfiled,
    PostedMarker,
    ScheduleLine,
    StoredAllocation,
    StoredBasket,
    StoredCharge,
    StoredClaim,
    StoredCount,
    StoredKey,
    StoredStrategy,
    StoredTransaction,
    Unreadable,
)

ACTIVE = StatusCount(ZEBU, SubscriptionStatus.ACTIVE)
PLATFORM_KEYS = KeysInMemory().fingerprint()
SUBSCRIPTION = keys.subscription(Mode.LIVE, ANITA, "sub_zebu_1")


def furnished(store: Store) -> None:
    """One item at least of every kind."""
    saved(store, basket("basket_1"))
    added(store, subscription(1), ONE_ACCOUNT)
    test, posting = added(store, subscription(2, partner_id=ZEBU_TEST)), payout("r1")
    store.units.commit(*store.charges.posting(Mode.TEST, charge(test)), *store.ledger.appending(posting))
    store.units.commit(
        *store.partners.saving(partner(), None, stamp(1)), *store.partners.saving_key(api_key(), None, stamp(1))
    )
    store.units.commit(*store.counters.counting({ACTIVE: 1, "basket_1": 4}, since=None, until="5", at=NOON))
    store.units.commit(*StoredClaims(store.engine).claiming(PLATFORM_KEYS))
    _ask_as_a_partner(store)
    _tell(store)


def _ask_as_a_partner(store: Store) -> None:
    """A token is taken, too many were asked for, and an answer is kept."""
    limits = StoredRateLimits(store.engine)
    limits.take(ZEBU, limit=60, now_ns=0, api_key_id="key_1")
    limits.alerting(
        RateLimitAlert(partner_id=ZEBU, at=NOON, limit=60, refused=60, api_key_id="key_1", expires_at=LATER)
    )
    answer = KeptAnswer(
        place=AnswerPlace(Mode.LIVE, "0" * 64),
        fingerprint="0" * 64,
        status=201,
        body="{}",
        secret_of=None,
        expires_at=LATER,
    )
    store.units.commit(*StoredKeptAnswers(store.engine).keeping(answer, at=NOON))


def _tell(store: Store) -> None:
    """Something is removed, and the trail tells of it."""
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_2", None, stamp(2)))
    entry = AuditEntry(
        entry_id=told_as(("removed",)),
        at=NOON,
        action=AuditAction.ALLOCATION_REMOVED,
        subject_id="basket_2",
        mode=Mode.LIVE,
        actor="system:billing",
        partner_id=ZEBU,
    )
    store.units.commit(*store.audit.keeping([entry], since=None, until="5", at=NOON))


def test_every_record_that_can_be_checked_is_there_and_no_other(store: Store) -> None:
    furnished(store)
    records = list(store.whole.records())

    live, test, made, posting = subscription(1), subscription(2, partner_id=ZEBU_TEST), basket("basket_1"), payout("r1")
    holders = {record.subscription: record.holder for record in records if isinstance(record, LiveHolder)}
    [posted] = [record for record in records if isinstance(record, StoredTransaction)]
    [strategy] = made.strategies
    expected = [
        StoredClaim(PLATFORM_KEYS),
        StoredCount("basket_1", 4),
        StoredCount(ACTIVE, 1),
        StoredBasket(OWNER, "basket_1", 1, (strategy.strategy_id,)),
        StoredStrategy(OWNER, "basket_1", 1, strategy),
        *(
            ScheduleLine(OWNER, entry, strategy.strategy_id, "basket_1", strategy.status)
            for entry in schedule_of(strategy)
        ),
        StoredKey(ZEBU, api_key().api_key_id, api_key().api_key),
        KeyLine(ZEBU, api_key().api_key_id, api_key().api_key),
        KeyName(api_key().api_key_id, api_key().api_key),
        StoredCharge(Mode.TEST, charge(test)),
        StoredTransaction(posted.place, posting),
        *(location_of(each) for each in (live, test)),
        PostedMarker(posting.transaction_id, posted.place),
        StoredAllocation(holders[live], ONE_ACCOUNT),
        LiveHolder(holders[live], live, ONE_ACCOUNT),
        LiveHolder(holders[test], test, None),
        *(LiveMarker(holders[each], each.terms.subscription_id, each.terms.partner_id) for each in (live, test)),
    ]
    assert len(records) == len(expected)
    assert all(record in records for record in expected)
    assert holders[live] != holders[test]


def test_only_subscriptions_and_counters_are_read_to_count(store: Store) -> None:
    furnished(store)
    store.engine.write(Update(ledger_key(payout("r1")), remove=("transaction",)))
    counted = list(store.whole.counted())
    assert len(counted) == 4
    assert sum(isinstance(record, LiveHolder) for record in counted) == 2
    assert all(count in counted for count in (StoredCount(ACTIVE, 1), StoredCount("basket_1", 4)))


def test_a_counter_that_is_no_number_is_told_as_one_that_cannot_be_read(store: Store) -> None:
    furnished(store)
    store.engine.write(Update(keys.partner_counters(ZEBU), assign={"active_subscriptions": "many"}))
    store.engine.write(Update(keys.basket(OWNER, "basket_1"), remove=("subscriber_count",)))
    counts = {record.of: record.count for record in store.whole.counted() if isinstance(record, StoredCount)}
    assert counts == {ACTIVE: None, "basket_1": None}


def test_a_store_of_more_than_a_page_is_read_to_its_end(store: Store) -> None:
    for start in range(0, 1020, 60):
        store.engine.transact(
            [
                Put({"user_id": f"LEDGER#{number}", "sort_key": "1", "entity_type": "LEDGER"})
                for number in range(start, start + 60)
            ]
        )
    assert len(list(store.whole.records())) == 1020


def test_a_record_that_cannot_be_read_is_told_and_hides_no_other(store: Store) -> None:
    new, posting = added(store, subscription()), payout("r1")
    store.units.commit(*store.ledger.appending(posting))
    store.engine.write(Update(SUBSCRIPTION, assign={"status": "ASLEEP"}))
    [book] = [item for item in store.engine.scan().items if item["entity_type"] == "LEDGER"]
    store.engine.write(Put({**book, "transaction": {**posting.to_plain(), "posted_by": "admin:0000"}}))
    store.engine.write(Put({"user_id": "x", "sort_key": "y"}))
    store.engine.write(Put({"user_id": "x", "sort_key": "z", "entity_type": "DREAM"}))

    records = list(store.whole.records())
    assert location_of(new) in records
    unreadable = [record.error for record in records if isinstance(record, Unreadable)]
    assert {type(error) for error in unreadable} == {CorruptDataError, LedgerCorruptError}
    assert len(unreadable) == 4
    assert "item z: entity_type is DREAM, which this library does not write" in map(str, unreadable)


STRAY: dict[str, Callable[[Item], bool]] = {
    "template_basket_id": lambda item: item["entity_type"] == "LIVE_SUBSCRIPTION",
    "entity_type_priority": lambda item: item["entity_type"] in ("BASKET_ALLOCATION", "CHARGE"),
    "subscription_status_date": lambda item: item["entity_type"] in ("SUBSCRIPTION", "PARTNER"),
    "partner_id": lambda item: item["entity_type"] in ("BASKET", "API_KEY", "CHECKPOINT"),
    "marketplace_category": lambda item: item["entity_type"] in ("BASKET", "STRATEGY"),
    "schedule_key": lambda item: item["entity_type"] in ("SCHEDULE", "LEDGER"),
    "basket_id": lambda item: item["entity_type"] in ("BASKET_ALLOCATION", "SUBSCRIPTION_LOCATION"),
}


@pytest.mark.parametrize("attribute", STRAY)
def test_an_index_key_that_a_record_does_not_give_itself_is_told(store: Store, attribute: str) -> None:
    furnished(store)
    strays = [item for item in store.engine.scan().items if STRAY[attribute](item)]
    for item in strays:
        store.engine.write(Update(_key(item), assign={attribute: "elsewhere"}))
    told = [record for record in store.whole.records() if isinstance(record, Misfiled)]
    expected = [Misfiled(f"item {item['sort_key']}", attribute) for item in strays]
    assert expected
    assert sorted(told, key=str) == sorted(expected, key=str)


def test_a_record_at_a_key_that_it_does_not_give_itself_is_told(store: Store) -> None:
    furnished(store)
    moved = [item for item in store.engine.scan().items if item["entity_type"] in ("CHARGE", "LEDGER", "API_KEY")]
    for item in moved:
        store.engine.write(Put({**item, "sort_key": "ELSEWHERE"}))
    told = [record for record in store.whole.records() if isinstance(record, Misfiled)]
    assert told == [Misfiled("item ELSEWHERE", "sort_key")] * 3


def test_every_kind_of_item_that_is_written_is_known(store: Store) -> None:
    furnished(store)
    assert {item["entity_type"] for item in store.engine.scan().items} == READERS.keys()


def _key(item: Item) -> Key:
    return Key(str(item["user_id"]), str(item["sort_key"]))
