"""An import that is taken back leaves the books as they were, whatever came before and whatever it told."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.intake import CreditRow, CustomerRow, InvoiceRow, PaymentRow, Row
from duewell.core.ledger.allocate import Policy
from duewell.flows.import_file import ImportOptions, Outcome
from tests import ledger_tables
from tests.installation import installation

FIRST = date(2026, 3, 1)
NUMBERS = ("INV-1", "INV-2", "INV-3")
CUSTOMERS = ("C-1", "C-2")
COLUMNS = {"columns": {"invoice_number": "a", "disputed": "b", "blocked": "c"}}


class File(NamedTuple):
    """One import: its kind, the day of its list, its rows, and whether it is complete."""

    kind: str
    day: int
    rows: tuple[Row, ...]
    full: bool = False


def whose(number: str) -> CustomerRow:
    """INV-3 is of C-2, all else of C-1."""
    key = "C-2" if number in ("INV-3", "CN-2") else "C-1"
    return CustomerRow(1, key, key, emails=(f"{key.lower()}@example.org",))


MINORS = st.sampled_from([10_00, 40_00, 60_00, 100_00])
DAYS = st.integers(0, 20)


@st.composite
def invoice(draw: st.DrawFn, number: str, style: str) -> InvoiceRow:
    amount, open_minor = draw(MINORS), draw(st.sampled_from([0, 10_00, 40_00, 60_00, 100_00]))
    return InvoiceRow(
        1,
        number,
        whose(number),
        "EUR",
        FIRST,
        FIRST + timedelta(days=draw(st.sampled_from([10, 14]))),
        None if style == "open" else amount,
        None if style == "amount" else min(open_minor, amount) if style == "both" else open_minor,
        disputed=draw(st.booleans()),
        blocked=draw(st.booleans()),
    )


@st.composite
def credit(draw: st.DrawFn, number: str, *, in_list: bool) -> CreditRow:
    amount = draw(MINORS)
    open_minor = draw(st.sampled_from([None, amount, 10_00])) if in_list else None
    named = draw(st.sampled_from(["", "INV-3" if number == "CN-2" else "INV-1"]))
    return CreditRow(1, number, whose(number), named, amount, open_minor, "EUR", FIRST + timedelta(days=3))


@st.composite
def file(draw: st.DrawFn) -> File:
    kind = draw(st.sampled_from(["invoices", "invoices", "invoices", "payments", "credits"]))
    day = draw(DAYS)
    if kind == "invoices":
        style = draw(st.sampled_from(["amount", "open", "both"]))
        numbers = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3, unique=True))
        rows: list[Row] = [draw(invoice(number, style)) for number in numbers]
        notes = draw(st.lists(st.sampled_from(["CN-1", "CN-2"]), max_size=2, unique=True))
        rows += [draw(credit(number, in_list=True)) for number in notes]
        return File(kind, day, tuple(draw(st.permutations(rows))), draw(st.booleans()))
    if kind == "credits":
        notes = draw(st.lists(st.sampled_from(["CN-1", "CN-2", "CN-3"]), min_size=1, max_size=2, unique=True))
        return File(kind, day, tuple(draw(credit(number, in_list=False)) for number in notes))
    sums = draw(st.lists(st.tuples(st.sampled_from(("", *NUMBERS)), MINORS, DAYS), min_size=1, max_size=2))
    paid = [
        PaymentRow(
            1, "", whose(named), (named,) if named else (), minor, "EUR", FIRST + timedelta(days=on), f"P{on}"
        )
        for named, minor, on in sums
    ]
    return File(kind, day, tuple(paid))


class Books:
    """A creditor of its own, into whose books files are imported one after the other, a minute apart."""

    def __init__(self, number: int) -> None:
        self.creditor = ledger_tables.add_creditor(f"c{number}")
        self._now = datetime(2026, 4, 1, 8, tzinfo=UTC)

    def take(self, told: File) -> int:
        """Import it, a row at a time; the number of the import."""
        from duewell.store.intake.book import StoredImport

        book = StoredImport(self.creditor, Policy.OLDEST_DUE, self._next(), datetime.date, lambda: b"s" * 16)
        hour = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=told.day)
        digest = str(told.rows)
        batch = book.begin(ImportOptions(told.kind, "file", digest, told.full, hour, ""), dict(COLUMNS))
        for row in told.rows:
            book.take([row])
        book.end(Outcome(batch, len(told.rows), 0, 0, 0, [], [], [], {}, {}, {}))
        return batch

    def undo(self, batch: int) -> None:
        """Take it back."""
        from duewell.store.intake.undo import undo

        undo(self.creditor, batch, self._next(), Policy.OLDEST_DUE, datetime.date, "")

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
            "owed": sql.fetch(
                "select number, open_minor from receivable where creditor_id = ? and open_minor <> 0"
                " order by number",
                mine,
            ),
            "credit": sql.fetch(
                "select a.number, c.currency, c.credit_minor from account_credit c join account a on a.id ="
                " c.account_id where a.creditor_id = ? and c.credit_minor <> 0 order by 1, 2",
                mine,
            ),
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

    def _next(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


def test_what_was_imported_and_taken_back_never_was(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=150)
    @given(st.lists(file(), max_size=3), file())
    def restored(history: list[File], last: File) -> None:
        books = Books(next(numbers))
        for told in history:
            books.take(told)
        before = books.look()
        books.undo(books.take(last))
        assert books.look() == before

    with installation(tmp_path / "home"):
        restored()


def test_what_was_taken_back_in_turn_never_was_and_may_come_again(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=100)
    @given(st.lists(file(), max_size=2), st.lists(file(), min_size=1, max_size=3))
    def restored(history: list[File], rest: list[File]) -> None:
        books = Books(next(numbers))
        for told in history:
            books.take(told)
        before = books.look()
        batches = [books.take(told) for told in rest]
        after = books.look()
        for batch in reversed(batches):
            books.undo(batch)
        assert books.look() == before
        for told in rest:
            books.take(told)
        assert books.look()["owed"] == after["owed"]
        assert books.look()["credit"] == after["credit"]

    with installation(tmp_path / "home"):
        restored()
