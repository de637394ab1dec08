"""10. One bad record stops only itself and shows up on a list with file, row, column and remedy."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.town import Town

FILE = b"""invoice_number,customer_number,customer_name,email,invoice_date,due_date,invoice_amount,currency
INV-1,C-1,Anna Berg,anna@berg.example,2026-02-01,2026-03-01,100.00,EUR
INV-2,C-1,Anna Berg,anna@berg.example,2026-02-30,2026-03-01,50.00,EUR
INV-3,C-2,Bob Cole,bob@cole.example,2026-02-01,2026-03-01,ten,EUR
INV-4,C-2,Bob Cole,bob@cole.example,2026-02-01,2026-03-01,80.005,EUR
INV-5,C-2,Bob Cole,bob@cole.example,2026-02-01,2026-03-01,80.00,EUR
,C-2,Bob Cole,bob@cole.example,2026-02-01,2026-03-01,80.00,EUR
INV-7,C-2,Bob Cole,bob@cole.example,2026-02-01,2026-03-01,70.00,XYZ
"""


def test_five_bad_rows_of_seven_leave_two_good_ones(town: Town) -> None:
    told = town.takes_file("invoices", FILE, at="2026-02-02T08:00Z", fails=1)
    # every row is accounted for
    assert told["rows"] == 7
    assert (
        told["rows"] == told["new"] + told["changed"] + told["unchanged"] + len(told["rejected"]) + told["skipped"]
    )
    assert (told["receivables"]["new"], told["totals"]) == (2, {"EUR": 180_00})
    # each bad one is named by row and column, with its value, why, and what to do
    assert [(bad["row"], bad["column"], bad["value"]) for bad in told["rejected"]] == [
        (3, "invoice_date", "2026-02-30"),
        (4, "invoice_amount", "ten"),
        (5, "invoice_amount", "80.005"),
        (7, "invoice_number", ""),
        (8, "currency", "XYZ"),
    ]
    assert all(bad["reason"] and bad["remedy"] for bad in told["rejected"])
    # the good ones are worked on
    assert town.night("2026-03-10")["proposals"] == {"first": 2}


def test_the_bad_rows_stand_in_a_file_that_can_be_mended_and_imported_again(town: Town) -> None:
    told = town.takes_file("invoices", FILE, at="2026-02-02T08:00Z", fails=1)
    path = Path(told["error_file"])
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["invoice_number"] for row in rows] == ["INV-2", "INV-3", "INV-4", "", "INV-7"]
    # somebody mends the first of them and imports the file once more
    (mended, *_) = rows
    mended["invoice_date"] = "2026-02-03"
    names = "invoice_number customer_number invoice_date due_date invoice_amount currency".split()
    told = town.takes("invoices", [{name: mended[name] for name in names}], at="2026-02-03T08:00Z")
    assert told["totals"] == {"EUR": 230_00}


def test_what_stays_in_doubt_is_asked_and_nothing_is_guessed(town: Town) -> None:
    # 3 April or 4 March? Nothing in the file says so.
    content = b"invoice_number,customer_number,due_date,invoice_amount,currency\nINV-1,C-1,03/04/2026,100.00,EUR\n"
    told = town.takes_file("invoices", content, at="2026-02-02T08:00Z", fails=1)
    assert "--date-order" in str(told["questions"])
    assert town.records.rows("select count(*) from receivable") == [(0,)]
    path = town.home.parent / "invoices-1.csv"
    town.command("import", "invoices", str(path), "--date-order", "dmy")
    assert town.records.rows("select due_on from receivable") == [("2026-04-03",)]
