"""The file of rejected rows: the input as it was, reason and remedy, nothing that runs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from duewell.adapters.files.error_file import ErrorFile, harmless
from duewell.core.intake import Rejected
from tests.readings import reading, taken

CONTENT = (
    "Number;Customer;Due Date;Invoice Amount;Currency\n"
    "A1;=cmd|x;31.01.2024;-10,00;EUR\n"
    "A2;Foo;31.02.2024;1.234,50;EUR\n"
    "A3;Foo;too few\n"
    "A4;Foo;31.01.2024;5,00;EUR;x;y\n"
    'A5;"Foo;31.01.2024;5,00;EUR\n'
    "A6;Foo;31.01.2024;5,00;EUR\n"
)


def written(path: Path, content: str) -> list[list[str]]:
    found = reading(content)
    with ErrorFile(path, found.header, found.table.separator) as file:
        for batch in found.batches():
            file.write(batch.rejected)
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=";"))


def test_rejected_rows_come_back_with_reason_and_remedy(tmp_path: Path):
    header, *rows = written(tmp_path / "errors.csv", CONTENT)
    assert header == [
        "Number",
        "Customer",
        "Due Date",
        "Invoice Amount",
        "Currency",
        "Duewell: row",
        "Duewell: reason",
        "Duewell: remedy",
    ]
    by_line = {row[5]: row for row in rows}
    assert by_line["2"][:5] == ["A1", "'=cmd|x", "31.01.2024", "-10,00", "EUR"]
    assert by_line["2"][6] == "Customer: text that a spreadsheet would run as a formula"
    assert by_line["3"][:5] == ["A2", "Foo", "31.02.2024", "1.234,50", "EUR"]
    assert by_line["4"][:3] == ["A3", "Foo", "too few"]
    assert by_line["5"][4] == "EUR;x;y"
    assert by_line["6"][0] == 'A5;"Foo;31.01.2024;5,00;EUR'
    assert all(len(row) == 8 and row[7] for row in rows)


def test_corrected_rows_can_be_imported_as_they_came(tmp_path: Path):
    path = tmp_path / "errors.csv"
    written(
        path,
        CONTENT.replace("A3;Foo;too few\n", "")
        .replace("A4;Foo;31.01.2024;5,00;EUR;x;y\n", "")
        .replace('"Foo', "Foo"),
    )
    corrected = path.read_bytes().replace(b"'=cmd|x", b"Foo").replace(b"31.02.2024", b"29.02.2024")
    found = taken(corrected)
    assert [row.number for row in found.invoices] == ["A2"]
    assert [row.number for row in found.credits] == ["A1"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|x", "'+cmd|x"),
        ("-1+1", "'-1+1"),
        ("\t=1", "'\t=1"),
        ("-10.00", "-10.00"),
        ("-1.234,56 EUR", "-1.234,56 EUR"),
        ("+5", "+5"),
        ("Foo", "Foo"),
        ("F\x00o", "F␀o"),
    ],
)
def test_nothing_in_it_runs_in_a_spreadsheet_and_amounts_stay_amounts(cell, shown):
    assert harmless(cell) == shown


def test_a_huge_cell_is_cut_to_what_a_cell_can_hold():
    assert len(harmless("x" * 1_000_000)) == 32_768


def test_no_file_is_made_where_nothing_was_rejected(tmp_path: Path):
    with ErrorFile(tmp_path / "none.csv", ("a",), ",") as file:
        file.write([])
    assert not (tmp_path / "none.csv").exists()


def test_bytes_that_are_no_text_can_be_written(tmp_path: Path):
    with ErrorFile(tmp_path / "e.csv", ("a",), "\t") as file:
        file.write([Rejected(2, "a", "", "r", "m", ("M\udcfcller",))])
    assert "M\\udcfcller" in (tmp_path / "e.csv").read_text(encoding="utf-8-sig")
