"""What `ports.verification.WholeStore` promises, on every store."""

from tests.integration.contracts.samples import (
    ANITA,
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
    subscription,
)
from tests.integration.contracts.stores import Store
from tests.integration.contracts.test_money_ports import payout

from quantleap.adapters.store import keys
from quantleap.adapters.store.seam import Put, Update
from quantleap.domain.errors import LedgerCorruptError
from quantleap.domain.identifiers import Mode
from quantleap.ports.counters import LiveDeltas
from quantleap.ports.errors import CorruptDataError
from quantleap.ports.verification import (
    BasketCount,
    LiveHolder,
    LiveMarker,
    PartnerCount,
    PostedMarker,
    StoredAllocation,
    StoredCharge,
    Unreadable,
)


def test_every_record_that_can_be_checked_is_there_and_no_other(store: Store) -> None:
    saved(store, basket("basket_1"))
    live, test = added(store, subscription(1), ONE_ACCOUNT), added(store, subscription(2, partner_id=ZEBU_TEST))
    made, posting = charge(live), payout("r1")
    store.units.commit(*store.charges.posting(Mode.TEST, made), *store.ledger.appending(posting))
    store.units.commit(*store.partners.saving(partner(), None), *store.partners.saving_key(api_key(), None))
    store.units.commit(*store.counters.counting(LiveDeltas({ZEBU: 1}, {"basket_1": 4}), since=None, until="5"))

    records = list(store.whole.records())
    holders = {record.subscription: record.holder for record in records if isinstance(record, LiveHolder)}
    expected = [
        BasketCount("basket_1", 4),
        PartnerCount(ZEBU, 1),
        StoredCharge(Mode.TEST, made),
        posting,
        *(location_of(each) for each in (live, test)),
        PostedMarker(posting.transaction_id),
        StoredAllocation(holders[live], ONE_ACCOUNT),
        LiveHolder(holders[live], live, ONE_ACCOUNT),
        LiveHolder(holders[test], test, None),
        *(LiveMarker(holders[each], each.terms.subscription_id) for each in (live, test)),
    ]
    assert len(records) == len(expected)
    assert all(record in records for record in expected)
    assert holders[live] != holders[test]


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
    store.engine.write(Update(keys.subscription(Mode.LIVE, ANITA, "sub_zebu_1"), assign={"status": "ASLEEP"}))
    [book] = [item for item in store.engine.scan().items if item["entity_type"] == "LEDGER"]
    store.engine.write(Put({**book, "transaction": {**posting.to_plain(), "posted_by": "admin:0000"}}))
    store.engine.write(Put({"user_id": "x", "sort_key": "y"}))

    records = list(store.whole.records())
    assert location_of(new) in records
    unreadable = {type(record.error) for record in records if isinstance(record, Unreadable)}
    assert unreadable == {CorruptDataError, LedgerCorruptError}
    assert sum(isinstance(record, Unreadable) for record in records) == 3
