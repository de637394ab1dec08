"""Booking in the database ends where the book in memory ends, for any history of lists and payments."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time

from hypothesis import given, settings

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.aging import Debt
from duewell.core.ledger.allocate import Policy
from tests import ledger_tables
from tests.installation import installation
from tests.properties.ledger_book import Book, Invoice, OpenList, Paid, on
from tests.properties.test_list_targets import any_order, run

AS_OF = on(200)


class Stored:
    """One account of a creditor of its own, in the tables."""

    def __init__(self, number: int) -> None:
        self.base = number * 1000
        self.creditor = ledger_tables.add_creditor(f"c{number}")
        ledger_tables.add_accounts(self.creditor, [self.base])

    def take(self, event: Invoice | Paid | OpenList) -> None:
        """Import one thing, as the import does."""
        from duewell.store import sql

        with sql.transaction.atomic():
            if isinstance(event, Invoice):
                self._open(
                    event.id, event.issued, event.due, event.amount_minor, f"invoice:{self.base + event.id}"
                )
            elif isinstance(event, Paid):
                self._pay(event)
            else:
                self._list(event)

    def outcome(self) -> tuple[dict[int, int], int]:
        """What is kept as open and as credit."""
        from duewell.store import sql

        rows = sql.fetch("select id, open_minor from receivable where account_id = ? order by id", [self.base])
        kept = sql.one("select credit_minor from account_credit where account_id = ?", [self.base])
        return {id - self.base: open_minor for id, open_minor in rows}, kept[0] if kept else 0

    def sums(self) -> tuple[dict[int, int], int]:
        """What the entries say."""
        from duewell.store import books

        entries = books.entries_of([self.base])[self.base]
        balances = {id - self.base: minor for id, minor in ledger.receivable_balances(entries).items()}
        return dict(sorted(balances.items())), ledger.unapplied(entries).get((self.base, "EUR"), 0)

    def _open(self, id: int, issued: int, due: int, minor: int, cause: str) -> None:
        from duewell.store import sql

        debt = Debt(self.base + id, self.base, "EUR", on(issued), on(due))
        ledger_tables.add_receivables(self.creditor, [debt])
        sql.execute("update receivable set batch = ? where id = ?", [int(cause.partition(":")[2]), self.base + id])
        self._post([ledger.charged(self.base, self.base + id, "EUR", minor, on(issued), cause)])

    def _pay(self, paid: Paid) -> None:
        from duewell.store import booking, sql

        number = self.base + paid.id
        kind = "credit" if paid.note else "payment"
        named = "\n".join(f"INV-{self.base + id}" for id in paid.named)
        arrived = booking.Arrived(f"{kind}:{number}", self.base, "EUR", paid.amount_minor, on(paid.day), named)
        booked = booking.money([arrived], Policy.OLDEST_DUE, datetime.date, AS_OF)
        sql.execute(
            "insert into payment (id, creditor_id, account_id, kind, currency, amount_minor, paid_on, reference,"
            " named, occurrence, recorded_at) values (?, ?, ?, ?, 'EUR', ?, ?, '', ?, ?, 0)",
            [number, self.creditor, self.base, kind, paid.amount_minor, on(paid.day), named, number],
        )
        self._post(booked.moves)

    def _list(self, listed: OpenList) -> None:
        from duewell.store import booking, posting, sql

        batch = self.base + listed.id
        at = datetime.combine(on(listed.day), time(12), UTC)
        sql.execute(
            'insert into import_batch (id, creditor_id, kind, file_name, file_digest, mapping, "full",'
            " books_as_of, counts, recorded_at, recorded_by)"
            " values (?, ?, 'invoices', 'a', 'b', '{}', ?, ?, '{}', 0, '')",
            [batch, self.creditor, False, sql.us(at)],
        )
        known = set(self.outcome()[0])
        for id, shown in listed.rows:
            if id not in known:
                self._open(id, listed.issued, listed.issued + 10 + id, shown, f"list:{batch}")
        rows = {self.base + id: shown for id, shown in listed.rows}
        told = booking.Listed(at, f"list:{batch}", rows)
        booked, keep = booking.open_items(told, Policy.OLDEST_DUE, datetime.date, AS_OF)
        self._post(booked.moves)
        posting.listed(keep, at)

    def _post(self, moves: list[ledger.Move]) -> None:
        from duewell.store import posting

        posting.save(posting.prepare(self.creditor, moves, ledger_tables.NOW))


def test_the_database_ends_where_the_book_in_memory_ends(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=60)
    @given(any_order())
    def agrees(history) -> None:
        first, _, _, order = history
        stored = Stored(next(numbers))
        for event in (*first, *order):
            stored.take(event)
        book: Book = run(*first, *order)
        assert stored.outcome() == book.outcome()
        assert stored.sums() == book.outcome()

    with installation(tmp_path / "home"):
        agrees()
