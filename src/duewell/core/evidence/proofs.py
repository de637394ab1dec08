"""Inclusion proofs for some leaves of a tree that is too large to keep: one pass over its leaves.

Source: RFC 9162, section 2.1.3.1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from duewell.core.evidence.tree import leaf_hash, node_hash, pairs, split

_LEVEL = 14
_CHUNK = 1 << _LEVEL

_Place = tuple[int, int]
"""A complete subtree: its level, 0 for a leaf, and its number among those of its level."""


def inclusion_proofs(leaves: Iterable[bytes], size: int, indexes: Collection[int]) -> dict[int, list[bytes]]:
    """The paths that tie these leaves to the root over the first `size` leaves.

    Args:
        leaves: at least `size` of them, in order; further ones are not read.
        indexes: which leaves, from 0.

    Returns:
        the proof of each leaf, as `Tree.inclusion_proof` gives it.

    Raises:
        ValueError: a leaf lies outside the tree, or there are fewer leaves than `size`.
    """
    if any(not 0 <= index < size for index in indexes):
        raise ValueError(f"not all of these leaves lie in a tree of {size}")
    paths = {index: list(_path(index, size)) for index in indexes}
    wanted = {place for path in paths.values() for start, end in path for place in _complete(start, end)}
    nodes = _nodes(leaves, size, wanted)
    return {index: [_root(start, end, nodes) for start, end in path] for index, path in paths.items()}


def _path(index: int, size: int) -> Iterator[tuple[int, int]]:
    """The ranges of leaves whose roots are the proof, from the leaf upwards."""
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return reversed(path)


def _complete(start: int, end: int) -> Iterator[_Place]:
    """The complete subtrees that a range consists of, the largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _root(start: int, end: int, nodes: dict[_Place, bytes]) -> bytes:
    root, *larger = reversed([nodes[place] for place in _complete(start, end)])
    for left in larger:
        root = node_hash(left, root)
    return root


def _nodes(leaves: Iterable[bytes], size: int, wanted: set[_Place]) -> dict[_Place, bytes]:
    found: dict[_Place, bytes] = {}
    by_chunk: dict[int, list[_Place]] = {}
    for level, number in wanted:
        if level < _LEVEL:
            by_chunk.setdefault(number >> _LEVEL - level, []).append((level, number))
    upper: list[bytes] = []
    read = 0
    some = iter(leaves)
    while read < size:
        due = min(_CHUNK, size - read)
        chunk = [leaf_hash(leaf) for leaf in islice(some, due)]
        if len(chunk) < due:
            raise ValueError(f"{read + len(chunk)} leaves cannot be a tree of {size}")
        number = read >> _LEVEL
        read += len(chunk)
        levels = _levels(chunk)
        for level, place in by_chunk.get(number, ()):
            found[level, place] = levels[level][place - (number << _LEVEL - level)]
        if len(chunk) == _CHUNK:
            upper.append(levels[_LEVEL][0])
    above = _levels(upper)
    for level, place in wanted:
        if level >= _LEVEL:
            found[level, place] = above[level - _LEVEL][place]
    return found


def _levels(nodes: list[bytes]) -> list[list[bytes]]:
    levels = [nodes]
    while len(nodes) > 1:
        nodes = pairs(nodes[: len(nodes) & ~1])
        levels.append(nodes)
    return levels
