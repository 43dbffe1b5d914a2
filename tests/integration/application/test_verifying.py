"""Verifying finds whatever differs of what the store keeps more than once, and says how counters are repaired."""

from datetime import date

import pytest
from attrs import evolve
from tests.integration.application.house import ADMIN, ANITA, BILLING, CONDOR, STRADDLE, ZEBU, House, sample_catalog
from tests.integration.application.upkeep import Upkeep
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.subscriptions import allocation_map
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


NAME_OF_STRATEGY = "strat_nifty_ic_0920"
BASKET, STRATEGY = keys.basket(ADMIN.email, CONDOR), keys.strategy(ADMIN.email, NAME_OF_STRATEGY)
ENTRY = Key(ADMIN.email.address, f"SCHEDULE#TUE#09:20#ENTRY#{NAME_OF_STRATEGY}")
SUBSCRIPTION, CHARGE = Key("anita@example.com", "SUBSCRIPTION#{name}"), Key("CHARGE#{charge}", "CHARGE")
KEY_LINE = Key("PARTNER#partner_zebu_live", "KEY#{key}")
MARKER = keys.live_marker(Mode.LIVE, ANITA.email, CONDOR)
DAMAGES: dict[str, tuple[list[Put | Update | Delete], str]] = {
    "marker missing": ([Delete(MARKER)], "is live and its marker is missing or names another"),
    "marker of another": (
        [Update(MARKER, assign={"live_subscription": "sub_zebu_9"})],
        "is live and its marker is missing or names another",
    ),
    "marker of nothing": (
        [
            Put(
                {
                    "user_id": "bala@example.com",
                    "sort_key": f"LIVE_SUBSCRIPTION#{CONDOR}",
                    "entity_type": "LIVE_SUBSCRIPTION",
                    "live_subscription": "sub_zebu_9",
                }
            )
        ],
        "has a marker of a live subscription and is not live",
    ),
    "location missing": (
        [Delete(Key("SUBSCRIPTION_ID#{name}", "SUBSCRIPTION_ID#{name}"))],
        "where it lives is not recorded",
    ),
    "location elsewhere": (
        [Update(Key("SUBSCRIPTION_ID#{name}", "SUBSCRIPTION_ID#{name}"), assign={"basket": STRADDLE})],
        "lives elsewhere than recorded",
    ),
    "location of nothing": (
        [
            Put(
                {
                    "user_id": "SUBSCRIPTION_ID#sub_zebu_9",
                    "sort_key": "SUBSCRIPTION_ID#sub_zebu_9",
                    "entity_type": "SUBSCRIPTION_LOCATION",
                    "subscriber": "bala@example.com",
                    "basket": CONDOR,
                }
            )
        ],
        "does not exist",
    ),
    "charge missing": ([Delete(CHARGE)], "is in the ledger and has no charge"),
    "charge not refunded": (
        [Update(CHARGE, assign={"refunded_minor": 0, "clawed_back_minor": 0})],
        "the ledger has",
    ),
    "charge not counted": (
        [Update(SUBSCRIPTION, assign={"periods_charged": 0})],
        "says 0 periods were charged, its charges differ",
    ),
    "charge counted too often": (
        [Update(SUBSCRIPTION, assign={"periods_charged": 2})],
        "says 2 periods were charged, its charges differ",
    ),
    "subscription unreadable": (
        [Update(SUBSCRIPTION, assign={"status": "ASLEEP"})],
        "is not a valid SubscriptionStatus",
    ),
    "marker of another partner": (
        [Update(MARKER, assign={"live_partner": "partner_kite_live"})],
        "has a marker that names another partner",
    ),
    "charge of another basket": (
        [Update(CHARGE, assign={"basket": STRADDLE})],
        "was charged on other terms than its subscription's",
    ),
    "charge of another partner": ([Update(CHARGE, assign={"partner": "partner_kite_live"})], "the ledger has"),
    "charge of nothing": ([Delete(SUBSCRIPTION)], "has a charge and the subscription does not exist"),
    "charged at another instant": (
        [Update(SUBSCRIPTION, assign={"charged_at": "2026-11-24T06:31:00.000000Z"})],
        "was last charged at another instant than its last charge",
    ),
    "status in the indexes": (
        [Update(SUBSCRIPTION, assign={"subscription_status_date": "PAUSED#2026-11-24"})],
        "is filed under a subscription_status_date that it does not give itself",
    ),
    "instant unlike the history": (
        [Update(SUBSCRIPTION, assign={"last_status_change_at": "2026-11-24T06:31:00.000000Z"})],
        "has a status or an instant of one unlike its history",
    ),
    "pause that the history lacks": (
        [Update(SUBSCRIPTION, assign={"paused_at": "2026-11-24T06:31:00.000000Z"})],
        "has a status or an instant of one unlike its history",
    ),
    "allocation in the index": (
        [Update(keys.allocation(Mode.LIVE, ANITA.email, CONDOR), assign={"entity_type_priority": "0"})],
        "is filed under a entity_type_priority that it does not give itself",
    ),
    "category in the index": (
        [Update(BASKET, assign={"marketplace_category": "MARKETPLACE_INACTIVE#NEUTRAL"})],
        "is filed under a marketplace_category that it does not give itself",
    ),
    "strategy missing": ([Delete(STRATEGY)], f"names strategy {NAME_OF_STRATEGY}, which does not exist"),
    "strategy of another basket": (
        [Update(STRATEGY, assign={"template_basket": STRADDLE})],
        f"names strategy {NAME_OF_STRATEGY}, which says that it is another basket's",
    ),
    "strategy of a later version": (
        [Update(STRATEGY, assign={"version": 99})],
        f"names strategy {NAME_OF_STRATEGY}, which is of a later version",
    ),
    "strategy of no basket": ([Update(BASKET, assign={"strategy_ids": []})], "is a strategy that no basket names"),
    "entry missing": ([Delete(ENTRY)], "is not scheduled for TUE 09:20 ENTRY"),
    "entry of another status": (
        [Update(ENTRY, assign={"status": "INACTIVE"})],
        "is scheduled for TUE 09:20 ENTRY as something else than it is",
    ),
    "entry of another basket": (
        [Update(ENTRY, assign={"template_basket": STRADDLE})],
        "is scheduled for TUE 09:20 ENTRY as something else than it is",
    ),
    "entry of another day": (
        [
            Put(
                {
                    "user_id": ENTRY.partition,
                    "sort_key": f"SCHEDULE#SUN#09:20#ENTRY#{NAME_OF_STRATEGY}",
                    "entity_type": "SCHEDULE",
                    "schedule_key": f"SCHEDULE#SUN#09:20#ENTRY#{NAME_OF_STRATEGY}",
                    "strategy_id": NAME_OF_STRATEGY,
                    "template_basket": CONDOR,
                    "status": "ACTIVE",
                }
            )
        ],
        "is scheduled for SUN 09:20 ENTRY and has no such entry",
    ),
    "entry at no minute": (
        [Put({"user_id": ENTRY.partition, "sort_key": "SCHEDULE#TUE#noon#ENTRY#x", "entity_type": "SCHEDULE"})],
        "item SCHEDULE#TUE#noon#ENTRY#x: Invalid isoformat string: 'noon'",
    ),
    "entry on no day": (
        [Put({"user_id": ENTRY.partition, "sort_key": "SCHEDULE#DAY#09:20#ENTRY#x", "entity_type": "SCHEDULE"})],
        "item SCHEDULE#DAY#09:20#ENTRY#x: sort_key names no weekday",
    ),
    "entry in the index": (
        [Update(ENTRY, assign={"schedule_key": "SCHEDULE#WED"})],
        "is filed under a schedule_key that it does not give itself",
    ),
    "key not listed": ([Delete(KEY_LINE)], "is a key of partner_zebu_live and not in its list"),
    "key missing": (
        [Delete(Key("APIKEY#{api_key}", "APIKEY"))],
        "is in the list of partner_zebu_live and does not exist",
    ),
    "key listed as another": (
        [Update(KEY_LINE, assign={"api_key": "another"})],
        "is in the list of partner_zebu_live as another key",
    ),
    "partner's counter": (
        [Update(keys.partner_counters(ZEBU), add={"live_subscriptions": 1})],
        "has 1 live subscriptions, its counter says 2: `quantleap recount` repairs it",
    ),
    "partner's counter missing": (
        [Delete(keys.partner_counters(ZEBU))],
        "has 1 live subscriptions, its counter says 0: `quantleap recount` repairs it",
    ),
    "partner's counter no number": (
        [Update(keys.partner_counters(ZEBU), assign={"live_subscriptions": "many"})],
        "has 1 live subscriptions and no counter that can be read: `quantleap recount` repairs it",
    ),
    "template's counter": (
        [Update(BASKET, add={"subscriber_count": -1})],
        "has 1 live subscriptions, its counter says 0: `quantleap recount` repairs it",
    ),
    "template's counter no number": (
        [Update(BASKET, remove=("subscriber_count",))],
        "has 1 live subscriptions and no counter that can be read: `quantleap recount` repairs it",
    ),
    "template missing": ([Delete(BASKET)], "has 1 live subscriptions and does not exist"),
    "recount not ended": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"recount": "req_1", "recount_since": "2026-11-24T06:30:00.000000Z"})],
        "a recount is under way or was ended early: run `quantleap recount`",
    ),
    "checkpoint no position": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"position": 7})],
        "do not follow (item CHECKPOINT: position is not text): `quantleap recount` repairs it",
    ),
    "position of another feed": (
        [Update(keys.COUNTERS_CHECKPOINT, assign={"position": "another"})],
        "do not follow (after: is not a position of the feed): `quantleap recount` repairs it",
    ),
    "kind unknown": (
        [Put({"user_id": "x", "sort_key": "y", "entity_type": "DREAM"})],
        "item y: entity_type is DREAM, which this library does not write",
    ),
}


def _spelled(write: Put | Update | Delete, names: dict[str, str]) -> Put | Update | Delete:
    """The write with the names that its key leaves open."""
    if isinstance(write, Put):
        return write
    return evolve(write, key=Key(*(part.format_map(names) for part in (write.key.partition, write.key.sort))))


@pytest.mark.parametrize("name", DAMAGES)
def test_whatever_differs_is_named(house: House, name: str) -> None:
    subscription_id, charge_id = settled(house)
    key = house.first_key()
    names = {"name": subscription_id, "charge": charge_id, "key": key.api_key_id, "api_key": key.api_key}
    writes, problem = DAMAGES[name]
    for write in writes:
        house.app._engine.write(_spelled(write, names))
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
