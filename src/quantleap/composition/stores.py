"""From a store's URL to its engine, imported only when it is the one, and to where the platform's keys are."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from quantleap.adapters.auth.development import DevelopmentPlace
from quantleap.adapters.secrets.key_file import KeyFile, KeysInMemory
from quantleap.adapters.store.seam import Engine, StoreMissingError
from quantleap.composition.secrets import is_secret, open_secret
from quantleap.domain.errors import InvalidInputError
from quantleap.ports.errors import MisconfiguredError, UnavailableError
from quantleap.ports.feed_delay import FeedDelay
from quantleap.ports.secrets import Secrets

_MEMORY = "memory://"
_SQLITE = "sqlite:///"
_DYNAMODB = "dynamodb://"
_TABLE_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
"""Source: Amazon DynamoDB, naming rules."""
_DYNAMODB_OPTIONS = frozenset({"region", "endpoint"})
_HOST_FOR_DEVELOPMENT = re.compile(r"127(\.[0-9]{1,3}){3}|::1|[a-z][a-z0-9_-]*")
"""This machine, or a name without a dot, as containers beside it and `localhost` have. No such name is Amazon's."""


def open_store(url: str, *, keys: Path | str | None, may_create: bool) -> tuple[Engine, Secrets]:
    """The engine, not yet prepared, and the platform's keys, which are made where they are missing and may be.

    Nothing else is made. Raises InvalidInputError, UnavailableError, MisconfiguredError.
    """
    if url == _MEMORY:
        return _memory()
    if url.startswith(_SQLITE) and url != _SQLITE:
        return _sqlite(_path_in(url), may_create=may_create)
    if url.startswith(_DYNAMODB):
        return _dynamodb(url, keys, may_create=may_create)
    raise InvalidInputError("store", f"must be {_MEMORY}, {_SQLITE}path/to.db or {_DYNAMODB}TABLE?region=REGION")


def feed_delay(url: str) -> FeedDelay:
    """Memory and SQLite write the feed with the change itself; DynamoDB Streams follows within about a second."""
    return FeedDelay(timedelta(seconds=10) if url.startswith(_DYNAMODB) else timedelta(0))


def development_place(url: str, keys: Path | str | None) -> DevelopmentPlace:
    """Where the key of the development issuer of tokens is: beside the platform's keys, and nowhere for a real store.

    A DynamoDB store is real unless its endpoint is on this machine or in a container beside it, and its keys in a file.
    """
    if url == _MEMORY:
        return DevelopmentPlace()
    if url.startswith(_SQLITE):
        beside = _path_in(url)
    elif keys is not None and not is_secret(keys) and _is_for_development(_table_in(url)[2]):
        beside = Path(keys)
    else:
        return DevelopmentPlace(is_real=True)
    return DevelopmentPlace(beside.with_name(f"{beside.name}.issuer"))


def _is_for_development(endpoint: str | None) -> bool:
    host = None if endpoint is None else urlsplit(endpoint).hostname
    return host is not None and _HOST_FOR_DEVELOPMENT.fullmatch(host) is not None


def _memory() -> tuple[Engine, Secrets]:
    from quantleap.adapters.store.engines.memory import MemoryEngine  # noqa: PLC0415 - a process needs one engine

    return MemoryEngine(), KeysInMemory()


# SQLite


def _path_in(url: str) -> Path:
    path = url.removeprefix(_SQLITE)
    if path == ":memory:" or "?" in path:
        raise InvalidInputError("store", f"must be {_MEMORY}, or {_SQLITE} and a path without options")
    return Path(path)


def _sqlite(path: Path, *, may_create: bool) -> tuple[Engine, Secrets]:
    from quantleap.adapters.store.engines.sqlite import SqliteEngine  # noqa: PLC0415 - a process needs one engine

    is_new = not path.exists()
    if is_new and not may_create:
        raise UnavailableError(f"{path} does not exist: create it with `quantleap init`")
    secrets = KeyFile(path.with_name(f"{path.name}.keys"), may_make=is_new)
    if is_new:
        secrets.pseudonym_key()  # made before the store is, so that no store is ever without its keys
    return SqliteEngine(path), secrets


# DynamoDB


def _dynamodb(url: str, keys: Path | str | None, *, may_create: bool) -> tuple[Engine, Secrets]:
    table, region, endpoint = _table_in(url)
    try:
        from quantleap.adapters.store.engines.dynamodb import DynamoDbEngine  # noqa: PLC0415 - a process needs one engine
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("quantleap"):
            raise
        raise MisconfiguredError(f"a DynamoDB store needs {missing.name}: pip install 'quantleap[aws]'") from missing
    if keys is None:
        raise MisconfiguredError("a DynamoDB store needs the platform's keys: name their file or secret by keys=")
    engine = DynamoDbEngine(table, region=region, endpoint=endpoint)
    try:
        return engine, _keys_beside(engine, keys, may_create=may_create)
    except BaseException:
        engine.close()
        raise


def _keys_beside(engine: Engine, keys: Path | str, *, may_create: bool) -> Secrets:
    """Made before the table is, so that no table is without them, but never for one that was made with others.

    A secret is never made, and is read first, so that what is wrong with it is told before there is a table.
    """
    if is_secret(keys):
        secret = open_secret(str(keys))
        if may_create:
            secret.pseudonym_key()
        return secret
    keys = Path(keys)
    if not may_create:
        return KeyFile(keys, may_make=False)
    secrets = KeyFile(keys, may_make=keys.exists() or not _is_claimed(engine))
    secrets.pseudonym_key()
    return secrets


def _is_claimed(engine: Engine) -> bool:
    from quantleap.adapters.store.repositories.claims import StoredClaims  # noqa: PLC0415 - of stores being made alone

    try:
        return StoredClaims(engine).fingerprint() is not None
    except StoreMissingError:
        return False


def _table_in(url: str) -> tuple[str, str | None, str | None]:
    """The table's name, region and endpoint."""
    parts = _split(url, "is no URL")
    if _TABLE_NAME.fullmatch(parts.netloc) is None or parts.path or parts.fragment:
        raise InvalidInputError("store", f"must be {_DYNAMODB} and a table's name, as {_DYNAMODB}TradingConfigurations")
    options = parse_qs(parts.query, keep_blank_values=True)
    if not options.keys() <= _DYNAMODB_OPTIONS or any(len(given) > 1 or not given[0] for given in options.values()):
        raise InvalidInputError("store", "may have the options region and endpoint, each once and not empty")
    region, endpoint = (options.get(name, [None])[0] for name in ("region", "endpoint"))
    if endpoint is not None:
        _check_endpoint(endpoint)
    return parts.netloc, region, endpoint


_NO_ENDPOINT = "has an endpoint that is none: it must be as http://127.0.0.1:8000"


def _check_endpoint(endpoint: str) -> None:
    parts = _split(endpoint, _NO_ENDPOINT)
    is_bare = not (parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare:
        raise InvalidInputError("store", _NO_ENDPOINT)


def _split(url: str, reason: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a number of more than 16 bits is found out only here
    except ValueError:  # its text repeats what may be a password
        raise InvalidInputError("store", reason) from None
    return parts
