"""The claim on a store as an item."""

from quantleap.adapters.store import keys
from quantleap.adapters.store.records.values import Reading, keyed
from quantleap.adapters.store.seam import Item
from quantleap.adapters.store.table import SORT_KEY
from quantleap.ports.secrets import KeysFingerprint


def claim_item(fingerprint: KeysFingerprint) -> Item:
    """The fingerprint: of the pseudonym key, and of the hash keys by version."""
    return keyed(
        keys.CLAIM,
        "CLAIM",
        {"version": 1, "pseudonym_key": fingerprint.pseudonym, "hash_keys": {**fingerprint.hash_keys}},
    )


def read_claim(item: Item) -> KeysFingerprint:
    """The fingerprint of an item. Raises CorruptDataError."""
    reading = Reading(item)
    by_version = reading.mapping("hash_keys")
    hash_keys = Reading({SORT_KEY: item.get(SORT_KEY), **by_version})
    return KeysFingerprint(reading.text("pseudonym_key"), {version: hash_keys.text(version) for version in by_version})
