"""Lines cut into records: quick where all is well, and exact about the place where it is not.

A quote that is never closed swallows whatever follows. Reading is therefore strict: when a record cannot be
closed properly, only the line where it began is given up, and reading goes on at the next one. A record over
several lines that has the wrong number of cells is treated the same way if the lines after its first are
sound records by themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from duewell.core.intake.dialect import Dialect
from duewell.core.intake.findings import FileRefused
from duewell.core.intake.table import CHARACTERS_MAX, Broken, Chunk

if TYPE_CHECKING:
    import _csv

_BROKEN_QUOTES_MAX = 10_000
_OPEN_QUOTE = "a quote is opened here and never closed"
_OPEN_QUOTE_REMEDY = 'Close the quote, or write a quote inside a cell twice (""), and import this row again.'
_TEXT_AFTER_QUOTE = "text follows a closing quote"
_TOO_LONG = f"a cell is longer than {CHARACTERS_MAX:,} characters"
_TOO_LONG_REMEDY = "Shorten the cell, or leave the column out of the export."


def records(blocks: Iterable[Sequence[str]], dialect: Dialect, first_line: int = 1) -> Iterator[Chunk]:
    """Chunks of records out of blocks of lines.

    Args:
        blocks: lines with their line ends, in the order of the file, some thousand a block.
        dialect: how to cut them.
        first_line: number of the first line given.

    Raises:
        FileRefused: so many quotes are unbalanced that the file must be written otherwise than it seems.
    """
    cutter = _Cutter(dialect)
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


class _Cutter:
    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._broken_quotes = 0
        self._width = 0
        """Cells in most records: good enough to tell a swallowed line."""

    def _reader(self, lines: Iterable[str]) -> _csv.Reader:
        return csv.reader(
            lines,
            delimiter=self._dialect.separator,
            quotechar=self._dialect.quote,
            escapechar=self._dialect.escape,
            doublequote=self._dialect.escape is None,
            strict=True,
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
            self._width = len(rows[-1]) if len(rows[-1]) > 1 else self._width
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
            begin, error = self._until_trouble(lines, begin, at, rows, starts)
            if begin == len(lines):
                break
            if more and self._may_go_on(lines, begin, error):
                return Chunk(rows, starts, broken, zero_bytes=_zero_bytes(lines)), list(lines[begin:])
            broken.append(self._give_up(lines[begin], at + begin, error))
            begin += 1
        return Chunk(rows, starts, broken, zero_bytes=_zero_bytes(lines)), []

    def _until_trouble(
        self, lines: Sequence[str], begin: int, at: int, rows: list[list[str]], starts: list[int]
    ) -> tuple[int, csv.Error | None]:
        """Reads on from `begin`; returns where the record begins that cannot be read, or the end."""
        reader = self._reader(lines[begin:])
        base = begin
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return len(lines), None
            except csv.Error as error:
                return begin, error
            end = base + reader.line_num
            if end - begin == 1:
                self._width = len(row) if len(row) > 1 else self._width
            elif self._swallows(lines[begin + 1 : end], len(row)):
                return begin, None
            rows.append(row)
            starts.append(at + begin)
            begin = end

    @staticmethod
    def _may_go_on(lines: Sequence[str], begin: int, error: csv.Error | None) -> bool:
        """The block ended within quotes; the closing one may stand in the next block."""
        if error is None or "end of data" not in str(error):
            return False
        return sum(len(line) for line in lines[begin:]) <= CHARACTERS_MAX

    def _swallows(self, following: Sequence[str], width: int) -> bool:
        """Whether the further lines of a record are records of their own that a stray quote swallowed.

        Where the record has the right width, its last line does not count: it holds the quote that closed it.
        """
        if not self._width:
            return False
        suspected = following if width != self._width else following[:-1]
        sound = [self._sound(line) for line in suspected]
        # In narrow files a line of ordinary text may happen to look like a record; all must then.
        return any(sound) if self._width > 3 or width != self._width else bool(sound) and all(sound)

    def _sound(self, line: str) -> bool:
        """Whether the line is a whole record by itself, as wide as the others."""
        try:
            rows = list(self._reader([line]))
        except csv.Error:
            return False
        return len(rows) == 1 and len(rows[0]) == self._width

    def _give_up(self, line: str, number: int, error: csv.Error | None) -> Broken:
        text = line.rstrip("\r\n")
        if error is not None and "field limit" in str(error) and len(line) > CHARACTERS_MAX:
            return Broken(number, text, _TOO_LONG, _TOO_LONG_REMEDY)
        self._broken_quotes += 1
        if self._broken_quotes > _BROKEN_QUOTES_MAX:
            raise FileRefused(
                f"More than {_BROKEN_QUOTES_MAX:,} lines have unbalanced quotes (the latest is line {number}).",
                "Export again with quotes inside cells doubled, or say how cells are separated (--separator).",
            )
        after = error is not None and "expected after" in str(error)
        return Broken(number, text, _TEXT_AFTER_QUOTE if after else _OPEN_QUOTE, _OPEN_QUOTE_REMEDY)


def _zero_bytes(lines: Sequence[str]) -> bool:
    return "\x00" in "".join(lines)
