"""The one place that chooses adapters: from a store URL to a frozen Application of use cases."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from attrs import field, frozen

from quantleap.adapters.store.seam import Engine
from quantleap.adapters.system.clock import DrivenClock
from quantleap.composition.stores import development_place, feed_delay, open_store
from quantleap.composition.use_case import UseCase
from quantleap.composition.wiring import Wiring, WorldModule
from quantleap.composition.world import World
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email

if TYPE_CHECKING:
    from quantleap.application.admitting import Admitting
    from quantleap.application.allocating import Allocating
    from quantleap.application.allocation_preview import AllocationPreviewing
    from quantleap.application.answering_once import AnsweringOnce
    from quantleap.application.auditing import Auditing
    from quantleap.application.authenticating import Authenticating
    from quantleap.application.authoring import Authoring
    from quantleap.application.billing import Billing
    from quantleap.application.browsing import Browsing
    from quantleap.application.claiming import Claiming
    from quantleap.application.counting import Counting
    from quantleap.application.partnering import Partnering
    from quantleap.application.planning import Planning
    from quantleap.application.previewing import Previewing
    from quantleap.application.recounting import Recounting
    from quantleap.application.showing import Showing
    from quantleap.application.stating import Stating
    from quantleap.application.subscribing import Subscribing
    from quantleap.application.subscription_care import SubscriptionCare
    from quantleap.application.tidying import Tidying
    from quantleap.application.verifying import Verifying
    from quantleap.ports.reference_data import ReferenceData
    from quantleap.ports.system import Identifiers
    from quantleap.ports.tokens import TokenIssuer

# Whoever embeds the library says where its logs go; nowhere unless they do.
logging.getLogger("quantleap").addHandler(logging.NullHandler())

__all__ = ["DEFAULT_OWNER", "Application", "DrivenClock", "World", "compose"]

DEFAULT_OWNER = "admin@quantleap.in"
"""Owner of the marketplace's templates, where nothing else is set."""


@frozen(auto_attribs=False, kw_only=True, slots=False, eq=False)
class Application:
    """The use cases over one store. Safe to share between threads; `close` it, or use it as a context manager.

    Each is imported and built when it is first read.
    """

    authoring: "UseCase[Authoring]" = UseCase("application.authoring.Authoring")
    marketplace: "UseCase[Browsing]" = UseCase("application.browsing.Browsing")
    subscribing: "UseCase[Subscribing]" = UseCase("application.subscribing.Subscribing")
    subscriptions: "UseCase[SubscriptionCare]" = UseCase("application.subscription_care.SubscriptionCare")
    showing: "UseCase[Showing]" = UseCase("application.showing.Showing")
    allocations: "UseCase[Allocating]" = UseCase("application.allocating.Allocating")
    allocation_preview: "UseCase[AllocationPreviewing]" = UseCase("application.allocation_preview.AllocationPreviewing")
    planning: "UseCase[Planning]" = UseCase("application.planning.Planning")
    previews: "UseCase[Previewing]" = UseCase("application.previewing.Previewing")
    billing: "UseCase[Billing]" = UseCase("application.billing.Billing")
    statements: "UseCase[Stating]" = UseCase("application.stating.Stating")
    partners: "UseCase[Partnering]" = UseCase("application.partnering.Partnering")
    authentication: "UseCase[Authenticating]" = UseCase("application.authenticating.Authenticating")
    development_tokens: "UseCase[TokenIssuer]" = UseCase("ports.tokens.TokenIssuer")
    admission: "UseCase[Admitting]" = UseCase("application.admitting.Admitting")
    answering_once: "UseCase[AnsweringOnce]" = UseCase("application.answering_once.AnsweringOnce")
    counters: "UseCase[Counting]" = UseCase("application.counting.Counting")
    auditing: "UseCase[Auditing]" = UseCase("application.auditing.Auditing")
    recounting: "UseCase[Recounting]" = UseCase("application.recounting.Recounting")
    tidying: "UseCase[Tidying]" = UseCase("application.tidying.Tidying")
    claiming: "UseCase[Claiming]" = UseCase("application.claiming.Claiming")
    verification: "UseCase[Verifying]" = UseCase("application.verifying.Verifying")
    reference_data: "UseCase[ReferenceData]" = UseCase("ports.reference_data.ReferenceData")
    identifiers: "UseCase[Identifiers]" = UseCase("ports.system.Identifiers")

    _wiring: Wiring = field(repr=False)
    _engine: Engine = field(repr=False)

    def close(self) -> None:
        """Give back what the store holds."""
        self._engine.close()

    def __enter__(self) -> "Application":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def compose(
    store: str,
    *,
    owner: str = DEFAULT_OWNER,
    world: World | None = None,
    keys: Path | str | None = None,
    may_create: bool = True,
    tell: Callable[[str], None] | None = None,
) -> Application:
    """The application over the store that the URL names, prepared for use.

    `memory://` is a store that dies with the application; `sqlite:///path/to.db` a file, made where it is missing, with
    the platform's keys in `path/to.db.keys` beside it (mode 0600); `dynamodb://TABLE?region=ap-south-1` a table, with
    the platform's keys in the file `keys` or, as `secretsmanager://NAME?region=ap-south-1`, in a secret of AWS Secrets
    Manager, and `&endpoint=http://127.0.0.1:8000` one that is not Amazon's own.
    With `may_create` what is missing is created, an older store brought up to date, and `tell` given a line for each
    step that may take long; without, nothing is: a missing file or table is an UnavailableError that says how to make
    one, a table at the first use. Raises InvalidInputError for another URL or an owner that is no email,
    UnavailableError when the store cannot be used, MisconfiguredError when its keys are lost.
    """
    templates_owner = _owner(owner)
    engine, secrets = open_store(store, keys=keys, may_create=may_create)
    if may_create:
        try:
            engine.prepare(tell)
        except BaseException:
            engine.close()
            raise
    given = WorldModule(
        engine,
        secrets,
        owner=templates_owner,
        delay=feed_delay(store),
        development=development_place(store, keys),
        world=world or World(),
    )
    return Application(wiring=Wiring(given), engine=engine)


def _owner(address: str) -> Email:
    if address == DEFAULT_OWNER:
        return Email.trusted(address)
    try:
        return Email(address)
    except InvalidInputError as refusal:
        raise InvalidInputError("owner", refusal.reason) from None
