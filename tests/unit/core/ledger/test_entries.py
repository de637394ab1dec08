"""Entries: what they may say, and what follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from duewell.core.ledger import correct, statement
from duewell.core.ledger import entries as ledger
from duewell.core.ledger.entries import BadEntry, Entry, Move, Place

DAY = date(2026, 3, 10)


def entry(number: int, move: Move) -> Entry:
    return Entry(number, 1, *move[:8], datetime(2026, 3, 10, number, tzinfo=UTC), move.cause)


INVOICE = ledger.charged(1, 7, "EUR", 100, DAY, "invoice:1")


@pytest.mark.parametrize(
    "bad",
    [
        INVOICE._replace(amount_minor=0),
        INVOICE._replace(amount_minor=-1),
        INVOICE._replace(to_receivable=None),
        INVOICE._replace(from_receivable=7),
        INVOICE._replace(to_place=Place.REVENUE, to_receivable=None),
    ],
)
def test_a_move_without_its_form_is_refused(bad):
    assert ledger.check(INVOICE) is INVOICE
    with pytest.raises(BadEntry):
        ledger.check(bad)


def test_a_reversal_takes_back_all_or_a_part_and_names_the_entry():
    whole = ledger.reversal(entry(3, INVOICE))
    assert whole == Move(1, "EUR", 100, Place.RECEIVABLE, 7, Place.REVENUE, None, DAY, "reversal:3")
    assert ledger.reversal(entry(3, INVOICE), 40).amount_minor == 40
    assert ledger.reversed_entry(whole.cause) == 3
    assert ledger.reversed_entry("invoice:3") is None
    with pytest.raises(BadEntry):
        ledger.reversal(entry(3, INVOICE), 101)


def test_a_reversal_of_a_reversal_counts_again():
    first = entry(1, INVOICE)
    second = entry(2, ledger.reversal(first, 60))
    third = entry(3, ledger.reversal(second, 10))
    assert [(kept.entry.id, kept.left_minor) for kept in correct.in_force([third, first, second])] == [(1, 50)]
    assert ledger.receivable_balances([first, second, third]) == {7: 50}


def test_more_than_was_ever_applied_cannot_be_released():
    with pytest.raises(correct.NothingToRelease):
        correct.amount_changed(1, 7, "EUR", -60, 50, [], DAY, "invoice:2")


def test_a_surplus_comes_back_no_earlier_than_it_was_paid():
    applied = correct.InForce(entry(2, ledger.applied(1, 7, "EUR", 100, DAY, "payment:1")), 100)
    moves = correct.amount_changed(1, 7, "EUR", -30, 0, [applied], date(2026, 3, 1), "invoice:2")
    assert [(move.amount_minor, move.to_place, move.effective_on) for move in moves] == [
        (30, Place.REVENUE, date(2026, 3, 1)),
        (30, Place.RECEIVABLE, DAY),
    ]


def test_a_statement_tells_what_is_owed_after_each_line():
    entries = [
        entry(1, INVOICE),
        entry(2, ledger.arrived(1, "EUR", 30, date(2026, 3, 12), "payment:1")),
        entry(3, ledger.applied(1, 7, "EUR", 30, date(2026, 3, 12), "payment:1")),
        entry(4, ledger.credited(1, "EUR", 5, date(2026, 3, 14), "credit:2")),
        entry(5, ledger.charged(1, 8, "USD", 9, date(2026, 3, 13), "invoice:1")),
        entry(6, ledger.charged(1, 9, "EUR", 9, date(2026, 4, 1), "invoice:1")),
    ]
    told = [
        (line.kind, line.receivable, line.currency, line.amount_minor, line.moved_minor, line.balance_minor)
        for line in statement.lines(reversed(entries), until=date(2026, 3, 31))
    ]
    assert told == [
        ("invoice", 7, "EUR", 100, 0, 100),
        ("payment", None, "EUR", -30, 0, 70),
        ("applied", 7, "EUR", 0, 30, 70),
        ("invoice", 8, "USD", 9, 0, 9),
        ("credit_note", None, "EUR", -5, 0, 65),
    ]
    since = statement.lines(entries, since=date(2026, 3, 14), until=date(2026, 3, 31))
    assert [(line.kind, line.balance_minor) for line in since] == [("credit_note", 65)]
