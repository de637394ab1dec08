"""Opens a file by what is in it, whatever it is called; what is no table is refused with what to do instead."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import BinaryIO

from duewell.adapters.files.csv_file import CsvTable, Opener
from duewell.adapters.files.xlsx_file import XlsxTable
from duewell.core.intake.findings import FileRefused
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.table import Table

_AS_TABLE = "Save the list as CSV or XLSX, and import that."
_FIRST_BYTES = 4_096
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "The file is an old .xls workbook or is protected by a password.",
        "Open it, and save it as XLSX without a password.",
    ),
    (b"%PDF", "The file is a PDF.", _AS_TABLE),
    (b"\x1f\x8b", "The file is compressed (gzip).", "Unpack it, and import what is inside."),
    (b"BZh", "The file is compressed (bzip2).", "Unpack it, and import what is inside."),
    (b"7z\xbc\xaf", "The file is compressed (7-Zip).", "Unpack it, and import what is inside."),
    (b"\xfd7zXZ", "The file is compressed (xz).", "Unpack it, and import what is inside."),
    (b"Rar!", "The file is compressed (RAR).", "Unpack it, and import what is inside."),
    (b"SQLite format 3", "The file is a database.", _AS_TABLE),
    (b"PAR1", "The file is a Parquet file.", _AS_TABLE),
    (b"{\\rtf", "The file is a text document (RTF).", _AS_TABLE),
    (b"\x89PNG", "The file is a picture.", _AS_TABLE),
    (b"\xff\xd8\xff", "The file is a picture.", _AS_TABLE),
)
_MARKUP = (
    (b"<?xml", "The file is XML."),
    (b"<!doctype html", "The file is a web page, whatever it is called."),
    (b"<html", "The file is a web page, whatever it is called."),
    (b"<table", "The file is a web page, whatever it is called."),
    (b"<!DOCTYPE", "The file is XML."),
)


def open_table(source: Path | bytes, kind: str, said: Mapping | None = None, name: str = "") -> Table:
    """The file as a table.

    Args:
        source: a path, or the bytes of an upload.
        kind: one of `duewell.core.intake.KINDS`.
        said: encoding, separator, header row and sheet, where somebody has said them.
        name: how to call an upload in messages.

    Raises:
        FileRefused: it is no table that can be read; reason and remedy say why and what to do.
    """
    said = said or Mapping()
    if isinstance(source, bytes):
        opener: Opener = lambda: io.BytesIO(source)  # noqa: E731
        first, name = source[:_FIRST_BYTES], name or "the upload"
    else:
        opener = _Unchanging(source)
        with opener() as file:
            first = file.read(_FIRST_BYTES)
        name = name or source.name
    if first.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return XlsxTable(name, opener, kind, said.sheet)
    _refuse_what_is_no_table(first)
    return CsvTable(name, opener, kind, said)


class _Unchanging:
    """Opens a file as often as asked, and notices if another program has changed it in between."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> BinaryIO:
        try:
            state = self._path.stat()
            if stat.S_ISDIR(state.st_mode):
                raise FileRefused(f"{self._path} is a folder.", "Name one file in it.")
            if not stat.S_ISREG(state.st_mode):
                raise FileRefused(f"{self._path} is no ordinary file.", "Save the list as a file first.")
            file = self._path.open("rb")
        except FileNotFoundError:
            raise FileRefused(f"There is no file {self._path}.", "Check the path.") from None
        except PermissionError:
            raise FileRefused(f"{self._path} may not be read.", "Ask for the right to read it.") from None
        now = (state.st_size, state.st_mtime_ns)
        if self._seen is not None and now != self._seen:
            file.close()
            raise FileRefused(f"{self._path} was changed while it was read.", "Import it again.")
        self._seen = now
        return file


def _refuse_what_is_no_table(first: bytes) -> None:
    if not first.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise FileRefused("The file is empty.", "Export it again.")
    for start, reason, remedy in _KINDS:
        if first.startswith(start):
            raise FileRefused(reason, remedy)
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, reason in _MARKUP:
        if text.startswith(start.lower()):
            raise FileRefused(reason, _AS_TABLE)
    if text[:1] in (b"{", b"[") and text[1:].lstrip()[:1] in (b'"', b"{", b"[", b"}", b"]"):
        raise FileRefused("The file is JSON.", _AS_TABLE)
    controls = sum(1 for byte in first if byte < 32 and byte not in (0, 9, 10, 12, 13, 26, 27))
    if controls * 20 > len(first):
        raise FileRefused("The file is no text.", _AS_TABLE)
