"""The Merkle tree of RFC 6962."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantleap.domain.commissions import merkle
from quantleap.domain.errors import InvalidInputError

# Leaves and the roots of the trees over the first 0 to 8 of them, as Certificate Transparency's own tests have them.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = range(1, 34)


def leaves_of(size: int) -> list[bytes]:
    return [f"line {number}".encode() for number in range(size)]


def level_by_level(leaves: list[bytes]) -> bytes:
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_what_pairing_level_by_level_gives(size: int) -> None:
    assert merkle.root(leaves_of(size)) == level_by_level(leaves_of(size))


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_of_every_small_tree_is_proved_by_its_own_path_alone(size: int) -> None:
    leaves = leaves_of(size)
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.proof(leaves, index)
        assert len(path) <= (size - 1).bit_length()
        assert [at for at in range(-1, size + 1) if merkle.verify_proof(leaf, at, size, path, root)] == [index]


@given(st.data())
def test_a_proof_that_was_touched_proves_nothing(data: st.DataObject) -> None:
    leaves = leaves_of(data.draw(st.integers(2, 40)))
    size, root = len(leaves), merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.proof(leaves, index)
    place, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 7))
    flipped = bytes([path[place][0] ^ (1 << bit)]) + path[place][1:]
    for false_path in (
        path[:-1],
        (*path, root),
        (*path[:place], flipped, *path[place + 1 :]),
    ):
        assert not merkle.verify_proof(leaves[index], index, size, false_path, root)
    assert not merkle.verify_proof(leaves[index] + b" ", index, size, path, root)
    assert not merkle.verify_proof(leaves[index], index, size, path, hashlib.sha256(root).digest())


def test_a_node_does_not_pass_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert merkle.root([left + right]) != merkle.root([b"a", b"b"])


@pytest.mark.parametrize(("size", "index"), [(0, 0), (3, 3), (3, -1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(size: int, index: int) -> None:
    with pytest.raises(InvalidInputError, match="index"):
        merkle.proof(leaves_of(size), index)
