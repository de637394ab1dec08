"""Pack: what is proven about one account, in one archive that verifies offline and alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from duewell.core.evidence import SignedHead, canonical
from duewell.core.evidence.proofs import inclusion_proofs

README = """Evidence about one account
==========================

To check it, with nothing but Python 3.11 or newer:

    python verify.py PACK.zip --key KEY

KEY is the public key of the installation. Get it from somebody you trust, not from this archive: the copy in
here only shows that the archive agrees with itself.

facts.jsonl      every fact about the account, in order, each with the proof that ties it to the signed head
heads.jsonl      the signed head: how many facts there were, and the one number that stands for all of them
messages/        every message that left, byte for byte
messages.jsonl   which attempt each message belongs to, and the salts of its pieces
public.key       the key that the head was signed with
verify.py        the check itself, to be read before it is trusted
"""


class TooEarly(Exception):
    """Nothing has been sealed yet, so there is nothing to prove with."""


class ToldFact(NamedTuple):
    """A fact as it is stored, and its leaf; dates as text, instants in microseconds."""

    stream: str
    sequence: int
    kind: str
    effective_on: str | None
    recorded_at: int
    body: bytes
    previous: bytes
    hash: bytes
    leaf: int | None


class Sent(NamedTuple):
    """A message that left with one attempt: its pieces end to end are its bytes. Each has its salt."""

    attempt: int
    message: str
    pieces: Sequence[tuple[bytes, bytes]]


class Archive(Protocol):
    """What is kept about the account."""

    def facts(self) -> Iterable[ToldFact]:
        """Whole streams, each in the order of its sequence."""
        ...

    def leaves(self, size: int) -> Iterator[bytes]:
        """The first `size` leaves of the tree, in order."""
        ...

    def sent(self) -> Iterable[Sent]:
        """Messages whose bytes are still kept."""
        ...


class Key(NamedTuple):
    """The public key that signed the head, and the text of the verifier."""

    public: bytes
    verifier: bytes


def pack(
    archive: Archive, latest_head: SignedHead | None, key: Key, write: Callable[[str, bytes], None]
) -> Mapping[str, int]:
    """Write the files of a pack; returns how many facts, sealed facts and messages it has.

    Facts younger than the head are in it too, chained but not yet tied to a head.

    Raises:
        TooEarly: there is no signed head.
    """
    if latest_head is None:
        raise TooEarly("nothing has been sealed yet")
    head = latest_head.head
    facts = list(archive.facts())
    sealed = [fact.leaf for fact in facts if fact.leaf is not None and fact.leaf < head.size]
    proofs = inclusion_proofs(archive.leaves(head.size), head.size, sealed)
    lines = [_line(fact, head.size, proofs) for fact in facts]
    write("facts.jsonl", b"".join(lines))
    write("heads.jsonl", head.line(latest_head.signature).encode() + b"\n")
    write("public.key", key.public.hex().encode() + b"\n")
    write("verify.py", key.verifier)
    write("README.txt", README.encode())
    told = []
    for sent in archive.sent():
        name = f"messages/{file_name(sent.message, sent.attempt, sent.pieces[0][0])}"
        write(name, b"".join(piece for piece, _ in sent.pieces))
        pieces = [[len(piece), salt.hex()] for piece, salt in sent.pieces]
        told.append(canonical({"attempt": sent.attempt, "file": name, "pieces": pieces}) + b"\n")
    write("messages.jsonl", b"".join(told))
    return {"facts": len(facts), "sealed": len(sealed), "messages": len(told)}


def file_name(message: str, attempt: int, beginning: bytes) -> str:
    """What the file of a message that left is called: mail programs open `.eml`, and a letter is a PDF."""
    return f"{message}-{attempt}.{'pdf' if beginning.startswith(b'%PDF') else 'eml'}"


def _line(fact: ToldFact, size: int, proofs: Mapping[int, Collection[bytes]]) -> bytes:
    tied = fact.leaf is not None and fact.leaf in proofs
    line = {
        **fact._asdict(),
        "body": fact.body.decode(),
        "previous": fact.previous.hex(),
        "hash": fact.hash.hex(),
        "leaf": fact.leaf if tied else None,
        "size": size,
        "proof": [node.hex() for node in proofs[fact.leaf]] if tied and fact.leaf is not None else [],
    }
    return canonical(line) + b"\n"
