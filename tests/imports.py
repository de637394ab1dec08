"""Imports in this process: rows go into the books of a creditor as the store takes them, without a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from duewell.core.intake import CustomerRow, InvoiceRow, PaymentRow, Row
from duewell.core.ledger.allocate import Policy
from duewell.flows.import_file import ImportOptions, Outcome
from tests import ledger_tables

if TYPE_CHECKING:
    from duewell.store.intake.book import StoredImport

FIRST = date(2026, 3, 1)
"""Days of lists and payments are counted from here."""
COLUMNS = {"columns": {"invoice_number": "a", "disputed": "b", "blocked": "c"}}
"""As if each list had a column for disputes and one for blocks."""


class File(NamedTuple):
    """One import: its kind, the day of its list, its rows, and whether it is complete."""

    kind: str
    day: int
    rows: tuple[Row, ...]
    full: bool = False


def customer(number: str) -> CustomerRow:
    """With an address of its own, so that no two are one person."""
    return CustomerRow(1, number, number, emails=(f"{number.lower()}@example.org",))


def invoice(
    number: str, of: str, amount_minor: int | None, open_minor: int | None = None, **more: Any
) -> InvoiceRow:
    """Issued on the first day and due two weeks later, where nothing else is said."""
    told = {"due_on": FIRST + timedelta(days=14), **more}
    return InvoiceRow(
        1, number, customer(of), "EUR", FIRST, amount_minor=amount_minor, open_minor=open_minor, **told
    )


def payment(number: str, of: str, amount_minor: int, day: int) -> PaymentRow:
    """Money for the invoice of that number."""
    on = FIRST + timedelta(days=day)
    return PaymentRow(1, "", customer(of), (number,), amount_minor, "EUR", on, "P")


class Reading:
    """An import that has begun and not ended; whoever never ends it has killed it."""

    def __init__(self, book: StoredImport, batch: int) -> None:
        self._book = book
        self.batch = batch

    def take(self, *rows: Row) -> None:
        """The next rows, in one transaction."""
        self._book.take(rows)

    def end(self) -> None:
        self._book.end(Outcome(self.batch, 1, 0, 0, 0, [], [], [], {}, {}, {}))


class Books:
    """A creditor of its own, into whose books files are imported one after the other, a minute apart."""

    def __init__(self, number: int) -> None:
        self.creditor = ledger_tables.add_creditor(f"c{number}")
        self._now = datetime(2026, 4, 1, 8, tzinfo=UTC)

    def begin(self, kind: str, day: int, *, full: bool = False, digest: str = "") -> Reading:
        """Begin to import a file that was written at noon of that day."""
        from duewell.store.intake.book import StoredImport

        book = StoredImport(self.creditor, Policy.OLDEST_DUE, self.tick(), datetime.date, lambda: b"s" * 16)
        hour = datetime(FIRST.year, FIRST.month, FIRST.day, 12, tzinfo=UTC) + timedelta(days=day)
        batch = book.begin(ImportOptions(kind, "file", digest, full, hour, ""), dict(COLUMNS))
        return Reading(book, batch)

    def take(self, told: File) -> int:
        """Import it, a row at a time; the number of the import."""
        reading = self.begin(told.kind, told.day, full=told.full, digest=str(told.rows))
        for row in told.rows:
            reading.take(row)
        reading.end()
        return reading.batch

    def undo(self, batch: int) -> None:
        """Take it back."""
        from duewell.store.intake.undo import undo

        undo(self.creditor, batch, self.tick(), Policy.OLDEST_DUE, datetime.date, "")

    def tick(self) -> datetime:
        """A minute passes; what the clock says then."""
        self._now += timedelta(minutes=1)
        return self._now

    def look(self) -> dict[str, Any]:
        """All that a decision, a report or a later import reads."""
        from duewell.store import creditors, sql

        mine = [self.creditor]
        return {
            "invoices": sql.fetch(
                "select number, open_minor, due_on, reference, listed_minor, listed_at from receivable r"
                " where creditor_id = ? and not exists (select 1 from import_batch b where b.id = r.batch"
                " and b.undone_at is not null) order by number",
                mine,
            ),
            "owed": self.owed(),
            "credit": self.credit(),
            "holds": sql.fetch(
                "select r.number, h.kind, h.reason, h.amount_minor, h.until_on from hold h left join hold_end e"
                " on e.hold_id = h.id left join receivable r on r.id = h.receivable_id where h.creditor_id = ?"
                " and e.id is null order by 1, 2, 3",
                mine,
            ),
            "asked": sql.fetch(
                "select kind, count(*) from review_item where creditor_id = ? and state = 'open' group by kind",
                mine,
            ),
            "as_of": creditors.present(self.creditor).books_as_of,
        }

    def owed(self) -> list[tuple[str, int]]:
        """Number of each invoice of which something is open, and how much."""
        from duewell.store import sql

        return sql.fetch(
            "select number, open_minor from receivable where creditor_id = ? and open_minor <> 0 order by number",
            [self.creditor],
        )

    def credit(self) -> list[tuple[str, str, int]]:
        """Unapplied money by account and currency."""
        from duewell.store import sql

        return sql.fetch(
            "select a.number, c.currency, c.credit_minor from account_credit c join account a on a.id ="
            " c.account_id where a.creditor_id = ? and c.credit_minor <> 0 order by 1, 2",
            [self.creditor],
        )

    def holds(self) -> list[tuple[str, str]]:
        """Number of the invoice and kind of each hold that has not ended."""
        return [(number, kind) for number, kind, *_ in self.look()["holds"]]
