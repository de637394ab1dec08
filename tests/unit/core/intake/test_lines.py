"""Several records for one invoice: items that are added, totals that are repeated, journals."""

from __future__ import annotations

from datetime import date

from duewell.core.intake import Paid
from tests.readings import asked, decided, taken

ITEMS = "Client Name,Invoice #,Date Issued,Due Date,Item Name,Quantity,Line Total,Currency\n"


def test_items_of_an_invoice_are_added_and_count_as_its_records():
    found = taken(
        ITEMS
        + "A,1,2024-01-01,2024-01-31,Work,1,650.00,EUR\n"
        + "B,2,2024-01-01,2024-01-31,Work,1,5.00,EUR\n"
        + "A,1,2024-01-01,2024-01-31,Parts,2,490.00,EUR\n"
    )
    assert {row.number: (row.amount_minor, row.records, row.row) for row in found.invoices} == {
        "1": (114_000, 2, 2),
        "2": (500, 1, 3),
    }


def test_items_that_disagree_on_their_invoice_reject_it_whole():
    found = taken(
        ITEMS
        + "A,1,2024-01-01,2024-01-31,Work,1,650.00,EUR\n"
        + "A,1,2024-01-01,2024-02-28,Parts,2,490.00,EUR\n"
        + "B,2,2024-01-01,2024-01-31,Work,1,5.00,EUR\n"
    )
    assert [row.number for row in found.invoices] == ["2"]
    assert set(found.why_rejected()) == {2, 3}
    assert "disagree" in found.rejected[0].reason


def test_an_invoice_with_an_unreadable_item_is_not_taken_too_low():
    found = taken(
        ITEMS
        + "A,1,2024-01-01,2024-01-31,Work,1,650.00,EUR\n"
        + "A,1,2024-01-01,2024-01-31,Parts,2,many,EUR\n"
        + "A,2,2024-01-01,2024-01-31,Work,1,7.00,EUR\n"
        + "A,2,2024-01-01,2024-01-31,Parts,too,few\n"
        + "B,3,2024-01-01,2024-01-31,Work,1,5.00,EUR\n"
    )
    assert [row.number for row in found.invoices] == ["3"]
    assert set(found.why_rejected()) == {2, 3, 4, 5}


def test_an_invoice_total_that_is_repeated_on_each_item_is_taken_once():
    header = "Invoice Number,Customer,Due Date,Total,Balance,Item Name,Item Total,Currency\n"
    rows = "1,A,2024-01-31,150.00,150.00,W,100.00,USD\n1,A,2024-01-31,150.00,150.00,X,50.00,USD\n"
    content = header + rows + "2,B,2024-01-31,75.00,0.00,W,75.00,USD\n"
    assert decided(content)["lines"] == "repeat"
    assert [(row.number, row.amount_minor, row.records) for row in taken(content).invoices] == [
        ("1", 15_000, 2),
        ("2", 7_500, 1),
    ]


def test_rows_that_share_a_number_beside_items_are_asked_if_the_name_leaves_it_open():
    rows = "1,A,2024-01-31,10.00,1,EUR\n1,A,2024-01-31,20.00,1,EUR\n"
    content = "Number,Customer,Due Date,Amount,Quantity,Currency\n" + rows
    assert asked(content, amounts="original") == {"lines": "--lines one|sum|repeat"}
    assert taken(content, amounts="original", lines="sum").invoices[0].amount_minor == 3000
    assert len(taken(content, amounts="original", lines="one").rejected) == 2


def test_amounts_of_lines_beside_taxes_are_asked():
    header = "Number,Customer,Due Date,Line Amount,Tax Amount,Currency\n"
    assert "column: amount" in asked(header + "1,A,2024-01-31,10.00,1.90,EUR\n")
    assert not asked(header + "1,A,2024-01-31,10.00,0.00,EUR\n")


JOURNAL = (
    "Transaction ID,Transaction Date,Account Name,Transaction Description,Debit Amount,Credit Amount,"
    "Other Accounts for this Transaction,Customer,Invoice Number,Account Type\n"
)


def journal(*rows: str, **said: object):
    return taken(JOURNAL + "\n".join(rows) + "\n", currency="USD", terms_days=30, **said)


SALE = ("T1,2024-01-28,Sales,Ada - 2,,100.00,Accounts Receivable,Ada,2,Income",)
CHARGE = "T1,2024-01-28,Accounts Receivable,Ada - 2,100.00,,Sales,Ada,2,System Receivable Invoice"


def test_a_journal_gives_the_invoice_and_what_was_paid_on_it():
    found = journal(
        *SALE,
        CHARGE,
        "T2,2024-02-10,Cash on Hand,Invoice Payment,40.00,,Accounts Receivable,,,Cash and Bank",
        "T2,2024-02-10,Accounts Receivable,Invoice Payment,,40.00,Cash on Hand,Ada,2,System Receivable Invoice",
    )
    (row,) = found.invoices
    assert (row.number, row.amount_minor, row.open_minor, row.records) == ("2", 10_000, 6_000, 2)
    assert row.payments == (Paid(4_000, date(2024, 2, 10)),)
    assert (row.issued_on, row.due_on) == (date(2024, 1, 28), date(2024, 2, 27))
    assert found.why_skipped() == {2: "the other side of an entry", 4: "the other side of an entry"}


def test_a_credit_against_revenue_is_a_credit_note():
    found = journal(
        *SALE, CHARGE, "T3,2024-02-10,Accounts Receivable,Correction,,15.00,Sales,Ada,2,System Receivable Invoice"
    )
    assert [(row.invoice, row.amount_minor) for row in found.credits] == [("2", 1_500)]
    assert found.invoices[0].open_minor == 8_500


def test_money_without_an_invoice_is_a_payment_and_a_charge_without_one_is_rejected():
    found = journal(
        CHARGE,
        "T4,2024-02-10,Accounts Receivable,Payment,,5.00,Bank,Ada,,System Receivable Invoice",
        "T5,2024-02-10,Accounts Receivable,Charge,5.00,,Sales,Ada,,System Receivable Invoice",
    )
    assert [(row.amount_minor, row.invoices) for row in found.payments] == [(500, ())]
    assert found.why_rejected() == {4: ("Invoice Number", "no invoice number")}


def test_an_invoice_charged_by_several_entries_is_not_guessed():
    found = journal(CHARGE, CHARGE.replace("T1", "T9"))
    assert not found.rows
    assert {reason for _, reason in found.why_rejected().values()} == {"several entries charge this invoice"}


def test_an_unreadable_row_of_a_journal_stops_its_invoice_only():
    found = journal(
        CHARGE,
        "T2,2024-02-31,Accounts Receivable,Invoice Payment,,40.00,Bank,Ada,2,System Receivable Invoice",
        CHARGE.replace("T1", "T7").replace(",2,", ",3,"),
    )
    assert [row.number for row in found.invoices] == ["3"]
    assert set(found.why_rejected()) == {2, 3}


def test_a_journal_whose_accounts_are_not_known_asks_for_them():
    content = (
        JOURNAL
        + CHARGE.replace("Accounts Receivable", "1400").replace("System Receivable Invoice", "Asset")
        + "\n"
    )
    answers = asked(content, currency="USD", terms_days=30)
    assert answers == {"lines": "--receivable-account NAME"}
    found = taken(content, currency="USD", terms_days=30, receivable_accounts=("1400",))
    assert found.invoices[0].amount_minor == 10_000
