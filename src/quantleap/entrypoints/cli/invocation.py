"""What a command has in hand: the application over the store that was asked for, who acts, and the way to answer."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from quantleap.domain.audit.retention import AuditRetention
from quantleap.domain.identifiers import Email, Mode
from quantleap.domain.principals import Admin, Principal, System
from quantleap.entrypoints.cli.output.printing import print_line, print_views
from quantleap.entrypoints.cli.output.views import View
from quantleap.entrypoints.exact_json import json_text

if TYPE_CHECKING:
    from quantleap.composition import Application, World
    from quantleap.settings import Settings

OPERATOR = "operator"
"""The platform's task under which an operator works on test data, where an admin has none."""


class Invocation:
    """One command's. Settings and store are loaded when they are first needed: help needs neither."""

    def __init__(self, store: str | None, *, as_json: bool) -> None:
        self.given_store = store
        self.as_json = as_json
        self._opened: list[Application] = []

    @property
    def store(self) -> str:
        """The URL that was given, else that of the settings."""
        return self.settings.store if self.given_store is None else self.given_store

    @cached_property
    def owner(self) -> Email:
        """The owner of the templates: that of the settings, else the library's own default."""
        from quantleap.composition import DEFAULT_OWNER  # noqa: PLC0415 - help and version must not pay for it

        return Email(self.settings.owner or DEFAULT_OWNER)

    @cached_property
    def app(self) -> "Application":
        """The application over the store, which must be there. Raises InvalidInputError, UnavailableError,
        MisconfiguredError.
        """
        return self.open(self.store, may_create=False)

    def open(
        self,
        store: str,
        world: "World | None" = None,
        *,
        may_create: bool = True,
        tell: Callable[[str], None] | None = None,
    ) -> "Application":
        """The application over that store, closed with the invocation."""
        from quantleap.composition import compose  # noqa: PLC0415 - help and version must not pay for it

        app = compose(
            store,
            owner=self.owner.address,
            world=world or self._world(),
            keys=self.settings.keys,
            may_create=may_create,
            tell=tell,
        )
        self._opened.append(app)
        return app

    def acting_on(self, mode: Mode = Mode.LIVE) -> Principal:
        """Who acts: the owner as admin, on test data the platform."""
        return Admin(self.owner) if mode is Mode.LIVE else System(OPERATOR, Mode.TEST)

    def answer(self, document: object, views: Iterable[View]) -> None:
        """The document as JSON where that was asked for, else the views."""
        if self.as_json:
            print_line(json_text(document))
        else:
            print_views(views)

    def close(self) -> None:
        """Give back every store that was opened."""
        for app in self._opened:
            app.close()

    def _world(self) -> "World":
        """The machine's own, as the settings say."""
        from quantleap.composition import World  # noqa: PLC0415 - help and version must not pay for it

        given = self.settings
        return World(
            staleness=given.as_staleness,
            audit_retention=AuditRetention(timedelta(given.audit_days)),
            tokens=given.expected_tokens,
        )

    @cached_property
    def settings(self) -> "Settings":
        """The environment. Raises MisconfiguredError."""
        from quantleap.settings import read_settings  # noqa: PLC0415 - it loads pydantic

        return read_settings()
