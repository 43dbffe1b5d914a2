"""A token is taken when its issuer signed it for us and for now, and no other is, whatever it says of itself."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.integration.auth.issuer import (
    AUDIENCE,
    CLAIMS,
    ISSUER,
    KID,
    NOON,
    NOW,
    encoded,
    key_pair,
    signed,
    signed_as,
    signed_with_the_public_key,
    verifier,
    with_claims,
)

from quantleap.adapters.auth.jwt import LEEWAY_S, MAX_TOKEN_BYTES
from quantleap.adapters.system.clock import DrivenClock
from quantleap.domain.errors import InvalidCredentialsError

CLOCK = DrivenClock(NOON)
TOKENS = verifier(CLOCK)
SENTENCE = "The API key, secret or token is not valid"


def test_a_token_of_the_issuer_gives_its_claims() -> None:
    assert TOKENS.verify(signed()) == CLAIMS


GOOD = {
    "a list of audiences with ours": with_claims(aud=["another", AUDIENCE]),
    "issued by a clock that is fast": with_claims(iat=NOW + LEEWAY_S),
    "expired by a clock that is slow": with_claims(exp=NOW - LEEWAY_S + 1),
    "good from now on": with_claims(nbf=NOW + LEEWAY_S),
    "times with fractions": with_claims(iat=NOW - 0.5, exp=NOW + 0.5),
    "claims we do not know": with_claims(**{"cognito:username": "anita", "custom:plan": {"a": [1]}}),
}


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD.keys())
def test_so_is_one_that_is_good_by_a_little(token: str) -> None:
    assert TOKENS.verify(token)["email"] == CLAIMS["email"]


def parts(token: str) -> list[str]:
    return token.split(".")


def altered(**claims: Any) -> str:
    """The claims changed behind the signature's back."""
    header, _, signature = parts(signed())
    return f"{header}.{encoded({**CLAIMS, **claims})}.{signature}"


def headed(header: object, *, signature: str | None = None) -> str:
    """Another header before claims that are good."""
    _, payload, good = parts(signed())
    return f"{encoded(header)}.{payload}.{good if signature is None else signature}"


def signed_by(key: Any, algorithm: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": KID, **header}, dict(CLAIMS), key, algorithms=[algorithm])


def signed_by_nobody_in_particular() -> str:
    key = RSAKey.import_key(key_pair().as_pem(private=True))
    return jwt.encode({"alg": "RS256"}, dict(CLAIMS), key)


STRANGER = RSAKey.generate_key(2048, {"kid": KID})
CURVE = ECKey.generate_key("P-256", {"kid": KID})

ALGORITHMS: dict[str, Callable[[], str]] = {
    "none, without a signature": lambda: headed({"alg": "none", "kid": KID}, signature=""),
    "none, with one": lambda: headed({"alg": "none", "kid": KID}),
    "None in capitals": lambda: headed({"alg": "None", "kid": KID}, signature=""),
    "no algorithm": lambda: headed({"kid": KID}),
    "an algorithm that is null": lambda: headed({"alg": None, "kid": KID}),
    "a list of algorithms": lambda: headed({"alg": ["RS256"], "kid": KID}),
    "an algorithm in small letters": lambda: headed({"alg": "rs256", "kid": KID}),
    "HS256 by the public key": signed_with_the_public_key,
    "RS384": lambda: signed_as("RS384"),
    "RS512": lambda: signed_as("RS512"),
    "PS256": lambda: signed_as("PS256"),
    "ES256": lambda: signed_by(CURVE, "ES256"),
}

KEYS: dict[str, Callable[[], str]] = {
    "a stranger's key by the issuer's name": lambda: signed_by(STRANGER),
    "a stranger's key, which the header brings along": lambda: signed_by(STRANGER, jwk=STRANGER.as_dict(private=False)),
    "a stranger's key, at an address": lambda: signed_by(STRANGER, jku="https://evil.example/jwks.json"),
    "a key that the issuer has not": lambda: signed(kid="key-2"),
    "no key named": signed_by_nobody_in_particular,
    "a key's name that is a number": lambda: headed({"alg": "RS256", "kid": 1}),
    "a key's name that is a path": lambda: headed({"alg": "RS256", "kid": "../../etc/passwd"}),
    "an extension that must be understood": lambda: headed({"alg": "RS256", "kid": KID, "crit": ["x"], "x": 1}),
}


SIGNATURES: dict[str, Callable[[], str]] = {
    "another email behind the signature": lambda: altered(email="bala@example.com"),
    "a group behind the signature": lambda: altered(**{"cognito:groups": ["Admins"]}),
    "a signature cut short": lambda: signed()[:-8],
    "no signature": lambda: ".".join([*parts(signed())[:2], ""]),
    "another token's signature": lambda: ".".join([*parts(signed())[:2], parts(with_claims(email="b@example.com"))[2]]),
    "padding after the signature": lambda: f"{signed()}==",
}

FORMS: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "a word": lambda: "token",
    "dots": lambda: "..",
    "two parts": lambda: ".".join(parts(signed())[:2]),
    "four parts": lambda: f"{signed()}.e30",
    "five parts, as of an encrypted one": lambda: f"{signed()}.e30.e30",
    "a header that is no JSON": lambda: headed(b"{"),
    "a header that is a list": lambda: headed(["alg", "kid"]),
    "a header that is text": lambda: headed("alg"),
    "a header that is nested too deeply": lambda: headed(b'{"alg":' * 300),
    "a header that is not UTF-8": lambda: headed(b"\xff"),
    "a header that is long": lambda: headed({"alg": "RS256", "kid": KID, "typ": "J" * 600}),
    "letters that are not ASCII": lambda: signed().replace("e", "\u0435"),
    "a space before it": lambda: f" {signed()}",
    "a line break after it": lambda: f"{signed()}\n",
    "longer than any is": lambda: signed({**CLAIMS, "more": "m" * MAX_TOKEN_BYTES}),
    "claims that are a list": lambda: signed_text(b"[]"),
    "claims that are no JSON": lambda: signed_text(b"{"),
    "claims that are nested too deeply": lambda: signed_text(b"[" * 5000),
}


