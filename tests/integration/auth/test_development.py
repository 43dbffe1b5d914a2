"""The development issuer: what its tokens say, where its key is, and that it is never beside real data."""

import json
import os
import re
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from joserfc import jwt
from tests.integration.application.house import ANITA, NOON, refusal
from tests.integration.auth import issuer

from quantleap.adapters.auth.development import (
    AUDIENCE,
    ISSUER,
    DevelopmentIssuer,
    DevelopmentKey,
    DevelopmentPlace,
)
from quantleap.adapters.auth.expected import TokensAsExpected
from quantleap.adapters.system.clock import DrivenClock
from quantleap.composition.stores import development_place
from quantleap.domain.errors import InvalidCredentialsError
from quantleap.ports.errors import MisconfiguredError, UnavailableError
from quantleap.ports.tokens import ExpectedTokens

CLOCK = DrivenClock(NOON)
NOW = int(NOON.timestamp())


def development_at(file: Path | None) -> tuple[DevelopmentIssuer, TokensAsExpected]:
    """The issuer and its verifier, as one process has them."""
    key = DevelopmentKey(DevelopmentPlace(file))
    return DevelopmentIssuer(key, CLOCK), TokensAsExpected(ExpectedTokens(), key, CLOCK)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db.issuer"


# What it issues


@pytest.mark.parametrize(
    ("is_admin", "groups"), [(False, {}), (True, {"cognito:groups": ["Admins"]})], ids=["user", "admin"]
)
def test_a_token_says_what_cognito_s_says(*, is_admin: bool, groups: dict[str, list[str]]) -> None:
    issued, tokens = development_at(None)
    assert tokens.verify(issued.issue(ANITA.email, is_admin=is_admin)) == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "token_use": "id",
        "email": "anita@example.com",
        "email_verified": True,
        "iat": NOW,
        "exp": NOW + 3600,
        **groups,
    }


def test_each_store_in_memory_has_an_issuer_of_its_own() -> None:
    one, other = development_at(None), development_at(None)
    with pytest.raises(InvalidCredentialsError):
        other[1].verify(one[0].issue(ANITA.email, is_admin=False))


# Its key


def test_its_key_is_kept_for_its_owner_alone_and_is_the_same_in_another_process(file: Path) -> None:
    before = os.umask(0)
    try:
        token = development_at(file)[0].issue(ANITA.email, is_admin=False)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert development_at(file)[1].verify(token)["email"] == "anita@example.com"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    development_at(file)[1].prepare()
    file.chmod(mode)
    with pytest.raises(MisconfiguredError, match="must be readable by its owner alone: chmod 600 it"):
        development_at(file)[1].prepare()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"null",
        b'"text"',
        b"{}",
        b'{"kty": "RSA"}',
        b'{"kty": "oct", "k": "c2VjcmV0"}',
        "public",
        "no id",
    ],
    ids=repr,
)
def test_a_file_that_holds_no_key_of_it_is_named_never_shown_and_never_replaced(
    file: Path, content: bytes | str
) -> None:
    pair = issuer.key_pair()
    nameless = {name: value for name, value in pair.as_dict(private=True).items() if name != "kid"}
    given = {"public": pair.as_dict(private=False), "no id": nameless}
    written = content if isinstance(content, bytes) else json.dumps(given[content]).encode()
    file.write_bytes(written)
    file.chmod(0o600)
    with pytest.raises(MisconfiguredError, match=str(file)) as error:
        development_at(file)[1].prepare()
    assert "c2VjcmV0" not in str(error.value)
    assert file.read_bytes() == written


def test_no_representation_shows_its_private_half(file: Path) -> None:
    key = DevelopmentKey(DevelopmentPlace(file))
    private = key.pair().as_dict(private=True)["d"]
    for shown in (repr(key), repr(key.pair()), repr(development_at(file)), repr(vars(key))):
        assert str(private) not in shown


# Where it may be

REAL = "dynamodb://TradingConfigurations?region=ap-south-1"
LOCAL = f"{REAL}&endpoint=http://127.0.0.1:8000"
KEYS = Path("market/platform.keys")


