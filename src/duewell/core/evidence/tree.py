"""The Merkle tree over sealed facts, as in RFC 9162, section 2.1.

A leaf is the 32-byte hash of a fact; leaves stand in the order in which the sealer took them. `Frontier` is
all that a sealer must remember to go on; `Tree` keeps every node and answers with proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from struct import pack, unpack_from
from typing import NamedTuple

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one leaf: SHA-256(0x00 ‖ leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(NamedTuple):
    """The right edge of a tree: its size and the roots of its complete subtrees, the largest first.

    A tree of 11 leaves has peaks over 8, 2 and 1 leaves: one for each bit set in its size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaves were added on the right; time and memory in proportion to them."""
        nodes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
        size = self.size + len(nodes)
        left = list(self.peaks)
        right: list[bytes] = []
        rest = self.size
        # Level by level from the leaves: a peak waiting at this level joins from the left, a node without a
        # partner becomes a peak, and the others go one level up in pairs.
        while nodes:
            if rest & 1:
                nodes.insert(0, left.pop())
            rest >>= 1
            if len(nodes) & 1:
                right.append(nodes.pop())
            nodes = pairs(nodes)
        return Frontier(size, (*left, *reversed(right)))

    def root(self) -> bytes:
        """The Merkle tree hash over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root, *larger = reversed(self.peaks)
        for peak in larger:
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """Size (8 bytes, most significant first), then the peaks, the largest first."""
        return pack(">Q", self.size) + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: the number of peaks does not belong to the size.
        """
        if len(stored) < 8:
            raise ValueError("a stored frontier has at least 8 bytes")
        (size,) = unpack_from(">Q", stored)
        if len(stored) != 8 + 32 * size.bit_count():
            raise ValueError(f"a frontier of {size} leaves has {size.bit_count()} peaks of 32 bytes")
        return cls(size, tuple(stored[at : at + 32] for at in range(8, len(stored), 32)))


def root(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash over these leaves."""
    return Frontier().extend(leaves).root()


class Tree:
    """A tree with all its complete nodes in memory (about 130 bytes a leaf), to make proofs from."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        nodes = [leaf_hash(leaf) for leaf in leaves]
        self.size = len(nodes)
        self._levels = [nodes]
        while len(nodes) > 1:
            nodes = pairs(nodes[: len(nodes) & ~1])
            self._levels.append(nodes)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, by default over all.

        Raises:
            ValueError: the tree never had that size.
        """
        size = self._within(size)
        return self._range_root(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The path that ties leaf `index` (from 0) to the root over the first `size` leaves.

        Raises:
            ValueError: there is no such leaf in a tree of that size.

        Source: RFC 9162, section 2.1.3.1.
        """
        size = self._within(size)
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} in a tree of {size}")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + split(end - start)
            if index < middle:
                path.append(self._range_root(middle, end))
                end = middle
            else:
                path.append(self._range_root(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the tree of `second` leaves begins with the tree of `first` leaves.

        Raises:
            ValueError: not 0 < first <= second <= size of the tree.

        Source: RFC 9162, section 2.1.4.1.
        """
        second = self._within(second)
        if not 0 < first <= second:
            raise ValueError(f"no proof from {first} to {second} leaves")
        proof: list[bytes] = []
        start, end = 0, second
        # `first` falls right of a split as long as the left half is old and complete.
        while end != first:
            middle = start + split(end - start)
            if first <= middle:
                proof.append(self._range_root(middle, end))
                end = middle
            else:
                proof.append(self._range_root(start, middle))
                start = middle
        if start:
            proof.append(self._range_root(start, end))
        return proof[::-1]

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {size}")
        return size

    def _range_root(self, start: int, end: int) -> bytes:
        width = end - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + split(width)
        return node_hash(self._range_root(start, middle), self._range_root(middle, end))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` is leaf `index` (from 0) of the tree of `size` leaves with this root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    position, last = index, size - 1
    node = leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            # A node without a right neighbour moves up unchanged until it is a right child.
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and node == root


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `second` leaves begins with the tree of `first` leaves, given both roots.

    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        # The old tree is one complete subtree, and the proof leaves out its root.
        path.insert(0, first_root)
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root


def pairs(nodes: list[bytes]) -> list[bytes]:
    """The next level above an even number of neighbouring nodes."""
    one_by_one = iter(nodes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(one_by_one, one_by_one, strict=True)]


def split(width: int) -> int:
    """The largest power of two smaller than `width` (2 or more)."""
    return 1 << ((width - 1).bit_length() - 1)
