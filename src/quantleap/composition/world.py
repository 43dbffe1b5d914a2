"""What surrounds an application: clock, identifiers, randomness and waiting."""

from attrs import field, frozen

from quantleap.adapters.system.clock import SystemClock, SystemWaiting
from quantleap.adapters.system.identifiers import SystemChance, SystemIdentifiers
from quantleap.domain.audit.retention import AuditRetention
from quantleap.ports.system import Chance, Clock, Identifiers, Staleness, Waiting
from quantleap.ports.tokens import ExpectedTokens


@frozen
class World:
    """What a caller may put in place of the machine's own clock, identifiers, randomness and waiting.

    `staleness` is for how long templates, partners, their key pairs and counters are given again without reading them;
    `audit_retention` is how long audit entries are kept; `tokens` says whose tokens are taken.
    """

    clock: Clock = field(factory=SystemClock)
    identifiers: Identifiers = field(factory=SystemIdentifiers)
    chance: Chance = field(factory=SystemChance)
    waiting: Waiting = field(factory=SystemWaiting)
    staleness: Staleness = field(factory=Staleness)
    audit_retention: AuditRetention = field(factory=AuditRetention)
    tokens: ExpectedTokens = field(factory=ExpectedTokens)
