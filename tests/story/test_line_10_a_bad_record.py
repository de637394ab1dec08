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


def test_the_rows_between_two_stray_quotes_are_taken(town: Town) -> None:
    # by the rules of CSV the two quotes make one cell of five lines
    content = b"""invoice_number,customer_number,customer_name,invoice_date,due_date,invoice_amount,currency
INV-1,C-1,Anna Berg,2026-02-01,2026-03-01,100.00,EUR
INV-2,C-1
INV-3,C-2,"Bob Cole,2026-02-01,2026-03-01,50.00,EUR
INV-4,C-2,Bob Cole,2026-02-01,2026-03-01,80.00,EUR
INV-5,C-3,Eva Dahl,2026-02-01,2026-03-01,70.00,EUR
INV-6,C-3,Eva Dahl",2026-02-01,2026-03-01,60.00,EUR
INV-7,C-4,"Finn Egge
c/o Eva Dahl, 2, Elm St, 7, x, y",2026-02-01,2026-03-01,20.00,EUR
"""
    told = town.takes_file("invoices", content, at="2026-02-02T08:00Z", fails=1)
    assert told["rows"] == 7
    assert (
        told["rows"] == told["new"] + told["changed"] + told["unchanged"] + len(told["rejected"]) + told["skipped"]
    )
    assert sorted((bad["row"], bad["column"], bad["reason"]) for bad in told["rejected"]) == [
        (3, "", "2 cells instead of 7"),
        (4, "customer_name", "a quote is opened here and never closed"),
    ]
    taken = town.records.rows("select number from receivable order by number")
    assert taken == [(f"INV-{number}",) for number in (1, 4, 5, 6, 7)]
    ((name,),) = town.records.rows("select name from party where number = 'C-4'")
    assert name == "Finn Egge c/o Eva Dahl, 2, Elm St, 7, x, y"
    with Path(told["error_file"]).open(newline="", encoding="utf-8-sig") as file:
        reasons = {row["invoice_number"]: row["Duewell: reason"] for row in csv.DictReader(file)}
    whole_line = 'INV-3,C-2,"Bob Cole,2026-02-01,2026-03-01,50.00,EUR'
    assert reasons == {
        "INV-2": "2 cells instead of 7",
        whole_line: "customer_name: a quote is opened here and never closed",
    }


def test_what_stays_in_doubt_is_asked_and_nothing_is_guessed(town: Town) -> None:
    # 3 April or 4 March? Nothing in the file says so.
    content = b"invoice_number,customer_number,due_date,invoice_amount,currency\nINV-1,C-1,03/04/2026,100.00,EUR\n"
    told = town.takes_file("invoices", content, at="2026-02-02T08:00Z", fails=1)
    assert "--date-order" in str(told["questions"])
    assert town.records.rows("select count(*) from receivable") == [(0,)]
    path = town.home.parent / "invoices-1.csv"
    town.command("import", "invoices", str(path), "--date-order", "dmy")
    assert town.records.rows("select due_on from receivable") == [("2026-04-03",)]
