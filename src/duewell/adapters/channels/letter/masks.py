"""The mask of a QR code, chosen as ISO/IEC 18004 7.8.3 tells, with lines of modules as whole numbers.

segno does the same module by module and takes most of its time for it: 3 ms of the 4 of a code, against 1 here.
Its symbol with mask 0 is taken, and what each other mask changes in one of that size is known from samples.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import segno

MASKS: Final = range(8)
_DIGITS: Final = bytes.maketrans(b"\x00\x01", b"01")

Lines = tuple[int, ...]
"""Rows or columns of a symbol, the first module as the highest bit; 1 is dark."""


class _Change(NamedTuple):
    """What a mask makes of a symbol with mask 0: modules that turn, and those that name the mask."""

    turned: Lines
    named: Lines


def masked(text: str, longest_version: int) -> Lines:
    """The rows of the code of a text, error correction M, with the mask of the fewest penalty points.

    Raises:
        ValueError: the text does not fit the largest symbol allowed.
    """
    code = _plain(text)
    version = int(code.version)
    if version > longest_version:
        raise ValueError("the text is too long for the code of a payment")
    rows, columns = _rows(code.matrix), _rows(zip(*code.matrix, strict=True))
    naming, across, down = _changes(version)
    best: tuple[int, Lines] | None = None
    for mask in MASKS:
        these = _with(rows, across[mask], naming)
        points = penalty(these, _with(columns, down[mask], naming))
        if best is None or points < best[0]:
            best = (points, these)
    assert best is not None
    return best[1]


def penalty(rows: Lines, columns: Lines) -> int:
    """Points for runs, blocks, patterns like a finder's, and too much dark or light (table 11 of the standard)."""
    side = len(rows)
    pairs = (1 << side - 1) - 1
    points = 0
    for lines in (rows, columns):
        for line in lines:
            same = ~(line ^ line >> 1) & pairs
            # A run of L modules, five at least, holds L - 4 windows of five and costs L - 2.
            five = same & same >> 1 & same >> 2 & same >> 3
            if five:
                points += five.bit_count() + 2 * (five & ~(five << 1)).bit_count()
            wide = line << 4
            found = wide & wide >> 2 & wide >> 3 & wide >> 4 & wide >> 6 & ~(wide >> 1) & ~(wide >> 5)
            if found:
                light = ~wide
                below = light << 1 & light << 2 & light << 3 & light << 4
                above = light >> 7 & light >> 8 & light >> 9 & light >> 10
                points += 40 * (found & (below | above)).bit_count()
    for upper, lower in pairwise(rows):
        blocks = ~(upper ^ upper >> 1) & ~(lower ^ lower >> 1) & ~(upper ^ lower) & pairs
        points += 3 * blocks.bit_count()
    dark = sum(row.bit_count() for row in rows)
    return points + 10 * (abs(dark * 20 - side * side * 10) // (side * side))


def _plain(text: str, mask: int = 0, version: int | None = None) -> Any:
    return segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", mask=mask, version=version)


def _rows(matrix: Any) -> Lines:
    return tuple(int(bytes(row).translate(_DIGITS), 2) for row in matrix)


def _with(lines: Lines, change: _Change, naming: Lines) -> Lines:
    return tuple(
        (line ^ turned) & ~names | named
        for line, turned, named, names in zip(lines, change.turned, change.named, naming, strict=True)
    )


@cache
def _changes(version: int) -> tuple[Lines, tuple[_Change, ...], tuple[_Change, ...]]:
    """Which modules name the mask (the same in rows and columns), and what each mask does to rows and columns."""
    samples = [_plain("0", mask, version).matrix for mask in MASKS]
    side = len(samples[0])
    # Beside the finders, in row 8 and column 8; the dark module there is the same in every symbol.
    ends = [*range(9), *range(side - 8, side)]
    beside = sum(1 << side - 1 - place for place in ends)
    naming = tuple(beside if line == 8 else (1 << side - 9 if line in ends else 0) for line in range(side))
    across = [_rows(sample) for sample in samples]
    down = [_rows(zip(*sample, strict=True)) for sample in samples]
    return naming, _of(across, naming), _of(down, naming)


def _of(samples: list[Lines], naming: Lines) -> tuple[_Change, ...]:
    return tuple(
        _Change(
            tuple((line ^ first) & ~names for line, first, names in zip(lines, samples[0], naming, strict=True)),
            tuple(line & names for line, names in zip(lines, naming, strict=True)),
        )
        for lines in samples
    )
