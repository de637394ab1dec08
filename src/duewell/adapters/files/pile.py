"""A file or folder of electronic invoices on disk."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from duewell.adapters.files import e_invoice
from duewell.core.intake.e_invoice import Fault, Paper
from duewell.core.intake.findings import FileRefused

_SUFFIXES = frozenset((".xml", ".pdf"))
BYTES_MAX = 64 * 1024 * 1024


class PileOnDisk:
    """The files in the order of their paths; each is opened when it is asked for."""

    def __init__(self, source: Path) -> None:
        """A file, or a folder with all that is below it.

        Raises:
            FileRefused: the folder holds neither XML nor PDF. `OSError`: it cannot be looked into.
        """
        self._root = source if source.is_dir() else source.parent
        if source.is_dir():
            inside = sorted(path for path in source.rglob("*") if path.is_file())
            self.files = [path for path in inside if path.suffix.lower() in _SUFFIXES]
            self.others = len(inside) - len(self.files)
            if not self.files:
                raise FileRefused(
                    "The folder holds neither XML files nor PDFs.", "Name the folder with the electronic invoices."
                )
        else:
            self.files = [source]
            self.others = 0

    def papers(self) -> Iterator[Paper]:
        """What each file says."""
        for path in self.files:
            name = path.relative_to(self._root).as_posix()
            try:
                if path.stat().st_size > BYTES_MAX:
                    reason = f"the file is larger than {BYTES_MAX // 1024 // 1024} MB"
                    yield Paper(name, "", Fault("", "", reason, "Import the invoice from a list."))
                    continue
                content = path.read_bytes()
            except OSError as problem:
                reason = f"the file cannot be read: {problem.strerror}"
                yield Paper(name, "", Fault("", "", reason, "Make it readable, and import it again."))
                continue
            yield e_invoice.read(name, content)

    def content(self, number: int, digest: str) -> bytes | None:
        """The bytes of a file, from 1; None where they no longer have this digest."""
        try:
            content = self.files[number - 1].read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == digest else None
