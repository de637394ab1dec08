"""Backing a home up and getting it back: what stands in a backup, and in which order it is made and checked.

A backup is a folder. Its manifest names every file with its digest, so that a file that was lost or changed is
found before anything is restored from it. It is written under another name and renamed when all of it was checked:
a folder under its real name is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

FORMAT = 1
Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is."""


class BackupRefused(Exception):
    """It cannot be backed up, or cannot be restored from that: wrong use, and nothing was written."""


class BackupFailed(Exception):
    """The world failed, or the copy is not what it should be: what was written is thrown away."""


class CopiedTables(NamedTuple):
    """What a copy of the tables holds."""

    database: str
    """`sqlite` or `postgresql`."""
    method: str
    """How it was made, in words."""
    rows: Mapping[str, int]
    """By table."""
    migrations: Sequence[str]
    """Names of the migrations that were applied, in their order."""
    columns: Mapping[str, Sequence[str]]
    """Of each table in the order of its file; empty for a whole database file."""
    sequences: Mapping[str, int]
    """The latest number of each, where the database keeps such; 0 for none yet."""


class Manifest(NamedTuple):
    """What a backup is; stands in it as `manifest.json`."""

    format: int
    made_at: str
    """Instant of the copy of the tables, UTC."""
    version: str
    """Of the program that made it."""
    test: bool
    with_keys: bool
    tables: CopiedTables
    files: Mapping[str, tuple[int, str]]
    """By path within the backup: size in bytes and SHA-256 in hex."""


class Tables(Protocol):
    """The tables of the open home."""

    def bytes_expected(self) -> int:
        """About how much a copy of them takes."""

    def copy(self, tell: Tell) -> CopiedTables:
        """Copy one state of them while others go on writing."""

    def check(self, copied: CopiedTables, tell: Tell) -> list[str]:
        """What is wrong with the copy: read to its end, counted, verified against the heads in the backup."""


class Shelf(Protocol):
    """Where a backup is being written."""

    def reserve(self, bytes_wanted: int) -> None:
        """Raises `BackupFailed` where there is not enough room."""

    def keep_heads(self) -> None:
        """Copy the signed heads and the public key."""

    def keep_files(self) -> None:
        """Copy what else the home holds: strategies, texts, documents, letters."""

    def keep_keys(self) -> None:
        """Copy the keys."""

    def describe(self, tables: CopiedTables, *, with_keys: bool) -> Manifest:
        """Write the manifest over everything that was copied."""

    def check(self, manifest: Manifest, tell: Tell) -> list[str]:
        """Read every file back and compare it with the manifest."""

    def publish(self) -> None:
        """Give the backup its real name."""


def back_up(tables: Tables, shelf: Shelf, *, with_keys: bool, tell: Tell) -> Manifest:
    """Make a backup that was checked.

    Raises:
        BackupFailed: there is no room, or the copy is not what it should be.
    """
    shelf.reserve(tables.bytes_expected())
    # The heads come first: what they cover is then in the copy of the tables, whatever is sealed meanwhile.
    shelf.keep_heads()
    copied = tables.copy(tell)
    # Files come after the tables: whatever a row names is there already.
    shelf.keep_files()
    if with_keys:
        shelf.keep_keys()
    manifest = shelf.describe(copied, with_keys=with_keys)
    findings = [*shelf.check(manifest, tell), *tables.check(copied, tell)]
    if findings:
        raise BackupFailed("the copy is not whole, and was thrown away: " + "; ".join(findings[:5]))
    shelf.publish()
    return manifest


class Restored(NamedTuple):
    """What came back, and what a person has to settle before anything may be sent again."""

    made_at: str
    creditors: int
    """How many were halted."""
    unknown: Mapping[int, int]
    """By run: messages that may have left since the backup was made; each is a question now."""
