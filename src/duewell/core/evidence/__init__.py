"""Evidence: facts that are hashed, chained, sealed in a tree and signed, so that any later change shows.

The formats are public and stand in docs/reference/evidence-format.md; `verify` reads them with the standard
library alone. This room makes the bytes; it opens no file and holds no private key.
"""

from duewell.core.evidence.canonical import NotCanonical, canonical
from duewell.core.evidence.digests import salted
from duewell.core.evidence.fact import BadFact, Draft, Fact, Head, append, append_many, rehash
from duewell.core.evidence.head import BadHead, SignedHead, TreeHead, key_id, read_line
from duewell.core.evidence.kinds import KINDS
from duewell.core.evidence.rows import body
from duewell.core.evidence.tree import Frontier, Tree, verify_consistency, verify_inclusion

__all__ = [
    "KINDS",
    "BadFact",
    "BadHead",
    "Draft",
    "Fact",
    "Frontier",
    "Head",
    "NotCanonical",
    "SignedHead",
    "Tree",
    "TreeHead",
    "append",
    "append_many",
    "body",
    "canonical",
    "key_id",
    "read_line",
    "rehash",
    "salted",
    "verify_consistency",
    "verify_inclusion",
]
