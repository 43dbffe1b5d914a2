"""A file that only its owner may read: made whole or not at all, and refused where others may read it."""

import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from quantleap.ports.errors import MisconfiguredError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(path: Path, content: object) -> None:
    """Make it with that content as JSON, mode 0600, unless it is there: of many makers at once one wins.

    Written whole under another name and then linked, so that a reader never sees half a file. Raises
    MisconfiguredError.
    """
    try:
        _make(path, json.dumps(content))
    except FileExistsError:
        pass
    except OSError as error:
        raise MisconfiguredError(f"cannot make the key file {path}: {error.strerror}") from error


def read_private(path: Path) -> Any:
    """Its content. Raises MisconfiguredError where it cannot be read, is no JSON, or may be read by others."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise MisconfiguredError(f"{path} must be readable by its owner alone: chmod 600 it")
        return json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise MisconfiguredError(f"cannot read the key file {path}: {type(error).__name__}") from error


def _make(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
