"""The platform's keys as one secret of AWS Secrets Manager, whose text is what a key file holds."""

import json
import time
from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from quantleap.adapters.aws_session import aws_client
from quantleap.adapters.secrets.kept_keys import KeptKeys, LoadedKeys
from quantleap.ports.errors import MisconfiguredError, UnavailableError
from quantleap.ports.secrets import HashKey

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
"""Time-outs in seconds."""

READ_AGAIN_EVERY_S = 30.0
"""How often at most a key record that names an unknown version has the secret read again."""

_WRONG = {
    "AccessDeniedException": "may not be read: grant secretsmanager:GetSecretValue on it",
    "DecryptionFailure": "cannot be decrypted: grant kms:Decrypt on its key",
    "InvalidRequestException": "cannot be read: it is marked for deletion",
    "ResourceNotFoundException": "does not exist: put the text of a key file into it",
    "ValidationException": "has a name that is none",
}
"""What an operator has to mend, by the service's code."""


class AwsSecret(LoadedKeys):
    """See `quantleap.ports.secrets.Secrets`. Read once a process, and again when a newer version is asked for.

    It is never made here. To rotate, add a version to its text: while keys hashed with the old one live, both stay.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str | None = None,
        endpoint: str | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._name = name
        self._region = region
        self._endpoint = endpoint
        self._seconds = seconds
        self._reading_again = Lock()
        self._read_at = seconds()

    def hash_key_of(self, version: str) -> HashKey:
        """The key of that version; where it is not known here, the secret may have been given it since it was read."""
        kept = self._loaded()
        if not kept.has_hash_key(version):
            kept = self._read_again(version)
        return kept.hash_key_of(version)

    def _read_again(self, version: str) -> KeptKeys:
        with self._reading_again:
            kept = self._loaded()
            if kept.has_hash_key(version) or self._seconds() - self._read_at < READ_AGAIN_EVERY_S:
                return kept
            kept = self._load()
            with self._lock:
                self._kept = kept
        return kept

    def _load(self) -> KeptKeys:
        self._read_at = self._seconds()
        place = f"the secret {self._name}"
        try:
            document = json.loads(self._text())
        except (ValueError, RecursionError):  # its text repeats parts of the secret
            document = None
        return KeptKeys.read(place, document)

    def _text(self) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._name)
        except ClientError as error:
            raise self._told(error.response.get("Error", {}).get("Code", "")) from None
        except NoRegionError:
            raise MisconfiguredError(f"the secret {self._name}: name its region by ?region=, or AWS_REGION") from None
        except BotoCoreError as error:
            raise UnavailableError(f"the secret {self._name} cannot be read now: {type(error).__name__}") from None
        text: str = answer.get("SecretString", "")
        return text

    def _told(self, code: str) -> MisconfiguredError | UnavailableError:
        if code in _WRONG:
            return MisconfiguredError(f"the secret {self._name} {_WRONG[code]}")
        return UnavailableError(f"the secret {self._name} cannot be read now: {code}")

    @cached_property
    def _client(self) -> Any:
        """Made once."""
        return aws_client("secretsmanager", region=self._region, endpoint=self._endpoint, config=_CONFIG)
