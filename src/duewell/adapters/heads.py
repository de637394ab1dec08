"""The file of signed heads: one per line, only ever longer, outside the database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from duewell.core.evidence import SignedHead, TreeHead, read_line

_TAIL_BYTES = 4096
"""More than the longest line has."""


class HeadFile:
    """Keeps the promise of `flows.seal.Heads`. Processes may share the file; a lock keeps their lines whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def latest_size(self) -> int:
        """The size in the newest line; -1 where there is none.

        Raises:
            BadHead: the newest line is not a signed head.
        """
        latest = self.latest()
        return latest.head.size if latest else -1

    def latest(self) -> SignedHead | None:
        """The newest line; None where there is none. Raises `BadHead`."""
        try:
            with self._path.open("rb") as file:
                return _latest(file)
        except FileNotFoundError:
            return None

    def lodge(self, head: TreeHead, signature: bytes) -> None:
        """Add a line, durably, unless one of that size or a larger one is there."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked() as file:
            latest = _latest(file)
            if latest is None or head.size > latest.head.size:
                _cut_torn_line(file)
                file.seek(0, os.SEEK_END)
                file.write(head.line(signature).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _tail(file: BinaryIO) -> bytes:
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL_BYTES))
    return file.read()


def _latest(file: BinaryIO) -> SignedHead | None:
    # What follows the last line end was torn by a crash while it was written.
    whole, _, _ = _tail(file).rpartition(b"\n")
    line = whole.rpartition(b"\n")[2]
    return read_line(line.decode("utf-8", "replace")) if line else None


def _cut_torn_line(file: BinaryIO) -> None:
    torn = _tail(file).rpartition(b"\n")[2]
    if torn:
        file.seek(-len(torn), os.SEEK_END)
        file.truncate()
