"""An issuer of tokens as Amazon Cognito is one, and what forgers make of its tokens."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from quantleap.adapters.auth.jwks import FetchedKeys
from quantleap.adapters.auth.jwt import JwtTokens
from quantleap.adapters.system.clock import DrivenClock

ISSUER = "https://cognito-idp.ap-south-1.amazonaws.com/ap-south-1_EXAMPLE"
AUDIENCE = "example-client"
NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
NOW = int(NOON.timestamp())
KID = "key-1"

CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "token_use": "id",
    "email": "anita@example.com",
    "email_verified": True,
    "iat": NOW,
    "exp": NOW + 3600,
}


@cache
def key_pair(kid: str = KID) -> RSAKey:
    """The issuer's of that id: the same whenever it is asked for."""
    return RSAKey.generate_key(2048, {"kid": kid})


def public_jwk(kid: str = KID, **more: Any) -> dict[str, Any]:
    """Its public half, as the issuer's key set has it."""
    return {**key_pair(kid).as_dict(private=False), "use": "sig", "alg": "RS256", "kid": kid, **more}


def key_set(*kids: str) -> bytes:
    """The issuer's key set."""
    return json.dumps({"keys": [public_jwk(kid) for kid in kids or (KID,)]}).encode()


def signed(claims: Mapping[str, Any] = CLAIMS, *, kid: str = KID, header: Mapping[str, Any] | None = None) -> str:
    """A token of the issuer, signed with its key of that id."""
    return jwt.encode({"alg": "RS256", "kid": kid, **(header or {})}, dict(claims), key_pair(kid))


def with_claims(**changed: Any) -> str:
    """A token whose claims are those; None: without the claim."""
    return signed({name: value for name, value in {**CLAIMS, **changed}.items() if value is not None})


def verifier(clock: DrivenClock, keys: bytes | None = None) -> JwtTokens:
    """Verifies the issuer's tokens."""
    given = key_set() if keys is None else keys
    return JwtTokens(FetchedKeys(lambda: given, clock), issuer=ISSUER, audience=AUDIENCE, clock=clock)


def encoded(value: object) -> str:
    """A part of a token: bytes as they are, anything else as JSON."""
    return urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def signed_as(algorithm: str) -> str:
    """With the issuer's key and another algorithm that RSA keys can do."""
    return jwt.encode({"alg": algorithm, "kid": KID}, dict(CLAIMS), key_pair(), algorithms=[algorithm])


def signed_with_the_public_key() -> str:
    """HS256, its key the issuer's public one: the oldest trick there is."""
    signing = f"{encoded({'alg': 'HS256', 'kid': KID})}.{encoded(dict(CLAIMS))}"
    signature = hmac.digest(key_pair().as_pem(private=False), signing.encode(), "sha256")
    return f"{signing}.{encoded(signature)}"
