"""Keys and secrets: their formats, the checksum, the keyed hash, and that none of them shows itself."""

import hashlib
import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.errors import InvalidCredentialsError, InvalidInputError
from quantleap.domain.identifiers import Mode, PartnerId
from quantleap.domain.partners.credentials import (
    ApiSecret,
    Credentials,
    SecretHash,
    build_api_key,
    checksum,
    hash_secret,
    parse_api_key,
)

ZEBU = PartnerId("zebu", Mode.LIVE)
ALPHANUMERIC = string.digits + string.ascii_letters
KEY_CHARS = "a1B2" * 8
SECRET_CHARS = "Zz0" * 14
HASH_KEY = bytes(range(32))

partner_ids = st.builds(
    PartnerId,
    st.from_regex(r"[a-z][a-z0-9]{1,30}", fullmatch=True).filter(lambda slug: slug != "direct"),
    st.sampled_from(Mode),
)


def randoms(length: int) -> st.SearchStrategy[str]:
    return st.text(ALPHANUMERIC, min_size=length, max_size=length)


@given(partner_ids, randoms(32), randoms(42))
def test_what_is_built_is_read_back(partner_id: PartnerId, key_chars: str, secret_chars: str) -> None:
    api_key, secret = build_api_key(partner_id, key_chars), ApiSecret.build(partner_id, secret_chars)
    prefix = f"{partner_id.slug}_{partner_id.mode.value}_"
    assert api_key == f"pk_{prefix}{key_chars}"
    assert secret.text.startswith(f"sk_{prefix}{secret_chars}")
    assert len(secret.text) == len(f"sk_{prefix}") + 48
    read = Credentials.parse(api_key, secret.text)
    assert (read.partner_id, read.api_key, read.secret.text) == (partner_id, api_key, secret.text)
    assert parse_api_key(api_key) == partner_id


@pytest.mark.parametrize(("body", "crc"), [("", 0), ("a", 0xE8B7BE43), ("123456789", 0xCBF43926)])
def test_the_checksum_is_the_crc_32_in_six_digits_of_base_62(body: str, crc: int) -> None:
    digits = checksum(body)
    value = 0
    for digit in digits:
        value = value * 62 + (string.digits + string.ascii_uppercase + string.ascii_lowercase).index(digit)
    assert len(digits) == 6
    assert value == crc


def test_any_one_mistyped_character_of_a_secret_is_refused() -> None:
    text = ApiSecret.build(ZEBU, SECRET_CHARS).text
    for position, right in enumerate(text):
        for wrong in set(ALPHANUMERIC + "_") - {right}:
            with pytest.raises(InvalidCredentialsError):
                ApiSecret.parse(text[:position] + wrong + text[position + 1 :])


def test_two_neighbours_changed_round_are_refused() -> None:
    text = ApiSecret.build(ZEBU, SECRET_CHARS).text
    for position in range(len(text) - 1):
        swapped = text[:position] + text[position + 1] + text[position] + text[position + 2 :]
        if swapped != text:
            with pytest.raises(InvalidCredentialsError):
                ApiSecret.parse(swapped)


@pytest.mark.parametrize(
    "api_key",
    [
        "",
        None,
        7,
        b"pk_zebu_live_" + b"a" * 32,
        f"pk_zebu_live_{'a' * 31}",
        f"pk_zebu_live_{'a' * 33}",
        f"pk_zebu_live_{'a' * 32}\n",
        f"pk_zebu_live_{'a' * 31}\uff41",
        f"pk_zebu_live_{'a' * 31}\u0661",
        f"pk_z\u0435bu_live_{'a' * 32}",
        f"pk_zebu_prod_{'a' * 32}",
        f"pk_direct_live_{'a' * 32}",
        f"sk_zebu_live_{'a' * 32}",
        f" pk_zebu_live_{'a' * 32}",
    ],
)
def test_a_malformed_key_is_refused_without_repeating_it(api_key: object) -> None:
    secret = ApiSecret.build(ZEBU, SECRET_CHARS).text
    for call in (lambda: parse_api_key(api_key), lambda: Credentials.parse(api_key, secret)):
        with pytest.raises(InvalidCredentialsError) as caught:
            call()
        assert str(caught.value) == "The API key, secret or token is not valid"
        assert caught.value.details() == {}
        assert caught.value.code == "INVALID_CREDENTIALS"


