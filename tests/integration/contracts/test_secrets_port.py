"""What `ports.secrets.Secrets` promises: keys in memory, in a file that only its owner may read, and in AWS."""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from quantleap.adapters.secrets.aws_secrets_manager import READ_AGAIN_EVERY_S, AwsSecret
from quantleap.adapters.secrets.kept_keys import new_keys
from quantleap.adapters.secrets.key_file import KeyFile, KeysInMemory
from quantleap.ports.errors import MisconfiguredError, UnavailableError
from quantleap.ports.secrets import HashKey, Secrets

REGION = "ap-south-1"


def secret_in_aws(folder: Path) -> Secrets:
    """A secret of the folder's name, with keys in it."""
    name = f"quantleap{folder}"
    put(name, json.dumps(new_keys()))
    return AwsSecret(name, region=REGION)


def put(name: str, text: str) -> None:
    """Make the secret, or give it another text."""
    try:
        client().create_secret(Name=name, SecretString=text)
    except client().exceptions.ResourceExistsException:
        client().put_secret_value(SecretId=name, SecretString=text)


@cache
def client() -> Any:
    """Of the service."""
    return boto3.client("secretsmanager", region_name=REGION)


SECRETS: dict[str, Callable[[Path], Secrets]] = {
    "memory": lambda _: KeysInMemory(),
    "file": lambda folder: KeyFile(folder / "store.db.keys"),
    "aws": secret_in_aws,
}
GOOD = {"hash": {"1": "ab" * 32}, "pseudonym": {"1": "cd" * 32}}


@pytest.fixture(scope="module", autouse=True)
def aws() -> Iterator[None]:
    """Secrets Manager, as moto plays it."""
    with mock_aws():
        yield


