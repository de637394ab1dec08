"""What an import changed of what was there before, kept so that the import can be taken back whole.

Payments name their import themselves, and so do credit notes that it used up (`payment_end`). Kept here is the
rest: invoices it added or spoke of, entries it posted, terms that it overwrote, what lists had shown before, holds
it made or ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.store import sql
from duewell.store.models import ImportTrace
from duewell.store.posting import Prepared


class Terms(NamedTuple):
    """Due date and reference of an invoice, as they were before the import."""

    receivable: int
    due_on: date
    reference: str


class Trace:
    """Collects what one transaction of an import changes; `save` writes it in that transaction."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self._clear()

    def _clear(self) -> None:
        self.terms: list[Terms] = []
        self.made: set[int] = set()
        """Invoices it added."""
        self.told: set[int] = set()
        """Known invoices that the file spoke of."""
        self.sums: set[int] = set()
        """Payments and credit notes of imports before that the file told of again."""
        self.shown: dict[int | None, set[int]] = {}
        """Invoices it showed with what is open, by the hour (microseconds) of the list before; None: the first."""
        self.shown_minor: dict[int, int | None] = {}
        """What the lists before had shown of invoices of which it changed that; None: nothing."""
        self.holds: list[int] = []
        """Holds it made."""
        self.freed: list[int] = []
        """Holds it ended."""
        self.entries: list[tuple[int, int]] = []
        """Entries it posted: the first and the last id of each stretch."""

    def posted(self, prepared: Prepared) -> None:
        """The import posted this."""
        numbers = sorted(row[0] for rows in prepared.by_account.values() for row in rows)
        for number in numbers:
            if self.entries and self.entries[-1][1] + 1 == number:
                self.entries[-1] = self.entries[-1][0], number
            else:
                self.entries.append((number, number))

    def save(self) -> None:
        """Write what has come together since the last time."""
        body = {
            "terms": [[one.receivable, one.due_on.isoformat(), one.reference] for one in self.terms],
            "made": _steps(self.made),
            "told": _steps(self.told),
            "sums": _steps(self.sums),
            "shown": [[hour, _steps(receivables)] for hour, receivables in self.shown.items()],
            "shown_minor": list(self.shown_minor.items()),
            "holds": self.holds,
            "freed": self.freed,
            "entries": self.entries,
        }
        if any(body.values()):
            ImportTrace.objects.create(batch_id=self.batch, body=canonical(body))
        self._clear()


def of(batch: int) -> Iterator[Trace]:
    """What was kept of an import, piece by piece."""
    for (body,) in sql.fetch("select body from import_trace where batch_id = ? order by id", [batch]):
        told = json.loads(bytes(body))
        piece = Trace(batch)
        piece.terms = [Terms(row[0], date.fromisoformat(row[1]), row[2]) for row in told["terms"]]
        piece.made = set(_whole(told["made"]))
        piece.told = set(_whole(told["told"]))
        piece.sums = set(_whole(told["sums"]))
        piece.shown = {hour: set(_whole(steps)) for hour, steps in told["shown"]}
        piece.shown_minor = dict(told["shown_minor"])
        piece.entries = [(first, last) for first, last in told["entries"]]
        piece.holds, piece.freed = told["holds"], told["freed"]
        yield piece


def _steps(numbers: Iterable[int]) -> list[int]:
    """Numbers as their first and the steps between them: those of one list stand close together."""
    steps, before = [], 0
    for number in sorted(numbers):
        steps.append(number - before)
        before = number
    return steps


def _whole(steps: Iterable[int]) -> Iterator[int]:
    number = 0
    for step in steps:
        number += step
        yield number
