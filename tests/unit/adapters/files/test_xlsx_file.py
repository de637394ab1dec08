"""Workbooks: typed cells, formulas, sheets, bombs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from duewell.core.intake import FileRefused
from tests.readings import asked, decided, reading, taken

HEADER = [
    "Invoice No",
    "Customer No",
    "Customer",
    "Invoice Date",
    "Due Date",
    "Invoice Amount",
    "Open Amount",
    "Currency",
]
ISSUED, DUE = datetime(2024, 1, 3), date(2024, 3, 4)  # noqa: DTZ001 - sheets know no zones


def book(*rows: list[Any], change: Callable[[Any, Any], None] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    if change:
        change(workbook, sheet)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def row(
    number: Any = "A1", *, customer: Any = "Müller", due: Any = DUE, amount: Any = 119.0, open_: Any = 119
) -> list[Any]:
    return [number, 20001, customer, ISSUED, due, amount, open_, "EUR"]


def test_dates_and_numbers_arrive_as_they_are_stored():
    (found,) = taken(book(HEADER, row(1001, amount=142.85, open_=0.1 + 0.2))).invoices
    assert (found.number, found.customer.number) == ("1001", "20001")
    assert (found.issued_on, found.due_on) == (date(2024, 1, 3), date(2024, 3, 4))
    assert (found.amount_minor, found.open_minor) == (14285, 30), "a sheet keeps fifteen figures and shows 0.3"


def test_workbooks_that_count_from_1904_give_the_same_days():
    def old_macintosh(workbook: Any, sheet: Any) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    assert taken(book(HEADER, row(), change=old_macintosh)).invoices[0].due_on == DUE


def test_numbers_shown_with_leading_zeros_keep_them():
    def zeros(workbook: Any, sheet: Any) -> None:
        sheet["A2"].number_format = "0000000"

    assert taken(book(HEADER, row(1001), change=zeros)).invoices[0].number == "0001001"


def test_a_number_beyond_what_a_sheet_keeps_is_refused():
    assert taken(book(HEADER, row(12345678901234567))).why_rejected() == {
        2: ("Invoice No", "a spreadsheet keeps only 15 figures, and this number has more")
    }


def test_formulas_are_refused_where_they_matter_and_nowhere_else():
    found = taken(
        book([*HEADER, "Days late"], [*row("A1"), "=TODAY()-E2"], [*row("A2", open_="=F3-5"), 3], [*row("A3"), 4])
    )
    assert [each.number for each in found.invoices] == ["A1", "A3"]
    assert found.why_rejected() == {3: ("Open Amount", "the cell is a formula")}
    assert "values" in found.rejected[0].remedy


def test_text_in_columns_of_dates_is_read_by_its_own_evidence():
    ambiguous = book(HEADER, row(due="03/04/2024"))
    assert asked(ambiguous) == {"dates": "--date-order dmy|mdy"}
    assert taken(book(HEADER, row(due="13/04/2024"))).invoices[0].due_on == date(2024, 4, 13)


def test_errors_and_shortened_numbers_of_sheets_are_refused():
    found = taken(book(HEADER, row("#N/A"), row("A2", amount="#REF!"), row("1.5E+11")))
    assert sorted(found.why_rejected()) == [2, 3, 4]


def test_titles_blank_rows_and_totals_are_passed_over_and_rows_keep_their_numbers():
    found = taken(
        book(["Open items"], [], HEADER, row("A1"), [], row("A2"), ["Total", None, None, None, None, 238.0])
    )
    assert [each.row for each in found.invoices] == [4, 6]
    assert found.why_skipped() == {7: "a line of totals"}


def test_the_visible_sheet_whose_columns_are_known_is_read_unless_another_is_named():
    def sheets(workbook: Any, sheet: Any) -> None:
        hidden = workbook.create_sheet("Secret", 0)
        hidden.append(HEADER)
        hidden.append(row("H1"))
        hidden.sheet_state = "hidden"
        workbook.create_sheet("Blank", 0)
        summary = workbook.create_sheet("Summary", 1)
        summary.append(["Customer", "Total"])
        summary.append(["Müller", 119])
        customers = workbook.create_sheet("Customers", 1)
        customers.append(["Customer No", "Customer", "Email", "Street", "City"])
        customers.append([20001, "Müller", "a@b.example", "Weg 1", "Ulm"])

    content = book(HEADER, row("A1"), change=sheets)
    assert decided(content)["sheet"] == "Sheet"
    assert taken(content).invoices[0].number == "A1"
    assert taken(content, sheet="Secret").invoices[0].number == "H1"
    with pytest.raises(FileRefused, match="no sheet 'Nope'"):
        reading(content, sheet="Nope")


def test_several_sheets_that_could_be_the_list_are_asked_about():
    def sheets(workbook: Any, sheet: Any) -> None:
        other = workbook.create_sheet("Other")
        other.append(HEADER)
        other.append(row("B1"))

    content = book(HEADER, row("A1"), change=sheets)
    assert list(asked(content)) == ["sheet"]
    assert taken(content, sheet="Other").invoices[0].number == "B1"


def test_a_sheet_that_lies_about_its_size_is_read_whole():
    content = rewritten(
        book(HEADER, row("A1"), row("A2")), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A1:H3", b"A1:B2")
    )
    assert len(taken(content).invoices) == 2


def rewritten(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def test_a_bomb_is_refused_before_it_unpacks():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(64):
                part.write(b"0" * (1 << 20))
    assert len(file.getvalue()) < 1 << 20
    with pytest.raises(FileRefused, match="unpack"):
        reading(file.getvalue())


def test_a_workbook_of_thousands_of_parts_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(3_001):
            archive.writestr(f"xl/media/{number}.bin", b"")
    with pytest.raises(FileRefused, match="parts"):
        reading(file.getvalue())


def test_entities_are_refused():
    attack = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'
    content = rewritten(book(HEADER, row()), "xl/worksheets/sheet1.xml", lambda xml: attack + xml)
    with pytest.raises(FileRefused, match="entities"):
        reading(content)


@pytest.mark.parametrize("cut", [30, 200, 2_000, -20])
def test_a_damaged_workbook_is_refused(cut):
    with pytest.raises(FileRefused):
        reading(book(HEADER, row())[:cut])


def test_damaged_xml_is_refused():
    content = rewritten(book(HEADER, row()), "xl/worksheets/sheet1.xml", lambda xml: xml[:400])
    with pytest.raises(FileRefused, match="cannot be read"):
        reading(content)


def test_a_sheet_too_wide_is_refused():
    with pytest.raises(FileRefused, match="columns"):
        reading(book(HEADER, [*row(), *["x"] * 1_100]))


def test_a_cell_beyond_all_measure_costs_its_row():
    found = taken(book(HEADER, row("A1", customer="x" * 32_767), row("A2")))
    assert [each.number for each in found.invoices] == ["A2"]


FORMATS = {
    '#,##0.00 "€"': "EUR",
    '_-* #,##0.00\\ [$€-407]_-;\\-* #,##0.00\\ [$€-407]_-;_-* "-"??\\ [$€-407]_-;_-@_-': "EUR",
    "[$£-809]#,##0.00": "GBP",
    '"CHF" #,##0.00': "CHF",
    "[$CHF-807] #,##0.00": "CHF",
}


@pytest.mark.parametrize("shown", FORMATS)
def test_amounts_are_in_the_currency_that_the_sheet_shows_them_with(shown):
    def formats(_: Any, sheet: Any) -> None:
        for cells in sheet.iter_rows(min_row=2, min_col=6, max_col=7):
            for cell in cells:
                cell.number_format = shown

    content = book(HEADER[:7], row("A1", open_=19)[:7], row("A2", amount=-1.255, open_=-1)[:7], change=formats)
    assert decided(content)["currency"] == FORMATS[shown]
    found = taken(content)
    assert [(each.amount_minor, each.open_minor) for each in found.invoices] == [(11900, 1900)]
    assert found.why_rejected() == {3: ("Invoice Amount", "more decimals than the currency has (3 instead of 2)")}


@pytest.mark.parametrize("shown", ["#,##0.00\\ _€", '"$"#,##0.00', "0.00", "[$$-409]#,##0.00"])
def test_a_sheet_that_shows_no_single_currency_is_asked(shown):
    def formats(_: Any, sheet: Any) -> None:
        sheet["F2"].number_format = sheet["G2"].number_format = shown

    assert asked(book(HEADER[:7], row("A1")[:7], change=formats)) == {"currency": "--currency EUR"}


def test_letters_before_a_number_are_no_currency():
    def formats(_: Any, sheet: Any) -> None:
        sheet["A2"].number_format, sheet["A3"].number_format = '"INV"0', "[$RE-407]0"

    found = taken(book(HEADER, row(1001), row(1002), change=formats))
    assert [each.number for each in found.invoices] == ["1001", "1002"]


def test_a_sheet_that_shows_another_currency_than_its_column_rejects_the_row():
    def formats(_: Any, sheet: Any) -> None:
        sheet["G2"].number_format = '#,##0.00 "$"'
        sheet["G3"].number_format = '#,##0.00 "£"'

    found = taken(book(HEADER, row("A1"), row("A2"), row("A3"), change=formats))
    assert "A3" in [each.number for each in found.invoices]
    assert 3 in found.why_rejected()
