"""A key pair proves its partner in one read, then in none, and nothing else proves anything."""

import hmac
import logging
import string
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.application.house import ADMIN, ANITA, KITE, ZEBU, ZEBU_TEST, House, refusal
from tests.integration.contracts.doubles import WatchedEngine

from quantleap.adapters.store.repositories.partners import StoredPartners
from quantleap.application.authenticating import MAX_KEPT_KEYS, Authenticating
from quantleap.application.partnering import IssuedKey
from quantleap.application.watching import RefusedAuthentications
from quantleap.domain.errors import (
    InvalidCredentialsError,
    KeyExpiredError,
    KeyRevokedError,
    PermissionDeniedError,
)
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.credentials import CHECKSUM_CHARS, ApiSecret, build_api_key
from quantleap.domain.partners.permissions import ALL_PERMISSIONS
from quantleap.domain.principals import Admin, PartnerBackend
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Staleness
from quantleap.ports.tokens import Tokens

SPAN = timedelta(seconds=5)
TICK = timedelta(microseconds=1)
ALPHANUMERICS = string.ascii_letters + string.digits


@frozen
class Door:
    """The use case over a house, with its reads counted."""

    house: House
    engine: WatchedEngine
    authentication: Authenticating

    @classmethod
    def of(cls, house: House, staleness: timedelta = SPAN) -> "Door":
        engine = WatchedEngine(house.app._engine)
        authentication = Authenticating(
            partners=StoredPartners(engine),
            secrets=house.app._wiring.get(Secrets),  # type: ignore[type-abstract] # an injector is asked by the port
            tokens=house.app._wiring.get(Tokens),  # type: ignore[type-abstract] # as above
            refused=RefusedAuthentications(house.clock),
            clock=house.clock,
            staleness=Staleness(staleness),
        )
        return cls(house, engine, authentication)

    def prove(self, issued: IssuedKey) -> Callable[[], PartnerBackend]:
        return partial(self.authentication.partner, issued.key.api_key, issued.secret)

    def wait(self, span: timedelta) -> None:
        self.house.clock.move_to(self.house.clock.now() + span)


@pytest.fixture
def door(house: House) -> Door:
    return Door.of(house)


def unknown_pair() -> tuple[str, str]:
    """Well formed, its checksum right, and issued to nobody."""
    return build_api_key(ZEBU, "a" * 32), ApiSecret.build(ZEBU, "b" * 42).text


# Reads


def test_a_key_pair_and_its_partner_are_one_read_and_then_none_for_the_staleness(any_house: House) -> None:
    door = Door.of(any_house)
    prove = door.prove(any_house.app.partners.issue(ADMIN, ZEBU))
    proved = prove()
    assert (proved.partner_id, proved.permissions, proved.rate_limit) == (ZEBU, ALL_PERMISSIONS, 60)
    door.wait(SPAN - TICK)
    assert prove() == proved
    assert door.engine.calls == ["get_many"]
    door.wait(TICK)
    assert prove() == proved
    assert door.engine.calls == ["get_many"] * 2


def test_without_staleness_every_request_is_a_read(house: House) -> None:
    door = Door.of(house, timedelta(0))
    prove = door.prove(house.app.partners.issue(ADMIN, ZEBU))
    prove(), prove()
    assert door.engine.calls == ["get_many"] * 2


