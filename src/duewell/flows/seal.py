"""Seal: give every committed fact its leaf, sign the head of the tree and lodge it outside the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from duewell.core.evidence import Frontier, TreeHead
from duewell.flows.failpoints import hit

BATCH = 20_000
"""Leaves a transaction: a writer on SQLite waits for it, some tenths of a second."""


class Tree(Protocol):
    """The tree in the database. Only one sealer at a time grows it; a second one waits."""

    def grow(self, leaves_max: int) -> tuple[int, Frontier]:
        """Give up to so many facts their leaves, in one transaction: how many got one, and the edge after it."""
        ...


class Heads(Protocol):
    """Where signed heads are lodged, one per line, the newest last."""

    def latest_size(self) -> int:
        """The size in the newest line; -1 where there is none."""
        ...

    def lodge(self, head: TreeHead, signature: bytes) -> None:
        """Add a line, durably, unless one of that size or a larger one is there."""
        ...


class Signer(NamedTuple):
    """A key that signs: its id, and what makes the Ed25519 signature (64 bytes) of some bytes."""

    key_id: str
    sign: Callable[[bytes], bytes]


class Sealed(NamedTuple):
    """What one sealing did: facts newly sealed, and the size of the tree after it."""

    new: int
    size: int


def seal(tree: Tree, heads: Heads, signer: Signer, now: datetime) -> Sealed:
    """Seal what is committed.

    Leaves first, head second: a crash in between leaves a tree without a head, and the next sealing lodges it,
    also when there is no new fact by then.
    """
    new, edge = tree.grow(BATCH)
    total = new
    while new:
        new, edge = tree.grow(BATCH)
        total += new
    if edge.size > max(0, heads.latest_size()):
        head = TreeHead(edge.size, edge.root(), now, signer.key_id)
        hit("seal.head.before")
        heads.lodge(head, signer.sign(head.signing_bytes()))
        hit("seal.head.after")
    return Sealed(total, edge.size)
