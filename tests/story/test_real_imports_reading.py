"""Files that other programs wrote, read into typed rows, without any table.

Every expected count and sum is worked out by hand or by a second, plain reading here: never by the intake.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from duewell.core.intake import Paid
from tests.readings import asked, decided, reading, taken

SHARED = Path(os.environ.get("DUEWELL_SHARED", Path(__file__).resolve().parents[2] / ".." / "shared")) / "data"
IBM = SHARED / "ar_history/ibm-accounts-receivable/accounts-receivable-customers-odd.csv"
HIGHRADIUS = SHARED / "ar_history/highradius-open-items/open-items-2020.csv"
SYNTHETIC = SHARED / "ar_history/synthetic-invoices-helloworld880/invoice_data.csv"
EXPORTS = SHARED / "accounting_exports/invoiceninja-import-tests"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the files of other programs are not beside the project"
)


def plain(path: Path, header: int = 0) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in range(header):
            next(file)
        return list(csv.DictReader(file))


def day(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007 - dates only


def test_a_settled_history_reads_as_paid_on_its_own_days():
    """IBM: 1,267 invoices of 50 customers, all settled; no currency in the file."""
    assert asked(IBM.read_bytes()) == {"currency": "--currency EUR"}
    found = taken(IBM.read_bytes(), currency="USD", as_of=date(2014, 3, 1))
    rows = plain(IBM)
    assert (len(rows), len(found.invoices), len(found.rejected), len(found.skipped)) == (1267, 1267, 0, 0)
    for read, row in zip(found.invoices, rows, strict=True):
        minor = int(Decimal(row["InvoiceAmount"]) * 100)
        issued, due, settled = (day(row[name], "%m/%d/%Y") for name in ("InvoiceDate", "DueDate", "SettledDate"))
        assert (read.number, read.customer.number) == (row["invoiceNumber"], row["customerID"])
        assert (read.issued_on, read.due_on) == (issued, due)
        assert (read.amount_minor, read.open_minor, read.payments) == (
            minor,
            0,
            (Paid(minor, settled, so_far=True),),
        )
        assert read.disputed == (row["Disputed"] == "Yes")
        assert read.currency == "USD"
    # Figures of the file's own description.
    assert len({row.customer.key for row in found.invoices}) == 50
    assert sum(row.disputed for row in found.invoices) == 357
    assert sum(row.payments[0].paid_on > row.due_on for row in found.invoices) == 521
    assert {row.due_on - row.issued_on for row in found.invoices} == {timedelta(days=30)}


def test_what_decides_the_dates_of_that_history_is_shown():
    found = reading(IBM.read_bytes(), currency="USD")
    dates = next(decision for decision in found.decisions if decision.what == "dates")
    assert dates.value == "mdy"
    lines = IBM.read_text().splitlines()
    for evidence in dates.evidence:
        assert evidence.value in lines[evidence.row - 1].split(",")
        assert int(evidence.value.split("/")[1]) > 12


def test_five_labels_that_look_like_country_codes_make_nobody_a_foreigner():
    found = taken(IBM.read_bytes(), currency="USD", as_of=date(2014, 3, 1))
    assert {row.customer.country for row in found.invoices} == {""}
    assert {remark.value for remark in found.remarks} == {"391", "406", "770", "818", "897"}


def test_open_items_ask_only_what_their_columns_leave_open():
    """HighRadius: 9,681 open items; the column `converted_usd` names the currency, not whether it is open."""
    assert asked(HIGHRADIUS.read_bytes()) == {"amounts": "--amounts original|open"}
    settled = decided(HIGHRADIUS.read_bytes(), amounts="open")
    assert (settled["dates"], settled["currency"]) == ("dmy", "USD")


def test_open_items_with_more_decimals_than_the_dollar_has_are_rejected_and_only_they():
    rows = plain(HIGHRADIUS)
    too_fine = {line for line, row in enumerate(rows, 2) if len(row["converted_usd"].partition(".")[2]) > 2}
    assert len(too_fine) == 576
    found = taken(HIGHRADIUS.read_bytes(), amounts="open", as_of=date(2020, 6, 1))
    assert set(found.why_rejected()) == too_fine
    assert sum(row.open_minor for row in found.invoices) == sum(
        int(Decimal(row["converted_usd"]) * 100) for line, row in enumerate(rows, 2) if line not in too_fine
    )


def test_open_items_rounded_where_somebody_says_so():
    rows = plain(HIGHRADIUS)
    found = taken(HIGHRADIUS.read_bytes(), amounts="open", rounded=True, as_of=date(2020, 6, 1))
    assert len(found.invoices) == 9681
    # Half a cent goes up: the plain sum adds half a cent and cuts.
    assert sum(row.open_minor for row in found.invoices) == sum(
        int(Decimal(row["converted_usd"]) * 100 + Decimal("0.5")) for row in rows
    )
    assert [(row.number, row.due_on, row.customer.number) for row in found.invoices] == [
        (row["doc_id"], day(row["due_in_date"], "%d-%m-%Y"), row["cust_number"]) for row in rows
    ]
    early = [row for row in rows if day(row["due_in_date"], "%d-%m-%Y") < day(row["posting_date"], "%d-%m-%Y")]
    assert len(early) == 27
    assert Counter(remark.text for remark in found.remarks) == {"due before it was issued": 27}
    assert not any(row.payments for row in found.invoices)
    assert len({row.customer.key for row in found.invoices}) == 553


def test_a_made_up_history_with_columns_of_the_future_reads_as_paid():
    rows = plain(SYNTHETIC)
    found = taken(SYNTHETIC.read_bytes(), currency="USD", as_of=date(2025, 1, 1))
    assert len(found.invoices) == len(rows) == 5000
    assert sum(row.amount_minor for row in found.invoices) == sum(
        int(Decimal(row["invoice_amount"]) * 100) for row in rows
    )
    assert all(row.open_minor == 0 for row in found.invoices)
    assert [row.payments[0].paid_on.isoformat() for row in found.invoices] == [row["payment_date"] for row in rows]


def test_the_lines_of_an_invoice_are_one_invoice():
    """FreshBooks: lines of 650.00, 490.00 and 6,750.00; no due date, so the terms are asked."""
    content = (EXPORTS / "freshbooks_invoices.csv").read_bytes()
    assert asked(content) == {"terms": "--terms 30, or --column due_on=NAME"}
    (row,) = taken(content, terms_days=30).invoices
    assert (row.number, row.customer.name, row.records) == ("0000001", "X-Men", 3)
    assert (row.amount_minor, row.currency, row.open_minor) == (65_000 + 49_000 + 675_000, "USD", None)
    assert (row.issued_on, row.due_on) == (date(2021, 1, 28), date(2021, 2, 27))


def test_a_journal_is_read_by_the_rows_of_its_receivables():
    """Wave: 15 rows; 4 of the receivables' account: three invoices and the payment of one of them."""
    content = (EXPORTS / "wave_invoices.csv").read_bytes()
    assert set(asked(content)) == {"terms", "currency"}
    found = taken(content, terms_days=30, currency="USD")
    assert {row.number: (row.customer.name, row.amount_minor, row.open_minor) for row in found.invoices} == {
        "2": ("Mark Walberg", 497_400, 497_400),
        "3": ("Lucas Cage", 59_050, 0),
        "4": ("Jessica Jones", 350_041, 350_041),
    }
    paid = next(row for row in found.invoices if row.number == "3")
    assert (paid.payments, paid.records) == ((Paid(59_050, date(2021, 1, 28)),), 2)
    receivable = [
        line
        for line, row in enumerate(plain(EXPORTS / "wave_invoices.csv"), 2)
        if row["Account Name"] == "Accounts Receivable"
    ]
    assert sum(row.records for row in found.invoices) == len(receivable) == 4
    assert set(found.why_skipped()) == set(range(2, 17)) - set(receivable)


