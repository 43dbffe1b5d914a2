"""Partners and keys, counters, verifying, and the stamps that every change carries."""

from datetime import date, timedelta
from functools import partial

import pytest
from attrs import evolve
from tests.integration.application.house import (
    ADMIN,
    ANITA,
    BALA,
    BILLING,
    CONDOR,
    KITE,
    STRADDLE,
    ZEBU,
    ZEBU_TEST,
    House,
    refusal,
    sample_catalog,
)

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.subscriptions import allocation_map
from quantleap.adapters.store.seam import Delete, Key, Put, Update
from quantleap.application.counting import BATCH, MAX_COUNTERS_A_COMMIT
from quantleap.domain.errors import (
    AlreadyExistsError,
    ApiKeyNotFoundError,
    InvalidCredentialsError,
    InvalidInputError,
    KeyAlreadyRotatedError,
    KeyExpiredError,
    KeyRevokedError,
    PartnerNotFoundError,
)
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation
from quantleap.domain.money import Money
from quantleap.domain.partners.permissions import ALL_PERMISSIONS
from quantleap.domain.principals import PartnerBackend, User

# Partners and keys


def test_a_new_partner_comes_with_a_key_pair_that_proves_it(house: House) -> None:
    made = house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"), broker_id="angelone", rate_limit=5)
    assert house.app.partners.get(ADMIN, made.partner.partner_id) == made.partner
    assert (made.partner.broker_id, made.partner.display_name, made.partner.rate_limit) == ("angelone", "angel", 5)
    assert house.app.partners.keys(ADMIN, made.partner.partner_id) == [made.issued.key]
    proved = house.app.partners.authenticate(made.issued.key.api_key, made.issued.secret)
    assert proved == PartnerBackend(made.partner.partner_id, ALL_PERMISSIONS)


def test_a_secret_is_seen_once_and_stored_nowhere(house: House) -> None:
    made = house.app.partners.create(ADMIN, evolve(ZEBU, slug="angel"))
    assert made.issued.secret not in repr(house.items())
    assert made.issued.secret not in repr(made)


def test_a_partner_is_made_once(house: House) -> None:
    before = house.items()
    assert isinstance(refusal(partial(house.app.partners.create, ADMIN, ZEBU)), AlreadyExistsError)
    assert house.items() == before


def test_what_is_not_there_is_not_found(house: House) -> None:
    partners, nobody = house.app.partners, PartnerId("angel", Mode.LIVE)
    for call in (partners.get, partners.keys, partners.issue):
        assert isinstance(refusal(partial(call, ADMIN, nobody)), PartnerNotFoundError)
    for change in (partners.rotate, partners.revoke):
        assert isinstance(refusal(partial(change, ADMIN, ZEBU, "key_none")), ApiKeyNotFoundError)
        other = house.first_key(KITE).api_key_id
        assert isinstance(refusal(partial(change, ADMIN, ZEBU, other)), ApiKeyNotFoundError)


def test_a_rotated_key_works_beside_its_successor_for_the_overlap(house: House) -> None:
    partners = house.app.partners
    old = partners.issue(ADMIN, ZEBU)
    new = partners.rotate(ADMIN, ZEBU, old.key.api_key_id, overlap=timedelta(days=2))
    pairs = [(each.key.api_key, each.secret) for each in (old, new)]
    for pair in pairs:
        assert partners.authenticate(*pair).partner_id == ZEBU
    again = partial(partners.rotate, ADMIN, ZEBU, old.key.api_key_id)
    assert isinstance(refusal(again), KeyAlreadyRotatedError)
    house.clock.move_to(house.clock.now() + timedelta(days=2))
    assert isinstance(refusal(partial(partners.authenticate, *pairs[0])), KeyExpiredError)
    assert partners.authenticate(*pairs[1]).partner_id == ZEBU


def test_an_overlap_of_more_than_a_month_is_refused_and_nothing_written(house: House) -> None:
    before = house.items()
    rotate = partial(house.app.partners.rotate, ADMIN, ZEBU, house.first_key().api_key_id, overlap=timedelta(days=31))
    assert isinstance(refusal(rotate), InvalidInputError)
    assert house.items() == before


def test_a_revoked_key_is_useless_at_once_and_revoking_again_changes_nothing(house: House) -> None:
    partners = house.app.partners
    issued = partners.issue(ADMIN, ZEBU)
    revoked = partners.revoke(ADMIN, ZEBU, issued.key.api_key_id)
    assert isinstance(refusal(partial(partners.authenticate, issued.key.api_key, issued.secret)), KeyRevokedError)
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    before = house.items()
    assert partners.revoke(ADMIN, ZEBU, issued.key.api_key_id) == revoked
    assert house.items() == before


def test_a_key_expires_after_90_days(house: House) -> None:
    issued = house.app.partners.issue(ADMIN, ZEBU)
    prove = partial(house.app.partners.authenticate, issued.key.api_key, issued.secret)
    house.clock.move_to(house.clock.now() + timedelta(days=90) - timedelta(microseconds=1))
    assert prove().partner_id == ZEBU
    house.clock.move_to(house.clock.now() + timedelta(microseconds=1))
    assert isinstance(refusal(prove), KeyExpiredError)


