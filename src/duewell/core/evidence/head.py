"""Tree heads: how large the tree is, its root and when it was sealed; signed, and lodged outside the database.

The bytes that are signed are a public format, version 1 (docs/reference/evidence-format.md):

    "duewell head v1\\n"    16 bytes, ASCII: the domain and the version come first
    size                   8 bytes, unsigned, most significant byte first
    root                   32 bytes
    sealed_at              field: "2026-03-10T07:30:00.000000Z"
    key_id                 field: 32 lower-case hex digits

A field is its length in bytes (4 bytes, unsigned, most significant first) and then the bytes. Signing itself
happens at the edge, where the private key is.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from hashlib import sha256
from struct import pack
from typing import NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.instants import instant_text, read_instant

DOMAIN = b"duewell head v1\n"
_KEY_ID = re.compile(r"[0-9a-f]{32}")
_LINE_KEYS = {"key_id", "root", "sealed_at", "signature", "size"}


class BadHead(ValueError):
    """A line that is not a signed head; the message says why."""


class TreeHead(NamedTuple):
    """The state of the tree at one sealing: `size` leaves with this `root` (32 bytes).

    `sealed_at` is aware, UTC. `key_id` names the key that signs, see `key_id`.
    """

    size: int
    root: bytes
    sealed_at: datetime
    key_id: str

    def signing_bytes(self) -> bytes:
        """The bytes that the Ed25519 signature covers.

        Raises:
            ValueError: root of another length, impossible size, naive instant, or a malformed key id.
        """
        if type(self.size) is not int or not 0 <= self.size < 2**64:
            raise ValueError("the size of a head is a whole number from 0 to 2^64 - 1")
        if len(self.root) != 32:
            raise ValueError("the root of a head has 32 bytes")
        if not _KEY_ID.fullmatch(self.key_id):
            raise ValueError(f"not the id of a key: {self.key_id!r}")
        return b"".join(
            (
                DOMAIN,
                pack(">Q", self.size),
                self.root,
                _field(instant_text(self.sealed_at)),
                _field(self.key_id),
            )
        )

    def line(self, signature: bytes) -> str:
        """One line of a heads file: canonical JSON, digests and signature in lower-case hex, no line end."""
        return canonical(
            {
                "key_id": self.key_id,
                "root": self.root.hex(),
                "sealed_at": instant_text(self.sealed_at),
                "signature": signature.hex(),
                "size": self.size,
            }
        ).decode()


class SignedHead(NamedTuple):
    """A head with its Ed25519 signature (64 bytes), as read from a line; not yet checked."""

    head: TreeHead
    signature: bytes


def read_line(line: str) -> SignedHead:
    """Read what `TreeHead.line` wrote. The signature is not checked here.

    Raises:
        BadHead: not such a line, down to the byte: a second spelling of the same head is refused as well.
    """
    try:
        values = json.loads(line)
        if not isinstance(values, dict) or values.keys() != _LINE_KEYS:
            raise BadHead(f"a head has exactly these keys: {', '.join(sorted(_LINE_KEYS))}")
        head = TreeHead(
            size=values["size"],
            root=bytes.fromhex(values["root"]),
            sealed_at=read_instant(values["sealed_at"]),
            key_id=values["key_id"],
        )
        signature = bytes.fromhex(values["signature"])
        head.signing_bytes()
        again = head.line(signature)
    except BadHead:
        raise
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise BadHead(f"not a signed head: {problem}") from problem
    if again != line.rstrip("\r\n") or len(signature) != 64:
        raise BadHead("not a signed head: the line is not in the form in which heads are written")
    return SignedHead(head, signature)


def key_id(public_key: bytes) -> str:
    """Name a public key (32 bytes, raw): the first 32 hex digits of its SHA-256."""
    return sha256(public_key).hexdigest()[:32]


def _field(text: str) -> bytes:
    value = text.encode()
    return pack(">I", len(value)) + value
