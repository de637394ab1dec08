"""Records that are data, set apart from those that are not: titles, repeated headers, totals, blank lines.

A record with too many or too few cells is rejected as it stands; nothing in it is moved to where it might belong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dictionary
from typing import NamedTuple

from duewell.core.intake import fields, texts
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import Rejected, Skipped, shown
from duewell.core.intake.table import CHARACTERS_MAX, Cell, Chunk, as_text

REPEATED_HEADER = "the header again"
TOTAL_LINE = "a line of totals"
HEADING_LINE = "a heading, a note, or the customer of the rows below"
NOTE_LINE = "a heading or note: only one cell is filled"
RULER = "a line drawn with signs"
FILTERED = "does not match the filter on {}"

_TOTAL = re.compile(
    r"(?:grand |sub)?-?totals?(?:[: ]*| for .*| für .*)|(?:zwischen|gesamt|end)?summen?:?(?: .*)?|gesamt:?|"
    r"insgesamt:?|gesamtbetrag:?|total:? .{0,3}|sum(?:me)?:|saldo gesamt:?|anzahl(?: .*)?:?|report total.*|"
    r"percentage of total|total general|endbetrag:?|"
    r"total (?:g[ée]n[ée]ral|clients?|geral|clientes?|factures|facturas|faturas)(?:[ :].*)?|sous-?total.*|"
    r"totaux?:?|totales?:?|totali:?|totaal:?|"
    r"totale? (?:generale|complessivo|cliente|fatture|documenti)(?:[ :].*)?|"
    r"(?:eind|sub)?totaal(?:[: ].*)?|somma:?|soma:?|suma:?|totais:?",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(
    r"(?:grand |sub|sous-?|eind)?-?(?:totals?|totaux|totales?|totali|totaal|totais)\b.*|"
    r"(?:zwischen|gesamt|end)?summen?\b.*|\*+",
    re.IGNORECASE,
)
"""Such as `Total Current` or `**`: only where neither number nor date stands beside it, for names begin so too."""
_STARTS = frozenset("sum tot ges gra zwi sub end ins anz rep sal per sou som ein".split())
_SIGNS = frozenset("-=_*+.| ")
"""How totals and rulers begin; other cells need not be held against the patterns."""
_RULER = re.compile(r"[-=_*+.|\s\x1a]+")


class Sifted(NamedTuple):
    """The data of a chunk: rows of exactly the right width, and what was set aside."""

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    rejected: list[Rejected]
    skipped: list[Skipped]

    def columns(self) -> Sequence[Sequence[Cell]]:
        """The same data column by column; nothing if there are no rows."""
        return tuple(zip(*self.rows, strict=True))


class Sifter:
    """Sifts chunk after chunk in the order of the file; the same twice gives the same."""

    def __init__(
        self,
        layout: Layout,
        header: Sequence[Cell],
        padded: bool,
        filters: Dictionary[str, tuple[str, ...]],
        key: int | None,
        heading: Callable[[Sequence[Cell]], bool] | None = None,
    ) -> None:
        """Args:

        header: the header as it stands in the file, to know it again; empty if there is none.
        padded: the format leaves out empty cells at the end of a row, as sheets do.
        filters: column name to the values that are taken.
        key: index of a column that every data row fills; a row without it is looked at more closely.
        heading: tells lines that name the customer of those below them, where the file has such lines.
        """
        self._width = len(layout.names)
        self._names = layout.names
        self._header_line = layout.header_line
        self._padded = padded
        self._key = key
        self._heading = heading
        self._days = tuple(layout.fields[field] for field in fields.DATES if field in layout.fields)
        self._header = [as_text(cell).strip() for cell in header]
        self._filters = {layout.names.index(name): frozenset(values) for name, values in filters.items()}

    def sift(self, chunk: Chunk) -> Sifted:
        """The data of the next chunk."""
        rows, lines = chunk.rows, chunk.lines
        if lines and lines[0] <= self._header_line:
            titles = bisect_right(lines, self._header_line)
            rows, lines = rows[titles:], lines[titles:]
        rejected = [
            Rejected(
                broken.line,
                self._name(broken.cell),
                shown(broken.text),
                broken.reason,
                broken.remedy,
                (broken.text,),
            )
            for broken in chunk.broken
            if broken.line > self._header_line
        ]
        skipped: list[Skipped] = []
        closer = self._closer(rows, chunk)
        if closer is not None and not closer and not self._filters:
            return Sifted(rows, lines, rejected, skipped)
        dropped: set[int] = set()
        replaced: dict[int, Sequence[Cell]] = {}
        for index in range(len(rows)) if closer is None or self._filters else sorted(closer):
            row: Sequence[Cell] | None = rows[index]
            if closer is None or index in closer:
                row = self._kept(rows[index], lines[index], rejected, skipped)
            if row is not None:
                unwanted = self._filtered(row, lines[index])
                if unwanted is not None:
                    skipped.append(unwanted)
                    row = None
            if row is None:
                dropped.add(index)
            elif row is not rows[index]:
                replaced[index] = row
        if not dropped and not replaced:
            return Sifted(rows, lines, rejected, skipped)
        return Sifted(
            [replaced.get(index, row) for index, row in enumerate(rows) if index not in dropped],
            [line for index, line in enumerate(lines) if index not in dropped],
            rejected,
            skipped,
        )

    def _kept(
        self, row: Sequence[Cell], line: int, rejected: list[Rejected], skipped: list[Skipped]
    ) -> Sequence[Cell] | None:
        outcome = self._examined(row, line)
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
            return None
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
            return None
        return outcome

    def _closer(self, rows: Sequence[Sequence[Cell]], chunk: Chunk) -> set[int] | None:
        """Indexes of rows that need a closer look; None if all do."""
        if self._heading or chunk.zero_bytes or chunk.longest > CHARACTERS_MAX:
            return None
        width = self._width
        found: set[int] = set()
        if set(map(len, rows)) - {width}:
            found.update(index for index, row in enumerate(rows) if len(row) != width)
        key = self._key or 0
        again = self._header[key] if self._header else ""
        found.update(
            index
            for index, row in enumerate(rows)
            if len(row) <= key or row[key] in ("", again) or _may_be_no_number(row[key])
        )
        return found

    def _examined(self, row: Sequence[Cell], line: int) -> Sequence[Cell] | Rejected | Skipped | None:
        """The row in the right width, or why not; None for a blank line."""
        filled = [index for index, cell in enumerate(row) if not isinstance(cell, str) or cell.strip()]
        if not filled:
            return None
        cells = tuple(as_text(cell) for cell in row)
        for index, cell in enumerate(cells):
            fault = texts.hostile(cell)
            if fault is not None:
                return Rejected(line, self._name(index), shown(cell), fault.reason, fault.remedy, cells)
        if self._header and [cell.strip() for cell in cells[: self._width]] == self._header:
            return Skipped(line, REPEATED_HEADER)
        excuse = self.excuse(row)
        if excuse is not None:
            return Skipped(line, excuse)
        if len(row) < self._width and self._padded:
            return [*row, *[""] * (self._width - len(row))]
        if len(row) > self._width and filled[-1] < self._width:
            return row[: self._width]
        if len(row) == 1 and self._width > 2 and _is_note(cells[0], self._width):
            return Skipped(line, NOTE_LINE)
        if len(row) != self._width:
            return Rejected(
                line,
                "",
                shown(" | ".join(cells)),
                f"{len(row)} cells instead of {self._width}",
                "Put text that holds a separator between quotes, or leave empty cells for what is missing.",
                cells,
            )
        return row

    def _name(self, index: int | None) -> str:
        return "" if index is None or index >= self._width else self._names[index]

    def excuse(self, row: Sequence[Cell]) -> str | None:
        """Why a row without an invoice need not hold one: totals, a heading, a line of signs."""
        filled = [as_text(cell).strip() for cell in row if not isinstance(cell, str) or cell.strip()]
        if not filled or all(_RULER.fullmatch(cell) for cell in filled):
            return RULER
        key_blank = self._key is None or self._key >= len(row) or not as_text(row[self._key]).strip()
        total = any(_TOTAL.fullmatch(cell) for cell in filled[:2])
        if total and (key_blank or _TOTAL.fullmatch(as_text(row[self._key or 0]).strip())):
            return TOTAL_LINE
        if self._heading and self._heading(row):
            return HEADING_LINE
        if (key_blank or self._heading) and self._total_of(row, filled[:2]):
            return TOTAL_LINE
        if len(filled) == 1 and key_blank and (len(row) > 2 or (self._padded and self._width > 2)):
            return NOTE_LINE
        return None

    def _total_of(self, row: Sequence[Cell], first: Sequence[str]) -> bool:
        """Whether one of the first filled cells begins as a total does, and no date stands beside it."""
        days = [as_text(row[index]).strip() for index in self._days if index < len(row)]
        dated = any(day and not _TOTAL_OF.fullmatch(day) for day in days)
        return bool(self._days) and not dated and any(_TOTAL_OF.fullmatch(cell) for cell in first)

    def _filtered(self, row: Sequence[Cell], line: int) -> Skipped | None:
        for index, values in self._filters.items():
            if as_text(row[index]).strip() not in values:
                return Skipped(line, FILTERED.format(self._names[index]))
        return None


def data_rows(rows: Sequence[Sequence[Cell]], header: Sequence[Cell]) -> list[int]:
    """Which of the first rows are data, as far as that shows before it is known what the columns hold."""
    names = [as_text(cell).strip() for cell in header]
    found = []
    for index, row in enumerate(rows):
        filled = [as_text(cell).strip() for cell in row if not isinstance(cell, str) or cell.strip()]
        again = [as_text(cell).strip() for cell in row[: len(names)]] == names
        total = any(_TOTAL.fullmatch(cell) for cell in filled[:2])
        if (len(filled) > 1 or len(names) < 3) and not again and not total:
            found.append(index)
    return found


def is_total_of(text: str) -> bool:
    """Whether a text begins as a line of totals does."""
    return bool(_TOTAL.fullmatch(text) or _TOTAL_OF.fullmatch(text))


def _is_note(text: str, width: int) -> bool:
    """Whether a line of one cell is a sentence, and no row whose separators were not seen."""
    return len(text.split()) > 2 and max(map(text.count, ",;\t|")) * 2 < width


def _may_be_no_number(cell: Cell) -> bool:
    """Whether a cell where a number should be is a total or a ruler."""
    return (
        isinstance(cell, str)
        and (cell[0] in _SIGNS or cell[:3].lower() in _STARTS)
        and bool(_TOTAL.fullmatch(cell.strip()) or _RULER.fullmatch(cell))
    )
