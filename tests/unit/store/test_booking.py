"""Booking and posting on both databases: tables, projections, versions and facts agree with the entries."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.aging import Debt
from duewell.core.ledger.allocate import Policy
from tests import ledger_tables
from tests.installation import installation

ISSUED, DUE = date(2026, 1, 5), date(2026, 2, 4)


@pytest.fixture(params=["sqlite", "postgresql"])
def creditor(request, tmp_path):
    """A creditor with account 1 and its invoices 1 to 3 of 100.00 EUR, each due later, on either database."""
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(ledger_tables.postgres_tables(request.getfixturevalue("postgres_server")))
        stack.enter_context(installation(tmp_path / "home", url))
        creditor = ledger_tables.add_creditor()
        ledger_tables.add_accounts(creditor, [1, 2])
        debts = [Debt(n, 1, "EUR", ISSUED, DUE + timedelta(days=n)) for n in (1, 2, 3)]
        ledger_tables.add_receivables(creditor, debts)
        book(creditor, [ledger.charged(1, n, "EUR", 100_00, ISSUED, "invoice:1") for n in (1, 2, 3)])
        yield creditor


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T12:00").replace(tzinfo=UTC)


def book(creditor: int, moves: list) -> None:
    from duewell.store import facts, posting, sql

    with sql.transaction.atomic():
        posting.lock({1, 2})
        prepared = posting.prepare(creditor, moves, at("06-01"))
        posting.save(prepared)
        facts.append(posting.drafts(prepared, None, batch=1))


def pay(
    creditor: int, number: int, minor: int, day: str, named: str = "", kind: str = "payment"
) -> dict[str, int]:
    from duewell.store import booking, sql

    paid_on = date.fromisoformat(f"2026-{day}")
    arrived = [booking.Arrived(f"{kind}:{number}", 1, "EUR", minor, paid_on, named)]
    with sql.transaction.atomic():
        booked = booking.money(arrived, Policy.OLDEST_DUE, datetime.date, date(2026, 6, 1))
        sql.execute(
            "insert into payment (id, creditor_id, account_id, kind, currency, amount_minor, paid_on, reference,"
            " named, occurrence, recorded_at) values (?, ?, 1, ?, 'EUR', ?, ?, '', ?, ?, 0)",
            [number, creditor, kind, minor, paid_on, named, number],
        )
        book(creditor, booked.moves)
    return booked.in_list


def lists(creditor: int, day: str, **shown: int) -> None:
    from duewell.store import booking, posting, sql

    with sql.transaction.atomic():
        rows = {int(name.removeprefix("inv")): minor for name, minor in shown.items()}
        listed = booking.Listed(at(day), "list:9", rows)
        booked, keep = booking.open_items(listed, Policy.OLDEST_DUE, datetime.date, date(2026, 6, 1))
        book(creditor, booked.moves)
        posting.listed(keep, at(day))


def opened() -> list[int]:
    from duewell.store import sql

    return [row[0] for row in sql.fetch("select open_minor from receivable order by id")]


def credit() -> int:
    from duewell.store import sql

    row = sql.one("select credit_minor from account_credit where account_id = 1 and currency = 'EUR'")
    return row[0] if row else 0


def test_posting_carries_on_projections_versions_and_facts(creditor):
    from duewell.store import posting, sql

    pay(creditor, 1, 130_00, "01-20")
    assert opened() == [0, 70_00, 100_00]
    assert credit() == 0
    assert [row[0] for row in sql.fetch("select version from account order by id")] == [2, 0]
    rows = sql.fetch(f"select {', '.join(posting.ENTRY)} from entry order by id")
    told = [
        entry
        for (body,) in sql.fetch("select body from fact where kind = 'ledger.posted' order by id")
        for entry in json.loads(bytes(body))["rows"]["entry"]
    ]
    plain = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]
    assert plain == told
    assert len(told) == 3 + 3


def test_money_goes_to_names_first_and_what_is_left_is_credit(creditor):
    pay(creditor, 1, 250_00, "01-20", "INV-3\nINV-9\nINV-2")
    assert opened() == [50_00, 0, 0]
    pay(creditor, 2, 80_00, "01-21")
    assert (opened(), credit()) == ([0, 0, 0], 30_00)
    pay(creditor, 3, 10_00, "01-22", kind="credit")
    assert credit() == 40_00


def test_a_policy_never_serves_a_disputed_part(creditor):
    from duewell.core.ledger.aging import Dispute

    ledger_tables.add_disputes(creditor, [Dispute(1, 1, 40_00, date(2026, 1, 10), at("01-10"))])
    pay(creditor, 1, 90_00, "01-20")
    assert opened() == [40_00, 70_00, 100_00]


def test_lists_and_payments_count_once_in_either_order(creditor):
    lists(creditor, "01-31", inv1=40_00, inv2=100_00, inv3=0)
    assert opened() == [40_00, 100_00, 0]
    pay(creditor, 1, 60_00, "01-20", "INV-1")
    pay(creditor, 2, 100_00, "01-21")
    assert (opened(), credit()) == ([40_00, 100_00, 0], 0)
    lists(creditor, "01-31", inv1=40_00, inv2=100_00, inv3=0)
    assert (opened(), credit()) == ([40_00, 100_00, 0], 0)
    pay(creditor, 3, 10_00, "02-02")
    assert opened() == [30_00, 100_00, 0]


def test_a_list_of_today_that_shows_what_is_known_books_nothing_and_is_remembered(creditor):
    from duewell.store import sql

    pay(creditor, 1, 60_00, "01-20", "INV-1")
    before = sql.one("select count(*) from entry")
    lists(creditor, "01-31", inv1=40_00, inv2=100_00, inv3=100_00)
    assert sql.one("select count(*) from entry") == before
    # A second payment of January is not in the list, which the first explains in full.
    pay(creditor, 2, 10_00, "01-25", "INV-1")
    assert opened()[0] == 30_00
    # The program has opened it again: what its lists had shown before is known to be this payment.
    lists(creditor, "02-10", inv1=100_00)
    assert opened()[0] == 90_00


def test_an_older_list_changes_nothing_of_what_a_newer_one_has_shown(creditor):
    lists(creditor, "02-10", inv1=40_00)
    lists(creditor, "01-31", inv1=70_00, inv2=20_00)
    assert opened() == [40_00, 20_00, 100_00]


def test_an_old_payment_of_an_item_known_from_its_list_alone_is_in_it(creditor):
    from duewell.store import sql

    sql.execute(
        'insert into import_batch (id, creditor_id, kind, file_name, file_digest, mapping, "full", books_as_of,'
        " counts, recorded_at, recorded_by) values (9, ?, 'invoices', 'a', 'b', '{}', ?, ?, '{}', 0, '')",
        [creditor, False, sql.us(at("01-31"))],
    )
    ledger_tables.add_receivables(creditor, [Debt(4, 2, "EUR", ISSUED, DUE)])
    book(creditor, [ledger.charged(2, 4, "EUR", 40_00, ISSUED, "list:9")])
    lists(creditor, "01-31", inv4=40_00)
    from duewell.store import booking

    old = booking.Arrived("payment:1", 2, "EUR", 60_00, date(2026, 1, 20), "INV-4")
    booked = booking.money([old], Policy.OLDEST_DUE, datetime.date, date(2026, 6, 1))
    assert booked.in_list == {"payment:1": 60_00}
    assert sum(move.amount_minor for move in booked.moves if move.to_place == "credit") == 60_00
    new = booking.Arrived("payment:2", 2, "EUR", 15_00, date(2026, 2, 2), "INV-4")
    moves = booking.money([new], Policy.OLDEST_DUE, datetime.date, date(2026, 6, 1)).moves
    assert [(move.amount_minor, move.from_receivable) for move in moves] == [(15_00, None), (15_00, 4)]


def test_a_payment_taken_back_leaves_no_trace_in_the_balances(creditor):
    from duewell.store import booking

    lists(creditor, "01-31", inv1=40_00)
    pay(creditor, 1, 90_00, "01-20", "INV-1")
    assert opened() == [10_00, 100_00, 100_00]
    book(creditor, booking.undo([1], booking.all_causes(["payment:1"])))
    assert (opened(), credit()) == ([40_00, 100_00, 100_00], 0)
    assert booking.undo([1], booking.all_causes(["payment:1"])) == []


def test_a_list_taken_back_leaves_what_the_money_says(creditor):
    from duewell.store import booking, sql

    lists(creditor, "01-31", inv1=10_00, inv2=70_00)
    pay(creditor, 1, 60_00, "01-20", "INV-1")
    assert opened() == [10_00, 70_00, 100_00]
    book(creditor, booking.undo([1], booking.all_causes(["list:9"])))
    assert (opened(), credit()) == ([40_00, 100_00, 100_00], 0)
    assert sql.fetch("select listed_minor from receivable order by id") == [(100_00,), (100_00,), (None,)]
    # And the same list again ends where it did.
    lists(creditor, "01-31", inv1=10_00, inv2=70_00)
    assert opened() == [10_00, 70_00, 100_00]


def test_money_that_named_an_invoice_before_it_was_known_goes_there(creditor):
    from duewell.core.ledger.targets import Item
    from duewell.store import booking

    pay(creditor, 1, 350_00, "01-20", "INV-4")
    assert (opened(), credit()) == ([0, 0, 0], 50_00)
    item = Item(4, date(2026, 3, 1), date(2026, 4, 1), 0, None, None, None, 80_00)
    moves = booking.waiting({(1, "EUR"): {"INV-4": item}})
    assert [(m.amount_minor, m.from_receivable, m.effective_on, m.cause) for m in moves] == [
        (50_00, 4, date(2026, 3, 1), "payment:1")
    ]
