"""A Merkle tree over leaves, as RFC 6962 section 2.1 defines it, with SHA-256.

The root commits to every leaf and their order; an inclusion proof shows one leaf without the others.
"""

import hashlib
import hmac
from collections.abc import Sequence

from quantleap.domain.validation import checked_int

_LEAF, _NODE = b"\x00", b"\x01"
"""Prefixes that keep a leaf from passing for a node (RFC 6962 section 2.1)."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root, 32 bytes; of no leaves it is the hash of nothing."""
    return _tree([_leaf_hash(leaf) for leaf in leaves])


def proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index`, nearest sibling first: what `verify_proof` needs beside the leaf."""
    checked_int(index, "index", 0, len(leaves) - 1)
    return tuple(_path([_leaf_hash(leaf) for leaf in leaves], index))


def verify_proof(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether the path leads from that leaf at that index of `size` leaves to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, reached = index, size - 1, _leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            reached = _node_hash(sibling, reached)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            reached = _node_hash(reached, sibling)
        node, last = node // 2, last // 2
    return last == 0 and hmac.compare_digest(reached, expected_root)


def _leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(_LEAF + leaf).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _left_size(size: int) -> int:
    """The largest power of two below `size` (2 or more): that many leaves hang on the left."""
    return 1 << ((size - 1).bit_length() - 1)


def _tree(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = _left_size(len(hashes))
    return _node_hash(_tree(hashes[:left]), _tree(hashes[left:]))


def _path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    left = _left_size(len(hashes))
    if index < left:
        return [*_path(hashes[:left], index), _tree(hashes[left:])]
    return [*_path(hashes[left:], index - left), _tree(hashes[:left])]
