"""Every kind of credential that a caller may present, good and bad, by who presents it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from attrs import frozen
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.integration.api.faces import token_headers
from tests.integration.application.house import ADMIN, ANITA, BALA, KITE, ZEBU, ZEBU_TEST, House
from tests.integration.auth.issuer import encoded

from quantleap.adapters.auth.development import AUDIENCE, ISSUER, DevelopmentKey
from quantleap.application.partnering import IssuedKey
from quantleap.domain.identifiers import PartnerId
from quantleap.domain.partners.credentials import ApiSecret, build_api_key
from quantleap.domain.partners.permissions import ALL_PERMISSIONS, Permission

Headers = Mapping[str, str]


@frozen
class Credentials:
    """`of` are headers by the words for whoever sends them; `without` are of zebu's live key pairs, each of which has
    every permission but that one.
    """

    of: Mapping[str, Headers]
    without: Mapping[Permission, Headers]


def by_pair(issued: IssuedKey) -> Headers:
    """Both halves."""
    return {"Authorization": f"Bearer {issued.key.api_key}", "X-Partner-Secret": issued.secret}


def early(house: House) -> Mapping[str, Headers]:
    """What is past its time two days later."""
    partners = house.app.partners
    expired = partners.issue(ADMIN, ZEBU, lifetime=timedelta(days=1))
    rotated, replaced = partners.issue(ADMIN, ZEBU), partners.issue(ADMIN, ZEBU)
    partners.rotate(ADMIN, rotated.key.api_key_id, overlap=timedelta(days=1))
    partners.rotate(ADMIN, replaced.key.api_key_id, overlap=timedelta(0))
    return {
        "an expired key": by_pair(expired),
        "a key rotated out, past its overlap": by_pair(rotated),
        "a key rotated out without an overlap": by_pair(replaced),
        "an expired token": token_headers(house, ANITA.email),
        "an expired admin token": token_headers(house, ADMIN.email, is_admin=True),
    }


def of_now(house: House, outlived: Mapping[str, Headers]) -> Credentials:
    """All there are."""
    every = {**_good(house), **_pairs(house), **_malformed(house), **_tokens(house), **outlived}
    lacking = {
        each: by_pair(house.app.partners.issue(ADMIN, ZEBU, permissions=ALL_PERMISSIONS - {each}))
        for each in Permission
    }
    return Credentials(every, lacking)


def _good(house: House) -> Mapping[str, Headers]:
    def of(partner_id: PartnerId) -> Headers:
        return by_pair(house.app.partners.issue(ADMIN, partner_id))

    return {
        "the partner": of(ZEBU),
        "the user": token_headers(house, ANITA.email),
        "an admin": token_headers(house, ADMIN.email, is_admin=True),
        "another partner": of(KITE),
        "the partner's test key": of(ZEBU_TEST),
        "another user": token_headers(house, BALA.email),
        "an admin without the group": token_headers(house, ADMIN.email),
        "an admin of another group": _token(house, groups=["admins", "Administrators", "Admins2"]),
    }


def _pairs(house: House) -> Mapping[str, Headers]:
    """Halves that are good apart, or that were."""
    partners = house.app.partners
    pair, other, kite, test = (partners.issue(ADMIN, each) for each in (ZEBU, ZEBU, KITE, ZEBU_TEST))
    revoked = partners.issue(ADMIN, ZEBU)
    partners.revoke(ADMIN, revoked.key.api_key_id)
    key, secret = by_pair(pair)["Authorization"], pair.secret
    unknown = f"Bearer {build_api_key(ZEBU, 'a' * 32)}"
    return {
        "a key with a wrong secret": {"Authorization": key, "X-Partner-Secret": ApiSecret.build(ZEBU, "b" * 42).text},
        "a key with another pair's secret": {"Authorization": key, "X-Partner-Secret": other.secret},
        "a key with another partner's secret": {"Authorization": key, "X-Partner-Secret": kite.secret},
        "a key with the other mode's secret": {"Authorization": key, "X-Partner-Secret": test.secret},
        "another partner's key with a good secret": {**by_pair(kite), "X-Partner-Secret": secret},
        "a key that is not there": {"Authorization": unknown, "X-Partner-Secret": secret},
        "a key without its secret": {"Authorization": key},
        "a secret without its key": {"X-Partner-Secret": secret},
        "a revoked key": by_pair(revoked),
        "a revoked key with a wrong secret": {**by_pair(revoked), "X-Partner-Secret": secret},
    }


def _malformed(house: House) -> Mapping[str, Headers]:
    """No credentials, or none that can be read."""
    pair = by_pair(house.app.partners.issue(ADMIN, ZEBU))
    bare = pair["Authorization"].removeprefix("Bearer ")
    return {
        "nobody": {},
        "an empty header": {**pair, "Authorization": ""},
        "a scheme alone": {**pair, "Authorization": "Bearer"},
        "no scheme": {**pair, "Authorization": bare},
        "another scheme": {**pair, "Authorization": f"Basic {bare}"},
        "a key that is none": {**pair, "Authorization": "Bearer pk_zebu_live_1"},
        "a token that is none": {"Authorization": "Bearer e30.e30.e30"},
    }


def _tokens(house: House) -> Mapping[str, Headers]:
    """Tokens that prove nobody; but for what is wrong in it, each would be an admin's."""
    wrong: Mapping[str, Mapping[str, Any]] = {
        "a token of another issuer": {"iss": "https://cognito-idp.ap-south-1.amazonaws.com/ap-south-1_X"},
        "a token for another audience": {"aud": "another"},
        "an access token": {"token_use": "access"},
        "a token that names no use": {"token_use": None},
        "a token of an unverified email": {"email_verified": False},
        "a token without an email": {"email": None},
        "a token that never expires": {"exp": None},
        "a token of tomorrow": {"nbf": int(house.clock.now().timestamp()) + 86_400},
    }
    header, payload, signature = _token(house)["Authorization"].split(".")
    unsigned = encoded({"alg": "none", "kid": _issuers_key(house).kid})
    secret = house.app.partners.issue(ADMIN, ZEBU).secret
    return {
        **{name: _token(house, **claims) for name, claims in wrong.items()},
        "a token of no algorithm": {"Authorization": f"Bearer {unsigned}.{payload}."},
        "a token without its signature": {"Authorization": f"{header}.{payload}."},
        "a token of another signature": {"Authorization": f"{header}.{payload}.{'A' * len(signature)}"},
        "a token that another key signed": _token(house, key=RSAKey.generate_key(2048)),
        "a bad token with a good secret": {"Authorization": f"{header}.{payload}.", "X-Partner-Secret": secret},
    }


def _issuers_key(house: House) -> RSAKey:
    return house.app._wiring.get(DevelopmentKey).pair()


def _token(house: House, *, key: RSAKey | None = None, groups: Iterable[str] = ("Admins",), **changed: Any) -> Headers:
    """An admin's token with other claims (None: without), signed by the development issuer's key unless said."""
    own, now = _issuers_key(house), int(house.clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "token_use": "id",
        "email": ADMIN.email.address,
        "email_verified": True,
        "cognito:groups": list(groups),
        "iat": now,
        "exp": now + 3600,
        **changed,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    return {"Authorization": f"Bearer {jwt.encode({'alg': 'RS256', 'kid': own.kid}, given, key or own)}"}
