"""Holds, stops, reports and statements on both databases: rows, facts and versions."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, date, datetime
from unittest.mock import ANY

import pytest

from duewell.core.agree.holds import BadHold, HoldKind
from duewell.core.ledger import entries as ledger
from duewell.core.ledger.aging import Debt
from duewell.flows import hold as holding
from duewell.flows import report, statement, stop
from tests import ledger_tables
from tests.installation import installation

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture(params=["sqlite", "postgresql"])
def creditor(request, tmp_path):
    """A creditor with accounts A-1, A-2 and A-3; INV-1 of 100.00 EUR and INV-2 of 50.00 EUR belong to A-1."""
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(ledger_tables.postgres_tables(request.getfixturevalue("postgres_server")))
        stack.enter_context(installation(tmp_path / "home", url))
        creditor = ledger_tables.add_creditor()
        ledger_tables.add_accounts(creditor, [1, 2, 3])
        debts = [
            Debt(1, 1, "EUR", date(2026, 1, 5), date(2026, 2, 4)),
            Debt(2, 1, "EUR", date(2026, 2, 5), date(2026, 3, 7)),
            Debt(3, 3, "USD", date(2026, 2, 5), date(2026, 3, 31)),
        ]
        ledger_tables.add_receivables(creditor, debts)
        moves = [
            ledger.charged(1, 1, "EUR", 100_00, date(2026, 1, 5), "invoice:1"),
            ledger.charged(1, 2, "EUR", 50_00, date(2026, 2, 5), "invoice:1"),
            ledger.charged(3, 3, "USD", 9_00, date(2026, 2, 5), "invoice:1"),
            ledger.arrived(1, "EUR", 30_00, date(2026, 3, 1), "payment:1"),
            ledger.applied(1, 1, "EUR", 30_00, date(2026, 3, 1), "payment:1"),
        ]
        from duewell.store import posting, sql

        with sql.transaction.atomic():
            posting.save(posting.prepare(creditor, moves, NOW))
        yield creditor


def holds(creditor):
    from duewell.store.agreements import Holds

    return Holds(creditor, NOW, "sasha")


def stops(creditor):
    from duewell.store.agreements import Stops

    return Stops(creditor, NOW, "sasha")


def facts(kind: str) -> list[dict]:
    from duewell.store import sql

    return [
        json.loads(bytes(row[0])) for row in sql.fetch("select body from fact where kind = ? order by id", [kind])
    ]


def version(table: str, id: int) -> int:
    from duewell.store import sql

    row = sql.one(f"select version from {table} where id = ?", [id])
    assert row is not None
    return row[0]


def test_a_hold_is_kept_with_its_fact_and_moves_the_version(creditor):
    book = holds(creditor)
    before = version("account", 1)
    what = holding.target(book, "INV-2")
    made = holding.add(book, what, HoldKind.DISPUTE, " wrong goods ", TODAY, None, date(2026, 4, 1), 20_00)
    assert book.find(made.id) == (1, made)
    assert (made.receivable, made.amount_minor, made.reason) == (2, 20_00, "wrong goods")
    assert version("account", 1) == before + 1
    [told] = facts("agree.held")
    assert told["rows"]["hold"] == [
        [
            made.id,
            creditor,
            1,
            2,
            "dispute",
            2000,
            "2026-03-10",
            None,
            "2026-04-01",
            {"salted": ANY},
            1773133200000000,
            "sasha",
        ]
    ]
    # What somebody wrote stands beside the chain, so that it can be erased.
    assert "wrong goods" not in json.dumps(told)
    ended = holding.end(book, made.id, date(2026, 3, 12), "settled")
    assert book.find(made.id) == (1, ended)
    assert version("account", 1) == before + 2
    assert facts("agree.hold_ended")[0]["rows"]["hold_end"][0][2:5] == [made.id, "2026-03-12", {"salted": ANY}]
    with pytest.raises(holding.NoSuchHold):
        holding.end(book, made.id, TODAY, "again")
    assert len(facts("agree.hold_ended")) == 1


def test_a_question_about_a_hold_is_answered_when_somebody_ends_it(creditor):
    from duewell.store import ids, sql

    book = holds(creditor)
    made = holding.add(book, holding.target(book, "A-1"), HoldKind.HARDSHIP, "ill", TODAY, None, TODAY)
    sql.execute(
        "insert into review_item (id, creditor_id, account_id, kind, subject, text, state, opened_at, decided_by)"
        " values (?, ?, 1, 'hold', ?, 'look', 'open', ?, '')",
        [ids.allocate("review_item")[0], creditor, str(made.id), sql.us(NOW)],
    )
    holding.end(book, made.id, TODAY, "well again")
    assert sql.fetch("select state, decided_by from review_item") == [("allowed", "sasha")]
    assert facts("review.decided")[0]["subject"] == str(made.id)


def test_holds_that_are_over_are_not_listed(creditor):
    book = holds(creditor)
    account, invoice = holding.target(book, "A-1"), holding.target(book, "INV-1")
    first = holding.add(book, account, HoldKind.PROMISE, "pays soon", TODAY, date(2026, 3, 15))
    second = holding.add(book, invoice, HoldKind.OTHER, "asked", TODAY, None, date(2026, 3, 20))
    assert [each.id for each in book.living(TODAY, 0, 10)] == [first.id, second.id]
    assert [each.id for each in book.living(TODAY, first.id, 10)] == [second.id]
    assert [each.id for each in book.living(date(2026, 3, 15), 0, 10)] == [second.id]
    holding.end(book, second.id, date(2026, 3, 12), "")
    assert [each.id for each in book.living(date(2026, 3, 11), 0, 10)] == [first.id, second.id]
    assert [each.id for each in book.living(date(2026, 3, 12), 0, 10)] == [first.id]


def test_what_cannot_be_held_is_refused_and_nothing_is_written(creditor):
    book = holds(creditor)
    invoice = holding.target(book, "INV-2")
    with pytest.raises(BadHold):
        holding.add(book, invoice, HoldKind.PROMISE, "pays soon", TODAY)
    with pytest.raises(BadHold):
        holding.add(book, invoice, HoldKind.DISPUTE, "too much", TODAY, None, TODAY, 50_01)
    with pytest.raises(BadHold):
        holding.add(book, invoice, HoldKind.DISPUTE, "two\nlines", TODAY, None, TODAY)
    with pytest.raises(holding.NoSuchTarget):
        holding.target(book, "INV-9")
    with pytest.raises(holding.NoSuchHold):
        holding.end(book, 1, TODAY, "")
    assert facts("agree.held") == []


def test_a_number_that_means_several_things_needs_its_account(creditor):
    ledger_tables.add_receivables(creditor, [])
    from duewell.store import sql

    sql.execute("update receivable set number = 'A-1' where id = 3")
    with pytest.raises(holding.NoSuchTarget, match="--account"):
        holding.target(holds(creditor), "A-1")
    assert holding.target(holds(creditor), "A-1", "A-3").receivable == 3


def test_a_stop_belongs_to_the_person_and_moves_its_version(creditor):
    book = stops(creditor)
    person = stop.person(book, "C-1")
    stop.stop(book, person, "wrote: no more", "email", everybody=False)
    stop.stop(book, person, "and no calls")
    assert [(each.creditor, each.channel) for each in book.living(person)] == [("acme", "email"), ("", "")]
    assert version("person", 1) == 2
    assert facts("party.stopped")[1]["rows"]["stop"][0][1:6] == [1, None, "", None, {"salted": ANY}]
    assert stop.resume(book, person, "", "email") == 1
    assert [each.channel for each in book.living(person)] == [""]
    assert stop.resume(book, person, "changed their mind") == 1
    assert book.living(person) == []
    assert version("person", 1) == 4
    with pytest.raises(stop.BadStop):
        stop.resume(book, person, "")
    with pytest.raises(stop.BadStop):
        stop.person(book, "C-9")
    for reason, channel in (("", ""), ("no more", "pigeon"), ("two\nlines", "")):
        with pytest.raises(stop.BadStop):
            stop.stop(book, person, reason, channel)


def test_the_aging_report_has_its_keys_and_comes_in_pages(creditor):
    from duewell.store.reports import Reports

    book = Reports(creditor)
    told = report.aging(book, TODAY)
    assert list(told) == ["as_of", "totals"]
    eur = {
        "current": 0,
        "d1_30": 50_00,
        "d31_60": 70_00,
        "d61_90": 0,
        "d91_plus": 0,
        "disputed": 0,
        "unapplied": 0,
    }
    assert told["totals"]["EUR"] == {**eur, "total": 120_00}
    assert list(told["totals"]["EUR"])[-1] == "total"
    first = report.aging_page(book, TODAY, None, "", 1)
    assert [(line.account, line.currency, line.aged.total) for line in first.lines] == [("A-1", "EUR", 120_00)]
    second = report.aging_page(book, TODAY, None, first.next, 1)
    assert [(line.account, line.currency, line.aged.total) for line in second.lines] == [("A-3", "USD", 9_00)]
    assert second.next == ""
    assert report.aging_page(book, TODAY, None, "A-3", 1) == ([], "")
    assert report.aging(book, TODAY, datetime(2026, 3, 10, 8, tzinfo=UTC))["totals"] == {}


def test_another_creditor_sees_nothing_of_these_books(creditor):
    from duewell.store import aging
    from duewell.store.reports import Reports

    other = ledger_tables.add_creditor("other")
    assert report.aging(Reports(other), TODAY)["totals"] == {}
    assert aging.by_account(other, [1, 3], TODAY) == {}
    assert Reports(other).account("A-1") is None
    assert holds(other).targets("INV-1") == []


def test_a_statement_tells_each_entry_with_its_invoice(creditor):
    from duewell.store.reports import Reports

    told = statement.statement(Reports(creditor), "A-1", TODAY)
    assert [(line["on"], line["kind"], line["invoice"], line["balance_minor"]) for line in told["lines"]] == [
        ("2026-01-05", "invoice", "INV-1", 100_00),
        ("2026-02-05", "invoice", "INV-2", 150_00),
        ("2026-03-01", "payment", "", 120_00),
        ("2026-03-01", "applied", "INV-1", 120_00),
    ]
    assert told["balances"] == {"EUR": 120_00}
    assert statement.statement(Reports(creditor), "A-2", TODAY)["lines"] == []
    with pytest.raises(statement.NoSuchAccount):
        statement.statement(Reports(creditor), "A-9", TODAY)
