"""From rows to values: what is owed, paid, credited, skipped, rejected."""

from __future__ import annotations

from datetime import date

import pytest

from tests.readings import taken

HEADER = "Number,Customer,Email,Invoice Date,Due Date,Invoice Amount,Currency"


def file(*rows: str, more: str = "") -> str:
    return "\n".join([HEADER + more, *rows]) + "\n"


def test_an_invoice_as_it_stands():
    found = taken(file("INV-1,Ada & Co,ada@example.org,2024-01-15,2024-02-14,119.00,EUR"))
    (row,) = found.invoices
    assert (row.row, row.number, row.records) == (2, "INV-1", 1)
    assert (row.customer.name, row.customer.key, row.customer.emails) == (
        "Ada & Co",
        "Ada & Co",
        ("ada@example.org",),
    )
    assert (row.issued_on, row.due_on) == (date(2024, 1, 15), date(2024, 2, 14))
    assert (row.amount_minor, row.open_minor, row.payments, row.currency) == (11900, None, (), "EUR")


def test_leading_zeros_of_numbers_stay():
    found = taken(file("0007900770,A,a@example.org,2024-01-15,2024-02-14,1.00,EUR"))
    assert found.invoices[0].number == "0007900770"


BAD = {
    "A1,F\x00o,f@x.org,2024-01-15,2024-05-31,10.00,EUR": ("Customer", "holds zero bytes"),
    "A1," + "x" * 40_000 + ",f@x.org,2024-01-15,2024-05-31,10.00,EUR": (
        "Customer",
        "longer than 32,768 characters",
    ),
    "A1," + "x" * 1_000_000 + ",f@x.org,2024-01-15,2024-05-31,10.00,EUR": (
        "Customer",
        "longer than 32,768 characters",
    ),
    "A1,A\u202eB,f@x.org,2024-01-15,2024-05-31,10.00,EUR": (
        "Customer",
        "holds characters that turn the direction of writing",
    ),
    "A1,=1+1,f@x.org,2024-01-15,2024-05-31,10.00,EUR": (
        "Customer",
        "text that a spreadsheet would run as a formula",
    ),
    "A1,Foo,nomail,2024-01-15,2024-05-31,10.00,EUR": ("Email", "not an e-mail address"),
    "A1,Foo,f@x.org,2024-01-15,2024-02-31,10.00,EUR": ("Due Date", "no such day in the calendar"),
    "A1,Foo,f@x.org,2024-01-15,,10.00,EUR": ("Due Date", "no due date"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,,EUR": ("Invoice Amount", "no amount"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,ten,EUR": ("Invoice Amount", "not an amount"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.001,EUR": (
        "Invoice Amount",
        "more decimals than the currency has (3 instead of 2)",
    ),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.50,JPY": (
        "Invoice Amount",
        "more decimals than the currency has (1 instead of 0)",
    ),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,€10.50,USD": (
        "Invoice Amount",
        "the amount is in EUR, but the row is in USD",
    ),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.50,QQQ": ("Currency", "not a currency"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.50,": ("Currency", "no currency"),
    "A1,,,2024-01-15,2024-05-31,10.00,EUR": ("", "who owes it is not said"),
    ",Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR": ("Number", "no number"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00": ("", "6 cells instead of 7"),
    "A1,Foo,f@x.org,2024-01-15,2024-05-31,10,00,EUR": ("", "8 cells instead of 7"),
    'A1,"Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR': ("Customer", "a quote is opened here and never closed"),
    '"A1,Foo" x,f@x.org,2024-01-15,2024-05-31,10.00,EUR': ("Number", "text follows a closing quote"),
}
GOOD = [f"G{number},Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR" for number in range(30)]


@pytest.mark.parametrize("row", BAD, ids=range(len(BAD)))
def test_a_bad_row_is_named_and_stops_only_itself(row):
    found = taken(file(*GOOD[:10], row, *GOOD[10:]))
    assert [invoice.number for invoice in found.invoices] == [f"G{number}" for number in range(30)]
    assert found.why_rejected() == {12: BAD[row]}
    assert found.rejected[0].remedy
    assert found.rejected[0].cells


