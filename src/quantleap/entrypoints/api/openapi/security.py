"""How callers prove who they are, as OpenAPI says it."""

from collections.abc import Mapping
from typing import Any

from quantleap.entrypoints.api.callers import SECRET_HEADER
from quantleap.entrypoints.api.route import Caller

_KEY, _SECRET, _TOKEN = "partnerKey", "partnerSecret", "userToken"

SECURITY_SCHEMES: Mapping[str, Mapping[str, Any]] = {
    _KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "pk_{partner}_{live or test}_{32 letters and digits}",
        "description": "The public half of a partner's key pair.",
    },
    _SECRET: {
        "type": "apiKey",
        "in": "header",
        "name": SECRET_HEADER,
        "description": "The secret half: `sk_{partner}_{live or test}_{48 letters and digits}`.",
    },
    _TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Cognito ID token with a verified email; an admin's names the group `Admins`.",
    },
}

REQUIRED: Mapping[Caller, list[dict[str, list[str]]]] = {
    Caller.PARTNER: [{_KEY: [], _SECRET: []}],
    Caller.USER: [{_TOKEN: []}],
    Caller.ADMIN: [{_TOKEN: []}],
}
"""What a caller of each kind must present, all of it at once."""
