"""What `ports.audit.AuditedChanges` promises, on every store: an entry for each change that somebody decided."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from attrs import evolve, frozen
from tests.integration.contracts.samples import (
    ANITA,
    LATER,
    NOON,
    ONE_ACCOUNT,
    ZEBU,
    ZEBU_TEST,
    added,
    address_of,
    api_key,
    basket,
    charge,
    edited,
    location_of,
    partner,
    saved,
    stamp,
    subscription,
)
from tests.integration.contracts.stores import OWNER, Store

from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.audit import StoredAuditedChanges
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.seam import Delete, Put, Update
from quantleap.domain.audit.action import AuditAction
from quantleap.domain.audit.entry import AuditEntry
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.lots.allocation import Allocation, AllocationMode, BrokerAccount
from quantleap.domain.partners.permissions import Permission
from quantleap.domain.subscriptions.transitions import Transition
from quantleap.ports.rate_limits import RateLimitAlert

TWO_ACCOUNTS = Allocation(
    AllocationMode.SPLIT, (BrokerAccount("zebu", "AB1234", weight=1), BrokerAccount("kite", "CD5678", weight=1))
)
OVERLAP = timedelta(days=7)


def position(store: Store) -> str | None:
    """The end of the feed."""
    return store.audited.entries(None, 1000).position


def told(store: Store, after: str | None = None) -> list[AuditEntry]:
    """All that the feed tells after a position."""
    batch = store.audited.entries(after, 1000)
    assert batch.is_last
    assert batch.unreadable == ()
    return list(batch.events)


# Acts: each does whatever must have happened before, gives the position it begins at, and then acts


def subscribing(store: Store) -> Iterator[None]:
    yield
    added(store, subscription(), ONE_ACCOUNT)


def moving(transition: Transition, *, to: Transition | None = None) -> Callable[[Store], Iterator[None]]:
    def act(store: Store) -> Iterator[None]:
        address = address_of(added(store, subscription()))
        if to is not None:
            store.units.commit(*store.subscriptions.moving(address, to, stamp(1), only_of=None))
        yield
        store.units.commit(*store.subscriptions.moving(address, transition, stamp(2), only_of=None))

    return act


def ending(transition: Transition) -> Callable[[Store], Iterator[None]]:
    def act(store: Store) -> Iterator[None]:
        location = location_of(added(store, subscription(partner_id=None)))
        yield
        store.units.commit(*store.subscriptions.ending(location, transition, stamp(2), only_of=None))

    return act


def allocating(store: Store) -> Iterator[None]:
    yield
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(3)))


def reallocating(store: Store) -> Iterator[None]:
    added(store, subscription(), ONE_ACCOUNT)
    yield
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", TWO_ACCOUNTS, stamp(3)))


def removing_an_allocation(store: Store) -> Iterator[None]:
    added(store, subscription(partner_id=ZEBU_TEST), ONE_ACCOUNT)
    yield
    store.units.commit(*store.allocations.replacing(Mode.TEST, ANITA, "basket_1", None, stamp(3)))


def drafting(store: Store) -> Iterator[None]:
    yield
    saved(store, basket())


def renaming(store: Store) -> Iterator[None]:
    made = saved(store, basket())
    yield
    content = evolve(made.content, basket_name="Another", description="Another")
    saved(store, made.edited(content, LATER), made)


def rewriting_a_strategy(store: Store) -> Iterator[None]:
    made = saved(store, basket("basket_1", "a"))
    yield
    saved(store, edited(made, "a", strategy_name="Another"), made)


def listing(store: Store) -> Iterator[None]:
    made = saved(store, basket())
    yield
    saved(store, made.enabled(LATER), made)


def taking_off(store: Store) -> Iterator[None]:
    made = saved(store, basket())
    listed = saved(store, made.enabled(LATER), made)
    yield
    saved(store, listed.taken_off(LATER), listed)


def retiring(store: Store) -> Iterator[None]:
    made = saved(store, basket())
    yield
    saved(store, made.retired("over", LATER), made)


def removing_a_basket(store: Store) -> Iterator[None]:
    made = saved(store, basket())
    yield
    store.units.commit(*store.templates.removing(made, stamp(3)))


def welcoming(store: Store) -> Iterator[None]:
    yield
    store.units.commit(*store.partners.saving(partner(), None, stamp(3)))


def agreeing_anew(store: Store) -> Iterator[None]:
    before = partner()
    store.units.commit(*store.partners.saving(before, None, stamp(3)))
    yield
    after = evolve(before, rate_limit=7, broker_id="kite", show_performance=True, version=2)
    store.units.commit(*store.partners.saving(after, before, stamp(4)))


def issuing(store: Store) -> Iterator[None]:
    yield
    store.units.commit(*store.partners.saving_key(api_key(), None, stamp(3)))


def permitting(store: Store) -> Iterator[None]:
    before = api_key()
    store.units.commit(*store.partners.saving_key(before, None, stamp(3)))
    yield
    after = before.permitting([Permission.MARKETPLACE_READ])
    store.units.commit(*store.partners.saving_key(after, before, stamp(4)))


def rotating(store: Store) -> Iterator[None]:
    before, successor = api_key(1, ZEBU_TEST), api_key(2, ZEBU_TEST)
    store.units.commit(*store.partners.saving_key(before, None, stamp(3)))
    yield
    rotation = before.rotated(
        api_key_id=successor.api_key_id,
        api_key=successor.api_key,
        secret_hash=successor.secret_hash,
        at=NOON,
        overlap=OVERLAP,
    )
    store.units.commit(
        *store.partners.saving_key(rotation.outgoing, before, stamp(4)),
        *store.partners.saving_key(rotation.successor, None, stamp(4)),
    )


def revoking(store: Store) -> Iterator[None]:
    before = api_key()
    store.units.commit(*store.partners.saving_key(before, None, stamp(3)))
    yield
    store.units.commit(*store.partners.saving_key(before.revoked(LATER), before, stamp(4)))


def asking_too_often(store: Store) -> Iterator[None]:
    alert = RateLimitAlert(
        partner_id=ZEBU, at=NOON, limit=60, refused=60, api_key_id="key_1", expires_at=NOON + OVERLAP
    )
    yield
    assert StoredRateLimits(store.engine).alerting(alert)


@frozen
class Fact:
    """What an entry says, but for its id and its instant."""

    action: AuditAction
    subject_id: str
    changed: tuple[str, ...] = ()
    partner_id: PartnerId | None = None
    mode: Mode = Mode.LIVE
    request: int | None = None
    actor: str | None = "user:7f3a"

    @classmethod
    def of(cls, entry: AuditEntry) -> "Fact":
        """Of an entry."""
        request = None if entry.request_id is None else int(entry.request_id.removeprefix("req_"), 16)
        return cls(entry.action, entry.subject_id, entry.changed, entry.partner_id, entry.mode, request, entry.actor)


A = AuditAction
BY_ZEBU, DIRECT = "sub_zebu_1", "sub_direct_1"

ACTS: dict[str, tuple[Callable[[Store], Iterator[None]], list[Fact]]] = {
    "subscribe": (
        subscribing,
        [
            Fact(A.SUBSCRIPTION_CREATED, BY_ZEBU, partner_id=ZEBU, request=0),
            Fact(A.ALLOCATION_CREATED, "basket_1", request=0),
        ],
    ),
    "pause": (
        moving(Transition.PAUSE),
        [Fact(A.SUBSCRIPTION_PAUSED, BY_ZEBU, ("status",), ZEBU, request=2)],
    ),
    "resume": (
        moving(Transition.RESUME, to=Transition.PAUSE),
        [Fact(A.SUBSCRIPTION_RESUMED, BY_ZEBU, ("status",), ZEBU, request=2)],
    ),
    "cancel": (ending(Transition.CANCEL), [Fact(A.SUBSCRIPTION_CANCELLED, DIRECT, ("status",), request=2)]),
    "expire": (ending(Transition.EXPIRE), [Fact(A.SUBSCRIPTION_EXPIRED, DIRECT, ("status",), request=2)]),
    "allocate": (allocating, [Fact(A.ALLOCATION_CREATED, "basket_1", request=3)]),
    "allocate anew": (reallocating, [Fact(A.ALLOCATION_CHANGED, "basket_1", ("accounts", "mode"), request=3)]),
    "remove an allocation": (
        removing_an_allocation,
        [Fact(A.ALLOCATION_REMOVED, "basket_1", mode=Mode.TEST, request=3)],
    ),
    "draft": (drafting, [Fact(A.BASKET_CREATED, "basket_1", request=1)]),
    "rename": (renaming, [Fact(A.BASKET_CHANGED, "basket_1", ("basket_name", "description"), request=2)]),
    "rewrite a strategy": (rewriting_a_strategy, [Fact(A.BASKET_CHANGED, "basket_1", ("strategies",), request=2)]),
    "list": (listing, [Fact(A.BASKET_LISTED, "basket_1", ("listing_status", "marketplace_enabled_at"), request=2)]),
    "take off": (taking_off, [Fact(A.BASKET_TAKEN_OFF, "basket_1", ("listing_status",), request=3)]),
    "retire": (retiring, [Fact(A.BASKET_RETIRED, "basket_1", ("listing_status", "retired_reason"), request=2)]),
    "remove a basket": (removing_a_basket, [Fact(A.BASKET_REMOVED, "basket_1", request=3)]),
    "create a partner": (welcoming, [Fact(A.PARTNER_CREATED, str(ZEBU), (), ZEBU, request=3)]),
    "change a partner": (
        agreeing_anew,
        [Fact(A.PARTNER_CHANGED, str(ZEBU), ("broker_id", "rate_limit", "show_performance"), ZEBU, request=4)],
    ),
    "issue a key": (issuing, [Fact(A.PARTNER_KEY_CREATED, "key_1", (), ZEBU, request=3)]),
    "permit a key less": (permitting, [Fact(A.PARTNER_KEY_CHANGED, "key_1", ("permissions",), ZEBU, request=4)]),
    "rotate a key": (
        rotating,
        [
            Fact(A.PARTNER_KEY_ROTATED, "key_1", ("overlap_until", "successor_id"), ZEBU_TEST, Mode.TEST, 4),
            Fact(A.PARTNER_KEY_CREATED, "key_2", (), ZEBU_TEST, Mode.TEST, 4),
        ],
    ),
    "revoke a key": (revoking, [Fact(A.PARTNER_KEY_REVOKED, "key_1", ("revoked_at",), ZEBU, request=4)]),
    "ask too often": (
        asking_too_often,
        [Fact(A.RATE_LIMIT_EXCEEDED, str(ZEBU), (), ZEBU, request=None, actor=str(ZEBU))],
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_somebody_did_is_told_once_with_who_and_what_and_for_which_request(store: Store, act: str) -> None:
    play, wanted = ACTS[act]
    doing = play(store)
    next(doing)
    before = position(store)
    assert next(doing, None) is None
    entries = told(store, before)
    assert sorted(map(Fact.of, entries), key=repr) == sorted(wanted, key=repr)
    assert all(NOON <= entry.at <= LATER for entry in entries)


def test_every_action_but_the_trail_s_own_is_told_of() -> None:
    assert {fact.action for _, facts in ACTS.values() for fact in facts} == set(AuditAction) - {AuditAction.GAP}


# What nobody decided


def counting(store: Store) -> None:
    saved_basket = saved(store, basket())
    store.engine.write(Update(keys.basket(OWNER, saved_basket.basket_id), add={"subscriber_count": 1}))


def charging(store: Store) -> None:
    before = added(store, subscription())
    store.units.commit(
        *store.subscriptions.charging(before, before.charged(0, NOON)),
        *store.charges.posting(Mode.LIVE, charge(before)),
    )


def allocating_the_same(store: Store) -> None:
    for number in (3, 4):
        store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(number)))


def expiring_by_itself(store: Store) -> None:
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", None, stamp(3)))
    store.engine.write(Delete(keys.removal(Mode.LIVE, stamp(3).request_id, A.ALLOCATION_REMOVED, "basket_1")))


@pytest.mark.parametrize("happening", [counting, charging, allocating_the_same, expiring_by_itself])
def test_what_nobody_decided_is_not_told(store: Store, happening: Callable[[Store], None]) -> None:
    happening(store)
    assert len(told(store)) == 1  # what came before


def test_the_trail_does_not_tell_of_itself(store: Store) -> None:
    saved(store, basket())
    entries = told(store)
    before = position(store)
    store.units.commit(*store.audit.keeping(entries, since=None, until="5", at=NOON))
    assert told(store, before) == []


# Told again


def test_a_change_is_told_the_same_however_often_and_in_batches_of_any_size(store: Store) -> None:
    for play, _ in (ACTS["rotate a key"], ACTS["list"], ACTS["allocate anew"]):
        list(play(store))
    whole = told(store)
    assert len(whole) == 8
    assert told(store) == whole
    entries: list[AuditEntry] = []
    after, is_last = None, False
    while not is_last:
        batch = store.audited.entries(after, 1)
        assert len(batch.events) <= 1
        entries += batch.events
        after, is_last = batch.position, batch.is_last
    assert entries == whole
    assert len({entry.entry_id for entry in whole}) == len(whole)


def test_the_same_change_twice_is_two_entries(store: Store) -> None:
    for number, allocation in enumerate((ONE_ACCOUNT, TWO_ACCOUNTS) * 2):
        store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", allocation, stamp(number)))
    entries = told(store)
    assert [entry.action for entry in entries] == [A.ALLOCATION_CREATED, *[A.ALLOCATION_CHANGED] * 3]
    assert len({entry.entry_id for entry in entries}) == 4


def test_another_platform_s_entries_have_other_ids_for_they_are_pseudonyms(store: Store) -> None:
    saved(store, basket())
    other = StoredAuditedChanges(store.engine, KeysInMemory()).entries(None, 1000).events
    assert {entry.entry_id for entry in other}.isdisjoint(entry.entry_id for entry in told(store))


# What cannot be read, or was written before records had stamps


def test_a_change_that_cannot_be_read_is_passed_over_and_told(store: Store) -> None:
    made = saved(store, basket())
    store.engine.write(Update(keys.basket(OWNER, made.basket_id), assign={"listing_status": "EATEN"}))
    store.engine.write(Update(keys.basket(OWNER, made.basket_id), assign={"document": "{"}))
    store.units.commit(*store.partners.saving(partner(), None, stamp(3)))
    batch = store.audited.entries(None, 1000)
    assert [entry.action for entry in batch.events] == [A.BASKET_CREATED, A.PARTNER_CREATED]
    assert [str(error).partition(":")[0] for error in batch.unreadable] == ["item BASKET#basket_1"] * 2


def test_a_record_without_a_stamp_is_told_as_of_its_own_instants_by_nobody(store: Store) -> None:
    store.units.commit(*store.partners.saving(partner(), None, stamp(3)))
    item = store.engine.get(keys.partner(ZEBU), consistent=True)
    assert item is not None
    before = position(store)
    bare = {name: value for name, value in item.items() if name not in ("changed_by", "request_id", "changed_at")}
    store.engine.write(Put({**bare, "rate_limit": 7}))
    [entry] = told(store, before)
    assert Fact.of(entry) == Fact(A.PARTNER_CHANGED, str(ZEBU), ("rate_limit",), ZEBU, actor=None)
    assert entry.at == NOON


def test_a_record_that_says_no_instant_at_all_is_not_told_of(store: Store) -> None:
    store.units.commit(*store.allocations.replacing(Mode.LIVE, ANITA, "basket_1", ONE_ACCOUNT, stamp(3)))
    key = keys.allocation(Mode.LIVE, ANITA, "basket_1")
    before = position(store)
    store.engine.write(Update(key, assign={"allocation": {}}, remove=("changed_by", "request_id", "changed_at")))
    assert told(store, before) == []


def test_a_position_that_the_feed_never_gave_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInputError, match="is not a position of the feed"):
        store.audited.entries("nowhere", 10)