def test_rounding_is_done_where_somebody_says_so():
    rows = (GOOD[0], "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.005,EUR")
    assert [row.amount_minor for row in taken(file(*rows), rounded=True).invoices] == [1000, 1001]


def test_surplus_empty_cells_shift_nothing():
    assert len(taken(file("A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR,,")).invoices) == 1


def test_lines_that_are_no_data_are_skipped_with_their_reason():
    found = taken(
        file(
            "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR",
            "",
            ",,,,,,",
            HEADER,
            "-----,---,,,,,",
            ",Total,,,,10.00,",
            "Summe,,,,,10.00,",
            ",End of report,,,,,",
            "A2,Foo,f@x.org,2024-01-15,2024-05-31,0.00,EUR",
        )
    )
    assert found.why_skipped() == {
        5: "the header again",
        6: "a line drawn with signs",
        7: "a line of totals",
        8: "a line of totals",
        9: "a heading or note: only one cell is filled",
        10: "nothing is owed: the amount is zero",
    }


def test_a_customer_called_total_is_no_line_of_totals():
    found = taken(file("A1,Total Energies SE,t@x.org,2024-01-15,2024-05-31,10.00,EUR"))
    assert len(found.invoices) == 1


def test_the_same_invoice_twice_is_one_and_different_ones_with_a_number_are_none():
    found = taken(
        file(
            "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR",
            "B1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR",
            "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR",
            "B1,Foo,f@x.org,2024-01-15,2024-05-31,11.00,EUR",
        )
    )
    assert [row.number for row in found.invoices] == ["A1"]
    assert found.why_skipped() == {4: "the same invoice again"}
    reason = "the number stands in lines 3, 5 with different content"
    assert found.why_rejected() == {3: ("Number", reason), 5: ("Number", reason)}


def test_an_unreadable_copy_of_an_invoice_does_not_stop_the_readable_one():
    found = taken(
        file(
            "A1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR",
            "A1,Foo,f@x.org,2024-01-15,2024-05-31,ten,EUR",
        )
    )
    assert len(found.invoices) == 1
    assert list(found.why_rejected()) == [3]


def test_customers_may_have_numbers_of_their_own():
    rows = ("1,Foo,f@x.org,2024-01-15,2024-05-31,10.00,EUR", "1,Bar,b@x.org,2024-01-15,2024-05-31,9.00,EUR")
    assert len(taken(file(*rows)).rejected) == 2
    assert len(taken(file(*rows), numbers="per_customer").invoices) == 2


def test_an_invoice_below_zero_is_a_credit():
    found = taken(file("A1,Foo,f@x.org,2024-01-15,2024-05-31,-10.00,EUR"))
    assert [(row.number, row.amount_minor) for row in found.credits] == [("A1", 1000)]
    assert not found.invoices


def test_an_invoice_due_before_it_was_issued_is_taken_with_a_remark():
    found = taken(file("A1,Foo,f@x.org,2024-06-15,2024-05-31,10.00,EUR"))
    assert len(found.invoices) == 1
    assert [remark.text for remark in found.remarks] == ["due before it was issued"]


