"""What the environment says, read once into a frozen value."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from quantleap.domain.errors import InvalidInputError
from quantleap.domain.identifiers import Email
from quantleap.ports.errors import MisconfiguredError

_PREFIX = "QUANTLEAP_"


def default_store() -> str:
    """The URL of a SQLite file in the user's data folder. The folder is made with mode 0700 when it is first used."""
    return f"sqlite:///{user_data_path('quantleap', appauthor=False) / 'quantleap.db'}"


def default_keys() -> Path:
    """The file with the platform's keys in the user's data folder, of mode 0600."""
    return user_data_path("quantleap", appauthor=False) / "platform.keys"


class Settings(BaseSettings):
    """`QUANTLEAP_STORE`: the store's URL. `QUANTLEAP_OWNER`: the email of the templates' owner, if any.

    `QUANTLEAP_KEYS`: the file with the platform's keys of a DynamoDB store. A variable that is empty counts as absent.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    store: str = Field(default_factory=default_store)
    owner: str | None = None
    keys: Path = Field(default_factory=default_keys)

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
        variable = f"{_PREFIX}{'_'.join(map(str, first['loc']))}".upper()
        raise MisconfiguredError(f"{variable}: {first['msg'].removeprefix('Value error, ')}") from None
