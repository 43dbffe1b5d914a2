"""The application of a function, over the store that its environment names."""

import logging
from typing import TYPE_CHECKING

from quantleap.composition import DEFAULT_OWNER, World, compose
from quantleap.domain.errors import InvalidInputError
from quantleap.environment import PREFIX, required, staleness, variable
from quantleap.ports.errors import MisconfiguredError

if TYPE_CHECKING:
    from quantleap.composition import Application

_log = logging.getLogger("quantleap.start")


class Opening:
    """Composes it once, and again only while that fails. A function handles one event at a time.

    `QUANTLEAP_STORE` is the store's URL, `QUANTLEAP_OWNER` the email of the templates' owner, if any, `QUANTLEAP_KEYS`
    where the platform's keys are, `QUANTLEAP_STALENESS` for how many seconds what changes seldom is not read again.
    """

    def __init__(self, world: World | None = None) -> None:
        self._world = world
        self._app: Application | None = None

    def prepare(self) -> None:
        """Do at init what the first event would wait for. What fails here is logged, and tried again by each event."""
        try:
            self.app()
        except Exception as error:
            _log.error("could not start", exc_info=error)

    def app(self) -> "Application":
        """It. Raises MisconfiguredError, UnavailableError."""
        if self._app is None:
            try:
                self._app = self._composed()
            except InvalidInputError as refusal:  # of a setting, and nothing that a caller sent
                raise MisconfiguredError(f"{PREFIX}{refusal.field.upper()}: {refusal.reason}") from None
        return self._app

    def _composed(self) -> "Application":
        return compose(
            required("store"),
            owner=variable("owner") or DEFAULT_OWNER,
            world=self._world or World(staleness=staleness()),
            keys=variable("keys"),
            may_create=False,
        )