# status, paid, paid on, open | outcome: amount, open, payments; or why not
MONEY = """
                              | 10000 - -
open,,,                       | 10000 - -
sent,0.00,,                   | 10000 10000 -
,40.00,2024-06-01,            | 10000 6000 4000@2024-06-01
,40.00,,                      | 10000 6000 -
,120.00,,                     | 10000 0 12000@2024-07-01
,,,60.00                      | 10000 6000 -
,40.00,2024-06-01,60.00       | 10000 6000 4000@2024-06-01
,40.00,2024-06-01,50.00       | 10000 5000 4000@2024-06-01
,,2024-06-01,                 | 10000 0 10000@2024-06-01
,,2024-06-01,30.00            | 10000 3000 7000@2024-06-01
paid,,,                       | 10000 0 -
paid,,2024-06-01,             | 10000 0 10000@2024-06-01
paid,100.00,2024-06-01,0.00   | 10000 0 10000@2024-06-01
paid,95.00,2024-06-01,0.00    | 10000 0 9500@2024-06-01
,,,0.00                       | 10000 0 -
,120.00,2024-06-01,           | 10000 0 12000@2024-06-01
partial,40.00,2024-06-01,     | 10000 6000 4000@2024-06-01
partial,,,60.00               | 10000 6000 -
partial,,,                    | partly paid, but not how much
paid,,,10.00                  | its status says paid, but something is open
paid,40.00,,                  | its status says paid, but less was paid than billed
open,,2024-06-01,             | a day of payment, but its status says open
,0.00,2024-06-01,             | a day of payment, but nothing was paid
,,,110.00                     | more is open than the invoice was for
,,,-5.00                      | less than nothing is open
,-5.00,,                      | a payment below zero
void,,,                       | cancelled
draft,,,                      | a draft that was not sent
written off,,,                | written off
"""


@pytest.mark.parametrize("line", [line for line in MONEY.splitlines() if "|" in line])
def test_status_paid_and_open_columns_together_say_what_is_owed(line):
    said, told = (part.strip() for part in line.split("|"))
    said = said or ",,,"
    content = file(
        f"A1,Foo,f@x.org,2024-01-15,2024-05-31,100.00,EUR,{said}", more=",Status,Amount Paid,Paid On,Open Amount"
    )
    found = taken(content, date_order="dmy")
    if not found.rows:
        reasons = [row.reason for row in (*found.rejected, *found.skipped)]
        assert reasons == [told]
        return
    (row,) = found.invoices
    payments = " ".join(f"{paid.amount_minor}@{paid.paid_on}" for paid in row.payments) or "-"
    open_ = "-" if row.open_minor is None else str(row.open_minor)
    assert f"{row.amount_minor} {open_} {payments}" == told


def test_amounts_that_are_still_open_leave_the_billed_amount_unknown():
    content = "Number,Customer,Due Date,Amount\nA1,Foo,2024-05-31,60.00\n"
    row = taken(content, amounts="open", currency="EUR").invoices[0]
    assert (row.amount_minor, row.open_minor) == (None, 6000)
    paid = "Number,Customer,Due Date,Open Amount,Amount Paid\nA1,Foo,2024-05-31,60.00,40.00\n"
    row = taken(paid, currency="EUR").invoices[0]
    assert (row.amount_minor, row.open_minor, row.payments) == (10000, 6000, ())


def test_a_settled_item_of_an_open_list_is_kept_as_settled():
    row = taken("Number,Customer,Due Date,Open Amount\nA1,Foo,2024-05-31,0.00\n", currency="EUR").invoices[0]
    assert (row.amount_minor, row.open_minor) == (None, 0)


def test_a_day_of_payment_never_comes_in_as_open():
    content = "Number,Customer,Due Date,Amount,Date Paid\nA1,Foo,2024-05-31,60.00,2024-06-01\n"
    assert (
        taken(content, amounts="open", currency="EUR").rejected[0].reason
        == "a day of payment, but something is open"
    )


def test_terms_give_the_due_date_where_there_is_none():
    base = "Number,Customer,Invoice Date,Due Date,Invoice Amount,Terms\n"
    rows = "A1,Foo,2024-05-01,,10,net 14\nA2,Foo,2024-05-01,2024-05-02,10,\nA3,Foo,2024-05-01,,10,\n"
    found = taken(base + rows, currency="EUR", terms_days=30)
    assert [row.due_on.isoformat() for row in found.invoices] == ["2024-05-15", "2024-05-02", "2024-05-31"]


