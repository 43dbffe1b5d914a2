"""What `ports.partners.Partners` promises, on every store."""

from datetime import timedelta
from itertools import count

import pytest
from attrs import evolve
from tests.integration.contracts.samples import KITE, NOON, ZEBU, ZEBU_TEST, api_key, partner, stamp
from tests.integration.contracts.stores import Store, everything

from quantleap.domain.errors import AlreadyExistsError, ConcurrentUpdateError
from quantleap.domain.paging import PageRequest
from quantleap.domain.partners.api_key import ApiKey
from quantleap.domain.partners.partner import Partner
from quantleap.ports.partners import KeyOfPartner

REQUESTS = count(1)


def saved(store: Store, made: Partner, before: Partner | None = None) -> Partner:
    store.units.commit(*store.partners.saving(made, before, stamp(next(REQUESTS))))
    return made


def saved_key(store: Store, key: ApiKey, before: ApiKey | None = None) -> ApiKey:
    store.units.commit(*store.partners.saving_key(key, before, stamp(next(REQUESTS))))
    return key


def revised(before: Partner, name: str) -> Partner:
    return before.revised(
        display_name=name,
        broker_id=before.broker_id,
        agreement=before.agreement,
        rate_limit=before.rate_limit,
        show_performance=True,
    )


def test_what_was_never_saved_is_none(store: Store) -> None:
    assert store.partners.get(ZEBU) is None
    assert store.partners.key(api_key().api_key) is None
    assert store.partners.keys_of(ZEBU) == []


def test_a_partner_is_another_in_each_mode(store: Store) -> None:
    live, test = saved(store, partner(ZEBU)), saved(store, partner(ZEBU_TEST))
    assert (store.partners.get(ZEBU), store.partners.get(ZEBU_TEST), store.partners.get(KITE)) == (live, test, None)


def test_staging_writes_nothing(store: Store) -> None:
    store.partners.saving(partner(), None, stamp(1))
    store.partners.saving_key(api_key(), None, stamp(1))
    assert everything(store.engine) == []


def test_a_partner_is_made_once_and_changed_only_from_what_it_is(store: Store) -> None:
    first = saved(store, partner())
    with pytest.raises(AlreadyExistsError, match="Partner partner_zebu_live already exists"):
        saved(store, partner())
    second = saved(store, revised(first, "Zebu & sons"), first)
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        saved(store, revised(first, "Zebu & daughters"), first)
    assert everything(store.engine) == before
    assert store.partners.get(ZEBU) == second


def test_a_change_of_a_partner_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(ConcurrentUpdateError):
        saved(store, revised(partner(), "nobody"), partner())
    assert everything(store.engine) == []


def test_keys_are_found_by_their_public_half_and_listed_oldest_first(store: Store) -> None:
    every = [saved_key(store, api_key(number)) for number in (2, 1, 3)]
    other = saved_key(store, api_key(4, KITE))
    assert [store.partners.key(key.api_key) for key in every] == every
    assert [key.api_key_id for key in store.partners.keys_of(ZEBU)] == ["key_1", "key_2", "key_3"]
    assert store.partners.keys_of(KITE) == [other]


def test_a_key_is_made_once_and_changed_only_from_what_it_is(store: Store) -> None:
    first = saved_key(store, api_key())
    with pytest.raises(AlreadyExistsError, match="Key key_1 already exists"):
        saved_key(store, api_key())
    second = saved_key(store, first.revoked(NOON), first)
    before = everything(store.engine)
    with pytest.raises(ConcurrentUpdateError):
        saved_key(store, first.permitting(first.permissions), first)
    assert everything(store.engine) == before
    assert store.partners.keys_of(ZEBU) == [second]


def test_an_id_that_names_another_pair_is_refused_whole(store: Store) -> None:
    saved_key(store, api_key(1))
    before = everything(store.engine)
    with pytest.raises(AlreadyExistsError):
        saved_key(store, evolve(api_key(2), api_key_id="key_1"))
    assert everything(store.engine) == before


def test_nothing_that_is_stored_of_a_key_is_its_secret(store: Store) -> None:
    saved_key(store, api_key())
    assert "sk_" not in repr(everything(store.engine))


def test_a_key_is_found_by_its_id_and_with_its_partner_by_its_public_half(store: Store) -> None:
    assert store.partners.key_named("key_1") is None
    key = saved_key(store, api_key())
    assert store.partners.key_named("key_1") == key
    assert store.partners.key_of_partner(key.api_key) is None
    owner = saved(store, partner())
    assert store.partners.key_of_partner(key.api_key) == KeyOfPartner(key, owner)
    assert store.partners.key_of_partner(api_key(2).api_key) is None


def test_a_rotated_key_names_its_successor(store: Store) -> None:
    first = saved_key(store, api_key(1))
    second = api_key(2)
    rotation = first.rotated(
        api_key_id=second.api_key_id,
        api_key=second.api_key,
        secret_hash=second.secret_hash,
        at=NOON,
        overlap=timedelta(days=1),
    )
    saved_key(store, rotation.outgoing, first)
    found = store.partners.key_named("key_1")
    assert found is not None
    assert found.successor_id == "key_2"


def test_every_partner_is_listed_by_id_in_pages(store: Store) -> None:
    every = [saved(store, partner(each)) for each in (ZEBU_TEST, KITE, ZEBU)]
    saved(store, revised(every[1], "Kite"), every[1])
    first = store.partners.all(PageRequest(2))
    rest = store.partners.all(PageRequest(2, first.next))
    names = [str(each.partner_id) for each in (*first.entries, *rest.entries)]
    assert names == ["partner_kite_live", "partner_zebu_live", "partner_zebu_test"]
    assert first.entries[0].display_name == "Kite"
