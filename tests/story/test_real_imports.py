"""Files of other programs, through the whole import into the tables.

Every expected count and sum is worked out by hand or by a second, plain reading here: never by the importer.
"""

from __future__ import annotations

import csv
import os
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("DUEWELL_SHARED", Path(__file__).parents[2] / ".." / "shared")) / "data"
IBM = SHARED / "ar_history/ibm-accounts-receivable/accounts-receivable-customers-odd.csv"
HIGHRADIUS = SHARED / "ar_history/highradius-open-items/open-items-2020.csv"
SYNTHETIC = SHARED / "ar_history/synthetic-invoices-helloworld880/invoice_data.csv"
EXPORTS = SHARED / "accounting_exports/invoiceninja-import-tests"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the files of other programs are not beside the project"
)

IN_2014 = ("--now", "2014-03-01T15:00Z")
IN_2020 = ("--now", "2020-06-01T15:00Z")
IN_2026 = ("--now", "2026-11-20T15:00Z")
IN_2021 = ("--now", "2021-03-03T15:00Z")


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def minor(amounts: list[str]) -> int:
    return int(sum(Decimal(amount) for amount in amounts) * 100)


def test_a_settled_history_comes_in_once_and_leaves_nothing_open(call):
    take = (*IN_2014, "import", "invoices", str(IBM), "--currency", "USD", "--set", "zone=UTC")
    first = call(*take)
    assert (first["rows"], first["new"], first["rejected"], first["skipped"]) == (1267, 1267, [], 0)
    assert first["receivables"] == {"new": 1267, "changed": 0, "unchanged": 0, "missing": 0}
    assert first["totals"] == {}, "every invoice was settled by 9 January 2014"
    again = call(*take)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1267)


def test_a_settled_history_ages_as_its_own_dates_say(call):
    """On 1 July 2013 an invoice is open if it was issued by then and settled later."""
    call(*IN_2014, "import", "invoices", str(IBM), "--currency", "USD", "--set", "zone=UTC")
    on = datetime(2013, 7, 1)  # noqa: DTZ001 - dates only
    buckets = {"current": 0, "d1_30": 0, "d31_60": 0, "d61_90": 0, "d91_plus": 0}
    unapplied = 0
    for row in rows_of(IBM):
        issued, due, settled = (
            datetime.strptime(row[name], "%m/%d/%Y")  # noqa: DTZ007 - dates only
            for name in ("InvoiceDate", "DueDate", "SettledDate")
        )
        amount = minor([row["InvoiceAmount"]])
        if settled <= on:
            # Paid before it was issued: until then the money waits without an invoice.
            unapplied += amount if issued > on else 0
        elif issued <= on:
            late = (on - due).days
            name = "current" if late <= 0 else "d1_30" if late <= 30 else "d31_60" if late <= 60 else "d61_90"
            buckets[name] += amount
    told = call(*IN_2014, "report", "aging", "--as-of", "2013-07-01")["totals"]["USD"]
    assert {name: told[name] for name in buckets} == buckets
    assert (told["disputed"], told["unapplied"]) == (0, unapplied)
    assert told["total"] == sum(buckets.values()) - unapplied


def test_open_items_with_too_many_decimals_are_listed_and_the_others_taken(call, tmp_path):
    rows = rows_of(HIGHRADIUS)
    good = [row["converted_usd"] for row in rows if len(row["converted_usd"].partition(".")[2]) <= 2]
    bad = {
        (line, row["converted_usd"])
        for line, row in enumerate(rows, 2)
        if len(row["converted_usd"].partition(".")[2]) > 2
    }
    assert (len(rows), len(good), len(bad)) == (9681, 9105, 576)
    errors = tmp_path / "errors.csv"
    take = (*IN_2020, "import", "invoices", str(HIGHRADIUS), "--amounts", "open", "--errors", str(errors))
    first = call(*take, exits=1)
    assert (first["rows"], first["new"], first["skipped"]) == (9681, 9105, 0)
    assert {(row["row"], row["value"]) for row in first["rejected"]} == bad
    assert all(row["reason"] and row["remedy"] for row in first["rejected"])
    assert first["totals"] == {"USD": minor(good)}
    with open(errors, newline="", encoding="utf-8-sig") as file:
        assert len(list(csv.reader(file))) == 576 + 1
    again = call(*take, exits=1)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 9105)
    assert again["totals"] == first["totals"]