def test_no_other_pair_proves_anything_and_no_refusal_repeats_it(house: House) -> None:
    first, second = house.app.partners.issue(ADMIN, ZEBU), house.app.partners.issue(ADMIN, ZEBU)
    test = house.app.partners.issue(ADMIN, ZEBU_TEST)
    unknown = first.key.api_key[:-1] + ("a" if first.key.api_key[-1] != "a" else "b")
    for pair in (
        (first.key.api_key, second.secret),
        (first.key.api_key, test.secret),
        (test.key.api_key, first.secret),
        (unknown, first.secret),
        (first.key.api_key, first.secret[:-1]),
        (first.secret, first.key.api_key),
        ("", ""),
        (None, None),
    ):
        error = refusal(partial(house.app.partners.authenticate, *pair))
        assert type(error) is InvalidCredentialsError
        assert str(error) == "The API key or secret is not valid"


# Counters


def live(house: House, basket_id: str = CONDOR) -> int:
    return house.app.marketplace.template(ADMIN, basket_id).subscriber_count


def test_counters_follow_every_change_once_and_leave_test_mode_out_of_a_template(house: House) -> None:
    first = house.subscribed(ANITA)
    house.subscribed(BALA, by=BALA)
    house.subscribed(ANITA, by=PartnerBackend(ZEBU_TEST))
    assert house.app.counters.follow() == 3
    assert live(house) == 2
    house.app.subscriptions.pause(ADMIN, first.terms.subscription_id)
    house.app.subscriptions.cancel(ADMIN, first.terms.subscription_id)
    assert house.app.counters.follow() == 2
    assert live(house) == 1
    before = house.items()
    assert house.app.counters.follow() == 0
    assert house.items() == before
    assert house.app.verification.verify(ADMIN).differences == ()


def test_a_store_without_subscriptions_has_nothing_to_follow() -> None:
    house = House.over("memory://")
    assert house.app.counters.follow() == 0
    assert house.items() == []


def test_more_changes_than_a_batch_and_more_counters_than_a_commit_are_all_counted(house: House) -> None:
    backends = [PartnerId(f"p{number}", Mode.LIVE) for number in range(MAX_COUNTERS_A_COMMIT + 80)]
    for partner_id in backends:
        house.app.partners.create(ADMIN, partner_id)
    house.app.counters.follow()
    for number, partner_id in enumerate(backends):
        house.subscribed(User(Email(f"a{number}@example.com")), by=PartnerBackend(partner_id))
    for number in range(BATCH):
        house.subscribed(User(Email(f"b{number}@example.com")), STRADDLE)
    assert house.app.counters.follow() == len(backends) + BATCH
    assert (live(house), live(house, STRADDLE)) == (len(backends), BATCH)
    assert house.app.verification.verify(ADMIN).differences == ()


# Verifying


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
    "charge missing": ([Delete(Key("CHARGE#{charge}", "CHARGE"))], "is in the ledger and has no charge"),
    "charge not refunded": (
        [Update(Key("CHARGE#{charge}", "CHARGE"), assign={"refunded_minor": 0, "clawed_back_minor": 0})],
        "the ledger has",
    ),
    "charge not counted": (
        [Update(Key("anita@example.com", "SUBSCRIPTION#{name}"), assign={"periods_charged": 0})],
        "says 0 periods were charged, its charges differ",
    ),
    "charge counted too often": (
        [Update(Key("anita@example.com", "SUBSCRIPTION#{name}"), assign={"periods_charged": 2})],
        "says 2 periods were charged, its charges differ",
    ),
    "subscription unreadable": (
        [Update(Key("anita@example.com", "SUBSCRIPTION#{name}"), assign={"status": "ASLEEP"})],
        "is not a valid SubscriptionStatus",
    ),
    "partner's counter": (
        [Update(keys.partner_counters(ZEBU), add={"live_subscriptions": 1})],
        "has 1 live subscriptions, its counter says 2",
    ),
    "template's counter": (
        [Update(keys.basket(ADMIN.email, CONDOR), add={"subscriber_count": -1})],
        "has 1 live subscriptions, its counter says 0",
    ),
}


def _spelled(write: Put | Update | Delete, name: str, charge: str) -> Put | Update | Delete:
    """The write with the names that its key leaves open."""
    if isinstance(write, Put):
        return write
    key = Key(*(part.format(name=name, charge=charge) for part in (write.key.partition, write.key.sort)))
    return evolve(write, key=key)


@pytest.mark.parametrize("name", DAMAGES)
def test_whatever_differs_is_named(house: House, name: str) -> None:
    subscription_id, charge_id = settled(house)
    writes, problem = DAMAGES[name]
    for write in writes:
        house.app._engine.write(_spelled(write, subscription_id, charge_id))
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


def test_a_mark_of_a_posting_that_is_not_there_is_named(house: House) -> None:
    key = keys.posted_transaction("txn_" + "0" * 32)
    house.app._engine.write(Put({"user_id": key.partition, "sort_key": key.sort, "entity_type": "POSTED_TRANSACTION"}))
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
