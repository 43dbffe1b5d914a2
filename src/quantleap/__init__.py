"""A marketplace of options-trading strategies: subscriptions, lots, commissions and runs.

    import quantleap

    with quantleap.open("memory://") as app:
        ...

`open` gives an Application whose attributes are the use cases: `authoring`, `marketplace`, `subscribing`,
`subscriptions`, `allocations`, `planning`, `billing`, `statements`, `partners`, `authentication`, `auditing`,
`verification`. What answers to somebody takes the principal who asks first: an Admin, a User, a PartnerBackend (which
`authentication.partner` gives) or the System. Lists come in pages: ask on with `ListRequest(cursor=page.next_cursor)`
until there is none. `counters.follow()` brings the counts of live subscriptions up to date, and `auditing.follow()` the
audit trail: call both now and then.

Principals are taken at their word: prove who asks before you build one. Every error is in `quantleap.errors`.
"""

from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from quantleap._version import __version__ as __version__

if TYPE_CHECKING:
    from quantleap._offered import *  # noqa: F403 - what `__getattr__` gives
    from quantleap.composition import Application as Application
    from quantleap.composition import World as World


def __getattr__(name: str) -> object:
    """What is offered, loaded when it is first named: one module of quantleap is imported at its own cost alone."""
    if name in ("Application", "World"):
        return getattr(import_module("quantleap.composition"), name)
    if name == "__all__":
        return __dir__()
    if name in _names():
        return getattr(import_module("quantleap._offered"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["Application", "World", "__version__", "open", *_names()])


def _names() -> list[str]:
    names: list[str] = import_module("quantleap._offered").__all__
    return names


def open(  # noqa: A001 - reads as `quantleap.open`, as `gzip.open` does
    store: str = "memory://",
    *,
    owner: str | None = None,
    world: "World | None" = None,
    keys: str | PathLike[str] | None = None,
) -> "Application":
    """The application over a store, which is made where it is missing and brought up to date where it is older.

    `memory://` dies with the application. `sqlite:///path/to.db` is a file, with the platform's keys beside it in
    `path/to.db.keys`. `dynamodb://TABLE?region=ap-south-1` is a DynamoDB table (`pip install 'quantleap[aws]'`), with
    the platform's keys in the file `keys` or, as `secretsmanager://NAME?region=ap-south-1`, in a secret of AWS Secrets
    Manager, which holds the text of such a file and is never made; `&endpoint=http://127.0.0.1:8000` names a table that
    is not Amazon's own. The other stores take no `keys`. A key file is of mode 0600, made where it is missing; whoever
    opens the same store elsewhere takes it along. `app.claiming.claim()` refuses a store that was made with other keys.

    Two AWS clients, for the table and for its stream, belong to the application: made once, safe to share between
    threads, closed with it, and not to be carried across a fork. Credentials, and a region that the URL does not name,
    are found as boto3 finds them (environment, `~/.aws`, the machine's role); quantleap reads none and logs none. A
    call connects within 2 seconds or fails, waits 10 for an answer, and is tried 3 times.

    `owner` is the email whose template baskets the marketplace offers (`admin@quantleap.in` unless said); `world` puts
    another clock, identifiers or randomness in place of the machine's. Raises InvalidInputError for another URL or an
    owner that is no email, UnavailableError when the store cannot be used, MisconfiguredError when its keys are lost or
    not named, or a package it needs is not installed.
    """
    from quantleap.composition import DEFAULT_OWNER, compose  # noqa: PLC0415 - importing quantleap costs the domain alone

    return compose(
        store,
        owner=DEFAULT_OWNER if owner is None else owner,
        world=world,
        keys=keys if keys is None or isinstance(keys, str) else Path(keys),
    )
