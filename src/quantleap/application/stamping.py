"""What every change carries: the instant, the request, and the principal under a pseudonym."""

from hashlib import sha256
from hmac import digest

from quantleap.domain.identifiers import Email
from quantleap.domain.principals import Admin, PartnerBackend, Principal, System, User
from quantleap.domain.subscriptions.history import Stamp
from quantleap.ports.secrets import Secrets
from quantleap.ports.system import Clock, Identifiers

PSEUDONYM_HEX_DIGITS = 32


class Stamping:
    """Makes stamps. An email never enters one: it is replaced by a keyed hash that is the same for years."""

    def __init__(self, clock: Clock, identifiers: Identifiers, secrets: Secrets) -> None:
        self._clock = clock
        self._identifiers = identifiers
        self._secrets = secrets

    def stamp(self, by: Principal, *, request_id: str | None = None, reason: str | None = None) -> Stamp:
        """The stamp of a change made now. A request without an id gets one."""
        return Stamp(
            at=self._clock.now(),
            changed_by=self.changed_by(by),
            request_id=self._identifiers.request_id() if request_id is None else request_id,
            reason=reason,
        )

    def changed_by(self, by: Principal) -> str:
        """`partner_zebu_live`, `system:billing`, `user:` or `admin:` and a pseudonym: at most 64 bytes."""
        match by:
            case PartnerBackend(partner_id=partner_id):
                return str(partner_id)
            case System(task=task):
                return f"system:{task}"
            case Admin(email=email):
                return f"admin:{self._pseudonym(email)}"
            case User(email=email):
                return f"user:{self._pseudonym(email)}"

    def _pseudonym(self, email: Email) -> str:
        return digest(self._secrets.pseudonym_key().key, email.address.encode(), sha256).hex()[:PSEUDONYM_HEX_DIGITS]