def signed_text(payload: bytes) -> str:
    """What the issuer would never sign."""
    from joserfc import jws  # noqa: PLC0415 - of this alone

    return jws.serialize_compact({"alg": "RS256", "kid": KID}, payload, key_pair())


TIMES: dict[str, Callable[[], str]] = {
    "expired": lambda: with_claims(exp=NOW - LEEWAY_S),
    "no expiry": lambda: with_claims(exp=None),
    "an expiry that is text": lambda: with_claims(exp=str(NOW + 3600)),
    "an expiry that is true": lambda: with_claims(exp=True),
    "an expiry that is no number": lambda: signed({**CLAIMS, "exp": float("nan")}),
    "an expiry that never comes": lambda: signed({**CLAIMS, "exp": float("inf")}),
    "issued in the future": lambda: with_claims(iat=NOW + LEEWAY_S + 1),
    "never issued": lambda: with_claims(iat=None),
    "good only later": lambda: with_claims(nbf=NOW + LEEWAY_S + 1),
    "good from a text on": lambda: with_claims(nbf="now"),
}

NAMES: dict[str, Callable[[], str]] = {
    "another issuer": lambda: with_claims(iss=ISSUER.replace("EXAMPLE", "ANOTHER")),
    "an issuer that ours begins": lambda: with_claims(iss=f"{ISSUER}.evil.example"),
    "no issuer": lambda: with_claims(iss=None),
    "a list of issuers with ours": lambda: with_claims(iss=[ISSUER]),
    "another audience": lambda: with_claims(aud="another"),
    "an audience that ours begins": lambda: with_claims(aud=f"{AUDIENCE}2"),
    "no audience": lambda: with_claims(aud=None),
    "an empty audience": lambda: with_claims(aud=""),
    "a list of audiences without ours": lambda: with_claims(aud=["another"]),
    "an audience that is an object": lambda: with_claims(aud={AUDIENCE: AUDIENCE}),
    "an access token's client": lambda: with_claims(aud=None, client_id=AUDIENCE),
}

ATTACKS = {**ALGORITHMS, **KEYS, **SIGNATURES, **FORMS, **TIMES, **NAMES}


@pytest.mark.parametrize("forge", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_other_token_is_taken_and_none_learns_why(forge: Callable[[], str]) -> None:
    with pytest.raises(InvalidCredentialsError) as refusal:
        TOKENS.verify(forge())
    assert str(refusal.value) == SENTENCE
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_token_is_good_until_it_expires_by_our_clock() -> None:
    clock = DrivenClock(NOON)
    tokens, token = verifier(clock), signed()
    clock.move_to(NOON.fromtimestamp(NOW + 3600 + LEEWAY_S - 1, NOON.tzinfo))
    assert tokens.verify(token) == CLAIMS
    clock.move_to(NOON.fromtimestamp(NOW + 3600 + LEEWAY_S, NOON.tzinfo))
    with pytest.raises(InvalidCredentialsError):
        tokens.verify(token)


@given(position=st.integers(0, len(signed()) - 1), letter=st.sampled_from("AZaz09-_.=+/ "))
def test_a_token_with_one_letter_changed_is_never_taken(position: int, letter: str) -> None:
    token = signed()
    changed = token[:position] + letter + token[position + 1 :]
    if changed != token:
        with pytest.raises(InvalidCredentialsError):
            TOKENS.verify(changed)


MEMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.just("RS256"),
    st.just(KID),
    st.lists(st.text(max_size=4)),
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "zip"]), MEMBERS)


@given(header=st.one_of(HEADERS, st.lists(st.text(max_size=4)), st.text(max_size=8)), payload=st.binary(max_size=60))
def test_no_invented_token_is_taken_and_none_is_a_fault(header: object, payload: bytes) -> None:
    with pytest.raises(InvalidCredentialsError):
        TOKENS.verify(f"{encoded(header)}.{encoded(payload)}.{encoded(b'signature')}")
