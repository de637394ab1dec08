"""What the rows of a text file look like: tells a line that a stray quote swallowed from text within a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

NARROW = 3
"""In a file of so few columns a line of ordinary text may happen to look like a row."""
_TEXT = "text"


class Shape(NamedTuple):
    """How wide rows are and what stands in their columns. Without widths nothing is known."""

    widths: frozenset[int] = frozenset()
    """Numbers of cells that are right: those of the header and of most rows."""
    kinds: tuple[str, ...] = ()
    """By column the kind of nearly all its cells, as `_kind` gives it; text, which tells nothing, where they are
    blank or differ.
    """

    def fits(self, row: Sequence[str]) -> bool:
        """Has the row the right number of cells? Blank ones at its end do no harm."""
        if len(row) in self.widths:
            return True
        width = min(self.widths, default=0)
        return 0 < width < len(row) and not any(cell.strip() for cell in row[width:])

    def alike(self, row: Sequence[str]) -> bool:
        """Has the row the right width, and in most columns that tell something the kind of cell they hold?"""
        if not self.fits(row):
            return False
        telling = [index for index, kind in enumerate(self.kinds) if kind != _TEXT]
        same = sum(index < len(row) and _kind(row[index]) == self.kinds[index] for index in telling)
        return same * 2 > len(telling)

    @property
    def narrow(self) -> bool:
        """Are there so few columns that one line proves nothing?"""
        return max(self.widths, default=0) <= NARROW


def of_rows(rows: Iterable[Sequence[str]], header: Sequence[str] = ()) -> Shape:
    """The shape of a file with these rows below its header."""
    looked = [row for row in rows if len(row) > 1]
    usual = [width for width, _ in Counter(map(len, looked)).most_common(1)]
    shape = Shape(frozenset(width for width in (len(header), *usual) if width > 1))
    columns: list[Counter[str]] = [Counter() for _ in range(max(shape.widths, default=0))]
    for row in looked:
        if shape.fits(row):
            for counter, cell in zip(columns, row, strict=False):
                counter[_kind(cell)] += 1
    return shape._replace(kinds=tuple(map(_mostly, columns)))


def _mostly(kinds: Counter[str]) -> str:
    (kind, count), *_ = kinds.most_common(1) or [(_TEXT, 0)]
    return kind if count * 10 >= kinds.total() * 9 else _TEXT


def _kind(cell: str) -> str:
    if "@" in cell:
        return "address"
    if not any(map(str.isdigit, cell)):
        return _TEXT
    return "code" if any(map(str.isalpha, cell)) else "number"
