"""Lists with columns for the customer that only a line above his rows fills: each row is given what it says.

Such a file proves it where no row with a number of an invoice names a customer, and a line without a number does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from duewell.core.intake import fields, sift
from duewell.core.intake.columns import Layout
from duewell.core.intake.findings import Decision, Evidence, shown
from duewell.core.intake.table import Cell, Chunk, Table, as_text


class CustomersAbove:
    """A table whose rows have the customer of the line above them in the columns that are there for him."""

    def __init__(self, table: Table, layout: Layout, example: Evidence) -> None:
        self._table = table
        self._of = _Lines(layout)
        self.name = table.name
        self.separator = table.separator
        why = "rows with an invoice leave the columns of the customer empty, and a line above them fills these"
        self.decisions: Sequence[Decision] = (
            *table.decisions,
            Decision("customers", "the line above each row", why, (example,)),
        )
        self.questions = table.questions
        self.typed = table.typed

    def is_heading(self, row: Sequence[Cell]) -> bool:
        """Whether the row names the customer of those below it."""
        return self._of.is_heading(row)

    def chunks(self) -> Iterator[Chunk]:
        """All records from the beginning."""
        above: Sequence[Cell] | None = None
        for chunk in self._table.chunks():
            rows = []
            for row, line in zip(chunk.rows, chunk.lines, strict=True):
                if line > self._of.header_line:
                    if self._of.is_heading(row):
                        above = row
                    elif self._of.is_total(row):
                        above = None
                    elif above is not None and self._of.is_nobodys(row):
                        rows.append(self._of.filled(row, above))
                        continue
                rows.append(row)
            yield chunk._replace(rows=rows)


def look(table: Table, head: Sequence[tuple[Sequence[Cell], int]], layout: Layout) -> CustomersAbove | None:
    """The table with its customers filled in, or None where the file does not prove that they stand above.

    Args:
        head: the first records with their lines; only where these look so is the whole file read.
    """
    if "number" not in layout.fields or not any(field in layout.fields for field in fields.WHO):
        return None
    lines = _Lines(layout)
    first = _proof(lines, head)
    if first is None:
        return None
    whole = (pair for chunk in table.chunks() for pair in zip(chunk.rows, chunk.lines, strict=True))
    proof = _proof(lines, whole)
    return None if proof is None else CustomersAbove(table, layout, proof)


def _proof(
    lines: _Lines, rows: Sequence[tuple[Sequence[Cell], int]] | Iterator[tuple[Sequence[Cell], int]]
) -> Evidence | None:
    example: Evidence | None = None
    under = False
    for row, line in rows:
        if line <= lines.header_line:
            continue
        if lines.names_both(row):
            return None
        if example is None and lines.is_heading(row):
            example = Evidence(line, "", shown(" ".join(as_text(cell) for cell in row if as_text(cell).strip())))
        elif example is not None and lines.is_nobodys(row):
            under = True
    return example if under else None


class _Lines:
    """Tells lines that name a customer from rows that name an invoice."""

    def __init__(self, layout: Layout) -> None:
        self.header_line = layout.header_line
        at = layout.fields
        self._number = at["number"]
        self._who = [at[field] for field in fields.WHO if field in at]
        self._customer = [at[field] for field in fields.CUSTOMER_TEXTS if field in at]
        self._rest = [at[field] for field in (*fields.AMOUNTS, *fields.DATES) if field in at]

    def is_heading(self, row: Sequence[Cell]) -> bool:
        """Names a customer, and neither an invoice nor a sum nor a day."""
        return (
            any(_says(row, at) for at in self._who)
            and not _says(row, self._number)
            and not any(_says(row, at) for at in self._rest)
            and not self.is_total(row)
        )

    def is_nobodys(self, row: Sequence[Cell]) -> bool:
        """Names an invoice and no customer."""
        return _says(row, self._number) and not any(_says(row, at) for at in self._who)

    def names_both(self, row: Sequence[Cell]) -> bool:
        """Names an invoice and its customer."""
        return _says(row, self._number) and any(_says(row, at) for at in self._who) and not self.is_total(row)

    def is_total(self, row: Sequence[Cell]) -> bool:
        """Begins as a total does."""
        first = [as_text(cell).strip() for cell in row if as_text(cell).strip()][:1]
        return any(sift.is_total_of(cell) for cell in first)

    def filled(self, row: Sequence[Cell], above: Sequence[Cell]) -> Sequence[Cell]:
        """The row with what the line above says of the customer."""
        wide = list(row)
        for at in self._customer:
            if at < len(above) and at < len(wide) and not as_text(wide[at]).strip():
                wide[at] = above[at]
        return wide


def _says(row: Sequence[Cell], at: int) -> bool:
    return at < len(row) and as_text(row[at]).strip() != ""
