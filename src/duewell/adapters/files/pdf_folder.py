"""A folder of PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from duewell.adapters.files.e_invoice import pdf
from duewell.flows.tie_documents import Pdf

_BEGINS = b"%PDF-"
"""Within the first 1024 bytes: readers allow something before it, as mail programs put there."""


class PdfFolder:
    """Every PDF in a folder and below it; each is opened when it is asked for."""

    def __init__(self, folder: Path) -> None:
        """Raises `NotADirectoryError` where it is none."""
        if not folder.is_dir():
            raise NotADirectoryError(20, "it is not a folder")
        self._folder = folder
        self._paths = sorted(
            path for path in folder.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file()
        )

    def all(self) -> Sequence[Pdf]:
        """Every PDF, in the order of the names."""
        return [Pdf(path.relative_to(self._folder).as_posix(), path.stem) for path in self._paths]

    def is_pdf(self, paper: Pdf) -> bool:
        """Whether one can be read, begins as a PDF does and is not too large, whatever its name says."""
        path = self._folder / paper.name
        try:
            with path.open("rb") as file:
                return _BEGINS in file.read(1024) and path.stat().st_size <= pdf.BYTES_MAX
        except OSError:
            return False

    def text(self, paper: Pdf) -> str | None:
        """The text of one; None if it cannot be read."""
        content = self.content(paper.name)
        if content is None:
            return None
        try:
            return pdf.text(content)
        except pdf.BadPdf:
            return None

    def content(self, name: str) -> bytes | None:
        """The bytes of one; None if they cannot be read, or are too many."""
        path = self._folder / name
        try:
            return path.read_bytes() if path.stat().st_size <= pdf.BYTES_MAX else None
        except OSError:
            return None
