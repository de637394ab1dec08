"""How a text file separates and quotes its cells, and in which row its columns are named.

The separator is the one under which a row of known column names appears. The names prove it: no other reading
of the same line gives them. Where no names are known, the separator must at least cut all lines alike.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from duewell.core.intake import fields, names, vocabulary
from duewell.core.intake.findings import Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_ANSWER = "--separator comma|semicolon|tab|pipe"
HEADER_WITHIN = 60
"""Lines in which the header must stand; titles, addresses and blank lines may come before it."""
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)


class Dialect(NamedTuple):
    """How to cut lines into cells. `first_line` is skipped if it only names the separator (`sep=;`)."""

    separator: str
    quote: str = '"'
    escape: str | None = None
    skip_first: bool = False


class Header(NamedTuple):
    """The row that names the columns, by its place among the rows looked at; -1 if there is none."""

    at: int
    known: int
    names: tuple[str, ...]


def known_columns(cells: Sequence[Cell], kind: str) -> int:
    """How many of the cells are names of columns that a file of this kind can have."""
    extra = fields.of(kind).extra
    count = 0
    for cell in cells:
        if isinstance(cell, str) and cell and len(cell) <= 80:
            name = names.parse(cell)
            count += bool(vocabulary.fields_of(name.key, extra) or vocabulary.fields_of(name.short, extra))
    return count


def find_header(rows: Sequence[Sequence[Cell]], kind: str) -> Header:
    """The first row with the most known column names; it must have two."""
    best = Header(-1, 0, ())
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        filled = sum(1 for cell in row if not isinstance(cell, str) or cell.strip())
        if filled < 2 or filled <= best.known:
            continue
        known = known_columns(row, kind)
        if known >= 2 and known > best.known:
            best = Header(index, known, tuple(as_text(cell).strip() for cell in row))
    return best


def is_list(header: Header, kind: str) -> bool:
    """Whether the names are those of a list of this kind, and not of a summary or of another list beside it."""
    extra = fields.of(kind).extra
    parsed = [names.parse(name) for name in header.names]
    found = {
        field
        for name in parsed
        for _, field in vocabulary.fields_of(name.key, extra) or vocabulary.fields_of(name.short, extra)
    }
    if kind == "customers":
        return header.known > 1 and not found.isdisjoint(fields.WHO) and "due_on" not in found
    numbered = kind == "payments" or "number" in found
    return header.known > 2 and numbered and not found.isdisjoint(fields.AMOUNTS[:-1])


def decide(
    lines: Sequence[str], kind: str, separator: str | None = None, header_row: int | None = None
) -> tuple[Dialect, tuple[Decision, ...], tuple[Undecided, ...]]:
    """The dialect of a text whose first lines these are.

    Args:
        lines: the first lines with their line ends; some hundred are enough.
        kind: one of `fields.KINDS`; its column names are looked for.
        separator: already known, from the person or a mapping.
        header_row: the line where the person says the header stands; 0 for none.
    """
    named = _SEP_LINE.fullmatch(lines[0]) if lines else None
    body = lines[1:] if named else lines
    decisions: list[Decision] = []
    if separator is None and named and named[1] in SEPARATORS.values():
        separator = named[1]
        decisions.append(
            Decision("separator", _word(separator), "the first line names it", (Evidence(1, "", shown(lines[0])),))
        )
    if separator is None:
        outcome = _separator(body, kind, header_row, 2 if named else 1)
        if isinstance(outcome, Undecided):
            return Dialect(","), (), (outcome,)
        decisions.append(outcome)
        separator = SEPARATORS[outcome.value]
    quote, escape, why = _quoting(body, separator)
    if why is not None:
        decisions.append(why)
    return Dialect(separator, quote, escape, named is not None), tuple(decisions), ()


def _word(separator: str) -> str:
    return next((word for word, sign in SEPARATORS.items() if sign == separator), separator)


def split(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """The lines as rows, without regard to broken quotes: for a first look only."""
    reader = csv.reader(
        lines, delimiter=dialect.separator, quotechar=dialect.quote, escapechar=dialect.escape, strict=False
    )
    rows: list[list[str]] = []
    # A quote that never closes ends it; what came before is enough to look at.
    with suppress(csv.Error):
        rows.extend(reader)
    return rows


def _separator(lines: Sequence[str], kind: str, header_row: int | None, first: int) -> Decision | Undecided:
    looks = {word: split(lines, Dialect(sign)) for word, sign in SEPARATORS.items()}
    known = {}
    for word, rows in looks.items():
        if header_row:
            at = header_row - first
            known[word] = known_columns(rows[at], kind) if 0 <= at < len(rows) and len(rows[at]) > 1 else 0
        else:
            known[word] = find_header(rows, kind).known
    ranked = sorted(SEPARATORS, key=lambda word: -known[word])
    if known[ranked[0]] >= 2 and known[ranked[0]] > known[ranked[1]]:
        word = ranked[0]
        header = find_header(looks[word], kind)
        at = header.at + first
        text = shown(lines[header.at], 200) if 0 <= header.at < len(lines) else ""
        why = f"cuts line {at} into {len(header.names)} names, {header.known} of them known"
        return Decision("separator", word, why, (Evidence(at, "", text.rstrip("·")),))
    even = [word for word, rows in looks.items() if _cuts_alike(rows)]
    if len(even) == 1:
        return Decision(
            "separator",
            even[0],
            "the only sign that cuts all lines into the same number of cells",
            tuple(Evidence(index + first, "", shown(line, 200)) for index, line in enumerate(lines[:2])),
        )
    return Undecided(
        "separator",
        "Which sign separates the columns?",
        tuple(even) or tuple(SEPARATORS),
        _ANSWER,
        tuple(Evidence(index + first, "", shown(line, 200)) for index, line in enumerate(lines[:3])),
    )


def _cuts_alike(rows: Sequence[Sequence[str]]) -> bool:
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return False
    width, count = widths.most_common(1)[0]
    return width > 1 and count * 10 >= widths.total() * 9


_APOSTROPHES = re.compile(r"'[^']*'")


def _quoting(lines: Sequence[str], separator: str) -> tuple[str, str | None, Decision | None]:
    """Double quotes doubled inside, unless the lines show apostrophes or backslashes in that part."""
    wrapped = Counter[str]()
    for line in lines:
        for cell in line.rstrip("\r\n").split(separator):
            if len(cell) >= 2 and cell[0] == cell[-1] and cell[0] in "\"'":
                wrapped[cell[0]] += 1
    cells = sum(line.count(separator) + 1 for line in lines)
    if wrapped["'"] * 2 > cells and not wrapped['"']:
        return "'", None, Decision("quotes", "apostrophe", "most cells stand between apostrophes")
    escaped = [index for index, line in enumerate(lines) if re.search(r'[^\\"]\\"(?!\s*$)', line)]
    plain = _unbalanced([lines[index] for index in escaped], Dialect(separator))
    if escaped and plain and not _unbalanced([lines[index] for index in escaped], Dialect(separator, '"', "\\")):
        example = Evidence(escaped[0] + 1, "", shown(lines[escaped[0]], 200))
        why = "a quote within a cell follows a backslash"
        return '"', "\\", Decision("quotes", "backslash", why, (example,))
    return '"', None, None


def _unbalanced(lines: Sequence[str], dialect: Dialect) -> bool:
    for line in lines:
        reader = csv.reader(
            [line],
            delimiter=dialect.separator,
            quotechar=dialect.quote,
            escapechar=dialect.escape,
            doublequote=dialect.escape is None,
            strict=True,
        )
        try:
            list(reader)
        except csv.Error:
            return True
    return False
