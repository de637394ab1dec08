"""Sheets of XLSX workbooks: cells as they are stored, formulas as formulas, bombs refused before they unpack."""

from __future__ import annotations

import contextlib
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from functools import cache
from itertools import islice
from typing import Any, BinaryIO

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from duewell.core.intake import amounts, dialect
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, FileRefused, Undecided, shown
from duewell.core.intake.table import COLUMNS_MAX, Cell, Chunk, Formula

_ROWS_A_CHUNK = 5_000
_ENTRIES_MAX = 3_000
_UNPACKED_MAX = 1 << 30
_STRINGS_MAX = 256 << 20
# Sheets of numbers pack to a twentieth; nothing honest of this size packs to a three-hundredth.
_RATIO_MAX = 300
_RATIO_FROM = 8 << 20
_KEPT_CELLS_MAX = 2_000_000
"""A sheet with fewer cells is kept after the first pass: unpacking it again costs more than the memory."""
_FIFTEEN = Context(prec=15)
_ZEROS = re.compile(r'"?(0{2,})"?')
# `#,##0.00 "€"`, `[$£-809]#,##0.00`, `€ 0.00`; but `_€` is a space as wide as the sign.
_CURRENCY = re.compile(r'\[\$([^\]-]{1,4})(?:-[^\]]*)?\]|"\s*([€£$¥]|[A-Z]{3}|Fr\.)\s*"|\\?([€£])')
_SIGNS = ("€", "£", "$", "¥", "Fr.", "US$")
_SPACE_OF = re.compile(r"_.|\*.")
_REMEDY = "Open the workbook, and save it again as XLSX."


class XlsxTable:
    """One sheet of a workbook; see `duewell.core.intake.table.Table`."""

    typed = True
    separator = "\t"

    def __init__(self, name: str, opener: Callable[[], BinaryIO], kind: str, sheet: str | None) -> None:
        """Chooses the sheet: the one named, or the visible one whose columns are known.

        Where several have such columns it is asked. Raises `FileRefused`.
        """
        self.name = name
        self._opener = opener
        self._kept: list[Chunk] | None = None
        self.questions: Sequence[Undecided] = ()
        with opener() as file:
            _refuse_bombs(file)
            with _workbook(file) as book:
                chosen = _choose(book, kind, sheet)
        self.decisions: Sequence[Decision] = ()
        self._sheet = ""
        if isinstance(chosen, Undecided):
            self.questions = (chosen,)
        else:
            self.decisions = (chosen,)
            self._sheet = chosen.value

    def chunks(self) -> Iterator[Chunk]:
        """All rows from the beginning; `lines` are row numbers of the sheet."""
        if self._kept is not None:
            yield from self._kept
            return
        kept: list[Chunk] = []
        cells = 0
        for chunk in self._read():
            cells += sum(map(len, chunk.rows))
            if cells <= _KEPT_CELLS_MAX:
                kept.append(chunk)
            yield chunk
        if cells <= _KEPT_CELLS_MAX:
            self._kept = kept

    def _read(self) -> Iterator[Chunk]:
        with self._opener() as file, _workbook(file) as book:
            rows: list[Sequence[Cell]] = []
            lines: list[int] = []
            for number, row in enumerate(_rows(book[self._sheet]), 1):
                cells = [_cell(cell) for cell in row]
                while cells and cells[-1] == "":
                    cells.pop()
                if len(cells) > COLUMNS_MAX:
                    raise FileRefused(
                        f"Row {number} of the sheet has more than {COLUMNS_MAX:,} columns.",
                        "Delete the columns that are not needed.",
                    )
                # A sheet whose last rows lie far below the others would give a million empty ones.
                if not cells:
                    continue
                rows.append(cells)
                lines.append(number)
                if len(rows) == _ROWS_A_CHUNK:
                    yield _chunk(rows, lines)
                    rows, lines = [], []
            if rows:
                yield _chunk(rows, lines)


def _chunk(rows: list[Sequence[Cell]], lines: list[int]) -> Chunk:
    longest = max((len(cell) for row in rows for cell in row if isinstance(cell, str)), default=0)
    zero_bytes = any("\x00" in cell for row in rows for cell in row if isinstance(cell, str))
    return Chunk(rows, lines, (), longest, zero_bytes)


