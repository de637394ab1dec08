"""Files as text in, what the intake makes of them out: for tests."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from duewell.adapters.files.places import places
from duewell.adapters.files.source import open_table
from duewell.core.intake import CreditRow, CustomerRow, InvoiceRow, Mapping, PaymentRow, Reading, read

AS_OF = date(2024, 7, 1)


class Taken(NamedTuple):
    """All batches of a file together."""

    rows: list[Any]
    rejected: list[Any]
    skipped: list[Any]
    remarks: list[Any]

    @property
    def invoices(self) -> list[InvoiceRow]:
        return [row for row in self.rows if isinstance(row, InvoiceRow)]

    @property
    def customers(self) -> list[CustomerRow]:
        return [row for row in self.rows if isinstance(row, CustomerRow)]

    @property
    def payments(self) -> list[PaymentRow]:
        return [row for row in self.rows if isinstance(row, PaymentRow)]

    @property
    def credits(self) -> list[CreditRow]:
        return [row for row in self.rows if isinstance(row, CreditRow)]

    def why_rejected(self) -> dict[int, tuple[str, str]]:
        """Line to column and reason."""
        return {row.row: (row.column, row.reason) for row in self.rejected}

    def why_skipped(self) -> dict[int, str]:
        """Line to reason."""
        return {row.row: row.reason for row in self.skipped}


def reading(content: str | bytes, kind: str = "invoices", *, as_of: date = AS_OF, **said: Any) -> Reading:
    """What the intake says about a file; text is written as UTF-8."""
    mapping = Mapping(**said)
    table = open_table(content.encode() if isinstance(content, str) else content, kind, mapping)
    return read(table, kind, mapping, as_of=as_of, places=places())


def taken(content: str | bytes, kind: str = "invoices", *, as_of: date = AS_OF, **said: Any) -> Taken:
    """The rows of a file that leaves nothing open; every record is counted exactly once."""
    found = reading(content, kind, as_of=as_of, **said)
    assert not found.questions, [question.question for question in found.questions]
    result = Taken([], [], [], [])
    records = 0
    for batch in found.batches():
        result.rows.extend(batch.rows)
        result.rejected.extend(batch.rejected)
        result.skipped.extend(batch.skipped)
        result.remarks.extend(batch.remarks)
        records += batch.records
    assert records == found.records
    return result


def asked(content: str | bytes, kind: str = "invoices", *, as_of: date = AS_OF, **said: Any) -> dict[str, str]:
    """What a file leaves open: subject to the option that answers."""
    return {each.what: each.answer for each in reading(content, kind, as_of=as_of, **said).questions}


def decided(content: str | bytes, kind: str = "invoices", *, as_of: date = AS_OF, **said: Any) -> dict[str, str]:
    """What a file settles by itself: subject to value."""
    return {each.what: each.value for each in reading(content, kind, as_of=as_of, **said).decisions}
