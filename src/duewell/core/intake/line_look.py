"""Whether several rows with one number are the items of one invoice, or one invoice twice.

A column named as the total of a line says that rows are items and are added. A column that names the invoice's
own total beside columns of items says that the total is repeated, if it is the same in all rows of a number.
Where the names say nothing, rows with one number are invoices that contradict one another, unless columns of
items make it likely: then it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from duewell.core.intake import mapping, names, vocabulary
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, Undecided, shown
from duewell.core.intake.table import Cell, as_text

ANSWER = "--lines one|sum|repeat"


class LineLook:
    """Looks at the rows that share a number, where columns of items make that likely."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._number = layout.fields.get("number")
        self._amount = layout.fields.get("amount")
        self._line_amount = layout.fields.get("line_amount")
        self._watch = bool(layout.lines) or self._line_amount is not None
        self._first: dict[str, tuple[str, int]] = {}
        self._same: list[Evidence] = []
        self._different: list[Evidence] = []

    def look(self, rows: Sequence[Sequence[Cell]], keys: Sequence[str], lines: Sequence[int]) -> None:
        """The next rows with their keys."""
        if not self._watch:
            return
        column = self._amount if self._amount is not None else self._line_amount
        for row, key, line in zip(rows, keys, lines, strict=True):
            if not key:
                continue
            amount = "" if column is None else as_text(row[column]).strip()
            first = self._first.setdefault(key, (amount, line))
            if first[1] == line:
                continue
            kept = self._same if amount in ("", first[0]) else self._different
            if len(kept) < 4:
                name = self._layout.names[self._number or 0]
                kept += [Evidence(each, name, shown(key)) for each in (first[1], line)]

    def decide(self, said: str | None, taxed: bool) -> Decision | Undecided | None:
        """How rows with one number belong together; None if every row is an invoice of its own.

        Args:
            said: `one`, `sum` or `repeat`, from the person.
            taxed: a column of taxes beside the lines holds amounts above zero.
        """
        if said is not None:
            return Decision("lines", said, AS_SAID)
        shared = bool(self._same or self._different)
        if self._amount is None and self._line_amount is not None:
            return self._by_lines(taxed)
        if not shared:
            return None
        name = self._layout.names[self._amount or 0]
        own = any(
            rank == 0
            for rank, pattern in vocabulary.PATTERNS["amount"]
            if pattern.fullmatch(names.parse(name).key)
        )
        both = self._line_amount is not None
        if not self._different and (own or both):
            why = f"rows share a number, and {name!r} is the same in all of them"
            return Decision("lines", mapping.REPEAT, why, tuple(self._same[:4]))
        return Undecided(
            "lines",
            f"Several rows have the same number. Are they items of one invoice, of which {name!r} is added (sum) "
            "or the same on each (repeat), or is each row an invoice of its own (one)?",
            (mapping.SUM, mapping.REPEAT, mapping.ONE),
            ANSWER,
            tuple((self._different or self._same)[:4]),
        )

    def _by_lines(self, taxed: bool) -> Decision | Undecided:
        name = self._layout.name("line_amount")
        key = names.parse(name).key
        total = any(rank == 0 for rank, pattern in vocabulary.PATTERNS["line_amount"] if pattern.fullmatch(key))
        if taxed and not total:
            return Undecided(
                "column: amount",
                f"The only amounts are those of single lines in {name!r}, and taxes stand beside them. Which "
                "column holds what the customer owes?",
                self._layout.names,
                "--column amount=NAME, or --column line_amount=NAME if it holds the tax",
            )
        evidence = tuple((self._different or self._same)[:4])
        return Decision(
            "lines", mapping.SUM, f"{name!r} is the amount of a line: the lines of a number are added", evidence
        )