def _refuse_bombs(file: BinaryIO) -> None:
    """Looks at what the archive says of its parts; nothing is unpacked, except to look for entities."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefused(_what(names), "Save the list as CSV or XLSX, and import that.")
            if len(parts) > _ENTRIES_MAX:
                raise FileRefused(f"The workbook has {len(parts):,} parts, far more than any real one.", _REMEDY)
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            if unpacked > _UNPACKED_MAX or (unpacked > _RATIO_FROM and unpacked > packed * _RATIO_MAX):
                raise FileRefused(
                    f"The workbook would unpack to {unpacked >> 20:,} MiB from {packed >> 10:,} KiB.",
                    "Save the list as CSV, and import that.",
                )
            for part in parts:
                if part.filename == "xl/sharedStrings.xml" and part.file_size > _STRINGS_MAX:
                    raise FileRefused("The workbook holds too much text.", "Save the list as CSV.")
                if part.flag_bits & 1:
                    raise FileRefused("The workbook is protected by a password.", "Save it without a password.")
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        _refuse_entities(stream.read(4_096))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise FileRefused(f"The workbook is damaged: {error}.", _REMEDY) from None
    finally:
        file.seek(0)


def _refuse_entities(start: bytes) -> None:
    """A declaration of entities stands at the start of a part, and no program that writes sheets makes one."""
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start or b"<\x00!\x00D\x00O" in start:
        raise FileRefused("The workbook declares entities, as attacks do; it is refused.", _REMEDY)


def _what(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "The file is a Word document."
    if "xl/workbook.bin" in names:
        return "The file is a binary workbook (XLSB)."
    if "mimetype" in names or "content.xml" in names:
        return "The file is an OpenDocument file."
    return "The file is a ZIP archive, not a workbook."


@contextlib.contextmanager
def _workbook(file: BinaryIO) -> Iterator[Any]:
    # The parser warns of features that reading does not need: validation, extensions, headers.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except FileRefused:
            raise
        except Exception as error:
            raise FileRefused(f"The workbook cannot be read: {_short(error)}.", _REMEDY) from None
        try:
            yield book
        except (zipfile.BadZipFile, SyntaxError, KeyError, IndexError, TypeError, OverflowError) as error:
            raise FileRefused(f"The workbook cannot be read: {_short(error)}.", _REMEDY) from None
        finally:
            book.close()


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")


def _choose(book: Any, kind: str, wanted: str | None) -> Decision | Undecided:
    """The sheet to read, and why."""
    sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
    if wanted is not None:
        if any(sheet.title == wanted for sheet in sheets):
            return Decision("sheet", wanted, AS_SAID)
        names = ", ".join(repr(sheet.title) for sheet in sheets)
        raise FileRefused(f"The workbook has no sheet {wanted!r}.", f"There are {names}.")
    filled = {
        str(sheet.title): rows
        for sheet in sheets
        if sheet.sheet_state == "visible" and (rows := list(islice(_filled(sheet), dialect.HEADER_WITHIN)))
    }
    if not filled:
        raise FileRefused(
            "No sheet of the workbook holds data.", "Name the sheet with --sheet, or export it again."
        )
    known = {title: dialect.find_header(rows, kind) for title, rows in filled.items()}
    named = [title for title in filled if dialect.is_list(known[title], kind)]
    first = next(iter(filled))
    if len(filled) == 1:
        return Decision("sheet", first, "the only one with data")
    if len(named) > 1:
        return Undecided(
            "sheet",
            f"Which sheet is to be read? {len(named)} of them have the columns of such a list.",
            tuple(named),
            "--sheet NAME; import the others after it, if they are wanted too",
            tuple(Evidence(1, title, shown(" | ".join(known[title].names), 200)) for title in named[:5]),
        )
    title = named[0] if named else first
    others = ", ".join(repr(other) for other in filled if other != title)
    how = "the only one that has the columns of such a list" if named else "the first with data"
    return Decision("sheet", title, f"{how}; others: {others} (--sheet)")


def _filled(sheet: Any) -> Iterator[list[Cell]]:
    """Its rows that are not blank."""
    for row in _rows(sheet):
        cells = [_cell(cell) for cell in row]
        if any(cell != "" for cell in cells):
            yield cells


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # What the sheet says of its size may be wrong, and would then hide rows.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _cell(cell: Any) -> Cell:
    """The cell as the intake knows it."""
    value = cell.value
    if value is None:
        return ""
    kind = cell.data_type
    if kind == "f":
        return Formula(value if isinstance(value, str) else str(getattr(value, "text", "=")))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _number(value: int | float, number_format: str | None) -> Cell:
    """The decimal number that the sheet shows: never more than the 15 figures a spreadsheet keeps.

    A number shown with leading zeros, as invoice numbers are, is text.
    """
    exact = Decimal(repr(value))
    zeros = _ZEROS.fullmatch(number_format or "")
    if zeros and exact == exact.to_integral_value() and exact >= 0:
        return str(int(exact)).zfill(len(zeros[1]))
    exact = _FIFTEEN.plus(exact) if isinstance(value, float) else exact
    currency = _currency(number_format or "")
    return f"{_with_decimals(exact)} {currency}" if currency else exact


@cache
def _currency(number_format: str) -> str:
    """The currency that a number is shown with, as it is written there, or nothing."""
    shown_ = _SPACE_OF.sub("", number_format)
    found = {(match[1] or match[2] or match[3]).strip() for match in _CURRENCY.finditer(shown_)}
    sign = found.pop() if len(found) == 1 else ""
    # Numbers of documents are shown with letters before them too: only what is a currency is one.
    return sign if sign in _SIGNS or (len(sign) == 3 and amounts.known_currency(sign)) else ""


def _with_decimals(exact: Decimal) -> str:
    """With two decimals or more than three: three could be thousands in other countries."""
    _, _, power = exact.as_tuple()
    places = -power if isinstance(power, int) and power < 0 else 0
    return f"{exact:.{4 if places == 3 else max(places, 2)}f}"
