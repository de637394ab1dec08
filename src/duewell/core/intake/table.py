"""A table as it comes out of a file: chunks of records, from the first line to the last, as often as asked.

Adapters know bytes and formats; from here on a file is rows of cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from duewell.core.intake.findings import Decision, Undecided

CHARACTERS_MAX = 32_768
"""A longer cell is no business data; spreadsheets hold at most 32,767 characters in one."""
COLUMNS_MAX = 1_000


class Formula(NamedTuple):
    """A cell that a spreadsheet computes: its text, never its result."""

    text: str


Cell = str | Decimal | date | Formula
"""Text files give only `str`. A sheet gives numbers and dates as they are stored; an empty cell is `""`."""


class Broken(NamedTuple):
    """A record that the format itself cannot make sense of."""

    line: int
    text: str
    reason: str
    remedy: str
    cell: int | None = None
    """The place of the cell at fault, from 0; None: the whole record."""


class Chunk(NamedTuple):
    """Some records in the order of the file. `lines[i]` is where `rows[i]` begins, from 1.

    A blank line is an empty row. `longest` is at least the length of the longest cell; `zero_bytes` says whether
    any cell may hold one: so not every cell need be looked at.
    """

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    broken: Sequence[Broken] = ()
    longest: int = CHARACTERS_MAX + 1
    zero_bytes: bool = True


class Table(Protocol):
    """A file that was opened and whose form is known."""

    name: str
    separator: str
    """What stands between the cells of a text file; `\\t` for a sheet. The error file uses the same."""
    decisions: Sequence[Decision]
    questions: Sequence[Undecided]
    typed: bool
    """Whether cells can be other than text."""

    def chunks(self) -> Iterator[Chunk]:
        """All records from the beginning; each call reads the file again."""
        ...


def as_text(cell: Cell) -> str:
    """The cell as a person would write it, for identifiers and reports."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, Decimal):
        whole = cell.to_integral_value()
        return str(int(whole)) if whole == cell else format(cell, "f")
    return cell.isoformat()
