"""From the URL of a secret to the keys in it: `secretsmanager://NAME?region=REGION`."""

import re
from pathlib import Path
from urllib.parse import parse_qs

from quantleap.domain.errors import InvalidInputError
from quantleap.ports.secrets import Secrets

SECRETS_MANAGER = "secretsmanager://"
_NAME = re.compile(r"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}")
"""A name, or an ARN. Source: AWS Secrets Manager, CreateSecret."""

_OPTIONS = frozenset({"region", "endpoint"})


def is_secret(keys: Path | str) -> bool:
    """Whether that names a secret, and no file."""
    return isinstance(keys, str) and keys.startswith(SECRETS_MANAGER)


def open_secret(url: str) -> Secrets:
    """The keys of that secret, not yet read. Raises InvalidInputError."""
    from quantleap.adapters.secrets.aws_secrets_manager import AwsSecret  # noqa: PLC0415 - it loads botocore

    name, _, query = url.removeprefix(SECRETS_MANAGER).partition("?")
    options = parse_qs(query, keep_blank_values=True)
    if _NAME.fullmatch(name) is None:
        raise InvalidInputError("keys", f"must be a file, or {SECRETS_MANAGER} and a secret's name or ARN")
    if not options.keys() <= _OPTIONS or any(len(given) > 1 or not given[0] for given in options.values()):
        raise InvalidInputError("keys", "may have the options region and endpoint, each once and not empty")
    region, endpoint = (options.get(option, [None])[0] for option in ("region", "endpoint"))
    return AwsSecret(name, region=region, endpoint=endpoint)
