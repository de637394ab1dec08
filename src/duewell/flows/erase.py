"""Erasing a person: first what stands against it, then everything at once, then the traces on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

Sign = Callable[[bytes], bytes]


class NoSuchPerson(LookupError):
    """Nobody is known under that number."""


class SomethingOpen(Exception):
    """Something is open or under way that needs the data; nothing was erased."""

    def __init__(self, things: Sequence[str]) -> None:
        shown = "; ".join(things[:5]) + (f"; and {len(things) - 5} more" if len(things) > 5 else "")
        super().__init__(
            f"something is open: {shown}."
            " Settle it first, or say --open-items-stay: what an open claim needs stays"
        )
        self.things = things


class Wanted(NamedTuple):
    """Who is to be erased, and on whose word."""

    who: str
    """Number of a customer or of an account."""
    everywhere: bool
    """With every creditor of this installation, and not with one alone."""
    open_items_stay: bool
    reason: str
    by: str


class Signer(NamedTuple):
    """Signs what an erasure says of itself, with the key that signs the heads."""

    key_id: str
    sign: Sign


class Erased(NamedTuple):
    """What an erasure did, or would do."""

    persons: int
    accounts: int
    kept: Sequence[str]
    """What is open, and what therefore stayed of it."""
    rows: Mapping[str, int]
    """Rows whose words went, by table."""
    facts: int
    """Facts that had words in them and were written anew."""
    messages: int
    """Messages whose bytes went."""
    files: Sequence[str]
    """Files of the home that were changed or removed."""
    looked_through: bool = True
    """Was the file of the database looked through for copies in pages that were used before?"""


class Due(NamedTuple):
    """An account that nobody needs any more."""

    account: int
    number: str
    latest_at: datetime
    """When anything was last recorded of it."""


class Names(NamedTuple):
    """The strings that named a person; none where an open claim still needs them."""

    all: Sequence[str]
    telling: Sequence[str]
    """Without given names, which tell nobody apart."""


class Archive(Protocol):
    """Where what is known of persons is kept."""

    def open_things(self, wanted: Wanted) -> list[str]:
        """What stands against erasing them. Raises `NoSuchPerson`."""
        ...

    def erase(self, wanted: Wanted, signer: Signer) -> tuple[Erased, Names]:
        """Take the words out, in one transaction; and the strings that named the person."""
        ...


class Traces(Protocol):
    """What the tables do not hold."""

    def of_files(self, names: Names, *, dry_run: bool) -> list[str]:
        """Take the person out of the files of the home; which were changed or removed."""
        ...

    def of_pages(self, names: Names) -> bool:
        """Let nothing that was overwritten stay in the files of the database; False where that takes too long."""
        ...


def erase(archive: Archive, traces: Traces, wanted: Wanted, signer: Signer) -> Erased:
    """Make everything that names a person unreadable.

    Raises:
        NoSuchPerson: nobody is known under that number.
        SomethingOpen: something is open, and nobody said that it stays.
    """
    things = archive.open_things(wanted)
    if things and not wanted.open_items_stay:
        raise SomethingOpen(things)
    done, names = archive.erase(wanted, signer)
    # Only a committed erasure may take files away: they cannot be rolled back.
    files = traces.of_files(names, dry_run=False)
    return done._replace(kept=things, files=files, looked_through=traces.of_pages(names))


def look(archive: Archive, traces: Traces, wanted: Wanted, signer: Signer, undo: Callable[[], None]) -> Erased:
    """What `erase` would do. Call it in a transaction that `undo` rolls back.

    Raises:
        NoSuchPerson: nobody is known under that number.
    """
    things = archive.open_things(wanted)
    done, names = archive.erase(wanted, signer)
    undo()
    return done._replace(kept=things, files=traces.of_files(names, dry_run=True))
