"""A chunk column by column, with the rows that fail on the way set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import Bad, Rejected, Remark, Skipped, shown
from duewell.core.intake.readers import Reader
from duewell.core.intake.rows import Batch
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell, as_text


class Frame:
    """The rows of a chunk; `faults` are those that cannot be taken, by their index."""

    def __init__(self, sifted: Sifted, layout: Layout) -> None:
        self.rows = sifted.rows
        self.lines = sifted.lines
        self.columns = sifted.columns()
        self.layout = layout
        self.faults: dict[int, Rejected] = {}
        self.remarks: list[Remark] = []

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, field: str) -> Sequence[Cell] | None:
        """The cells of a field, or None if no column holds it."""
        index = self.layout.fields.get(field)
        return None if index is None else self.columns[index]

    def read(self, field: str, reader: Reader, blank: object = None) -> list[Any]:
        """The values of a field; `blank` for all if no column holds it. Unreadable cells become faults."""
        cells = self.cells(field)
        if cells is None:
            return [blank] * len(self.rows)
        values = reader.read(cells)
        for index in reader.bad_at(values):
            self.fault(index, field, values[index])
        return values

    def fault(self, index: int, field: str, bad: Bad) -> None:
        """The row cannot be taken; the first reason counts."""
        if index not in self.faults:
            self.faults[index] = rejected(self.rows[index], self.lines[index], self.layout, field, bad)

    def set_aside(self, batch: Batch, index: int, sifter: Sifter) -> None:
        """A row with a fault: rejected, unless it is a line of totals or a note."""
        excuse = sifter.excuse(self.rows[index])
        if excuse is not None:
            batch.skipped.append(Skipped(self.lines[index], excuse))
        else:
            batch.rejected.append(self.faults[index])


def rejected(row: Sequence[Cell], line: int, layout: Layout, field: str, bad: Bad) -> Rejected:
    """The finding for a row of a known layout."""
    index = layout.fields.get(bad.field or field)
    name = layout.names[index] if index is not None else ""
    value = bad.value or (shown(as_text(row[index])) if index is not None else "")
    return Rejected(line, name, value, bad.reason, bad.remedy, tuple(as_text(cell) for cell in row))
