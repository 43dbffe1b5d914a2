"""How use cases and adapters are put together: which adapter stands for which port, each built when it is first needed.

To wire a port is a line in `ADAPTERS`; a use case needs none, for it is built from the annotations of its constructor,
as an adapter is.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeVar

from injector import Binder, Injector, InstanceProvider, Module, ScopeDecorator, inject, singleton

from quantleap.adapters.auth.development import DevelopmentPlace
from quantleap.adapters.store.seam import Engine
from quantleap.composition.world import World
from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.identifiers import Email
from quantleap.ports.feed_delay import FeedDelay
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Chance, Clock, Identifiers, Staleness, Waiting
from quantleap.ports.tokens import ExpectedTokens

ADAPTERS: Mapping[str, str] = {
    "audit.AuditLog": "store.repositories.audit.StoredAuditLog",
    "audit.AuditedChanges": "store.repositories.audit.StoredAuditedChanges",
    "claims.Claims": "store.repositories.claims.StoredClaims",
    "counters.Counters": "store.repositories.counters.StoredCounters",
    "cursors.Cursors": "cursors.sealed.SealedCursors",
    "expired_records.ExpiredRecords": "store.repositories.expired_records.StoredExpiredRecords",
    "disclosure.Disclosure": "store.repositories.disclosure.StoredDisclosure",
    "kept_answers.KeptAnswers": "store.repositories.kept_answers.StoredKeptAnswers",
    "marketplace.Marketplace": "store.repositories.marketplace.StoredMarketplace",
    "money.Charges": "store.repositories.money.StoredCharges",
    "money.Ledger": "store.repositories.money.StoredLedger",
    "partners.Partners": "store.repositories.partners.StoredPartners",
    "rate_limits.RateLimits": "store.repositories.rate_limits.StoredRateLimits",
    "reference_data.ReferenceData": "calendars.package_data.package_reference_data",
    "shown_subscriptions.ShownSubscriptions": "store.repositories.shown_subscriptions.StoredShownSubscriptions",
    "subscriptions.Allocations": "store.repositories.allocations.StoredAllocations",
    "subscriptions.Subscriptions": "store.repositories.subscriptions.StoredSubscriptions",
    "tokens.TokenIssuer": "auth.development.DevelopmentIssuer",
    "tokens.Tokens": "auth.expected.TokensAsExpected",
    "templates.Templates": "store.repositories.templates.StoredTemplates",
    "verification.WholeStore": "store.repositories.whole_store.ScannedStore",
}
"""Ports below `quantleap.ports`, and below `quantleap.adapters` what makes each. By name, for what nobody asks for is
never imported: a Lambda function starts with no more than its routes need.
"""

_MAKERS: Mapping[str, str] = {
    **{f"quantleap.ports.{port}": f"quantleap.adapters.{adapter}" for port, adapter in ADAPTERS.items()},
    "quantleap.ports.unit_of_work.UnitOfWork": "quantleap.composition.commits.unit_of_work",
    "quantleap.application.answering_once.OnceUnits": "quantleap.composition.commits.once_units",
}

T = TypeVar("T")


class WorldModule(Module):
    """What is given: the engine, the keys, the templates' owner, and the world around."""

    def __init__(
        self,
        engine: Engine,
        secrets: Secrets,
        *,
        owner: Email,
        delay: FeedDelay,
        development: DevelopmentPlace,
        world: World,
    ) -> None:
        self._given: Mapping[type, object] = {
            Engine: engine,
            Secrets: secrets,
            Email: owner,
            FeedDelay: delay,
            Clock: world.clock,
            Identifiers: world.identifiers,
            Chance: world.chance,
            Waiting: world.waiting,
            Staleness: world.staleness,
            AuditRetention: world.audit_retention,
            DevelopmentPlace: development,
            ExpectedTokens: world.tokens,
        }

    def configure(self, binder: Binder) -> None:
        """Each as it is."""
        for interface, instance in self._given.items():
            binder.bind(interface, to=InstanceProvider(instance))


class Wiring(Injector):
    """Gives use cases and adapters, one of each, and binds each when it is first asked for."""

    def __init__(self, world: WorldModule) -> None:
        super().__init__([world], auto_bind=False)

    def get(self, interface: type[T], scope: ScopeDecorator | type[Any] | None = None) -> T:
        """The one of that class. Raises KeyError for a port without an adapter."""
        if interface.__module__.startswith("quantleap.") and not self.binder.has_binding_for(interface):
            self.binder.bind(interface, to=inject(_maker(interface)), scope=singleton)
        return super().get(interface, scope)


def _maker(interface: type[T]) -> Callable[..., T]:
    spelled = f"{interface.__module__}.{interface.__qualname__}"
    if spelled not in _MAKERS and not spelled.startswith("quantleap.ports."):
        return interface
    module, _, name = _MAKERS[spelled].rpartition(".")
    maker: Callable[..., T] = getattr(import_module(module), name)
    return maker