def test_three_title_lines_and_a_name_twice_do_not_confuse_a_list_of_clients():
    """Invoice Ninja: the header stands in line 4 and names `Phone` twice; only the second holds numbers."""
    found = taken((EXPORTS / "clients.csv").read_bytes(), "customers")
    rows = plain(EXPORTS / "clients.csv", header=3)
    assert len(found.customers) == len(rows) == 20
    assert [(row.name, row.emails, row.phone) for row in found.customers] == [
        (row["Name"], (row["Email"],), row["Phone"]) for row in rows
    ]
    assert (found.customers[0].row, found.customers[0].region) == (5, "New York")


@pytest.mark.parametrize(
    ("name", "customers"),
    [
        ("freshbooks_clients.csv", [("Marge Simpson", "US", ""), ("X-Men", "US", "")]),
        (
            "wave_clients.csv",
            [
                ("Homer Simpson", "", "USD"),
                ("Jessica Jones", "AU", "AUD"),
                ("Lucas Cage", "BS", "BSD"),
                ("Mark Walberg", "", "USD"),
            ],
        ),
    ],
)
def test_lists_of_clients_of_other_programs(name, customers):
    found = taken((EXPORTS / name).read_bytes(), "customers")
    assert [(row.name, row.country, row.currency) for row in found.customers] == customers


def test_no_shipped_text_names_one_of_these_files():
    source = Path(__file__).resolve().parents[2] / "src"
    names = [path.name for path in (IBM, HIGHRADIUS, SYNTHETIC)] + [
        "wave_invoices",
        "freshbooks_invoices",
        "highradius",
    ]
    for path in (
        *(source / "duewell/core/intake").glob("*.py"),
        *(source / "duewell/adapters/files").glob("*.py"),
    ):
        text = path.read_text().lower()
        assert not [name for name in names if name.lower() in text], path
