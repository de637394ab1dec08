"""The shelf: where the files for the printer lie, each there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from duewell.flows.failpoints import hit
from duewell.flows.print_batches import Merged

FOLDER = "print"


class PrintShelf:
    """One folder for each creditor, below `print` in the home."""

    def __init__(self, home: Path, creditor: str) -> None:
        self._folder = home / FOLDER / creditor

    def put(self, batch: int, merged: Merged) -> str:
        """Write the lists, then the file; where the file is. What is there already is written over by the same.

        Raises:
            OSError: there is no room, or no right to write.
        """
        # Names and sums of customers: for the owner of the home alone.
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        hit("print.files.before")
        for ending, content in merged.manifests.items():
            _put(self._path(batch, ending), content)
        hit("print.files.between")
        _put(self._path(batch, "pdf"), merged.pdf)
        hit("print.files.after")
        return str(self._path(batch, "pdf"))

    def path(self, batch: int) -> str:
        """Where the file of a batch is, or would be."""
        return str(self._path(batch, "pdf"))

    def clear(self, batch: int) -> None:
        """Take the files of a cancelled batch away, so that nobody prints them."""
        for path in sorted(self._folder.glob(f"batch-{batch}.*")):
            path.unlink(missing_ok=True)

    def _path(self, batch: int, ending: str) -> Path:
        return self._folder / f"batch-{batch}.{ending}"


def _put(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