MALFORMED: dict[str, Callable[[str, str], tuple[object, object]]] = {
    "no key": lambda _key, secret: (None, secret),
    "no secret": lambda key, _secret: (key, None),
    "neither": lambda _key, _secret: (None, None),
    "empty": lambda _key, _secret: ("", ""),
    "a key of bytes": lambda key, secret: (key.encode(), secret),
    "swapped": lambda key, secret: (secret, key),
    "a short secret": lambda key, secret: (key, secret[:-1]),
    "a long secret": lambda key, secret: (key, f"{secret}0"),
    "a line break after it": lambda key, secret: (key, f"{secret}\n"),
    "a wrong checksum": lambda key, secret: (key, secret[:-1] + ("0" if secret[-1] != "0" else "1")),
    "another's name": lambda key, secret: (key.replace("zebu", "kite"), secret),
    "the other mode": lambda key, secret: (key.replace("live", "test"), secret),
    "the reserved name": lambda key, secret: (key.replace("zebu", "direct"), secret),
    "a digit that is not ASCII": lambda key, secret: (f"{key[:-1]}\u0661", secret),
    "a megabyte": lambda key, _secret: (key, "s" * 2**20),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_malformed_is_refused_without_a_read(
    door: Door, change: Callable[[str, str], tuple[object, object]]
) -> None:
    issued = door.house.app.partners.issue(ADMIN, ZEBU)
    error = refusal(partial(door.authentication.partner, *change(issued.key.api_key, issued.secret)))
    assert (type(error), str(error)) == (InvalidCredentialsError, "The API key, secret or token is not valid")
    assert door.engine.calls == []


def test_an_unknown_key_takes_a_read_every_time_and_works_as_soon_as_it_is_there(door: Door) -> None:
    """Were it kept that it is unknown, a partner's new key would be refused for a while."""
    api_key, secret = unknown_pair()
    for _ in range(2):
        assert type(refusal(partial(door.authentication.partner, api_key, secret))) is InvalidCredentialsError
    assert door.engine.calls == ["get_many"] * 2


def test_strangers_drive_no_key_out_of_what_is_kept(door: Door) -> None:
    prove = door.prove(door.house.app.partners.issue(ADMIN, ZEBU))
    prove()
    secret = unknown_pair()[1]
    for number in range(MAX_KEPT_KEYS + 1):
        refusal(partial(door.authentication.partner, build_api_key(ZEBU, f"{number:032d}"), secret))
    door.engine.calls.clear()
    prove()
    assert door.engine.calls == []


def test_only_records_are_kept_and_every_request_brings_its_secret(door: Door) -> None:
    issued, other = (door.house.app.partners.issue(ADMIN, ZEBU) for _ in range(2))
    door.prove(issued)()
    error = refusal(partial(door.authentication.partner, issued.key.api_key, other.secret))
    assert type(error) is InvalidCredentialsError
    assert door.engine.calls == ["get_many"]
    assert issued.secret not in repr(vars(door.authentication))
    assert issued.secret not in repr(vars(door.authentication._recent))


# Comparing


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long what was compared in constant time is, each time."""
    lengths: list[int] = []
    in_constant_time = hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        lengths.append(len(one))
        return in_constant_time(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    return lengths


DIGEST_CHARS = 64


def test_a_right_secret_a_wrong_one_and_an_unknown_key_take_the_same_comparisons(
    door: Door, compared: list[int]
) -> None:
    issued, other = (door.house.app.partners.issue(ADMIN, ZEBU) for _ in range(2))
    for pair in (
        (issued.key.api_key, issued.secret),
        (issued.key.api_key, other.secret),
        unknown_pair(),
    ):
        compared.clear()
        refusal(partial(door.authentication.partner, *pair))
        assert compared == [CHECKSUM_CHARS, DIGEST_CHARS]


def test_an_unknown_key_is_refused_whatever_the_comparison_in_vain_says(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: True)
    error = refusal(partial(door.authentication.partner, *unknown_pair()))
    assert type(error) is InvalidCredentialsError


# What a key pair is worth


def test_a_revocation_is_heeded_within_the_staleness(door: Door) -> None:
    partners = door.house.app.partners
    issued = partners.issue(ADMIN, ZEBU)
    prove = door.prove(issued)
    prove()
    partners.revoke(ADMIN, issued.key.api_key_id)
    door.wait(SPAN)
    assert type(refusal(prove)) is KeyRevokedError


def test_an_expiry_is_heeded_at_once_also_of_a_kept_key(door: Door) -> None:
    issued = door.house.app.partners.issue(ADMIN, ZEBU)
    prove = door.prove(issued)
    door.wait(timedelta(days=90) - TICK)
    prove()
    door.wait(TICK)
    assert type(refusal(prove)) is KeyExpiredError
    assert door.engine.calls == ["get_many"]


def test_a_key_and_its_successor_work_side_by_side_for_the_overlap_and_then_the_successor_alone(door: Door) -> None:
    partners = door.house.app.partners
    old = partners.issue(ADMIN, ZEBU)
    door.prove(old)()
    new = partners.rotate(ADMIN, old.key.api_key_id, overlap=timedelta(days=1))
    assert (door.prove(old)().api_key_id, door.prove(new)().api_key_id) == (old.key.api_key_id, new.key.api_key_id)
    door.wait(timedelta(days=1))
    assert type(refusal(door.prove(old))) is KeyExpiredError
    assert door.prove(new)().partner_id == ZEBU


def test_only_who_has_the_secret_learns_that_a_key_is_expired_or_revoked(door: Door) -> None:
    partners = door.house.app.partners
    revoked, expired, other = (partners.issue(ADMIN, ZEBU) for _ in range(3))
    partners.revoke(ADMIN, revoked.key.api_key_id)
    door.wait(timedelta(days=90))
    for issued, told in ((revoked, KeyRevokedError), (expired, KeyExpiredError)):
        assert type(refusal(door.prove(issued))) is told
        error = refusal(partial(door.authentication.partner, issued.key.api_key, other.secret))
        assert (type(error), str(error)) == (InvalidCredentialsError, "The API key, secret or token is not valid")


def test_a_key_of_test_mode_proves_the_partner_of_test_mode(door: Door) -> None:
    issued = door.house.app.partners.issue(ADMIN, ZEBU_TEST)
    assert door.prove(issued)().partner_id == ZEBU_TEST


def test_a_secret_of_any_other_partner_or_mode_proves_nothing(door: Door) -> None:
    issued = door.house.app.partners.issue(ADMIN, ZEBU)
    for partner_id in (KITE, ZEBU_TEST):
        other = door.house.app.partners.issue(ADMIN, partner_id)
        error = refusal(partial(door.authentication.partner, issued.key.api_key, other.secret))
        assert type(error) is InvalidCredentialsError


@given(
    key=st.text(ALPHANUMERICS, min_size=32, max_size=32),
    random=st.text(ALPHANUMERICS, min_size=42, max_size=42),
    partner_id=st.sampled_from([ZEBU, KITE, ZEBU_TEST]),
    is_known=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_invented_pair_proves_anything(
    door: Door, key: str, random: str, partner_id: PartnerId, *, is_known: bool
) -> None:
    """Also with the right checksum, for a key that there is."""
    api_key = door.house.first_key(partner_id).api_key if is_known else build_api_key(partner_id, key)
    secret = ApiSecret.build(partner_id, random).text
    error = refusal(partial(door.authentication.partner, api_key, secret))
    assert (type(error), str(error)) == (InvalidCredentialsError, "The API key, secret or token is not valid")


@given(api_key=st.text(max_size=80), secret=st.text(max_size=80), token=st.text(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_invented_text_proves_anything(door: Door, api_key: str, secret: str, token: str) -> None:
    for call in (
        partial(door.authentication.partner, api_key, secret),
        partial(door.authentication.user, token),
        partial(door.authentication.admin, token),
    ):
        error = refusal(call)
        assert (type(error), str(error)) == (InvalidCredentialsError, "The API key, secret or token is not valid")


# Tokens


def test_a_token_proves_a_user_and_an_admin_s_an_admin(door: Door) -> None:
    issuer = door.house.app.development_tokens
    plain = issuer.issue(ANITA.email, is_admin=False)
    admin = issuer.issue(ANITA.email, is_admin=True)
    assert door.authentication.user(plain) == door.authentication.user(admin) == ANITA
    assert door.authentication.admin(admin) == Admin(ANITA.email)
    assert type(refusal(partial(door.authentication.admin, plain))) is PermissionDeniedError


@pytest.mark.parametrize("token", [None, b"token", 5, ["token"]])
def test_what_is_no_text_is_no_token(door: Door, token: object) -> None:
    assert type(refusal(partial(door.authentication.user, token))) is InvalidCredentialsError


# What is left behind


def test_every_refusal_is_counted_and_logged_without_a_part_of_what_was_presented(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    partners = door.house.app.partners
    issued, other = (partners.issue(ADMIN, ZEBU) for _ in range(2))
    token = door.house.app.development_tokens.issue(ANITA.email, is_admin=False)
    partners.revoke(ADMIN, issued.key.api_key_id)
    for call in (
        door.prove(issued),
        partial(door.authentication.partner, issued.key.api_key, other.secret),
        partial(door.authentication.partner, *unknown_pair()),
        partial(door.authentication.partner, issued.key.api_key, "sk_wrong"),
        partial(door.authentication.user, f"{token}x"),
    ):
        assert refusal(call) is not None
        door.wait(timedelta(seconds=2))
    fields = [vars(record) for record in caplog.records]
    assert [(each["reason"], each["partner"], each["refused"]) for each in fields] == [
        ("KEY_REVOKED", "zebu", 1),
        *[("INVALID_CREDENTIALS", "zebu", 1)] * 3,
        ("INVALID_CREDENTIALS", None, 1),
    ]
    logged = caplog.text + repr([vars(record) for record in caplog.records])
    for secret in (issued.key.api_key, issued.secret, other.secret, *unknown_pair(), token, "sk_wrong", "anita@"):
        assert secret not in logged


def test_who_is_let_in_is_neither_counted_nor_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    door.prove(door.house.app.partners.issue(ADMIN, ZEBU))()
    door.authentication.user(door.house.app.development_tokens.issue(ANITA.email, is_admin=False))
    assert caplog.records == []
