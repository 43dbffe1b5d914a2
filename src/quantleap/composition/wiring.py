"""How use cases and adapters are put together: what the injector builds each from."""

from attrs import field, frozen
from injector import Binder, Injector, Module, inject, provider, singleton

from quantleap.adapters.cursors.sealed import SealedCursors
from quantleap.adapters.store.repositories.allocations import StoredAllocations
from quantleap.adapters.store.repositories.claims import StoredClaims
from quantleap.adapters.store.repositories.counters import StoredCounters
from quantleap.adapters.store.repositories.kept_answers import StoredKeptAnswers
from quantleap.adapters.store.repositories.money import StoredCharges, StoredLedger
from quantleap.adapters.store.repositories.partners import StoredPartners
from quantleap.adapters.store.repositories.rate_limits import StoredRateLimits
from quantleap.adapters.store.repositories.subscriptions import StoredSubscriptions
from quantleap.adapters.store.repositories.templates import StoredTemplates
from quantleap.adapters.store.repositories.whole_store import ScannedStore
from quantleap.adapters.store.seam import Engine
from quantleap.adapters.store.unit_of_work import StoreUnitOfWork
from quantleap.adapters.system.clock import SystemClock, SystemWaiting
from quantleap.adapters.system.identifiers import SystemChance, SystemIdentifiers
from quantleap.application.admitting import Admitting
from quantleap.application.allocating import Allocating
from quantleap.application.answering_once import AnsweringOnce, OnceUnits
from quantleap.application.authoring import Authoring
from quantleap.application.billing import Billing
from quantleap.application.browsing import Browsing
from quantleap.application.claiming import Claiming
from quantleap.application.counting import Counting
from quantleap.application.following import Follower
from quantleap.application.paging import Paging
from quantleap.application.partnering import Partnering
from quantleap.application.planning import Planning
from quantleap.application.recounting import Recounting
from quantleap.application.stamping import Stamping
from quantleap.application.stating import Stating
from quantleap.application.subscribing import Subscribing
from quantleap.application.subscription_care import SubscriptionCare
from quantleap.application.verifying import Verifying
from quantleap.domain.identifiers import Email
from quantleap.ports.claims import Claims
from quantleap.ports.counters import Counters, FeedDelay
from quantleap.ports.cursors import Cursors
from quantleap.ports.kept_answers import KeptAnswers
from quantleap.ports.money import Charges, Ledger
from quantleap.ports.partners import Partners
from quantleap.ports.rate_limits import RateLimits
from quantleap.ports.reference_data import ReferenceData
from quantleap.ports.secrets import Secrets
from quantleap.ports.subscriptions import Allocations, Subscriptions
from quantleap.ports.system import Chance, Clock, Identifiers, Waiting
from quantleap.ports.templates import Templates
from quantleap.ports.unit_of_work import UnitOfWork
from quantleap.ports.verification import WholeStore

_USE_CASES = (
    Admitting,
    Allocating,
    AnsweringOnce,
    Authoring,
    Billing,
    Browsing,
    Claiming,
    Counting,
    Follower,
    Paging,
    Partnering,
    Planning,
    Recounting,
    Stamping,
    Stating,
    Subscribing,
    SubscriptionCare,
    Verifying,
)


@frozen
class World:
    """What a caller may put in place of the machine's own clock, identifiers, randomness and waiting."""

    clock: Clock = field(factory=SystemClock)
    identifiers: Identifiers = field(factory=SystemIdentifiers)
    chance: Chance = field(factory=SystemChance)
    waiting: Waiting = field(factory=SystemWaiting)


class StoreModule(Module):
    """Repositories over one engine."""

    def __init__(self, engine: Engine, secrets: Secrets, owner: Email, delay: FeedDelay) -> None:
        self._engine = engine
        self._secrets = secrets
        self._owner = owner
        self._delay = delay

    @singleton
    @provider
    def secrets(self) -> Secrets:
        """Where the platform's keys are."""
        return self._secrets

    @singleton
    @provider
    def cursors(self) -> Cursors:
        """Positions of lists, sealed with the platform's keys."""
        return SealedCursors(self._secrets)

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
    def claims(self) -> Claims:
        """Whose the store is."""
        return StoredClaims(self._engine)

    @singleton
    @provider
    def feed_delay(self) -> FeedDelay:
        """How late a change may come into the feed."""
        return self._delay

    @singleton
    @provider
    def whole_store(self) -> WholeStore:
        """Every record, for verifying."""
        return ScannedStore(self._engine)

    @singleton
    @provider
    def once_units(self, answers: KeptAnswers, clock: Clock) -> OnceUnits:
        """Commits, and answers kept with them."""
        return OnceUnits(StoreUnitOfWork(self._engine), answers, clock)

    @singleton
    @provider
    def unit_of_work(self, units: OnceUnits) -> UnitOfWork:
        """The same."""
        return units

    @singleton
    @provider
    def kept_answers(self) -> KeptAnswers:
        """Answers kept for a day."""
        return StoredKeptAnswers(self._engine)

    @singleton
    @provider
    def rate_limits(self) -> RateLimits:
        """Buckets of tokens."""
        return StoredRateLimits(self._engine)


class WorldModule(Module):
    """Clock, identifiers, chance, waiting, and the exchange's dated facts."""

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
    def waiting(self) -> Waiting:
        """Letting time pass."""
        return self._world.waiting

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


def injector_of(store: StoreModule, world: WorldModule) -> Injector:
    """Gives every use case, one of each."""
    return Injector([store, world, _bind_use_cases], auto_bind=False)


def _bind_use_cases(binder: Binder) -> None:
    for use_case in _USE_CASES:
        binder.bind(use_case, to=inject(use_case), scope=singleton)