@pytest.fixture(params=SECRETS)
def secrets(request: pytest.FixtureRequest, tmp_path: Path) -> Secrets:
    return SECRETS[request.param](tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db.keys"


def written(file: Path, content: object) -> KeyFile:
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    file.chmod(0o600)
    return KeyFile(file)


# Every adapter


def test_the_keys_are_there_on_first_use_and_stay_the_same(secrets: Secrets) -> None:
    hash_key, pseudonym_key = secrets.hash_key(), secrets.pseudonym_key()
    assert secrets.hash_key() == hash_key == secrets.hash_key_of(hash_key.version)
    assert secrets.pseudonym_key() == pseudonym_key
    assert hash_key.key != pseudonym_key.key
    assert min(len(hash_key.key), len(pseudonym_key.key)) >= 32


def test_the_key_of_cursors_has_64_bytes_stays_the_same_and_is_none_of_the_others(secrets: Secrets) -> None:
    cursor_key = secrets.cursor_key()
    assert secrets.cursor_key() == cursor_key
    assert len(cursor_key.key) == 64
    assert not any(other.key in cursor_key.key for other in (secrets.hash_key(), secrets.pseudonym_key()))


def test_the_fingerprint_stays_the_same_and_holds_no_part_of_a_key(secrets: Secrets) -> None:
    found = secrets.fingerprint()
    assert secrets.fingerprint() == found
    prints = {found.pseudonym, *found.hash_keys.values()}
    assert len(prints) == 2
    for key in (secrets.hash_key(), secrets.pseudonym_key(), secrets.cursor_key()):
        assert not any(each in key.key.hex() or key.key.hex() in each for each in prints)


def test_no_two_are_alike(tmp_path: Path) -> None:
    made = [make(tmp_path / str(number)) for make in SECRETS.values() for number in range(2)]
    assert len({each.hash_key().key for each in made}) == len(made)
    assert len({each.cursor_key().key for each in made}) == len(made)
    assert not any(
        one.fingerprint().agrees_with(other.fingerprint()) for one in made for other in made if one is not other
    )


@pytest.mark.parametrize("version", ["2", "", "../1"])
def test_a_version_that_there_is_not_is_named(secrets: Secrets, version: str) -> None:
    with pytest.raises(MisconfiguredError, match=f"version {version}"):
        secrets.hash_key_of(version)


def test_no_representation_shows_a_key(secrets: Secrets) -> None:
    key = secrets.hash_key()
    for shown in (repr(key), str(key), repr(secrets), repr(HashKey("1", b"\x01" * 32))):
        assert key.key.hex() not in shown
        assert repr(key.key) not in shown
        assert "\\x01" not in shown


# The file


def test_rotating_the_hash_key_leaves_the_key_of_cursors_as_it_is(file: Path) -> None:
    before = written(file, GOOD).cursor_key()
    assert written(file, {**GOOD, "hash": {"1": "ab" * 32, "2": "ef" * 32}}).cursor_key() == before


@pytest.mark.parametrize(
    ("hash_keys", "agrees"),
    [
        ({"1": "ab" * 32}, True),
        ({"1": "ab" * 32, "2": "ef" * 32}, True),
        ({"2": "ef" * 32}, True),
        ({"1": "ef" * 32}, False),
        ({"1": "ef" * 32, "2": "ef" * 32}, False),
    ],
    ids=["the same", "rotated", "the old one gone", "another", "another, rotated"],
)
def test_fingerprints_agree_while_the_hash_keys_that_both_have_are_the_same(
    file: Path, hash_keys: dict[str, str], *, agrees: bool
) -> None:
    before = written(file, GOOD).fingerprint()
    after = written(file, {**GOOD, "hash": hash_keys}).fingerprint()
    assert before.agrees_with(after) == after.agrees_with(before) == agrees


def test_fingerprints_of_other_pseudonym_keys_never_agree(file: Path) -> None:
    before = written(file, GOOD).fingerprint()
    assert not before.agrees_with(written(file, {**GOOD, "pseudonym": {"1": "ef" * 32}}).fingerprint())


def test_the_file_is_made_with_its_folder_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "made" / "for it" / "keys"
    before = os.umask(0)
    try:
        KeyFile(file).hash_key()
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_another_process_finds_the_same_keys(file: Path) -> None:
    first = KeyFile(file)
    second = KeyFile(file)
    assert (second.hash_key(), second.pseudonym_key()) == (first.hash_key(), first.pseudonym_key())
    assert second.cursor_key() == first.cursor_key()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_a_file_that_others_may_use_is_refused_and_left_as_it_was(file: Path, mode: int) -> None:
    written(file, GOOD)
    file.chmod(mode)
    with pytest.raises(MisconfiguredError, match="must be readable by its owner alone: chmod 600 it"):
        KeyFile(file).hash_key()
    assert json.loads(file.read_text()) == GOOD


def test_the_newest_of_several_hash_keys_is_the_one_and_the_older_ones_verify_on(file: Path) -> None:
    keys = written(file, {**GOOD, "hash": {version: f"{int(version):02x}" * 32 for version in ("9", "10", "2")}})
    assert keys.hash_key() == HashKey("10", b"\x0a" * 32)
    assert keys.hash_key_of("2") == HashKey("2", b"\x02" * 32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"hash": {"1": "abab',
        b"[" * 100_000,
        b"\xff",
        [],
        {},
        {"hash": {"1": "ab" * 32}},
        {**GOOD, "hash": {}},
        {**GOOD, "hash": {"one": "ab" * 32}},
        {**GOOD, "hash": {"1": "ab" * 31}},
        {**GOOD, "hash": {"1": "no hexadecimal"}},
        {**GOOD, "hash": {"1": 5}},
        {**GOOD, "hash": "ab" * 32},
    ],
    ids=lambda content: repr(content)[:30],
)
def test_a_file_that_holds_no_keys_is_named_never_shown_and_never_replaced(file: Path, content: object) -> None:
    keys = written(file, content)
    before = file.read_bytes()
    for use in (keys.hash_key, keys.pseudonym_key, keys.cursor_key):
        with pytest.raises(MisconfiguredError) as refusal:
            use()
        assert str(file) in str(refusal.value)
        assert "abab" not in str(refusal.value)
    assert file.read_bytes() == before


@pytest.mark.parametrize("more", [{"1": "ef" * 32}, "a remark", None])
def test_what_the_file_holds_beside_the_keys_does_no_harm(file: Path, more: object) -> None:
    assert written(file, {**GOOD, "more": more}).hash_key() == HashKey("1", b"\xab" * 32)


def test_a_folder_in_its_place_is_named(file: Path) -> None:
    file.mkdir()
    with pytest.raises(MisconfiguredError, match=r"IsADirectoryError|must be readable by its owner alone"):
        KeyFile(file).hash_key()


@pytest.mark.parametrize("name", ["keys", "folder/keys"])
def test_a_place_where_no_file_can_be_is_named(file: Path, name: str) -> None:
    file.write_text("no folder")
    with pytest.raises(MisconfiguredError, match=r"cannot (make|read) the key file"):
        KeyFile(file / name).hash_key()


def test_of_many_makers_at_once_one_wins_and_nobody_sees_half_a_file(file: Path) -> None:
    ready = Barrier(8)

    def make(_: int) -> tuple[bytes, bytes]:
        keys = KeyFile(file)
        ready.wait()
        return keys.hash_key().key, keys.pseudonym_key().key

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert list(file.parent.iterdir()) == [file]


def test_a_file_is_in_place_only_when_it_is_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        assert not file.exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(MisconfiguredError, match="No space left on device"):
        KeyFile(file).hash_key()
    assert list(file.parent.iterdir()) == []
    monkeypatch.undo()
    KeyFile(file).hash_key()


# AWS Secrets Manager

NAME = "quantleap/keys"


class Ticking:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        """The present."""
        return self.now


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the service."""
    calls: list[str] = []
    text = AwsSecret._text

    def counted(self: AwsSecret) -> str:
        calls.append(self._name)
        return text(self)

    monkeypatch.setattr(AwsSecret, "_text", counted)
    return calls


def test_a_secret_holds_what_a_key_file_holds(file: Path) -> None:
    in_file = KeyFile(file)
    hash_key = in_file.hash_key()
    put(NAME, file.read_text())
    in_aws = AwsSecret(NAME, region=REGION)
    assert (in_aws.hash_key(), in_aws.pseudonym_key()) == (hash_key, in_file.pseudonym_key())
    assert in_aws.fingerprint() == in_file.fingerprint()


def test_a_secret_is_read_once_for_as_long_as_its_versions_are_known(asked: list[str]) -> None:
    put(NAME, json.dumps(GOOD))
    secrets = AwsSecret(NAME, region=REGION)
    for _ in range(3):
        secrets.hash_key(), secrets.hash_key_of("1"), secrets.pseudonym_key(), secrets.cursor_key()
    assert asked == [NAME]


def test_a_version_added_while_the_process_runs_is_found_and_the_old_one_verifies_on(asked: list[str]) -> None:
    put(NAME, json.dumps(GOOD))
    seconds = Ticking()
    secrets = AwsSecret(NAME, region=REGION, seconds=seconds)
    before = secrets.hash_key()
    put(NAME, json.dumps({**GOOD, "hash": {**GOOD["hash"], "2": "ef" * 32}}))
    seconds.now = READ_AGAIN_EVERY_S
    assert secrets.hash_key_of("2") == HashKey("2", b"\xef" * 32)
    assert secrets.hash_key().version == "2"
    assert secrets.hash_key_of("1") == before
    assert asked == [NAME] * 2


def test_versions_that_are_nowhere_cost_no_more_than_a_read_in_a_while(asked: list[str]) -> None:
    put(NAME, json.dumps(GOOD))
    seconds = Ticking()
    secrets = AwsSecret(NAME, region=REGION, seconds=seconds)
    secrets.hash_key()
    for seconds.now in (READ_AGAIN_EVERY_S - 1, READ_AGAIN_EVERY_S, READ_AGAIN_EVERY_S * 2 - 1):
        for version in ("7", "8"):
            with pytest.raises(MisconfiguredError, match=f"the secret {NAME} holds no hash key of version {version}"):
                secrets.hash_key_of(version)
    assert asked == [NAME] * 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"hash": {"1": "abab"}}', "abab" * 16], ids=repr)
def test_a_secret_that_holds_no_keys_is_named_and_never_shown(text: str) -> None:
    put(NAME, text or " ")
    with pytest.raises(MisconfiguredError, match=f"the secret {NAME} holds no keys") as error:
        AwsSecret(NAME, region=REGION).hash_key()
    assert "abab" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_secret_of_bytes_holds_no_keys() -> None:
    client().create_secret(Name="of bytes", SecretBinary=json.dumps(GOOD).encode())
    with pytest.raises(MisconfiguredError, match="holds no keys"):
        AwsSecret("of bytes", region=REGION).hash_key()


def test_a_secret_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(MisconfiguredError, match="does not exist: put the text of a key file into it"):
        AwsSecret("none", region=REGION).hash_key()


def test_without_a_region_it_says_where_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MisconfiguredError, match=r"name its region by \?region="):
        AwsSecret(NAME, region=None).hash_key()


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("AccessDeniedException", MisconfiguredError, "may not be read: grant secretsmanager:GetSecretValue on it"),
        ("DecryptionFailure", MisconfiguredError, "cannot be decrypted: grant kms:Decrypt on its key"),
        ("InvalidRequestException", MisconfiguredError, "cannot be read: it is marked for deletion"),
        ("InternalServiceError", UnavailableError, "cannot be read now: InternalServiceError"),
        ("ThrottlingException", UnavailableError, "cannot be read now: ThrottlingException"),
    ],
)
def test_what_the_service_refuses_is_told_in_a_line_that_says_what_to_mend(
    code: str, kind: type[Exception], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> object:
        raise ClientError(
            {"Error": {"Code": code, "Message": "arn:aws:iam::123456789012:role/someone"}}, "GetSecretValue"
        )

    secrets = AwsSecret(NAME, region=REGION)
    monkeypatch.setattr(secrets._client, "get_secret_value", refused)
    with pytest.raises(kind) as error:
        secrets.hash_key()
    assert str(error.value) == f"the secret {NAME} {reason}"


def test_where_nobody_answers_it_is_told_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    put(NAME, json.dumps(GOOD))
    secrets = AwsSecret(NAME, region=REGION)
    with monkeypatch.context() as patch:
        patch.setattr(secrets._client, "get_secret_value", _unreachable)
        with pytest.raises(UnavailableError, match="cannot be read now: EndpointConnectionError"):
            secrets.hash_key()
    assert secrets.hash_key().version == "1"


def _unreachable(*_: object, **__: object) -> object:
    raise EndpointConnectionError(endpoint_url="https://secretsmanager.example")
