"""Claims a store for the platform's keys, so that it is never used with others unnoticed."""

from quantleap.ports.claims import Claims
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.secrets import Secrets
from quantleap.ports.unit_of_work import UnitOfWork


class Claiming:
    """For whoever makes a store, or begins to use one on another machine. It needs no principal: it shows nothing."""

    def __init__(self, secrets: Secrets, claims: Claims, units: UnitOfWork) -> None:
        self._secrets = secrets
        self._claims = claims
        self._units = units

    def claim(self) -> None:
        """Note which keys the store is used with, unless that is noted; safe to repeat.

        Raises MisconfiguredError when it was made with others, ConcurrentUpdateError when others claim it now.
        """
        if not self.check():
            self._units.commit(*self._claims.claiming(self._secrets.fingerprint()))

    def check(self) -> bool:
        """Whether it is noted which keys the store is used with. One read, so that it also tells whether the store can
        be reached.

        Raises MisconfiguredError when it was made with others, UnavailableError.
        """
        noted = self._claims.fingerprint()
        if noted is not None and not noted.agrees_with(self._secrets.fingerprint()):
            raise MisconfiguredError(
                "the keys are not those that the store was made with: bring its own file of keys back, or name another"
            )
        return noted is not None
