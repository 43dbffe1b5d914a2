"""A store that cannot be used, through `quantleap.open` and the use cases: one clear UnavailableError, nothing else."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.integration.application.house import ADMIN, ANITA, BALA, CONDOR, ZEBU, House, refusal

import quantleap
from quantleap import composition
from quantleap.adapters.secrets.key_file import KeysInMemory
from quantleap.adapters.store import seam
from quantleap.adapters.store.engines.sqlite import SqliteEngine
from quantleap.adapters.store.engines.sqlite_file import FAULTS
from quantleap.adapters.store.seam import StoreError, StoreUnavailableError, WriteConflictError
from quantleap.composition import Application, compose
from quantleap.domain.errors import InvalidInputError, PortError, QuantleapError
from quantleap.domain.paging import ListRequest
from quantleap.domain.principals import PartnerBackend
from quantleap.ports import errors
from quantleap.ports.errors import MisconfiguredError, UnavailableError

USES: dict[str, Callable[[House, str], object]] = {
    "get": lambda house, name: house.app.subscriptions.get(ADMIN, name),
    "list": lambda house, _: house.app.subscriptions.of_user(ANITA, None, ListRequest()),
    "template": lambda house, _: house.app.authoring.get(ADMIN, CONDOR),
    "pause": lambda house, name: house.app.subscriptions.pause(ADMIN, name),
    "cancel": lambda house, name: house.app.subscriptions.cancel(ADMIN, name),
    "subscribe": lambda house, _: house.subscribed(BALA),
    "follow": lambda house, _: house.app.counters.follow(),
    "verify": lambda house, _: house.app.verification.verify(ADMIN),
}
WRITES = ("pause", "cancel", "subscribe")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def unavailable(call: Callable[[], object], file: Path) -> UnavailableError:
    """The one line that the call ends in."""
    error = refusal(call)
    assert isinstance(error, UnavailableError)
    assert error.retryable
    assert str(error).startswith(str(file))
    assert "\n" not in str(error)
    assert "@" not in str(error)
    return error


def used(file: Path) -> str:
    """A store with a past, closed; the name of its subscription."""
    house = House.furnished(f"sqlite:///{file}")
    with house.app:
        return house.subscribed().terms.subscription_id


# At the opening


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"the notes of somebody else\n" * 40, "is not a SQLite file"),
        (b"", "is no store of quantleap"),
        (None, "is a folder: name a file in it"),
    ],
    ids=["no database", "empty", "folder"],
)
def test_what_is_no_store_is_not_opened_and_left_as_it_was(file: Path, content: bytes | None, text: str) -> None:
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    assert text in str(unavailable(lambda: quantleap.open(f"sqlite:///{file}"), file))
    assert file.is_dir() if content is None else file.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_named(file: Path) -> None:
    file.write_text("no folder")
    error = refusal(lambda: quantleap.open(f"sqlite:///{file}/store.db"))
    assert isinstance(error, PortError)
    assert f"{file}/store.db" in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("url", ["", "sqlite:///", "sqlite://store.db", "memory://x", "postgres://", "store.db"])
def test_another_url_is_the_callers_bad_input(url: str) -> None:
    error = refusal(lambda: quantleap.open(url))
    assert isinstance(error, InvalidInputError)
    assert error.field == "store"


def test_an_owner_that_is_no_email_is_refused_before_anything_is_made(file: Path) -> None:
    error = refusal(lambda: compose(f"sqlite:///{file}", owner="admin"))
    assert isinstance(error, InvalidInputError)
    assert error.field == "owner"
    assert not file.exists()


def test_a_file_of_keys_that_others_may_read_is_named_at_the_first_use_of_a_key(file: Path) -> None:
    used(file)
    keys = file.with_name("store.db.keys")
    keys.chmod(0o644)
    with quantleap.open(f"sqlite:///{file}") as app:
        error = refusal(lambda: House(app, House.over("memory://").clock).subscribed(by=BALA))
    assert isinstance(error, MisconfiguredError)
    assert str(keys) in str(error)


def test_a_store_whose_keys_are_lost_gets_no_others(file: Path) -> None:
    used(file)
    keys = file.with_name("store.db.keys")
    keys.unlink()
    with quantleap.open(f"sqlite:///{file}") as app:
        error = refusal(lambda: House(app, House.over("memory://").clock).subscribed(by=BALA))
    assert isinstance(error, MisconfiguredError)
    assert "is missing: restore it from a backup" in str(error)
    assert not keys.exists()


# In use


@pytest.fixture
def damaged(file: Path) -> Iterator[tuple[House, str]]:
    """A house whose file was overwritten beneath it."""
    name = used(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    house = House.over("memory://")
    with closing(SqliteEngine(file)) as engine:
        yield House(_over(engine), house.clock), name


def _over(engine: seam.Engine) -> Application:
    """An application over an engine that was not prepared."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "prepare", lambda _tell: None)
        patched.setattr(composition, "open_store", lambda _, **_options: (engine, KeysInMemory()))
        return compose("memory://")


