"""Lists that name the customer once, in a line above his rows: each row is given the customer it stands under.

Reports print a heading, the invoices below it and a line of totals that names the heading again. Where every
heading of a file is closed in this way, the file proves what its headings are, and a heading within another is
written behind it. Lines with labels (`Customer No.: 1001`) prove it where there are several. Else a person is
asked before anything is taken from a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from duewell.core.intake import names, vocabulary
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, Chunk, Table, as_text

CUSTOMER = "customer (heading above)"
CUSTOMER_NUMBER = "customer no. (heading above)"
"""Names of the columns that are added; a file of rejected rows has them too, and they are known again."""
NESTED, LABELS, LAST = "nested", "labels", "last"
"""Headings closed by totals; lines with labels; or the last heading counts, as a person has said."""

_CLOSING = re.compile(
    r"(?:sub|sous-?|zwischen)?-?(?:total|summe|totale|totaal|totaux)s?\b"
    r"(?: for\b| für\b| pour\b| du\b| de\b| di\b| voor\b| do\b| da\b| para\b|\s*[-:])?\s*(?P<of>\S.*)",
    re.IGNORECASE,
)
_GRAND = re.compile(
    r"(?:grand |report |gesamt|end|eind)?(?:totals?|summen?|totale|totaal|totaux)"
    r"(?: g[ée]n[ée]ral| generale?| geral)?\s*:?|"
    r"gesamt\s*:?|insgesamt\s*:?",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"current|not (?:yet )?due|nicht fällig.*|overdue|überfällig.*|older|älter.*|"
    r"(?:>|<|over|über|mehr als)\s*\d+.*|"
    r"\d+\s*(?:-|–|to|bis)\s*\d+.*|\d+\s*(?:\+|or more|und mehr|months?|monate?|days|tage)\b.*|"
    r".*\b(?:days|tage|past due|jours|d[ií]as|giorni|dagen|dias)\b.*|"
    r"(?:non |niet |no |n[ãa]o )?(?:[ée]chus?|vencid[oa]s?|scadut[oie]|vervallen)",
    re.IGNORECASE,
)
"""A heading that gives an age, not a customer."""
_CODE = re.compile(r"(?=[^\d]*\d)[\w./-]{1,30}")
_CODED = re.compile(r"(?P<number>[A-Z]{0,4}-?\d[\w./-]*)\s+(?:[-–:]\s*)?(?P<name>\S*[^\W\d_].*)")
_WHO = ("customer_number", "customer_name")
_LABELLED = re.compile(r"(?P<label>[^:]{2,40}?)(?:\s*:\s*|\s{2,})(?P<value>\S.*)")


class Found(NamedTuple):
    """What the headings of a file are. `mode` is empty where nothing proves it and nobody has said it."""

    mode: str
    examples: tuple[Evidence, ...]
    coded: bool = False
    """Each heading is a number and a name."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are added."""
        return (CUSTOMER_NUMBER, CUSTOMER) if self.coded or self.mode == LABELS else (CUSTOMER,)

    def decision(self) -> Decision:
        """Where the customers come from."""
        why = {
            NESTED: "each heading is closed by a line of totals that names it",
            LABELS: "lines with labels name the customer of the rows below them",
        }
        return Decision("customers", "the heading above each row", why.get(self.mode, AS_SAID), self.examples)

    def question(self) -> Undecided:
        """Asks whether the headings are the customers."""
        return Undecided(
            "column: customer_name",
            "No column says who the customer is. Do the lines above the rows say it?",
            (CUSTOMER,),
            f"--column customer_name='{CUSTOMER}' if they do, or --column customer_name=NAME",
            self.examples,
        )


def is_age(text: str) -> bool:
    """Whether a name gives an age of debts, such as `31 - 60 days` or `Older`."""
    return _AGE.fullmatch(" ".join(text.split())) is not None


def is_heading(row: Sequence[Cell]) -> bool:
    """Whether the row has only one cell, or labels, and so may name a customer."""
    return len(_filled(row)) == 1 or bool(_pairs(row))


def look(table: Table, width: int, header_line: int, wanted: bool) -> Found | None:
    """Looks at all headings of a file in which no column names the customer; None if it has none.

    Args:
        width: the number of columns.
        wanted: a person has said that headings name the customers.
    """
    stack, labels = _Stack(), _Labels()
    headings: list[Evidence] = []
    labelled: list[Evidence] = []
    for chunk in table.chunks():
        for row, line in zip(chunk.rows, chunk.lines, strict=True):
            if labels.take(row):
                labelled.append(Evidence(line, "", shown(" ".join(as_text(cell) for cell in _filled(row)))))
            elif line > header_line:
                heading = stack.take(row, width)
                if heading:
                    headings.append(Evidence(line, "", shown(heading)))
    if labels.customers:
        sure = wanted or len(labels.customers) > 1
        return Found(LABELS if sure else "", tuple(labelled[:3]))
    # What stands below the last totals is a note, such as the time of the print.
    used = [each for each in headings if each.value in stack.used]
    if not used or (any(_AGE.fullmatch(each.value) for each in used) and not wanted):
        return None
    coded = len(used) > 1 and stack.deepest == 1 and all(_CODED.fullmatch(each.value) for each in used)
    proven = stack.closed > 0 and not stack.crossed and not stack.left_open()
    return Found(NESTED if proven else LAST if wanted else "", tuple(used[:3]), coded)


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if not isinstance(cell, str) or cell.strip()]


