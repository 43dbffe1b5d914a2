"""The platform's keys in one file that only its owner may read, or in memory: for development and embedding."""

from pathlib import Path

from quantleap.adapters.secrets.kept_keys import KeptKeys, LoadedKeys, new_keys
from quantleap.adapters.secrets.private_file import make_private, read_private
from quantleap.ports.errors import MisconfiguredError


class KeyFile(LoadedKeys):
    """See `quantleap.ports.secrets.Secrets`. The file is read once a process.

    With `may_make` it is made, mode 0600, on first use. Without, a missing file is an error: new keys in the place of
    lost ones would refuse every partner and rename every user.
    """

    def __init__(self, path: Path, *, may_make: bool = True) -> None:
        super().__init__()
        self._path = path
        self._may_make = may_make

    def _load(self) -> KeptKeys:
        if not self._path.exists():
            if not self._may_make:
                raise MisconfiguredError(
                    f"{self._path}, the keys of this store, is missing: restore it from a backup or where it was made"
                )
            make_private(self._path, new_keys())
        return KeptKeys.read(str(self._path), read_private(self._path))


class KeysInMemory(LoadedKeys):
    """See `quantleap.ports.secrets.Secrets`. Random keys that die with the process, as its store does."""

    def _load(self) -> KeptKeys:
        return KeptKeys.read("memory", new_keys())
