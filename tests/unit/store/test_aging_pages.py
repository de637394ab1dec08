"""A page of the aging by account costs what it shows, however large the book."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from duewell import cli
from duewell.core.ledger.aging import Debt, Dispute
from duewell.core.ledger.entries import Entry
from duewell.flows import report
from tests import ledger_tables
from tests.installation import installation

TODAY = date(2026, 3, 10)
ISSUED, DUE = date(2026, 1, 1), date(2026, 2, 1)
AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
WHEN = (ISSUED, AT)


def fill(accounts: int) -> int:
    """Every account owes 2.00 on two invoices and disputes one of them or all. As text, A-10 is before A-2."""
    creditor = ledger_tables.add_creditor()
    ids = range(1, accounts + 1)
    ledger_tables.add_accounts(creditor, ids)
    debts = [Debt(2 * n + more, n, "EUR", ISSUED, DUE) for n in ids for more in (0, 1)]
    ledger_tables.add_receivables(creditor, debts)
    entries = [
        Entry(
            0, creditor, debt.account, "EUR", 100, "revenue", None, "receivable", debt.receivable, *WHEN, "invoice"
        )
        for debt in debts
    ]
    ledger_tables.post(creditor, entries)
    ledger_tables.add_disputes(creditor, [Dispute(n, None if n % 2 else 2 * n, None, ISSUED, AT) for n in ids])
    return creditor


@pytest.fixture
def home(tmp_path) -> Iterator[object]:
    with installation(tmp_path / "home") as home:
        yield home


def work(ask: Callable[[], object]) -> int:
    """How many hundreds of steps SQLite takes to answer."""
    from django.db import connection

    connection.ensure_connection()
    count = 0

    def seen() -> int:
        nonlocal count
        count += 1
        return 0

    connection.connection.set_progress_handler(seen, 100)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize("known_at", [None, datetime(2026, 3, 1, tzinfo=UTC)], ids=["today", "as known then"])
def test_a_page_costs_the_same_in_a_book_four_times_as_large(tmp_path, known_at):
    from duewell.store.reports import Reports

    pages, totals = [], []
    for accounts in (300, 1200):
        with installation(tmp_path / str(accounts)):
            book = Reports(fill(accounts))

            def page(book: Reports = book) -> report.Page:
                return report.aging_page(book, TODAY, known_at, "A-2", 20)

            def whole(book: Reports = book) -> object:
                return book.totals(TODAY, known_at)

            assert len(page().lines) == 20
            pages.append(work(page))
            totals.append(work(whole))
    assert pages[1] < 1.2 * pages[0], pages
    # the whole book, on the other hand, is read for its totals, and read once
    assert 3 * totals[0] < totals[1] < 5 * totals[0], totals


def told(home, capsys, *more: str) -> dict[str, object]:
    assert (
        cli.main(["--home", str(home.directory), "--json", "report", "aging", "--as-of", "2026-03-10", *more]) == 0
    )
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_the_first_page_alone_tells_the_totals(home, capsys, monkeypatch):
    from duewell.store import aging

    fill(12)
    asked = []
    totals = aging.totals
    monkeypatch.setattr(aging, "totals", lambda *args: asked.append(args) or totals(*args))
    first = told(home, capsys, "--by", "account", "--limit", "5")
    assert list(first) == ["as_of", "totals", "accounts", "next"]
    assert first["totals"]["EUR"]["total"] == 24_00
    assert [line["account"] for line in first["accounts"]] == ["A-1", "A-10", "A-11", "A-12", "A-2"]
    second = told(home, capsys, "--by", "account", "--limit", "5", "--after", first["next"])
    assert list(second) == ["as_of", "accounts", "next"]
    assert [line["account"] for line in second["accounts"]] == ["A-3", "A-4", "A-5", "A-6", "A-7"]
    last = told(home, capsys, "--by", "account", "--limit", "5", "--after", second["next"])
    assert ([line["account"] for line in last["accounts"]], last["next"]) == (["A-8", "A-9"], "")
    assert len(asked) == 1


def test_people_are_shown_the_command_for_the_next_page(home, capsys):
    fill(3)
    command = ["--home", str(home.directory), "report", "aging", "--by", "account"]
    assert cli.main([*command, "--as-of", "2026-03-10", "--limit", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "more: duewell report aging --by account --as-of 2026-03-10 --limit 2 --after=A-2"
    assert cli.main([*command, *lines[-1].split()[6:]]) == 0
    # neither the totals nor another page
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line] == ["Acme,", "A-3"]
    assert cli.main([*command, "--after=A-3"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing further is open"


@pytest.mark.parametrize(
    "wrong",
    [["--after", "A-1"], ["--limit", "5"], ["--by", "account", "--limit", "0"], ["--by=account", "--limit=x"]],
)
def test_a_page_of_nothing_is_wrong_use(home, capsys, wrong):
    try:
        code = cli.main(["--home", str(home.directory), "report", "aging", *wrong])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert capsys.readouterr().out == ""