def test_disputed_blocked_level_reference_and_account_are_kept():
    content = (
        "Number,Customer,Due Date,Open Amount,Disputed,Mahnsperre,Mahnstufe,PO Number,Segment\n"
        "A1,Foo,2024-05-31,10,yes,X,2,PO 7,Gold\n"
        "A2,Foo,2024-05-31,10,no,,1. Mahnung,,\n"
        "A3,Foo,2024-05-31,10,,,soon,,\n"
    )
    found = taken(content, currency="EUR")
    first, second, third = found.invoices
    assert (first.disputed, first.blocked, first.level, first.reference) == (True, True, 2, "PO 7")
    assert first.customer.segment == "Gold"
    assert (second.disputed, second.blocked, second.level) == (False, False, 1)
    assert third.level is None
    assert [remark.row for remark in found.remarks] == [4]


def test_credits_and_payments_among_invoices_are_told_by_their_kind():
    content = (
        "Number,Customer,Type,Date,Due Date,Amount,Open Balance\n"
        "1,Foo,Invoice,2024-05-01,2024-05-31,100.00,100.00\n"
        "2,Foo,Credit Memo,2024-05-01,2024-05-31,-20.00,-5.00\n"
        "3,Foo,Credit Memo,2024-05-01,2024-05-31,-20.00,0.00\n"
        "4,Foo,Payment,2024-05-03,,-30.00,-30.00\n"
        "5,Foo,Estimate,2024-05-03,,30.00,30.00\n"
    )
    found = taken(content, currency="EUR")
    assert [row.number for row in found.invoices] == ["1"]
    assert [(row.number, row.amount_minor, row.open_minor) for row in found.credits] == [
        ("2", 2000, 500),
        ("4", 3000, 3000),
    ]
    assert set(found.why_skipped()) == {4, 6}


def test_a_payment_of_which_something_is_open_is_the_customers_money():
    content = (
        "Number,Customer,Type,Date,Due Date,Amount,Open Balance\n"
        "1,Foo,Invoice,2024-05-01,2024-05-31,100.00,40.00\n"
        "2,Foo,Payment,2024-05-03,,-75.00,-15.00\n"
        "3,Foo,Payment,2024-05-04,,-20.00,0.00\n"
        "4,Foo,Payment,2024-05-05,,-30.00,\n"
    )
    found = taken(content, currency="EUR")
    assert [(row.number, row.amount_minor, row.open_minor) for row in found.credits] == [("2", 7500, 1500)]
    assert [(row.payment_id, row.amount_minor) for row in found.payments] == [("3", 2000), ("4", 3000)]
    alone = "Number,Customer,Type,Due Date,Amount\n1,A,Invoice,2024-05-31,10.00\n2,A,Payment,2024-05-03,-4.00\n"
    found = taken(alone, currency="EUR", amounts="open")
    assert [(row.number, row.open_minor) for row in found.credits] == [("2", 400)]


def test_debit_and_credit_columns_say_billed_and_paid():
    content = (
        "Konto;Name;Rechnungs-Nr.;Datum;Fälligkeit;Soll;Haben;Saldo\n"
        "1;A;R1;15.01.2024;14.02.2024;1.190,00;0,00;1.190,00\n"
        "2;B;R2;15.01.2024;14.02.2024;595,00;200,00;395,00\n"
        "2;B;G3;22.01.2024;22.01.2024;;50,00;-50,00\n"
    )
    found = taken(content, currency="EUR")
    assert [(row.amount_minor, row.open_minor) for row in found.invoices] == [(119000, 119000), (59500, 39500)]
    # What was paid has no day: what is open says it, and tomorrow's list must not tell of it as another payment.
    assert found.invoices[1].payments == ()
    assert [(row.number, row.amount_minor, row.open_minor) for row in found.credits] == [("G3", 5000, 5000)]


def test_a_column_of_sides_gives_amounts_their_sign():
    content = "Number,Customer,Due Date,Amount,D/C\n1,A,2024-05-31,10.00,S\n2,A,2024-05-31,4.00,H\n"
    found = taken(content, currency="EUR", amounts="open")
    assert [row.open_minor for row in found.invoices] == [1000]
    assert [row.amount_minor for row in found.credits] == [400]


