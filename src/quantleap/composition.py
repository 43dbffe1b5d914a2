"""The one place that chooses adapters: from a store URL to a frozen Application of use cases."""

from pathlib import Path
from types import TracebackType

from attrs import field, frozen
from injector import Binder, Injector, Module, inject, provider, singleton

from quantleap.adapters.calendars.package_data import PackageReferenceData
from quantleap.adapters.secrets.key_file import KeyFile, KeysInMemory
from quantleap.adapters.store.repositories.allocations import StoredAllocations
from quantleap.adapters.store.repositories.counters import StoredCounters
from quantleap.adapters.store.repositories.money import StoredCharges, StoredLedger
from quantleap.adapters.store.repositories.partners import StoredPartners
from quantleap.adapters.store.repositories.subscriptions import StoredSubscriptions
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.repositories.whole_store import ScannedStore
from quantleap.adapters.store.seam import Engine
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.adapters.system.clock import DrivenClock, SystemClock
from quantleap.adapters.system.identifiers import SystemChance, SystemIdentifiers
from quantleap.application.allocating import Allocating
from quantleap.application.authoring import Authoring
from quantleap.application.billing import Billing
from quantleap.application.browsing import Browsing
from quantleap.application.counting import Counting
from quantleap.application.partnering import Partnering
from quantleap.application.planning import Planning
from quantleap.application.stamping import Stamping
from quantleap.application.stating import Stating
from quantleap.application.subscribing import Subscribing
from quantleap.application.subscription_care import SubscriptionCare
from quantleap.application.verifying import Verifying
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.ports.counters import Counters
from quantleap.ports.errors import UnavailableError
from quantleap.ports.money import Charges, Ledger
from quantleap.ports.partners import Partners
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.secrets import Secrets
from quantleap.ports.subscriptions import Allocations, Subscriptions
from quantleap.ports.system import Chance, Clock, Identifiers
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork
from quantleap.ports.verification import WholeStore

__all__ = ["DEFAULT_OWNER", "Application", "DrivenClock", "World", "compose"]

DEFAULT_OWNER = "admin@quantleap.in"
"""Owner of the marketplace's templates, where nothing else is set."""

_MEMORY = "memory://"
_SQLITE = "sqlite:///"
_USE_CASES = (
    Allocating,
    Authoring,
    Billing,
    Browsing,
    Counting,
    Partnering,
    Planning,
    Stamping,
    Stating,
    Subscribing,
    SubscriptionCare,
    Verifying,
)


@frozen
class World:
    """What a caller may put in place of the machine's own clock, identifiers and randomness."""

    clock: Clock = field(factory=SystemClock)
    identifiers: Identifiers = field(factory=SystemIdentifiers)
    chance: Chance = field(factory=SystemChance)


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
    counters: Counting
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


class _StoreModule(Module):
    """Repositories over one engine."""

    def __init__(self, engine: Engine, secrets: Secrets, owner: Email) -> None:
        self._engine = engine
        self._secrets = secrets
        self._owner = owner

    @singleton
    @provider
    def secrets(self) -> Secrets:
        """Where the platform's keys are."""
        return self._secrets

    @singleton
    @provider
    def templates(self) -> Templates:
        """Template baskets."""
        return StoredTemplates(self._engine, self._owner)

    @singleton
    @provider
    def subscriptions(self) -> Subscriptions:
        """Subscriptions."""
        return StoredSubscriptions(self._engine)

    @singleton
    @provider
    def allocations(self) -> Allocations:
        """Allocations."""
        return StoredAllocations(self._engine)

    @singleton
    @provider
    def charges(self) -> Charges:
        """Charges."""
        return StoredCharges(self._engine)

    @singleton
    @provider
    def ledger(self) -> Ledger:
        """The ledger."""
        return StoredLedger(self._engine)

    @singleton
    @provider
    def partners(self) -> Partners:
        """Partners and keys."""
        return StoredPartners(self._engine)

    @singleton
    @provider
    def counters(self) -> Counters:
        """Counters that follow the feed."""
        return StoredCounters(self._engine, self._owner)

    @singleton
    @provider
    def whole_store(self) -> WholeStore:
        """Every record, for verifying."""
        return ScannedStore(self._engine)

    @singleton
    @provider
    def unit_of_work(self) -> UnitOfWork:
        """Commits."""
        return StoreUnitOfWork(self._engine)


class _WorldModule(Module):
    """Clock, identifiers, chance, and the exchange's dated facts."""

    def __init__(self, world: World, reference_data: ReferenceData) -> None:
        self._world = world
        self._reference_data = reference_data

    @singleton
    @provider
    def clock(self) -> Clock:
        """The present."""
        return self._world.clock

    @singleton
    @provider
    def identifiers(self) -> Identifiers:
        """New names."""
        return self._world.identifiers

    @singleton
    @provider
    def chance(self) -> Chance:
        """Randomness."""
        return self._world.chance

    @singleton
    @provider
    def reference_data(self) -> ReferenceData:
        """Package data."""
        return self._reference_data


def compose(
    store: str, *, owner: str = DEFAULT_OWNER, world: World | None = None, may_create: bool = True
) -> Application:
    """The application over the store that the URL names, prepared for use.

    `memory://` is a store that dies with the application; `sqlite:///path/to.db` a file, made where it is missing, with
    the platform's keys in `path/to.db.keys` beside it (mode 0600). Without `may_create` a missing file is an
    UnavailableError that says how to make one. Raises InvalidInputError for another URL or an
    owner that is no email, UnavailableError when the store cannot be used.
    """
    templates_owner = _owner(owner)
    engine, secrets = _store(store, may_create=may_create)
    engine.prepare()
    reference_data = PackageReferenceData()
    store_module = _StoreModule(engine, secrets, templates_owner)
    found = Injector([store_module, _WorldModule(world or World(), reference_data), _bind_use_cases], auto_bind=False)
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
        counters=found.get(Counting),
        verification=found.get(Verifying),
        reference_data=reference_data,
        engine=engine,
    )


def _bind_use_cases(binder: Binder) -> None:
    for use_case in _USE_CASES:
        binder.bind(use_case, to=inject(use_case), scope=singleton)


def _owner(address: str) -> Email:
    try:
        return Email(address)
    except InvalidInputError as refusal:
        raise InvalidInputError("owner", refusal.reason) from None


def _path_in(url: str) -> str:
    path = url.removeprefix(_SQLITE)
    if path == ":memory:" or "?" in path:
        raise InvalidInputError("store", f"must be {_MEMORY}, or {_SQLITE} and a path without options")
    return path


def _store(url: str, *, may_create: bool) -> tuple[Engine, Secrets]:
    """The engine, imported only when it is the one, and where its platform keys are."""
    if url == _MEMORY:
        from quantleap.adapters.store.engines.memory import MemoryEngine  # noqa: PLC0415 - a process needs one engine

        return MemoryEngine(), KeysInMemory()
    if url.startswith(_SQLITE) and url != _SQLITE:
        from quantleap.adapters.store.engines.sqlite import SqliteEngine  # noqa: PLC0415 - a process needs one engine

        path = Path(_path_in(url))
        is_new = not path.exists()
        if is_new and not may_create:
            raise UnavailableError(f"{path} does not exist: create it with `quantleap init`")
        keys = KeyFile(path.with_name(f"{path.name}.keys"), may_make=is_new)
        if is_new:
            keys.pseudonym_key()  # made before the store is, so that no store is ever without its keys
        return SqliteEngine(path), keys
    raise InvalidInputError("store", f"must be {_MEMORY} or {_SQLITE}path/to.db")
