"""What `ports.cursors.Cursors` promises of cursors: they come back whole, where they belong, or not at all."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.adapters.cursors.sealed import SealedCursors
from quantleap.adapters.secrets.key_file import KeyFile, KeysInMemory
from quantleap.domain.errors import InvalidInputError
from quantleap.domain.paging import MAX_CURSOR_CHARS, Bookmark
from quantleap.ports.cursors import Cursors

CURSORS: dict[str, Cursors] = {"sealed": SealedCursors(KeysInMemory())}
"""Every adapter."""

OTHERS: dict[str, Cursors] = {"sealed": SealedCursors(KeysInMemory())}
"""The same with the keys of another platform."""

REFUSAL = ("cursor", "is not a position of this list")
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
POSITION: Bookmark = {"user_id": "anita@example.com", "sort_key": "SUBSCRIPTION#sub_zebu_00000001", "subscribers": 7}
CONTEXT = b"anita's subscriptions"

ADAPTERS = st.sampled_from(sorted(CURSORS))
POSITIONS = st.dictionaries(st.text(max_size=12), st.text(max_size=24) | st.integers(-(2**63), 2**63 - 1), max_size=5)
CONTEXTS = st.binary(max_size=40)


def refused(cursors: Cursors, cursor: object, context: bytes) -> None:
    """It is, in the same words as everything else."""
    with pytest.raises(InvalidInputError) as refusal:
        cursors.open(cursor, context)  # type: ignore[arg-type]  # callers send anything
    assert (refusal.value.field, refusal.value.reason) == REFUSAL
    assert refusal.value.__cause__ is None


@pytest.fixture(params=CURSORS)
def cursors(request: pytest.FixtureRequest) -> Cursors:
    return CURSORS[request.param]


@given(ADAPTERS, POSITIONS, CONTEXTS)
def test_any_position_comes_back_as_it_was_by_url_safe_text(name: str, position: Bookmark, context: bytes) -> None:
    cursor = CURSORS[name].seal(position, context)
    assert CURSORS[name].open(cursor, context) == position
    assert set(cursor) <= set(URL_SAFE)
    assert len(cursor) <= MAX_CURSOR_CHARS


@given(ADAPTERS, POSITIONS, CONTEXTS)
def test_the_same_position_gives_the_same_cursor_in_whatever_order_it_is_told(
    name: str, position: Bookmark, context: bytes
) -> None:
    turned = dict(reversed(list(position.items())))
    assert CURSORS[name].seal(turned, context) == CURSORS[name].seal(position, context)


@given(ADAPTERS, POSITIONS, CONTEXTS, st.data())
def test_any_flipped_bit_is_refused(name: str, position: Bookmark, context: bytes, data: st.DataObject) -> None:
    cursor = CURSORS[name].seal(position, context)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    refused(CURSORS[name], base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), context)


@given(ADAPTERS, POSITIONS, CONTEXTS, st.data())
def test_any_other_character_anywhere_is_refused(
    name: str, position: Bookmark, context: bytes, data: st.DataObject
) -> None:
    """The bits that base64 leaves over at the end included: one cursor has one spelling."""
    cursor = CURSORS[name].seal(position, context)
    place = data.draw(st.integers(0, len(cursor) - 1) | st.just(len(cursor) - 1))
    other = data.draw(
        st.sampled_from(URL_SAFE).filter(lambda each: each != cursor[place]) | st.sampled_from("+/=.\n\u0660")
    )
    refused(CURSORS[name], cursor[:place] + other + cursor[place + 1 :], context)


@given(ADAPTERS, POSITIONS, CONTEXTS, st.data())
def test_any_truncation_is_refused(name: str, position: Bookmark, context: bytes, data: st.DataObject) -> None:
    cursor = CURSORS[name].seal(position, context)
    kept = data.draw(st.integers(0, len(cursor) - 1))
    refused(CURSORS[name], cursor[:kept], context)
    refused(CURSORS[name], cursor[len(cursor) - kept :], context)


@given(ADAPTERS, POSITIONS, CONTEXTS, st.text(min_size=1, max_size=9) | st.sampled_from(["A", "=", "==", "\n", " "]))
def test_any_extension_is_refused(name: str, position: Bookmark, context: bytes, more: str) -> None:
    cursor = CURSORS[name].seal(position, context)
    refused(CURSORS[name], cursor + more, context)
    refused(CURSORS[name], more + cursor, context)


@given(ADAPTERS, POSITIONS, CONTEXTS, CONTEXTS)
def test_another_context_is_refused(name: str, position: Bookmark, context: bytes, other: bytes) -> None:
    cursor = CURSORS[name].seal(position, context)
    if other != context:
        refused(CURSORS[name], cursor, other)
    refused(CURSORS[name], cursor, context + b"\0")
    refused(CURSORS[name], cursor, b"\x01" + context)


@given(ADAPTERS, POSITIONS, CONTEXTS)
def test_the_keys_of_another_platform_are_refused(name: str, position: Bookmark, context: bytes) -> None:
    refused(OTHERS[name], CURSORS[name].seal(position, context), context)


@given(ADAPTERS, st.text() | st.text(URL_SAFE) | st.binary() | st.none() | st.integers() | st.lists(st.text()))
def test_what_is_no_cursor_is_refused(name: str, anything: object) -> None:
    refused(CURSORS[name], anything, CONTEXT)


@pytest.mark.parametrize("chars", [MAX_CURSOR_CHARS, MAX_CURSOR_CHARS + 1, 10_000_000])
def test_what_is_too_long_is_refused(cursors: Cursors, chars: int) -> None:
    refused(cursors, "A" * chars, CONTEXT)


def test_a_position_in_the_clear_is_refused(cursors: Cursors) -> None:
    plain = json.dumps(dict(POSITION)).encode()
    for spelled in (plain, b"\x01" + plain, b"\x01" + bytes(16) + plain):
        refused(cursors, base64.urlsafe_b64encode(spelled).rstrip(b"=").decode(), CONTEXT)


def test_the_longest_position_a_cursor_holds_comes_back_and_a_longer_one_is_never_sealed(cursors: Cursors) -> None:
    longest = next(size for size in range(4000, 0, -1) if _fits(cursors, size))
    position: Bookmark = {"k": "x" * longest}
    assert cursors.open(cursors.seal(position, CONTEXT), CONTEXT) == position
    assert longest > 3000
    with pytest.raises(InvalidInputError, match="position: is too long for a cursor"):
        cursors.seal({"k": "x" * (longest + 1)}, CONTEXT)


def _fits(cursors: Cursors, size: int) -> bool:
    try:
        cursors.seal({"k": "x" * size}, CONTEXT)
    except InvalidInputError:
        return False
    return True


@given(ADAPTERS, st.from_regex(r"[a-z]{3,20}@[a-z]{3,20}\.in", fullmatch=True))
def test_no_cursor_shows_an_email_however_it_is_decoded(name: str, email: str) -> None:
    cursor = CURSORS[name].seal({"user_id": email}, CONTEXT)
    shown = cursor.encode() + b" " + base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    local, _, domain = email.partition("@")
    for spelled in (
        email,
        email.encode().hex(),
        *(base64.b64encode(each.encode()).decode() for each in (email, domain)),
    ):
        assert spelled.encode() not in shown
    assert b"@" + domain.encode() not in shown
    assert local.encode() + b"@" not in shown


def test_a_cursor_is_good_in_every_process_with_the_same_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    cursor = SealedCursors(KeyFile(file)).seal(POSITION, CONTEXT)
    assert SealedCursors(KeyFile(file)).open(cursor, CONTEXT) == POSITION


def test_the_cipher_is_loaded_by_the_first_cursor_and_no_earlier() -> None:
    program = """
import sys
from quantleap.adapters.cursors.sealed import SealedCursors
from quantleap.adapters.secrets.key_file import KeysInMemory
cursors = SealedCursors(KeysInMemory())
assert "cryptography" not in sys.modules
cursors.seal({}, b"")
assert "cryptography" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603


def test_no_representation_shows_the_key() -> None:
    keys = KeysInMemory()
    cursors = SealedCursors(keys)
    cursors.seal(POSITION, CONTEXT)
    assert keys.cursor_key().key.hex() not in f"{cursors!r}{vars(cursors)!r}{keys.cursor_key()!r}"
    assert repr(keys.cursor_key().key) not in f"{cursors!r}{vars(cursors)!r}{keys.cursor_key()!r}"