class _Stack:
    """The headings that are open, the outermost first."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.used: set[str] = set()
        self.closed = self.deepest = 0
        self.crossed = False
        self._rows: list[bool] = []

    def take(self, row: Sequence[Cell], width: int) -> str:
        """The next row; the heading that it is, or nothing."""
        if not _filled(row):
            return ""
        closing = self._closes(row)
        if closing is not None:
            self.crossed = self.crossed or any(self._rows[closing + 1 :])
            self.closed += 1
            del self.open[closing:], self._rows[closing:]
            return ""
        heading = _heading(row, width)
        if heading:
            self.open.append(shown(heading))
            self._rows.append(False)
        elif not _is_total(row):
            self.used.update(self.open)
            self.deepest = max(self.deepest, len(self.open))
            self._rows = [True] * len(self.open)
        return heading

    def _closes(self, row: Sequence[Cell]) -> int | None:
        """Which of the open headings a line of totals closes; None if it is no such line."""
        for cell in _filled(row)[:2]:
            match = _CLOSING.fullmatch(" ".join(as_text(cell).split()))
            if match is None:
                continue
            of = shown(match["of"])
            for index in range(len(self.open) - 1, -1, -1):
                named = self.open[index]
                if named == of or re.search(rf"(?<!\w){re.escape(of)}(?!\w)", named):
                    return index
        return None

    def left_open(self) -> bool:
        """Whether a heading with rows was never closed."""
        return any(self._rows)


def _is_total(row: Sequence[Cell]) -> bool:
    return any(_GRAND.fullmatch(as_text(cell).strip()) for cell in _filled(row)[:2])


def _heading(row: Sequence[Cell], width: int) -> str:
    """The text of a row in which only one of the first cells is filled, or nothing."""
    filled = [(index, cell) for index, cell in enumerate(row) if not isinstance(cell, str) or cell.strip()]
    if len(filled) != 1 or width < 3 or filled[0][0] > 2:
        return ""
    text = " ".join(as_text(filled[0][1]).split())
    return "" if _GRAND.fullmatch(text) or not any(map(str.isalpha, text)) else text


class _Labels:
    """The customer whom lines with labels name; a number begins a new one."""

    def __init__(self) -> None:
        self.number = self.name = ""
        self.customers: set[str] = set()

    def take(self, row: Sequence[Cell]) -> bool:
        """The next row; whether it says something of a customer."""
        said = False
        for label, value in _pairs(row):
            key = names.parse(label).key
            fields = {field for _, field in vocabulary.fields_of(key)}
            who = key == "ac" or (key != "name" and not fields.isdisjoint(_WHO))
            coded = _CODED.fullmatch(value)
            if who and (coded or _CODE.fullmatch(value)):
                self.number, self.name = (coded["number"], coded["name"]) if coded else (value, "")
                self.customers.add(self.number)
                said = True
            elif "customer_name" in fields and self.number and not self.name:
                self.name = value
                said = True
        return said


def _pairs(row: Sequence[Cell]) -> list[tuple[str, str]]:
    """Labels and what they say, from a row of nothing else: `A/C: | 1001 | Name: | Acme`, `Konto: 1001 Acme`."""
    filled = [as_text(cell).strip() for cell in _filled(row)]
    if len(filled) == 1:
        match = _LABELLED.fullmatch(filled[0])
        return [(match["label"], " ".join(match["value"].split()))] if match else []
    if not filled or len(filled) % 2 or not all(label.endswith(":") for label in filled[::2]):
        return []
    return list(zip(filled[::2], filled[1::2], strict=True))


class UnderHeadings:
    """A table whose rows have the customer they stand under in columns of their own, behind all others."""

    def __init__(self, table: Table, header: Sequence[Cell], header_line: int, found: Found) -> None:
        """`header` as it stands in the file, in line `header_line`."""
        self._table = table
        self._header = [as_text(cell).strip() for cell in header]
        self._header_line = header_line
        self._found = found
        self.name = table.name
        self.separator = table.separator
        self.decisions: Sequence[Decision] = (*table.decisions, found.decision())
        self.questions = table.questions
        self.typed = table.typed

    def chunks(self) -> Iterator[Chunk]:
        """All records from the beginning."""
        stack, labels = _Stack(), _Labels()
        for chunk in self._table.chunks():
            pairs = zip(chunk.rows, chunk.lines, strict=True)
            yield chunk._replace(rows=[self._wide(row, line, stack, labels) for row, line in pairs])

    def _wide(self, row: Sequence[Cell], line: int, stack: _Stack, labels: _Labels) -> Sequence[Cell]:
        width, filled = len(self._header), _filled(row)
        if line < self._header_line or not filled:
            labels.take(row)
            return row
        if [as_text(cell).strip() for cell in row[:width]] == self._header:
            return [*row[:width], *self._found.columns]
        added = self._customer(row, stack, labels) or [""] * len(self._found.columns)
        if len(row) < width and self._table.typed:
            row = [*row, *[""] * (width - len(row))]
        if len(row) > width and not _filled(row[width:]):
            row = row[:width]
        # A row that is too short stays so, and one that is too long grows: neither comes to fit by chance.
        return row if len(row) < width else [*row, *added]

    def _customer(self, row: Sequence[Cell], stack: _Stack, labels: _Labels) -> list[Cell] | None:
        """The cells to add to a row of data; None for every other row."""
        if self._found.mode == LABELS:
            if labels.take(row) or is_heading(row):
                return None
            return [labels.number, labels.name]
        known = len(stack.open)
        heading = stack.take(row, len(self._header))
        if heading and self._found.mode == LAST:
            stack.open[:] = [shown(heading)]
        if heading or len(stack.open) < known or is_heading(row):
            return None
        if not self._found.coded:
            return [":".join(stack.open)]
        match = _CODED.fullmatch(stack.open[-1]) if stack.open else None
        return [match["number"], match["name"]] if match else ["", ""]
