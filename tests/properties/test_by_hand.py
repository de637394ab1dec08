"""What a person recorded by hand counts once, in whatever order lists and files tell of it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.intake import PaymentRow
from duewell.core.ledger.allocate import Policy
from duewell.core.units.ids import AccountId
from duewell.flows.record import Booked, Change, KnownAlready, Money
from tests.imports import FIRST, Books, File, invoice, payment
from tests.installation import installation

NUMBERS = ("INV-1", "INV-2")
MINORS = st.sampled_from([10_00, 40_00, 60_00, 100_00])
DAYS = st.integers(1, 20)


class Hand:
    """Records by hand in the books of a creditor."""

    def __init__(self, books: Books) -> None:
        from duewell.store import sql
        from duewell.store.by_hand import ByHand

        self._books = books
        now = books.tick()
        self._book = ByHand(books.creditor, now, Policy.OLDEST_DUE, lambda at: at.date(), "robin")
        account = sql.one("select id from account where creditor_id = ? and number = 'C-1'", [books.creditor])
        assert account is not None
        self.account = AccountId(account[0])

    def pays(self, minor: int, day: int, *named: str, reference: str = "", again: bool = True) -> Booked:
        """A payment of that day."""
        told = Money("payment", self.account, "EUR", minor, FIRST + timedelta(days=day), reference, named)
        return self._book.money(told, "", again=again, dry_run=False)

    def undoes(self, number: int, bounced_on: date | None = None) -> Booked:
        """It never was, or was returned."""
        return self._book.undo(number, "told wrongly", bounced_on, dry_run=False)

    def corrects(self, number: str, minor: int) -> Booked:
        """An invoice is about so much."""
        receivable, _ = self._book.invoices(self.account)[number]
        return self._book.correct(
            Change(self.account, receivable, minor), "agreed", date(2026, 4, 1), dry_run=False
        )


@st.composite
def lists(draw: st.DrawFn) -> File:
    """A list of open items, or of what was billed."""
    open_only = draw(st.booleans())
    rows = []
    for number in draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=2, unique=True)):
        minor = draw(MINORS)
        rows.append(invoice(number, "C-1", None if open_only else 100_00, minor if open_only else None))
    return File("invoices", draw(DAYS), tuple(rows), draw(st.booleans()))


@st.composite
def paid(draw: st.DrawFn) -> PaymentRow:
    """A line of a bank file."""
    number = draw(st.sampled_from(NUMBERS))
    return payment(number, "C-1", draw(MINORS), draw(DAYS))


FIRST_LIST = File("invoices", 0, tuple(invoice(number, "C-1", 100_00) for number in NUMBERS))


def standing(books: Books) -> dict[str, Any]:
    """What is owed, and what is left of money."""
    return {"owed": books.owed(), "credit": books.credit()}


def test_what_was_recorded_by_hand_counts_once_when_the_bank_file_tells_it_too(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=60)
    @given(st.lists(lists(), max_size=2), st.lists(paid(), min_size=1, max_size=3), st.lists(lists(), max_size=1))
    def once(before: list[File], rows: list[PaymentRow], after: list[File]) -> None:
        told = File("payments", 30, tuple(rows))
        plain, by_hand = Books(next(numbers)), Books(next(numbers))
        for books in (plain, by_hand):
            for each in (FIRST_LIST, *before):
                books.take(each)
        hand = Hand(by_hand)
        for row in rows:
            assert row.paid_on is not None
            hand.pays(row.amount_minor, (row.paid_on - FIRST).days, *row.invoices)
        for books in (plain, by_hand):
            for each in (told, *after):
                books.take(each)
        assert standing(by_hand) == standing(plain)
        # The same file again, and one in which the bank has one more of the last sum.
        by_hand.take(told)
        assert standing(by_hand) == standing(plain)
        for books in (plain, by_hand):
            books.take(File("payments", 31, (*rows, rows[-1])))
        assert standing(by_hand) == standing(plain)

    with installation(tmp_path / "home"):
        once()


def test_what_is_known_from_a_file_is_asked_about_by_hand(tmp_path):
    with installation(tmp_path / "home"):
        books = Books(1)
        books.take(FIRST_LIST)
        books.take(File("payments", 30, (payment("INV-1", "C-1", 40_00, 5),)))
        with pytest.raises(KnownAlready, match="import 2"):
            Hand(books).pays(40_00, 5, again=False)
        assert books.owed() == [("INV-1", 60_00), ("INV-2", 100_00)]
        Hand(books).pays(40_00, 5, "INV-1")
        assert books.owed() == [("INV-1", 20_00), ("INV-2", 100_00)]


def test_what_was_recorded_and_taken_back_never_was(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=60)
    @given(st.lists(st.one_of(lists(), paid()), max_size=3), MINORS, DAYS, st.sampled_from([(), ("INV-1",)]))
    def never(history: list[File | PaymentRow], minor: int, day: int, named: tuple[str, ...]) -> None:
        books = Books(next(numbers))
        books.take(FIRST_LIST)
        for each in history:
            books.take(each if isinstance(each, File) else File("payments", 30, (each,)))
        before = books.look()
        number = Hand(books).pays(minor, day, *named).payment
        assert number is not None
        Hand(books).undoes(number)
        assert books.look() == before
        # Told by a file afterwards it is new.
        plain = Books(next(numbers))
        plain.take(FIRST_LIST)
        for each in history:
            plain.take(each if isinstance(each, File) else File("payments", 30, (each,)))
        told = File("payments", 31, (payment("INV-1", "C-1", minor, day),))
        plain.take(told)
        books.take(told)
        assert standing(books) == standing(plain)

    with installation(tmp_path / "home"):
        never()


def test_a_correction_and_its_correction_leave_what_was(tmp_path):
    numbers = itertools.count(1)

    @settings(max_examples=60)
    @given(st.lists(paid(), max_size=3), st.sampled_from([0, 30_00, 100_00, 250_00]))
    def as_before(history: list[PaymentRow], minor: int) -> None:
        books = Books(next(numbers))
        books.take(FIRST_LIST)
        books.take(File("payments", 30, tuple(history)))
        before = books.look()
        Hand(books).corrects("INV-1", minor)
        Hand(books).corrects("INV-1", 100_00)
        assert books.look()["owed"] == before["owed"]
        assert books.look()["credit"] == before["credit"]

    with installation(tmp_path / "home"):
        as_before()


def test_a_list_that_shows_less_has_seen_the_payment_that_is_recorded_later(tmp_path):
    with installation(tmp_path / "home"):
        books = Books(1)
        books.take(FIRST_LIST)
        shown = (invoice("INV-1", "C-1", None, 60_00),)
        books.take(File("invoices", 10, shown))
        booked = Hand(books).pays(40_00, 8, "INV-1")
        assert books.owed() == [("INV-1", 60_00), ("INV-2", 100_00)]
        assert booked.listed_minor == 40_00
        # It bounces: what the list had shown of it is owed again.
        assert booked.payment is not None
        Hand(books).undoes(booked.payment, FIRST + timedelta(days=12))
        assert books.owed() == [("INV-1", 100_00), ("INV-2", 100_00)]