@pytest.mark.parametrize("use", USES)
def test_a_damaged_file_is_named_by_every_use(damaged: tuple[House, str], file: Path, use: str) -> None:
    house, name = damaged
    assert "damaged: restore it from a backup" in str(unavailable(lambda: USES[use](house, name), file))


@pytest.mark.parametrize("use", USES)
def test_a_store_that_is_gone_is_named_by_every_use(file: Path, use: str) -> None:
    name = used(file)
    file.unlink()
    with closing(SqliteEngine(file)) as engine:
        house = House(_over(engine), House.over("memory://").clock)
        assert "cannot be opened" in str(unavailable(lambda: USES[use](house, name), file))


@pytest.mark.parametrize("use", WRITES)
def test_a_store_that_may_only_be_read_is_read_and_refuses_to_be_written(file: Path, use: str) -> None:
    name = used(file)
    with quantleap.open(f"sqlite:///{file}") as app:
        engine = app._engine
        assert isinstance(engine, SqliteEngine)
        with engine._file.connection() as connection:
            connection.execute("PRAGMA query_only = ON")
        house = House(app, House.over("memory://").clock)
        before = house.items()
        assert "permissions" in str(unavailable(lambda: USES[use](house, name), file))
        assert house.items() == before
        assert app.subscriptions.get(ADMIN, name).terms.subscription_id == name


@pytest.mark.parametrize("use", WRITES)
def test_a_busy_writer_is_named_nothing_is_written_and_the_same_request_succeeds_later(file: Path, use: str) -> None:
    name = used(file)
    with closing(SqliteEngine(file, busy_timeout_ms=1)) as engine, closing(sqlite3.connect(file)) as other:
        house = House(_over(engine), House.over("memory://").clock)
        before = house.items()
        other.execute("BEGIN IMMEDIATE")
        assert "is held by another writer: try again" in str(unavailable(lambda: USES[use](house, name), file))
        assert house.items() == before
        other.execute("ROLLBACK")
        assert refusal(lambda: USES[use](house, name)) is None


def test_a_busy_thread_of_this_process_is_named_too(file: Path) -> None:
    name = used(file)
    with closing(SqliteEngine(file, busy_timeout_ms=1)) as engine:
        house = House(_over(engine), House.over("memory://").clock)
        with engine._writing:
            unavailable(lambda: house.app.subscriptions.pause(ADMIN, name), file)


def test_use_from_many_threads_is_never_refused(file: Path) -> None:
    house = House.furnished(f"sqlite:///{file}")
    with house.app:
        name = house.subscribed().terms.subscription_id
        refused: list[QuantleapError | None] = []

        def read() -> None:
            refused.extend(refusal(lambda: house.app.subscriptions.get(PartnerBackend(ZEBU), name)) for _ in range(50))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == [None] * 200


# The errors themselves


def test_every_fault_of_an_engine_is_the_ports_own_error() -> None:
    assert {fault.error for fault in FAULTS.values()} <= {StoreUnavailableError, WriteConflictError}
    for kind in (StoreUnavailableError, WriteConflictError):
        assert issubclass(kind, UnavailableError)
        assert issubclass(kind, StoreError)
        assert kind("the disk is full").details() == {"reason": "the disk is full"}


def test_the_tree_of_port_errors_is_as_it_is_drawn_and_each_has_its_code() -> None:
    kinds = {
        name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PortError)
    }
    drawn = {line.partition("── ")[2].split()[0] for line in (errors.__doc__ or "").splitlines() if "──" in line}
    assert drawn == kinds.keys() - {"PortError"}
    assert len({kind.code for kind in kinds.values()} - {PortError.code}) == len(drawn)
    assert [name for name, kind in kinds.items() if kind.retryable] == ["UnavailableError", "BusyError"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (errors.UnavailableError("the disk is full"), "the disk is full"),
        (errors.CorruptDataError("item 1", "is no number"), "item 1: is no number"),
        (errors.MalformedReferenceDataError("days.csv", 3, "no date"), "days.csv, line 3: no date"),
        (errors.MalformedReferenceDataError("days.csv", None, "no rows"), "days.csv: no rows"),
        (errors.MisconfiguredError("chmod 600 it"), "chmod 600 it"),
    ],
)
def test_a_port_error_is_one_clear_sentence(error: PortError, sentence: str) -> None:
    assert str(error) == sentence