@pytest.mark.parametrize("secret", ["", None, 7, f"sk_zebu_live_{'a' * 48}", f"pk_zebu_live_{'a' * 48}"])
def test_a_malformed_or_invented_secret_is_refused(secret: object) -> None:
    with pytest.raises(InvalidCredentialsError):
        Credentials.parse(build_api_key(ZEBU, KEY_CHARS), secret)


@pytest.mark.parametrize("other", [PartnerId("zebu", Mode.TEST), PartnerId("angelone", Mode.LIVE)])
def test_key_and_secret_are_of_one_partner_and_mode(other: PartnerId) -> None:
    with pytest.raises(InvalidCredentialsError):
        Credentials.parse(build_api_key(ZEBU, KEY_CHARS), ApiSecret.build(other, SECRET_CHARS).text)


@pytest.mark.parametrize("chars", ["", "a" * 31, "a" * 43, "a" * 41 + "_", "a" * 41 + "\u0661"])
def test_only_the_right_number_of_letters_and_digits_makes_a_pair(chars: str) -> None:
    with pytest.raises(InvalidInputError, match="random_chars"):
        build_api_key(ZEBU, chars)
    with pytest.raises(InvalidInputError, match="random_chars"):
        ApiSecret.build(ZEBU, chars)


@given(randoms(42), st.binary(min_size=32, max_size=64))
def test_a_secret_verifies_against_its_own_hash_only(chars: str, hash_key: bytes) -> None:
    secret, other = ApiSecret.build(ZEBU, chars), ApiSecret.build(PartnerId("zebu", Mode.TEST), chars)
    stored = hash_secret(secret, hash_key, "v1")
    assert stored.digest == hmac.digest(hash_key, secret.text.encode(), hashlib.sha256).hex()
    assert stored.verify(secret, hash_key)
    assert not stored.verify(other, hash_key)
    assert not stored.verify(secret, hash_key + b"\x01")


def test_a_hash_names_the_version_of_its_key() -> None:
    stored = hash_secret(ApiSecret.build(ZEBU, SECRET_CHARS), HASH_KEY, "2026-11")
    assert SecretHash("2026-11", stored.digest) == stored


@pytest.mark.parametrize("hash_key", [b"", bytes(31)])
def test_a_short_hash_key_is_refused(hash_key: bytes) -> None:
    with pytest.raises(InvalidInputError, match="hash_key"):
        hash_secret(ApiSecret.build(ZEBU, SECRET_CHARS), hash_key, "v1")


@pytest.mark.parametrize(
    ("version", "digest", "name"),
    [("", "0" * 64, "hash_key_version"), ("v 1", "0" * 64, "hash_key_version"), ("v1", "0" * 63, "digest")],
)
def test_a_malformed_hash_cannot_be_built(version: str, digest: str, name: str) -> None:
    with pytest.raises(InvalidInputError, match=name):
        SecretHash(version, digest)


def test_no_representation_shows_a_key_a_secret_or_a_digest() -> None:
    api_key, secret = build_api_key(ZEBU, KEY_CHARS), ApiSecret.build(ZEBU, SECRET_CHARS)
    stored = hash_secret(secret, HASH_KEY, "v1")
    shown = f"{secret!r} {secret} {Credentials.parse(api_key, secret.text)!r} {stored!r} {stored}"
    for hidden in (KEY_CHARS, SECRET_CHARS, stored.digest):
        assert hidden not in shown
