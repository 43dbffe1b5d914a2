"""Verifying finds whatever differs of what the store keeps more than once, and says how counters are repaired."""

from datetime import date

import pytest
from tests.integration.application.damages import DAMAGES, MARKER, spelled
from tests.integration.application.house import ADMIN, ANITA, BILLING, House, sample_catalog
from tests.integration.application.upkeep import Upkeep
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.allocations import allocation_map
from quantleap.adapters.store.seam import Delete, Key, Put, Update
from quantleap.application.verifying import Difference
from quantleap.domain.identifiers import Mode
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.money import Money
from quantleap.ports.errors import FeedTrimmedError


def test_a_store_is_empty_until_it_holds_something_to_verify() -> None:
    house = House.over("memory://")
    assert house.app.verification.is_empty(ADMIN)
    house.app.authoring.load_catalog(ADMIN, sample_catalog(house.app))
    assert not house.app.verification.is_empty(ADMIN)


def settled(house: House) -> tuple[str, str]:
    """One subscription with a charge refunded in part, all counted; its id and its charge's."""
    name = house.subscribed().terms.subscription_id
    charge = house.app.billing.charge_next(BILLING, name, through=date(2026, 11, 24))
    assert charge is not None
    house.app.billing.refund(ADMIN, charge.charge_id, Money(33_300, "INR"), reference="r1")
    house.app.counters.follow()
    return name, charge.charge_id


def test_a_store_in_order_has_no_difference_and_is_counted(house: House) -> None:
    settled(house)
    verdict = house.app.verification.verify(ADMIN)
    assert (verdict.subscriptions, verdict.charges, verdict.transactions, verdict.differences) == (1, 1, 2, ())


@pytest.mark.parametrize("name", DAMAGES)
def test_whatever_differs_is_named(house: House, name: str) -> None:
    subscription_id, charge_id = settled(house)
    key = house.first_key()
    names = {"name": subscription_id, "charge": charge_id, "key": key.api_key_id, "api_key": key.api_key}
    writes, problem = DAMAGES[name]
    for write in writes:
        house.app._engine.write(spelled(write, names))
    differences = house.app.verification.verify(ADMIN).differences
    assert any(problem in difference.problem for difference in differences)


def test_a_posting_that_is_gone_from_the_ledger_is_named(house: House) -> None:
    settled(house)
    [posting] = [
        item for item in house.items() if item["entity_type"] == "LEDGER" and item["transaction"]["kind"] == "CHARGE"
    ]
    house.app._engine.write(Delete(Key(posting["user_id"], posting["sort_key"])))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert any("the ledger has" in problem for problem in problems)


def test_a_charge_that_was_never_posted_is_named(house: House) -> None:
    settled(house)
    for item in house.items():
        if item["entity_type"] == "LEDGER":
            house.app._engine.write(Delete(Key(item["user_id"], item["sort_key"])))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert "is not in the ledger" in problems


def test_a_posting_that_was_changed_is_named(house: House) -> None:
    settled(house)
    posting = next(item for item in house.items() if item["entity_type"] == "LEDGER")
    changed = {**posting, "transaction": {**posting["transaction"], "posted_by": "admin:0000"}}
    house.app._engine.write(Put(changed))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert any("its content does not match its digest" in problem for problem in problems)


def test_an_allocation_that_is_not_the_one_traded_by_is_named(house: House) -> None:
    name, _ = settled(house)
    other = allocation_map(Allocation.single("kite", "KT9"))
    house.app._engine.write(Update(keys.subscription(Mode.LIVE, ANITA.email, name), assign={"allocation": other}))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert "trades by another allocation than its user's" in problems


def test_a_posting_that_could_be_made_again_and_one_made_twice_are_named(house: House) -> None:
    settled(house)
    refunded = next(item for item in house.items() if item["entity_type"] == "POSTED_TRANSACTION")
    house.app._engine.write(Delete(Key(refunded["user_id"], refunded["sort_key"])))
    posting = next(item for item in house.items() if item["entity_type"] == "LEDGER")
    house.app._engine.write(Put({**posting, "sort_key": f"{posting['sort_key']}-again"}))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert "could be posted again" in problems
    assert "was posted 2 times" in problems


def test_a_posting_that_is_marked_as_elsewhere_is_named(house: House) -> None:
    settled(house)
    posted = next(item for item in house.items() if item["entity_type"] == "POSTED_TRANSACTION")
    house.app._engine.write(Update(Key(posted["user_id"], posted["sort_key"]), assign={"entry": "elsewhere"}))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert problems == ["is marked as posted elsewhere than it is"]


def test_a_mark_of_a_posting_that_is_not_there_is_named(house: House) -> None:
    key = keys.posted_transaction("txn_" + "0" * 32)
    mark = {"entity_type": "POSTED_TRANSACTION", "book": "LEDGER#direct#2026-11", "entry": "x"}
    house.app._engine.write(Put({"user_id": key.partition, "sort_key": key.sort, **mark}))
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert "is marked as posted and is not" in problems


def test_two_live_subscriptions_of_one_user_and_template_are_named(house: House) -> None:
    settled(house)
    house.app._engine.write(Delete(MARKER))
    house.subscribed()
    problems = [difference.problem for difference in house.app.verification.verify(ADMIN).differences]
    assert "is one of 2 live subscriptions of one user and template" in problems


def test_no_difference_shows_an_email(house: House) -> None:
    for name in DAMAGES:
        fresh = House.furnished("memory://")
        test_whatever_differs_is_named(fresh, name)
        assert "@" not in repr(fresh.app.verification.verify(ADMIN))


# The feed


def test_a_feed_that_has_passed_the_counters_by_is_named_and_nothing_is_repaired(house: House) -> None:
    settled(house)
    engine = WatchedEngine(house.app._engine)

    def trimmed() -> None:
        raise FeedTrimmedError("changes 1 to 7 are no longer kept")

    engine.before("changes", trimmed)
    before = house.items()
    [difference] = Upkeep.of(house, engine).differences()
    why = "the change feed has passed by: changes 1 to 7 are no longer kept"
    assert difference == Difference("counters", f"do not follow ({why}): `quantleap recount` repairs it")
    assert house.items() == before


def test_a_change_that_cannot_be_read_is_named_once(house: House) -> None:
    name, _ = settled(house)
    key = keys.subscription(Mode.LIVE, ANITA.email, name)
    for status in ("ASLEEP", "ACTIVE"):
        house.app._engine.write(Update(key, assign={"status": status}))
    differences = house.app.verification.verify(ADMIN).differences
    assert [(each.subject, each.problem) for each in differences] == [
        (
            "change feed",
            f"a change was passed over: item SUBSCRIPTION#{name}: 'ASLEEP' is not a valid SubscriptionStatus",
        )
    ] * 2
    assert house.app.verification.verify(ADMIN).differences == ()


REPAIRED = [name for name, (_, problem) in DAMAGES.items() if "`quantleap recount`" in problem]


@pytest.mark.parametrize("name", REPAIRED)
def test_what_a_recount_is_said_to_repair_it_repairs(house: House, name: str) -> None:
    test_whatever_differs_is_named(house, name)
    house.app.recounting.recount(ADMIN)
    assert house.app.verification.verify(ADMIN).differences == ()
