"""Lines cut into records: quick where all is well, and exact about the place where it is not.

A quote that is never closed swallows whatever follows, up to the next stray quote. Reading is therefore strict:
when a record cannot be closed properly, only the line where it began is given up, and reading goes on at the next
one. So it is with a record over several lines that has the wrong number of cells, if one of its further lines is
as wide as a row by itself. A record of the right width is kept, whatever stands in its cells, unless lines within
them look just like the other rows of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from duewell.core.intake.dialect import Dialect
from duewell.core.intake.findings import FileRefused
from duewell.core.intake.shape import Shape, of_rows
from duewell.core.intake.table import CHARACTERS_MAX, Broken, Chunk, as_text

if TYPE_CHECKING:
    import _csv

_BROKEN_QUOTES_MAX = 10_000
_OPEN_QUOTE = "a quote is opened here and never closed"
_OPEN_QUOTE_REMEDY = 'Close the quote, or write a quote inside a cell twice (""), and import this row again.'
_TEXT_AFTER_QUOTE = "text follows a closing quote"
_TOO_LONG = f"a cell is longer than {CHARACTERS_MAX:,} characters"
_TOO_LONG_REMEDY = "Shorten the cell, or leave the column out of the export."
_UNFINISHED = "end of data"
_UNKNOWN = Shape()


class _Trouble(NamedTuple):
    """Why a record cannot be read."""

    reason: str
    unfinished: bool = False
    """The lines ended within quotes."""


def records(
    blocks: Iterable[Sequence[str]], dialect: Dialect, shape: Shape = _UNKNOWN, first_line: int = 1
) -> Iterator[Chunk]:
    """Chunks of records out of blocks of lines.

    Args:
        blocks: lines with their line ends, in the order of the file, some thousand a block.
        dialect: how to cut them.
        shape: what rows look like; without it a record is kept wherever its quotes are closed.
        first_line: number of the first line given.

    Raises:
        FileRefused: so many quotes are unbalanced that the file must be written otherwise than it seems.
    """
    cutter = _Cutter(dialect, shape)
    left: list[str] = []
    at = first_line
    for block in blocks:
        lines = [*left, *block] if left else block
        chunk, left = cutter.cut(lines, at, more=True)
        at += len(lines) - len(left)
        yield chunk
    if left:
        chunk, _ = cutter.cut(left, at, more=False)
        yield chunk


def look(lines: Sequence[str], dialect: Dialect, header: Sequence[str] = ()) -> Shape:
    """What the rows of a file look like.

    Args:
        lines: the first lines with their line ends; some hundred are enough.
        dialect: how to cut them.
        header: the names of the columns, as far as they are known.
    """
    cutter = _Cutter(dialect, of_rows((), header))
    chunk, _ = cutter.cut(lines, 1, more=False)
    rows = [[as_text(cell).strip() for cell in row] for row in chunk.rows]
    names = list(header)
    return of_rows(rows[rows.index(names) + 1 :] if names in rows else rows, header)


class _Cutter:
    def __init__(self, dialect: Dialect, shape: Shape) -> None:
        self._dialect = dialect
        self._shape = shape
        self._broken_quotes = 0

    def _reader(self, lines: Iterable[str], *, strict: bool = True) -> _csv.Reader:
        return csv.reader(
            lines,
            delimiter=self._dialect.separator,
            quotechar=self._dialect.quote,
            escapechar=self._dialect.escape,
            doublequote=self._dialect.escape is None,
            strict=strict,
        )

    def cut(self, lines: Sequence[str], at: int, more: bool) -> tuple[Chunk, list[str]]:
        """Records of these lines; and the lines of a last record that may go on in the next block."""
        text = "".join(lines)
        if self._dialect.quote not in text and self._dialect.escape is None:
            # Without quotes a separator is always one, and splitting is twice as quick.
            sign = self._dialect.separator
            plain = [line.rstrip("\r\n").split(sign) for line in lines]
            return Chunk(
                plain, range(at, at + len(lines)), (), max(map(len, lines), default=0), "\x00" in text
            ), []
        try:
            rows = list(self._reader(lines))
        except csv.Error:
            rows = []
        if len(rows) == len(lines):
            return Chunk(
                rows, range(at, at + len(lines)), (), max(map(len, lines), default=0), _zero_bytes(lines)
            ), []
        return self._slowly(lines, at, more)

    def _slowly(self, lines: Sequence[str], at: int, more: bool) -> tuple[Chunk, list[str]]:
        """Record by record: some run over several lines, or cannot be closed."""
        rows: list[list[str]] = []
        starts: list[int] = []
        broken: list[Broken] = []
        begin = 0
        while begin < len(lines):
            begin, trouble = self._until_trouble(lines, begin, at, rows, starts)
            if trouble is None:
                break
            if more and trouble.unfinished and sum(map(len, lines[begin:])) <= CHARACTERS_MAX:
                # The closing quote may stand in the next block.
                return Chunk(rows, starts, broken, zero_bytes=_zero_bytes(lines)), list(lines[begin:])
            broken.append(self._give_up(lines[begin], at + begin, trouble.reason))
            begin += 1
        return Chunk(rows, starts, broken, zero_bytes=_zero_bytes(lines)), []

    def _until_trouble(
        self, lines: Sequence[str], begin: int, at: int, rows: list[list[str]], starts: list[int]
    ) -> tuple[int, _Trouble | None]:
        """Reads on from `begin`; returns where the record begins that cannot be read, or the end."""
        reader = self._reader(lines[begin:])
        base = begin
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return len(lines), None
            except csv.Error as error:
                return begin, _trouble(str(error), lines[begin], base + reader.line_num - begin)
            end = base + reader.line_num
            if end - begin > 1 and self._swallows(lines[begin + 1 : end], row):
                return begin, _Trouble(_OPEN_QUOTE)
            rows.append(row)
            starts.append(at + begin)
            begin = end

    def _swallows(self, following: Sequence[str], row: Sequence[str]) -> bool:
        """Whether the further lines of a record are records of their own that a stray quote swallowed."""
        shape = self._shape
        if not shape.fits(row) or max(map(len, row)) > CHARACTERS_MAX:
            # It cannot be taken in any case.
            return any(self._is_row(line, shape.fits) for line in following)
        # The last line holds the quote that closed the cell.
        within = [self._is_row(line, shape.alike) for line in following[:-1]]
        return all(within) and bool(within) if shape.narrow else any(within)

    def _is_row(self, line: str, like: Callable[[Sequence[str]], bool]) -> bool:
        """Whether the line is a whole record by itself, and like this."""
        if line.count(self._dialect.separator) + 1 < min(self._shape.widths, default=len(line)):
            return False
        try:
            rows = list(self._reader([line]))
        except csv.Error:
            return False
        return len(rows) == 1 and like(rows[0])

    def _give_up(self, line: str, number: int, reason: str) -> Broken:
        text = line.rstrip("\r\n")
        if reason == _TOO_LONG:
            return Broken(number, text, _TOO_LONG, _TOO_LONG_REMEDY)
        self._broken_quotes += 1
        if self._broken_quotes > _BROKEN_QUOTES_MAX:
            raise FileRefused(
                f"More than {_BROKEN_QUOTES_MAX:,} lines have unbalanced quotes (the latest is line {number}).",
                "Export again with quotes inside cells doubled, or say how cells are separated (--separator).",
            )
        # Looking for the place reads the line again and again.
        cell = self._cell_at_fault(text) if len(text) <= CHARACTERS_MAX else None
        return Broken(number, text, reason, _OPEN_QUOTE_REMEDY, cell)

    def _cell_at_fault(self, line: str) -> int:
        """The place of the cell whose quotes are wrong: the first that cannot be read, else the one left open."""
        sound, end = 0, len(line) + 1
        # A line that can be read up to some place can be read up to any place before it.
        while end - sound > 1:
            middle = (sound + end) // 2
            if self._can_start_with(line[:middle]):
                sound = middle
            else:
                end = middle
        return max(len(next(self._reader([line[:sound]], strict=False), [])) - 1, 0)

    def _can_start_with(self, text: str) -> bool:
        try:
            list(self._reader([text]))
        except csv.Error as error:
            return _UNFINISHED in str(error)
        return True


def _trouble(error: str, line: str, lines: int) -> _Trouble:
    """What an error of the reader says of a record that it read for so many lines."""
    if "field limit" in error and len(line) > CHARACTERS_MAX:
        return _Trouble(_TOO_LONG)
    # Text follows a quote that closes on a later line: that quote was meant to open a cell of its own.
    return _Trouble(
        _TEXT_AFTER_QUOTE if "expected after" in error and lines == 1 else _OPEN_QUOTE, _UNFINISHED in error
    )


def _zero_bytes(lines: Sequence[str]) -> bool:
    return "\x00" in "".join(lines)
