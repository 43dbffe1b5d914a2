"""The one place that chooses adapters: from a store URL to a frozen Application of use cases."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from attrs import field, frozen

from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.adapters.store.seam import Engine
from quantleap.adapters.system.clock import DrivenClock
from quantleap.application.admitting import Admitting
from quantleap.application.allocating import Allocating
from quantleap.application.answering_once import AnsweringOnce
from quantleap.application.authoring import Authoring
from quantleap.application.billing import Billing
from quantleap.application.browsing import Browsing
from quantleap.application.claiming import Claiming
from quantleap.application.counting import Counting
from quantleap.application.partnering import Partnering
from quantleap.application.planning import Planning
from quantleap.application.recounting import Recounting
from quantleap.application.stating import Stating
from quantleap.application.subscribing import Subscribing
from quantleap.application.subscription_care import SubscriptionCare
from quantleap.application.verifying import Verifying
from quantleap.composition.stores import feed_delay, open_store
from quantleap.composition.wiring import StoreModule, World, WorldModule, injector_of
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.ports.reference_data import ReferenceData

__all__ = ["DEFAULT_OWNER", "Application", "DrivenClock", "World", "compose"]

DEFAULT_OWNER = "admin@quantleap.in"
"""Owner of the marketplace's templates, where nothing else is set."""


@frozen(kw_only=True)
class Application:
    """The use cases over one store. Safe to share between threads; `close` it, or use it as a context manager."""

    authoring: Authoring
    marketplace: Browsing
    subscribing: Subscribing
    subscriptions: SubscriptionCare
    allocations: Allocating
    planning: Planning
    billing: Billing
    statements: Stating
    partners: Partnering
    admission: Admitting
    answering_once: AnsweringOnce
    counters: Counting
    recounting: Recounting
    claiming: Claiming
    verification: Verifying
    reference_data: ReferenceData
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
    keys: Path | None = None,
    may_create: bool = True,
    tell: Callable[[str], None] | None = None,
) -> Application:
    """The application over the store that the URL names, prepared for use.

    `memory://` is a store that dies with the application; `sqlite:///path/to.db` a file, made where it is missing, with
    the platform's keys in `path/to.db.keys` beside it (mode 0600); `dynamodb://TABLE?region=ap-south-1` a table, with
    the platform's keys in the file `keys`, and `&endpoint=http://127.0.0.1:8000` one that is not Amazon's own.
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
    reference_data = PackageReferenceData()
    found = injector_of(
        StoreModule(engine, secrets, templates_owner, feed_delay(store)),
        WorldModule(world or World(), reference_data),
    )
    return Application(
        authoring=found.get(Authoring),
        marketplace=found.get(Browsing),
        subscribing=found.get(Subscribing),
        subscriptions=found.get(SubscriptionCare),
        allocations=found.get(Allocating),
        planning=found.get(Planning),
        billing=found.get(Billing),
        statements=found.get(Stating),
        partners=found.get(Partnering),
        admission=found.get(Admitting),
        answering_once=found.get(AnsweringOnce),
        counters=found.get(Counting),
        recounting=found.get(Recounting),
        claiming=found.get(Claiming),
        verification=found.get(Verifying),
        reference_data=reference_data,
        engine=engine,
    )


def _owner(address: str) -> Email:
    try:
        return Email(address)
    except InvalidInputError as refusal:
        raise InvalidInputError("owner", refusal.reason) from None