def test_open_items_may_be_rounded_where_somebody_says_so(call):
    rows = rows_of(HIGHRADIUS)
    cents = [Decimal(row["converted_usd"]).quantize(Decimal("0.01"), ROUND_HALF_UP) for row in rows]
    told = call(*IN_2020, "import", "invoices", str(HIGHRADIUS), "--amounts", "open", "--round")
    assert (told["rows"], told["new"], told["rejected"]) == (9681, 9681, [])
    assert told["totals"] == {"USD": int(sum(cents) * 100)}
    early = [
        row
        for row in rows
        if row["due_in_date"][6:] + row["due_in_date"][3:5] + row["due_in_date"][:2]
        < row["posting_date"][6:] + row["posting_date"][3:5] + row["posting_date"][:2]
    ]
    assert len(early) == 27
    assert len([remark for remark in told["remarks"] if "due before" in remark["text"]]) == 27


def test_one_row_for_each_line_of_an_invoice_makes_one_invoice(call):
    """FreshBooks: three lines of 650.00, 490.00 and 6,750.00 are one invoice of 7,890.00."""
    file = str(EXPORTS / "freshbooks_invoices.csv")
    asked = call(*IN_2021, "import", "invoices", file, exits=1)
    assert [question["what"] for question in asked["questions"]] == ["terms"]
    told = call(*IN_2021, "import", "invoices", file, "--terms", "30")
    assert (told["rows"], told["new"], told["receivables"]["new"]) == (3, 3, 1)
    assert told["totals"] == {"USD": 789_000}
    aged = call(*IN_2021, "report", "aging", "--as-of", "2021-03-03")["totals"]["USD"]
    assert aged["d1_30"] == 789_000, "issued on 28 January, due on 27 February"


def test_a_journal_gives_its_invoices_and_the_payment_among_them(call):
    """Wave: invoices 2 (4,974.00), 3 (590.50) and 4 (3,500.41); number 3 was paid on the day it was issued."""
    file = str(EXPORTS / "wave_invoices.csv")
    told = call(*IN_2021, "import", "invoices", file, "--terms", "30", "--currency", "USD")
    assert told["rows"] == 15
    assert told["rows"] == told["new"] + told["changed"] + told["unchanged"] + told["skipped"]
    assert told["receivables"]["new"] == 3
    assert told["totals"] == {"USD": 497_400 + 350_041}
    again = call(*IN_2021, "import", "invoices", file, "--terms", "30", "--currency", "USD")
    assert (again["new"], again["changed"]) == (0, 0)
    assert again["totals"] == told["totals"]


def test_a_made_up_history_comes_in_paid(call):
    """5,000 invoices, all paid: by a plain reading of the file."""
    rows = rows_of(SYNTHETIC)
    assert len(rows) == len({row["invoice_id"] for row in rows}) == 5_000
    assert all(row["payment_date"] for row in rows)
    told = call(*IN_2026, "import", "invoices", str(SYNTHETIC), "--currency", "USD", "--set", "zone=UTC")
    assert (told["rows"], told["new"], told["rejected"]) == (5_000, 5_000, [])
    assert told["receivables"]["new"] == 5_000
    assert told["totals"] == {}
    late = sum(row["payment_date"] > "2023-12-31" >= row["issue_date"] for row in rows)
    owed = minor(
        [row["invoice_amount"] for row in rows if row["payment_date"] > "2023-12-31" >= row["issue_date"]]
    )
    aged = call(*IN_2026, "report", "aging", "--as-of", "2023-12-31")["totals"]["USD"]
    assert late and aged["total"] == owed


@pytest.mark.parametrize("name", ["uk_payment_distribution", "uk_payment_trend_by_year", "uk_promise_vs_practice"])
def test_figures_about_many_invoices_are_refused_with_the_reason(call, name):
    file = SHARED / f"ar_history/uk-payment-practices/{name}.csv"
    told = call(*IN_2026, "import", "invoices", str(file), exits=2)
    assert "figures about many invoices" in told["message"] and "a row for each open invoice" in told["message"]


@pytest.mark.parametrize("name", ["clients", "freshbooks_clients", "wave_clients"])
def test_customers_given_as_invoices_are_refused_with_the_way_out(call, name):
    told = call(*IN_2026, "import", "invoices", str(EXPORTS / f"{name}.csv"), exits=2)
    assert "lists customers, and no invoices" in told["message"]
    assert "duewell import customers" in told["message"]


@pytest.mark.parametrize(("name", "customers"), [("freshbooks_clients", 2), ("wave_clients", 4)])
def test_the_same_customers_given_as_customers_come_in(call, name, customers):
    file = EXPORTS / f"{name}.csv"
    told = call(*IN_2026, "import", "customers", str(file), "--set", "zone=UTC")
    assert (told["rows"], told["new"], told["rejected"]) == (customers, customers, [])
    assert len(rows_of(file)) == customers
