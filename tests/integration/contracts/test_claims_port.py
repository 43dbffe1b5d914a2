"""What `ports.claims.Claims` promises, on every store, and what the use case over it makes of it."""

import json

import pytest
from tests.integration.contracts.stores import Store, everything

from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store import keys
from quantleap.adapters.store.repositories.claims import StoredClaims
from quantleap.adapters.store.seam import Update
from quantleap.application.claiming import Claiming
from quantleap.domain.errors import ConcurrentUpdateError
from quantleap.ports.errors import CorruptDataError, MisconfiguredError
from quantleap.ports.secrets import KeysFingerprint

OURS = KeysFingerprint("a" * 32, {"1": "b" * 32})
OTHERS = KeysFingerprint("c" * 32, {"1": "b" * 32})


@pytest.fixture
def claims(store: Store) -> StoredClaims:
    return StoredClaims(store.engine)


def claimed(store: Store, claims: StoredClaims, fingerprint: KeysFingerprint) -> None:
    store.units.commit(*claims.claiming(fingerprint))


def test_before_any_claim_there_is_none_and_afterwards_it_is_as_it_was_made(store: Store, claims: StoredClaims) -> None:
    assert claims.fingerprint() is None
    claimed(store, claims, OURS)
    assert claims.fingerprint() == OURS


def test_a_claim_that_is_repeated_counts_as_done_and_one_with_other_keys_is_refused(
    store: Store, claims: StoredClaims
) -> None:
    claimed(store, claims, OURS)
    claimed(store, claims, OURS)
    with pytest.raises(ConcurrentUpdateError):
        claimed(store, claims, OTHERS)
    assert claims.fingerprint() == OURS


@pytest.mark.parametrize("broken", [{"pseudonym_key": 1}, {"hash_keys": "b"}, {"hash_keys": {"1": 2}}], ids=str)
def test_a_claim_that_cannot_be_read_is_corrupt_data(
    store: Store, claims: StoredClaims, broken: dict[str, int | str | dict[str, int]]
) -> None:
    claimed(store, claims, OURS)
    store.engine.write(Update(keys.CLAIM, assign={**broken}))  # type: ignore[dict-item] # what no repository writes
    with pytest.raises(CorruptDataError, match="item CLAIM"):
        claims.fingerprint()


def test_of_two_platforms_the_first_has_the_store_and_the_other_is_told(store: Store, claims: StoredClaims) -> None:
    first, second = (Claiming(KeysInMemory(), claims, store.units) for _ in range(2))
    first.claim()
    first.claim()
    before = everything(store.engine)
    with pytest.raises(MisconfiguredError, match="not those that the store was made with"):
        second.claim()
    assert everything(store.engine) == before


def test_a_claim_holds_no_key(store: Store, claims: StoredClaims) -> None:
    secrets = KeysInMemory()
    Claiming(secrets, claims, store.units).claim()
    stored = json.dumps(everything(store.engine))
    for key in (secrets.hash_key(), secrets.pseudonym_key(), secrets.cursor_key()):
        assert key.key.hex() not in stored
