"""The file of rows that could not be taken: as they were, with reason and remedy, ready to be corrected.

It has the separator and the columns of the file it came from, so that it can be imported again once the rows are
right; the two columns at its end are then left unused. A cell that a spreadsheet would run as a formula gets an
apostrophe in front, amounts excepted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from duewell.core.intake.findings import Rejected
from duewell.core.intake.table import CHARACTERS_MAX

REASON = "Duewell: reason"
REMEDY = "Duewell: remedy"
ROW = "Duewell: row"
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_AMOUNT = re.compile(r"[+-]?[ ]?[A-Z$€£]{0,3}[ ]?[0-9][0-9., '’]*[ ]?[A-Z$€£]{0,3}-?")


class ErrorFile:
    """Is written row by row; nothing is created before the first row. Use it as a context."""

    def __init__(self, path: Path, header: Sequence[str], separator: str) -> None:
        """`header` and `separator`: those of the input; a sheet is answered with a file of commas."""
        self._path = path
        self._header = header
        self._separator = separator if separator in ",;\t|" else ","
        self._file: TextIO | None = None
        self.count = 0

    def __enter__(self) -> ErrorFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rows: Iterable[Rejected]) -> None:
        """Adds rejected records. Raises `OSError` as writing does."""
        for row in rows:
            if self._file is None:
                # The mark at the start tells spreadsheets that the text is UTF-8.
                self._file = self._path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
                self._writer = csv.writer(self._file, delimiter=self._separator)
                self._writer.writerow([*map(harmless, self._header), ROW, REASON, REMEDY])
            cells = [harmless(cell) for cell in row.cells]
            # A record with too few or too many cells keeps them, and the findings still stand in their columns.
            cells += [""] * (len(self._header) - len(cells))
            if len(cells) > len(self._header):
                cells = [*cells[: len(self._header) - 1], self._separator.join(cells[len(self._header) - 1 :])]
            where = f"{row.column}: " if row.column else ""
            self._writer.writerow([*cells, str(row.row), f"{where}{row.reason}", row.remedy])
            self.count += 1


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not run it, without zero bytes, no longer than a cell can be."""
    text = cell.replace("\x00", "␀")
    if len(text) > CHARACTERS_MAX:
        text = text[: CHARACTERS_MAX - 1] + "…"
    if text.startswith(_RUNS) and not _AMOUNT.fullmatch(text):
        return "'" + text
    return text
