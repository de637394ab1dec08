"""Lists and money that come in the wrong order, twice or in part: nobody is asked for anything twice."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

LIST = "Invoice,Customer No,Customer,Type,Date,Due,Amount,Open Balance,Currency\n"
BILLED = "Invoice,Customer No,Customer,Date,Due,Amount,Currency\n"
PAYMENTS = "payment_id,customer_number,invoice_number,amount,currency,payment_date\n"
CREDITS = "credit_number,customer_number,invoice,amount,currency,date\n"

INVOICE = "1001,C-1,Amy,Invoice,2026-09-01,2026-10-01,100.00,100.00,EUR\n"
OTHER = "1002,C-1,Amy,Invoice,2026-09-02,2026-10-02,50.00,50.00,EUR\n"
CREDIT = "CM-7,C-1,Amy,Credit Memo,2026-11-05,2026-11-05,-30.00,-30.00,EUR\n"
AS_BILLED = "1001,C-1,Amy,2026-09-01,2026-10-01,100.00,EUR\n"
OTHER_AS_BILLED = "1002,C-1,Amy,2026-09-02,2026-10-02,50.00,EUR\n"
PAID = "B1,C-1,1001,60.00,EUR,2026-11-05\n"
CREDITED = "CM-7,C-1,1001,30.00,EUR,2026-11-05\n"
MISSING = [("1002", "missing_from_export")]


class Owed(NamedTuple):
    """What the customers owe, less their unapplied money, and that money; in cents."""

    total: int
    unapplied: int


class Office:
    """Somebody who imports files on 20 November 2026, each written earlier in that month."""

    def __init__(self, call, folder: Path) -> None:
        self._call = partial(call, "--now", "2026-11-20T16:00Z")
        self._folder = folder

    def takes(self, kind: str, head: str, *rows: str, options: tuple[str, ...] = (), exits: int = 0):
        """Import rows below this head; what was printed."""
        file = self._folder / "file.csv"
        file.write_text(head + "".join(rows))
        return self._call("import", kind, str(file), *options, exits=exits)

    def takes_list(self, day: int, *rows: str, head: str = LIST, options: tuple[str, ...] = (), exits: int = 0):
        """Import a list of what is open, exported on the morning of that day of November."""
        hour = ("--books-as-of", f"2026-11-{day:02}T08:00Z")
        return self.takes("invoices", head, *rows, options=(*hour, *options), exits=exits)

    def takes_complete_list(self, day: int, *rows: str, head: str = LIST, exits: int = 0):
        """Import a list of all that is open."""
        return self.takes_list(day, *rows, head=head, options=("--full",), exits=exits)

    def takes_bills(self, day: int, *rows: str):
        """Import a file of what was billed, whatever is still open of it."""
        return self.takes_list(day, *rows, head=BILLED, options=("--amounts", "original"))

    def undoes(self, batch: int, exits: int = 0):
        return self._call("import", "undo", str(batch), exits=exits)

    def aging(self) -> dict[str, int]:
        nothing = {"total": 0, "unapplied": 0}
        return self._call("report", "aging")["totals"].get("EUR", nothing)

    def owed(self) -> Owed:
        aging = self.aging()
        return Owed(aging["total"], aging["unapplied"])

    def holds(self) -> list[tuple[str, str]]:
        """Invoice and kind."""
        return [(hold["invoice"], hold["kind"]) for hold in self._call("hold", "list")["holds"]]


@pytest.fixture
def office(call, tmp_path) -> Office:
    return Office(call, tmp_path)


@pytest.mark.parametrize(("shown", "owed"), [("40.00", 40_00), ("0.00", 0)])
def test_a_payment_that_a_list_agreed_with_is_taken_back_and_the_list_is_believed(office, shown, owed):
    # 100 billed, 60 paid; the list that follows says what is open, with the file of payments or without it
    office.takes_bills(1, AS_BILLED)
    paid = office.takes("payments", PAYMENTS, PAID)
    office.takes_list(6, INVOICE.replace("100.00,EUR", f"{shown},EUR"))
    office.undoes(paid["batch"])
    assert office.owed() == Owed(owed, 0)


def test_a_payment_that_two_files_tell_of_is_taken_back_with_the_later_file_first(office):
    office.takes_bills(1, AS_BILLED)
    first = office.takes("payments", PAYMENTS, PAID)["batch"]
    second = office.takes("payments", PAYMENTS, PAID, PAID.replace("B1", "B2").replace("60.00", "5.00"))["batch"]
    # 100 - 60 - 5
    assert office.owed() == Owed(35_00, 0)
    refused = office.undoes(first, exits=2)
    assert f"told of the same money: take that back first (duewell import undo {second})" in refused["message"]
    assert office.owed() == Owed(35_00, 0)
    office.undoes(second)
    office.undoes(first)
    assert office.owed() == Owed(100_00, 0)


def test_an_invoice_in_two_rows_by_number_and_by_name_counts_once(office):
    options = ("--numbers", "per_customer")
    office.takes_list(5, INVOICE, options=options)
    dearer = INVOICE.replace("100.00", "120.00")
    again = office.takes_list(6, dearer, dearer.replace("C-1", ""), options=options)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 1, 1)
    assert office.owed() == Owed(120_00, 0)


def test_an_older_complete_list_holds_nothing_and_takes_no_credit_note(office):
    office.takes_complete_list(10, INVOICE, OTHER, CREDIT)
    office.takes_complete_list(5, INVOICE)
    # 100 + 50 - 30, as on the 10th
    assert office.owed() == Owed(120_00, 30_00)
    assert office.holds() == []


def test_what_only_an_older_list_shows_is_held_until_somebody_has_looked(office):
    office.takes_complete_list(10, INVOICE)
    office.takes_complete_list(5, INVOICE, OTHER)
    assert office.owed() == Owed(150_00, 0)
    assert office.holds() == MISSING


@pytest.mark.parametrize(
    "rows",
    [
        (INVOICE, OTHER.replace("2026-10-02", "2026-10-32"), CREDIT),
        (INVOICE, OTHER, CREDIT.replace("-30.00,EUR", "-3x.00,EUR")),
    ],
    ids=["a day that is none", "an amount that is none"],
)
def test_a_row_that_was_rejected_is_not_missing(office, rows):
    office.takes_complete_list(5, INVOICE, OTHER, CREDIT)
    told = office.takes_complete_list(6, *rows, exits=1)
    assert (len(told["rejected"]), told["receivables"]["missing"]) == (1, 0)
    # 100 + 50 - 30: the invoice is not held and the credit note is not used up
    assert office.owed() == Owed(120_00, 30_00)
    assert office.holds() == []


def test_a_credit_note_without_a_date_in_a_list_each_day_counts_once(office):
    head = "Invoice,Customer No,Customer,Type,Due,Amount,Open Balance,Currency\n"
    rows = (
        "1001,C-1,Amy,Invoice,2026-10-01,100.00,100.00,EUR\n",
        "CM-7,C-1,Amy,Credit Memo,,-30.00,-30.00,EUR\n",
    )
    for day in (5, 6, 7):
        office.takes_complete_list(day, *rows, head=head)
        assert office.owed() == Owed(70_00, 30_00)


@pytest.mark.parametrize("first", ["credits", "list"])
def test_a_credit_note_in_a_file_of_credit_notes_and_in_a_list_counts_once(office, first):
    office.takes_list(1, INVOICE)
    if first == "credits":
        office.takes("credits", CREDITS, CREDITED)
        # put against the invoice that it names: 100 - 30
        assert office.owed() == Owed(70_00, 0)
        office.takes_list(6, INVOICE, CREDIT)
    else:
        office.takes_list(6, INVOICE, CREDIT)
        office.takes("credits", CREDITS, CREDITED)
    # the list shows 100 as open and 30 as not yet used
    assert office.owed() == Owed(70_00, 30_00)


def test_an_older_file_of_what_was_billed_changes_neither_amount_nor_due_date(office):
    office.takes_bills(10, AS_BILLED.replace("2026-10-01,100.00", "2026-12-01,80.00"))
    office.takes_bills(5, AS_BILLED)
    assert office.aging()["current"] == office.aging()["total"] == 80_00


def test_an_invoice_that_turns_up_under_another_customer_is_not_asked_for_twice(office):
    office.takes_list(5, INVOICE)
    told = office.takes_list(6, INVOICE.replace("C-1,Amy", "C-2,Bob"), exits=1)
    (rejected,) = told["rejected"]
    assert rejected["reason"] == "this invoice is open on account C-1 already"
    assert "--numbers per_customer" in rejected["remedy"]
    assert office.owed() == Owed(100_00, 0)


def test_customers_with_numbers_of_their_own_may_each_have_an_invoice_of_one_number(office):
    options = ("--numbers", "per_customer")
    office.takes_list(5, INVOICE, options=options)
    office.takes_list(6, INVOICE.replace("C-1,Amy", "C-2,Bob"), options=options)
    assert office.owed() == Owed(200_00, 0)


def test_a_list_of_names_alone_finds_the_customer_by_the_number_of_the_invoice(office):
    # two customers of one name: the name alone does not say which of them is meant
    office.takes_list(5, INVOICE, OTHER.replace("C-1", "C-2"))
    row = INVOICE.replace("C-1,", "").replace("100.00,EUR", "40.00,EUR")
    told = office.takes_list(6, row, head=LIST.replace("Customer No,", ""))
    assert (told["new"], told["changed"]) == (0, 1)
    # 40 + 50
    assert office.owed() == Owed(90_00, 0)


def test_a_file_of_what_was_billed_does_not_say_that_something_missing_is_open(office):
    office.takes_complete_list(5, INVOICE, OTHER)
    office.takes_complete_list(6, INVOICE)
    assert office.holds() == MISSING
    office.takes_bills(7, AS_BILLED, OTHER_AS_BILLED)
    assert office.holds() == MISSING
    # a list of what is open does say so
    office.takes_list(8, INVOICE, OTHER)
    assert office.holds() == []


PAID_LIST = "Invoice,Customer No,Customer,Date,Due,Amount,Paid,Open Balance,Currency\n"
PAID_ROW = "1001,C-1,Amy,2026-09-01,2026-10-01,100.00,40.00,60.00,EUR\n"
DATED_LIST = "Invoice,Customer No,Customer,Date,Due,Amount,Paid,Open Balance,Currency,Last Payment Date\n"
DATED_ROW = "1001,C-1,Amy,2026-09-01,2026-10-01,100.00,40.00,60.00,EUR,2026-11-05\n"
DATED_LATER = "1001,C-1,Amy,2026-09-01,2026-10-01,100.00,70.00,30.00,EUR,2026-11-08\n"
FORTY = "B1,C-1,1001,40.00,EUR,2026-11-05\n"


def test_what_a_list_says_was_paid_counts_once_however_many_days_it_says_so(office):
    for day in (10, 11, 12):
        office.takes_list(day, PAID_ROW, head=PAID_LIST)
        assert office.owed() == Owed(6000, 0)


@pytest.mark.parametrize("list_first", [True, False])
def test_what_a_list_says_was_paid_is_the_money_that_a_payment_tells_of(office, list_first):
    if list_first:
        office.takes_list(10, PAID_ROW, head=PAID_LIST)
    office.takes("payments", PAYMENTS, FORTY)
    for day in (11, 12):
        office.takes_list(day, PAID_ROW, head=PAID_LIST)
        assert office.owed() == Owed(6000, 0)


def test_a_further_payment_under_a_later_day_adds_only_what_is_new_of_the_sum(office):
    for day, row, owed in (
        (6, DATED_ROW, 6000),
        (7, DATED_ROW, 6000),
        (9, DATED_LATER, 3000),
        (10, DATED_LATER, 3000),
    ):
        office.takes_list(day, row, head=DATED_LIST)
        assert office.owed() == Owed(owed, 0)


def test_a_paid_column_with_a_day_does_not_repeat_what_a_payment_told(office):
    office.takes("payments", PAYMENTS, FORTY.replace("-05", "-04"))
    for day, row, owed in ((6, DATED_ROW, 6000), (9, DATED_LATER, 3000), (10, DATED_LATER, 3000)):
        office.takes_list(day, row, head=DATED_LIST)
        assert office.owed() == Owed(owed, 0)


def test_what_was_paid_beyond_the_bill_is_credit_once(office):
    for day in (10, 11, 12):
        office.takes_list(day, PAID_ROW.replace("40.00,60.00", "130.00,0.00"), head=PAID_LIST)
        assert office.owed() == Owed(-3000, 3000)


def test_a_list_whose_paid_column_contains_a_credit_note_takes_it_off_once(office):
    office.takes_bills(2, AS_BILLED)
    office.takes("credits", CREDITS, CREDITED)
    row = DATED_ROW.replace("40.00,60.00", "70.00,30.00")
    for day in (9, 10):
        office.takes_list(day, row, head=DATED_LIST)
        assert office.owed() == Owed(3000, 0)
