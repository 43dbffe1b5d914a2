"""The life of a key pair."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import (
    InvalidCredentialsError,
    InvalidInputError,
    KeyAlreadyRotatedError,
    KeyExpiredError,
    KeyNotUsableError,
    KeyRevokedError,
)
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.api_key import ApiKey, Rotation
from quantleap.domain.partners.credentials import ApiSecret, build_api_key, hash_secret
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission

ZEBU = PartnerId("zebu", Mode.LIVE)
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SECRET_HASH = hash_secret(ApiSecret.build(ZEBU, "s" * 42), bytes(32), "v1")


def issued(**changes: Any) -> ApiKey:
    arguments: dict[str, Any] = {
        "api_key_id": "key_1",
        "partner_id": ZEBU,
        "api_key": build_api_key(ZEBU, "a" * 32),
        "secret_hash": SECRET_HASH,
        "at": START,
    }
    return ApiKey.issue(**arguments | changes)


def rotated(key: ApiKey, at: datetime, overlap: timedelta) -> Rotation:
    return key.rotated(
        api_key_id="key_2", api_key=build_api_key(ZEBU, "b" * 32), secret_hash=SECRET_HASH, at=at, overlap=overlap
    )


def works(key: ApiKey, at: datetime) -> bool:
    try:
        key.check_usable(at)
    except (KeyExpiredError, KeyRevokedError):
        return False
    return True


def test_a_new_pair_works_for_90_days_with_every_permission() -> None:
    key = issued()
    assert key.permissions == ALL_PERMISSIONS == set(Permission)
    assert works(key, START)
    assert works(key, START + 90 * DAY - INSTANT)
    with pytest.raises(KeyExpiredError) as caught:
        key.check_usable(START + 90 * DAY)
    assert (caught.value.code, caught.value.api_key_id) == ("KEY_EXPIRED", "key_1")
    assert str(caught.value) == "API key key_1 has expired"


def test_a_lifetime_and_permissions_can_be_chosen_and_changed() -> None:
    key = issued(permissions=[Permission.MARKETPLACE_READ], lifetime=DAY)
    assert key.permissions == {Permission.MARKETPLACE_READ}
    assert key.expires_at == START + DAY
    narrowed = key.permitting({Permission.ANALYTICS_READ})
    assert narrowed.permissions == {Permission.ANALYTICS_READ}
    assert narrowed.version == 2


def test_a_revoked_pair_is_useless_from_that_instant_and_stays_so() -> None:
    key = issued().revoked(START + DAY)
    assert works(key, START + DAY - INSTANT)
    with pytest.raises(KeyRevokedError) as caught:
        key.check_usable(START + DAY)
    assert (caught.value.code, str(caught.value)) == ("KEY_REVOKED", "API key key_1 has been revoked")
    assert key.revoked(START + 2 * DAY) is key
    assert key.version == 2


def test_revocation_is_named_before_expiry() -> None:
    with pytest.raises(KeyRevokedError):
        issued().revoked(START + DAY).check_usable(START + 1000 * DAY)


def test_in_the_overlap_both_pairs_work_and_after_it_only_the_successor() -> None:
    rotation = rotated(issued(permissions=[Permission.ANALYTICS_READ]), START + 10 * DAY, overlap=7 * DAY)
    assert works(rotation.outgoing, START + 17 * DAY - INSTANT)
    assert works(rotation.successor, START + 10 * DAY)
    assert not works(rotation.outgoing, START + 17 * DAY)
    assert works(rotation.successor, START + 100 * DAY - INSTANT)
    assert (rotation.outgoing.version, rotation.successor.version) == (2, 1)
    assert rotation.outgoing.successor_id == rotation.successor.api_key_id
    assert rotation.successor.successor_id is None
    assert rotation.successor.permissions == {Permission.ANALYTICS_READ}
    assert rotation.successor.partner_id == ZEBU


@given(st.integers(0, 89), st.integers(0, 30))
def test_an_overlap_never_outlives_the_expiry(day: int, overlap_days: int) -> None:
    outgoing = rotated(issued(), START + day * DAY, overlap_days * DAY).outgoing
    assert outgoing.usable_until == START + min(day + overlap_days, 90) * DAY
    assert not works(outgoing, outgoing.usable_until)


def test_only_a_working_pair_without_a_successor_is_rotated() -> None:
    for dead, at in ((issued().revoked(START), START + DAY), (issued(), START + 90 * DAY)):
        with pytest.raises(KeyNotUsableError, match="key_1 works no more; issue a new one"):
            rotated(dead, at, DAY)
    with pytest.raises(KeyAlreadyRotatedError) as caught:
        rotated(rotated(issued(), START, 2 * DAY).outgoing, START + DAY, DAY)
    assert caught.value.code == "KEY_ALREADY_ROTATED"
    assert str(caught.value) == "API key key_1 was rotated before; rotate its successor"


@pytest.mark.parametrize("overlap", [-INSTANT, 30 * DAY + INSTANT])
def test_an_overlap_is_0_to_30_days(overlap: timedelta) -> None:
    with pytest.raises(InvalidInputError, match="overlap"):
        rotated(issued(), START, overlap)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"api_key_id": "1"}, "api_key_id"),
        ({"partner_id": "partner_zebu_live"}, "partner_id"),
        ({"api_key": build_api_key(PartnerId("zebu", Mode.TEST), "a" * 32)}, "api_key"),
        ({"api_key": build_api_key(PartnerId("angelone", Mode.LIVE), "a" * 32)}, "api_key"),
        ({"secret_hash": "0" * 64}, "secret_hash"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["everything"]}, "permissions"),
        ({"lifetime": timedelta(0)}, "expires_at"),
        ({"lifetime": -DAY}, "expires_at"),
        ({"lifetime": 366 * DAY + INSTANT}, "expires_at"),
        ({"at": datetime(2026, 1, 1)}, "created_at"),  # noqa: DTZ001 - what is refused
    ],
)
def test_an_inconsistent_pair_cannot_be_built(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        issued(**changes)
    assert caught.value.field == name


@pytest.mark.parametrize(
    "changes", [{"revoked_at": "now"}, {"overlap_until": 1}, {"version": 0}, {"successor_id": "1"}]
)
def test_a_stored_pair_is_checked_too(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        evolve(issued(), **changes)
    assert caught.value.field == next(iter(changes))


def test_a_malformed_key_is_refused_without_repeating_it() -> None:
    with pytest.raises(InvalidCredentialsError):
        issued(api_key="pk_zebu_live_short")


def test_no_representation_shows_the_key_or_the_digest() -> None:
    shown = repr(issued()) + str(rotated(issued(), START, DAY))
    assert "a" * 32 not in shown
    assert SECRET_HASH.digest not in shown
    assert "key_1" in shown