@pytest.mark.parametrize(
    ("store", "keys", "place"),
    [
        ("memory://", None, DevelopmentPlace()),
        ("sqlite:///market/place.db", None, DevelopmentPlace(Path("market/place.db.issuer"))),
        (LOCAL, Path("market/platform.keys"), DevelopmentPlace(Path("market/platform.keys.issuer"))),
        (LOCAL, "market/platform.keys", DevelopmentPlace(Path("market/platform.keys.issuer"))),
        (REAL, Path("market/platform.keys"), DevelopmentPlace(is_real=True)),
        (REAL, "secretsmanager://quantleap/keys", DevelopmentPlace(is_real=True)),
        (LOCAL, "secretsmanager://quantleap/keys", DevelopmentPlace(is_real=True)),
    ],
)
def test_it_is_beside_the_keys_of_a_store_for_development_and_nowhere_else(
    store: str, keys: Path | str | None, place: DevelopmentPlace
) -> None:
    assert development_place(store, keys) == place


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8000",
        "http://127.3.2.1",
        "http://[::1]:8000",
        "http://localhost:8000",
        "http://LocalHost",
        "http://dynamodb-local:8000",
        "https://dynamodb_local",
    ],
)
def test_an_endpoint_on_this_machine_or_in_a_container_beside_it_is_for_development(endpoint: str) -> None:
    assert not development_place(f"{REAL}&endpoint={endpoint}", KEYS).is_real


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://dynamodb.ap-south-1.amazonaws.com",
        "https://DynamoDB.ap-south-1.AmazonAWS.com.",
        "https://vpce-1-2.dynamodb.ap-south-1.vpce.amazonaws.com",
        "https://dynamodb.cn-north-1.amazonaws.com.cn",
        "https://dynamodb.ap-south-1.api.aws",
        "https://123456789012.ddb.ap-south-1.amazonaws.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://table.example.com:8000",
        "http://10.0.0.7:8000",
        "http://872415235",
        "http://0x34000003",
        "http://[::ffff:52.0.0.3]",
        "http://[fd00::7]",
    ],
)
def test_an_endpoint_anywhere_else_is_a_real_store_s(endpoint: str) -> None:
    assert development_place(f"{REAL}&endpoint={endpoint}", KEYS) == DevelopmentPlace(is_real=True)


def test_it_refuses_to_start_beside_a_real_store() -> None:
    key = DevelopmentKey(DevelopmentPlace(is_real=True))
    tokens = TokensAsExpected(ExpectedTokens(), key, CLOCK)
    issue = partial(DevelopmentIssuer(key, CLOCK).issue, ANITA.email, is_admin=True)
    refusals = [refusal(call) for call in (tokens.prepare, partial(tokens.verify, issuer.signed()), issue)]
    for error in refusals:
        assert type(error) is MisconfiguredError
        assert str(error) == (
            "the development issuer of tokens refuses to start beside a real store: "
            "QUANTLEAP_ISSUER and QUANTLEAP_AUDIENCE name the issuer there"
        )


def test_without_the_library_for_tokens_a_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "joserfc"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "quantleap.adapters.auth.jwt", raising=False)
    issued, tokens = development_at(None)
    for call in (partial(issued.issue, ANITA.email, is_admin=False), tokens.prepare):
        error = refusal(call)
        assert type(error) is MisconfiguredError
        assert re.fullmatch(r"tokens need joserfc\S*: pip install 'quantleap\[server\]'", str(error))


# Whose tokens are taken


def expecting(expected: ExpectedTokens, place: DevelopmentPlace | None = None) -> TokensAsExpected:
    return TokensAsExpected(expected, DevelopmentKey(place or DevelopmentPlace()), DrivenClock(issuer.NOON))


def test_where_an_issuer_is_set_its_tokens_are_taken_and_those_of_development_are_not(tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_bytes(issuer.key_set())
    key = DevelopmentKey(DevelopmentPlace())
    expected = ExpectedTokens(issuer.ISSUER, issuer.AUDIENCE, str(jwks))
    tokens = TokensAsExpected(expected, key, CLOCK)
    tokens.prepare()
    assert tokens.verify(issuer.signed())["email"] == "anita@example.com"
    claims = {**issuer.CLAIMS, "iss": ISSUER, "aud": AUDIENCE}
    ours = jwt.encode({"alg": "RS256", "kid": key.pair().kid}, claims, key.pair())
    for token in (DevelopmentIssuer(key, CLOCK).issue(ANITA.email, is_admin=True), ours):
        with pytest.raises(InvalidCredentialsError):
            tokens.verify(token)


@pytest.mark.parametrize(
    "expected",
    [
        ExpectedTokens(issuer="https://a"),
        ExpectedTokens(audience="a"),
        ExpectedTokens(jwks="a"),
        ExpectedTokens("a", None, "a"),
    ],
    ids=repr,
)
def test_half_an_issuer_is_none(expected: ExpectedTokens) -> None:
    with pytest.raises(MisconfiguredError, match="QUANTLEAP_ISSUER and QUANTLEAP_AUDIENCE: set both, or none"):
        expecting(expected).prepare()


def test_an_issuer_that_is_no_address_says_where_its_keys_are() -> None:
    with pytest.raises(MisconfiguredError, match="QUANTLEAP_JWKS must say where its keys are"):
        expecting(ExpectedTokens("ours", "a")).prepare()


@pytest.mark.parametrize("spelled", ["http://127.0.0.1:9", "http://127.0.0.1:9/"])
def test_its_keys_are_where_openid_connect_says_unless_it_is_said_where(
    spelled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch_from(place: str) -> Callable[[], bytes]:
        asked.append(place)
        return issuer.key_set

    monkeypatch.setattr("quantleap.adapters.auth.fetching.fetch_from", fetch_from)
    expecting(ExpectedTokens(spelled, "a")).prepare()
    expecting(ExpectedTokens(spelled, "a", "elsewhere")).prepare()
    assert asked == ["http://127.0.0.1:9/.well-known/jwks.json", "elsewhere"]


def test_an_issuer_that_cannot_be_reached_is_told_beforehand_and_refuses_nobody() -> None:
    tokens = expecting(ExpectedTokens("http://127.0.0.1:9", "a"))
    for call in (tokens.prepare, partial(tokens.verify, issuer.signed())):
        assert type(refusal(call)) is UnavailableError