def test_debit_and_credit_beside_a_side_are_not_turned_twice():
    content = (
        "Konto;Name;Rechnungs-Nr.;Datum;Fälligkeit;Soll;Haben;Saldo;S/H\n"
        "1;A;R1;15.01.2024;14.02.2024;1.190,00;;1.190,00;S\n"
        "2;B;G3;22.01.2024;22.01.2024;;50,00;50,00;H\n"
    )
    found = taken(content, currency="EUR")
    assert [(row.amount_minor, row.open_minor) for row in found.invoices] == [(119000, 119000)]
    assert [(row.number, row.amount_minor, row.open_minor) for row in found.credits] == [("G3", 5000, 5000)]
    found = taken(content.replace("Saldo;", "Text;"), currency="EUR")
    assert [row.number for row in found.credits] == ["G3"]


def test_filters_take_only_the_rows_that_match():
    content = "Number,Customer,Due Date,Open Amount,Company Code\n1,A,2024-05-31,10,0100\n2,A,2024-05-31,10,0200\n"
    found = taken(content, currency="EUR", filters={"Company Code": ("0100",)})
    assert [row.number for row in found.invoices] == ["1"]
    assert found.why_skipped() == {3: "does not match the filter on Company Code"}


def test_amounts_are_in_the_minor_units_of_their_row():
    content = (
        "Number,Customer,Due Date,Invoice Amount,Currency\n1,A,2024-05-31,1500,JPY\n2,A,2024-05-31,1.500,KWD\n"
    )
    content += "3,A,2024-05-31,1.5,EUR\n"
    assert [row.amount_minor for row in taken(content).invoices] == [1500, 1500, 150]


def test_totals_of_a_section_and_notes_at_the_end_are_passed_over_with_their_reason():
    content = (
        "Name,Type,Num,Date,Due Date,Open Balance,Terms\n"
        "Total Parts Ltd,Invoice,1,2024-05-01,2024-05-31,10.00,\n"
        "Total Current,,,,,10.00,\n"
        "*,,,,,10.00,\n"
        "Total Parts Ltd,,,2024-05-01,2024-05-31,10.00,\n"
        '"Friday, 20 May, 10:14 Accrual Basis"\n'
        '"Foo,Invoice,2,2024-05-01,2024-05-31,11.00,"\n'
        "Foo\n"
    )
    found = taken(content, currency="EUR")
    assert [row.number for row in found.invoices] == ["1"]
    assert found.why_skipped() == {
        3: "a line of totals",
        4: "a line of totals",
        6: "a heading or note: only one cell is filled",
    }
    assert {row: reason for row, (_, reason) in found.why_rejected().items()} == {
        5: "no number",
        7: "1 cells instead of 7",
        8: "1 cells instead of 7",
    }


def test_a_column_that_says_which_are_cancelled_is_believed():
    for name, yes, no in (("Storniert", "Ja", "Nein"), ("Is Cancelled", "true", "false"), ("Voided", "x", "")):
        content = f"Number,Customer,Due Date,Open Amount,{name}\n1,A,2024-05-31,10,{no}\n2,A,2024-05-31,10,{yes}\n"
        found = taken(content, currency="EUR")
        assert [row.number for row in found.invoices] == ["1"]
        assert found.why_skipped() == {3: "cancelled"}


def test_money_of_which_only_the_open_amount_is_given_is_not_lost():
    content = (
        "Number,Customer,Type,Due Date,Invoice Amount,Open Balance\n"
        "1,A,Payment,2024-05-31,0.00,-238.00\n2,A,,2024-05-31,0.00,-9.00\n3,A,Payment,2024-05-31,0.00,0.00\n"
    )
    found = taken(content, currency="EUR")
    assert [(row.number, row.open_minor) for row in found.credits] == [("1", 23800), ("2", 900)]
    assert list(found.why_skipped()) == [4]
