"""What every change carries: the instant, the request, and the principal under a pseudonym."""

from datetime import UTC, datetime

import pytest

from quantleap.adapters.system.clock import DrivenClock
from quantleap.adapters.system.identifiers import SystemIdentifiers
from quantleap.application.stamping import Stamping
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email, Mode, PartnerId
from quantleap.domain.principals import MAX_CHANGED_BY_BYTES, Admin, PartnerBackend, Principal, System, User
from quantleap.ports.secrets import HashKey, KeysFingerprint

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
ANITA = Email("anita@example.com")


class OneKey:
    """See `quantleap.ports.secrets.Secrets`."""

    def __init__(self, key: bytes) -> None:
        self._key = HashKey("1", key)

    def hash_key(self) -> HashKey:
        raise NotImplementedError

    def hash_key_of(self, version: str) -> HashKey:
        raise NotImplementedError

    def pseudonym_key(self) -> HashKey:
        return self._key

    def cursor_key(self) -> HashKey:
        raise NotImplementedError

    def fingerprint(self) -> KeysFingerprint:
        raise NotImplementedError


def stamping(key: bytes = b"k" * 32) -> Stamping:
    return Stamping(DrivenClock(NOON), SystemIdentifiers(), OneKey(key))


PRINCIPALS: list[Principal] = [
    Admin(ANITA),
    User(ANITA),
    PartnerBackend(PartnerId("z" * 31, Mode.LIVE)),
    System("billing"),
]


@pytest.mark.parametrize("by", PRINCIPALS, ids=lambda by: type(by).__name__)
def test_a_stamp_names_the_principal_within_its_bound_and_without_an_email(by: Principal) -> None:
    stamp = stamping().stamp(by, reason="asked for it")
    assert stamp.at == NOON
    assert stamp.reason == "asked for it"
    assert len(stamp.changed_by.encode()) <= MAX_CHANGED_BY_BYTES
    assert "anita" not in stamp.changed_by
    assert "@" not in stamp.changed_by


def test_no_two_kinds_of_principal_look_alike() -> None:
    made = stamping()
    assert len({made.changed_by(by) for by in PRINCIPALS}) == len(PRINCIPALS)
    assert made.changed_by(PRINCIPALS[2]) == f"partner_{'z' * 31}_live"
    assert made.changed_by(PRINCIPALS[3]) == "system:billing"


def test_a_pseudonym_is_the_same_for_years_another_for_another_user_and_of_its_key() -> None:
    made = stamping()
    assert made.changed_by(User(Email("ANITA@example.com"))) == stamping().changed_by(User(ANITA))
    assert made.changed_by(User(Email("bala@example.com"))) != made.changed_by(User(ANITA))
    assert stamping(b"j" * 32).changed_by(User(ANITA)) != made.changed_by(User(ANITA))


def test_a_request_keeps_its_id_and_one_without_gets_one() -> None:
    made = stamping()
    assert made.stamp(User(ANITA), request_id="req_a7f3e2b1c4d5").request_id == "req_a7f3e2b1c4d5"
    assert made.stamp(User(ANITA)).request_id != made.stamp(User(ANITA)).request_id
    with pytest.raises(InvalidInputError, match="request_id"):
        made.stamp(User(ANITA), request_id="")
