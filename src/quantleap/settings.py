"""What the environment says, read once into a frozen value."""

import re
from datetime import timedelta
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from quantleap.domain.audit.retention import DEFAULT_DAYS, MAX_DAYS, MIN_DAYS
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.environment import PREFIX
from quantleap.ports.errors import MisconfiguredError
from quantleap.ports.system import MAX_STALENESS_S, USUAL_STALENESS_S, Staleness
from quantleap.ports.tokens import ExpectedTokens

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")

MAX_THREADS = 1000


def default_store() -> str:
    """The URL of a SQLite file in the user's data folder. The folder is made with mode 0700 when it is first used."""
    return f"sqlite:///{user_data_path('quantleap', appauthor=False) / 'quantleap.db'}"


def default_keys() -> Path:
    """The file with the platform's keys in the user's data folder, of mode 0600."""
    return user_data_path("quantleap", appauthor=False) / "platform.keys"


class Settings(BaseSettings):
    """`QUANTLEAP_STORE`: the store's URL. `QUANTLEAP_OWNER`: the email of the templates' owner, if any.

    `QUANTLEAP_KEYS`: the file with the platform's keys of a DynamoDB store, or the URL of the secret with them.
    `QUANTLEAP_ISSUER`, `QUANTLEAP_AUDIENCE`, `QUANTLEAP_JWKS`: see `quantleap.ports.tokens.ExpectedTokens`.
    `QUANTLEAP_STALENESS`: for how many seconds, 0 to 60, key pairs, partners, templates and counters that were read
    are taken as they were; as late as that a revoked key is refused. `QUANTLEAP_AUDIT_DAYS`: for how many days audit
    entries are kept. A variable that is empty counts as absent.

    Of `quantleap serve`: `QUANTLEAP_THREADS`: how many requests are worked on at once, if not as many as usual.
    `QUANTLEAP_ORIGINS`: the origins of browser pages that may call it, apart by commas; none where it is absent.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    store: str = Field(default_factory=default_store)
    owner: str | None = None
    keys: Path | str = Field(default_factory=default_keys)
    issuer: str | None = None
    audience: str | None = None
    jwks: str | None = None
    staleness: int = Field(default=USUAL_STALENESS_S, ge=0, le=MAX_STALENESS_S)
    audit_days: int = Field(default=DEFAULT_DAYS, ge=MIN_DAYS, le=MAX_DAYS)
    threads: int | None = Field(default=None, ge=1, le=MAX_THREADS)
    origins: str = ""

    @property
    def page_origins(self) -> tuple[str, ...]:
        """`QUANTLEAP_ORIGINS`."""
        return tuple(each.strip() for each in self.origins.split(",")) if self.origins else ()

    @field_validator("origins")
    @classmethod
    def _apart_by_commas(cls, value: str) -> str:
        if value and not all(_ORIGIN.fullmatch(each.strip()) for each in value.split(",")):
            raise ValueError("must be origins apart by commas, each such as https://app.example.com")
        return value

    @property
    def as_staleness(self) -> Staleness:
        """`QUANTLEAP_STALENESS`."""
        return Staleness(timedelta(seconds=self.staleness))

    @property
    def expected_tokens(self) -> ExpectedTokens:
        """`QUANTLEAP_ISSUER`, `QUANTLEAP_AUDIENCE` and `QUANTLEAP_JWKS`."""
        return ExpectedTokens(self.issuer, self.audience, self.jwks)

    @field_validator("owner")
    @classmethod
    def _one_mailbox(cls, value: str | None) -> str | None:
        try:
            return None if value is None else Email(value).address
        except InvalidInputError as refusal:
            raise ValueError(refusal.reason) from None


def read_settings() -> Settings:
    """The environment of now. Raises MisconfiguredError with the variable's name; its value is not repeated."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        variable = f"{PREFIX}{'_'.join(map(str, first['loc']))}".upper()
        raise MisconfiguredError(f"{variable}: {first['msg'].removeprefix('Value error, ')}") from None
