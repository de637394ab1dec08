"""An import that is taken back leaves the books as they were, whatever came before and whatever it told."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.intake import CreditRow, CustomerRow, InvoiceRow, PaymentRow, Row
from tests.imports import FIRST, Books, File, customer
from tests.installation import installation

NUMBERS = ("INV-1", "INV-2", "INV-3")


def whose(number: str) -> CustomerRow:
    """INV-3 is of C-2, all else of C-1."""
    return customer("C-2" if number in ("INV-3", "CN-2") else "C-1")


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
    kind = draw(st.sampled_from(["invoices", "invoices", "invoices", "payments", "credits", "documents"]))
    day = draw(DAYS)
    if kind == "invoices":
        style = draw(st.sampled_from(["amount", "open", "both"]))
        numbers = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3, unique=True))
        rows: list[Row] = [draw(invoice(number, style)) for number in numbers]
        notes = draw(st.lists(st.sampled_from(["CN-1", "CN-2"]), max_size=2, unique=True))
        rows += [draw(credit(number, in_list=True)) for number in notes]
        return File(kind, day, tuple(draw(st.permutations(rows))), draw(st.booleans()))
    if kind == "documents":
        # Electronic invoices: what was billed, and credit notes among them; they are as new as the import itself.
        numbers = draw(st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True))
        papers: list[Row] = [
            draw(invoice(number, "amount"))._replace(disputed=False, blocked=False) for number in numbers
        ]
        notes = draw(st.lists(st.sampled_from(["CN-1", "CN-2"]), min_size=1, max_size=2, unique=True))
        return File(kind, 31, (*papers, *(draw(credit(number, in_list=False)) for number in notes)))
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
