"""Amounts: what each writing means, and which cells prove the decimal sign."""

# ruff: noqa: E501 (tables read best with one writing a line)

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.intake import amounts
from duewell.core.intake.amounts import COMMA, POINT, Amount, AmountColumn
from duewell.core.intake.findings import Bad, Decision, Undecided
from duewell.core.intake.table import Formula

# as written | with a decimal point | with a decimal comma (minor units of a currency with two decimals, - cannot be)
WRITTEN = """
1.234,56      | -       | 123456
1,234.56      | 123456  | -
1234.56       | 123456  | -
1234,56       | -       | 123456
1 234,56      | -       | 123456
1'234.56      | 123456  | -
1’234.56      | 123456  | -
1,23,456.78   | 12345678| -
1.234.567     | -       | 123456700
1.234         | -       | 123400
1500          | 150000  | 150000
0,5           | -       | 50
.50           | 50      | -
$-142.85      | -14285  | -
-$142.85      | -14285  | -
(12.00)       | -1200   | -
$(12.00)      | -1200   | -
12.00-        | -1200   | -
−12,00        | -       | -1200
+12.00        | 1200    | -
EUR 12        | 1200    | 1200
12 €          | 1200    | 1200
€ 1.234,00    | -       | 123400
CHF 1'234.50  | 123450  | -
12,-          | 1200    | 1200
12,--         | 1200    | 1200
12.00 CR      | 1200    | -
12,00 S       | -       | 1200
12.500        | 1250    | 1250000
"""  # fmt: skip


def cents(text: str, decimal: str) -> int | None:
    found = amounts.parse(text, decimal)
    value = amounts.minor(found, 2) if isinstance(found, Amount) else found
    return None if isinstance(value, Bad) else value


@pytest.mark.parametrize("line", [line for line in WRITTEN.splitlines() if line])
def test_an_amount_means_the_same_however_it_is_written(line):
    written, point, comma = (part.strip() for part in line.split("|"))
    assert cents(written, POINT) == (None if point == "-" else int(point))
    assert cents(written, COMMA) == (None if comma == "-" else int(comma))


@pytest.mark.parametrize(
    "text", ["abc", "--5", "-(5)", "1.2.3,4,5", "12e5", "1.5E+11", "=1+1", "#N/A", "5 USD EUR", "9" * 50]
)
def test_what_is_no_amount_is_refused_with_a_remedy(text):
    found = amounts.parse(text, POINT)
    assert isinstance(found, Bad)
    assert found.remedy


@pytest.mark.parametrize("text", ["", " ", "-", "n/a", "NULL"])
def test_a_blank_is_no_zero(text):
    assert amounts.parse(text, POINT) is None


def test_numbers_of_a_sheet_are_exact_decimals():
    assert amounts.parse(Decimal("142.85"), COMMA) == Amount(14285, 2)
    assert amounts.parse(Decimal("-1E+3"), COMMA) == Amount(-1000, 0)
    assert isinstance(amounts.parse(Decimal("1E+400"), POINT), Bad)
    assert isinstance(amounts.parse(Formula("=A1"), POINT), Bad)


def test_signs_and_codes_beside_an_amount_are_kept():
    assert amounts.parse("12,00 €", COMMA) == Amount(1200, 2, "EUR")
    assert amounts.parse("$5.00", POINT) == Amount(500, 2, "$")
    assert amounts.parse("5.00 DR", POINT) == Amount(500, 2, "", "S")
    assert amounts.parse("5.00H", POINT) == Amount(500, 2, "", "H")


def test_more_decimals_than_the_currency_has_need_a_word():
    assert amounts.minor(Amount(12340, 3), 2) == 1234
    assert isinstance(amounts.minor(Amount(12345, 3), 2), Bad)
    assert isinstance(amounts.minor(Amount(105, 1), 0), Bad)
    assert amounts.minor(Amount(10500, 3), 3) == 10500


def test_rounding_goes_away_from_zero_at_the_half():
    rounded = [
        amounts.minor(Amount(digits, 3), 2, rounded=True) for digits in (12344, 12345, -12345, -12344, 5, 4)
    ]
    assert rounded == [1234, 1235, -1235, -1234, 1, 0]


def test_amounts_beyond_reason_are_refused():
    assert isinstance(amounts.minor(Amount(10**16, 0), 2), Bad)


def look(*cells: object) -> AmountColumn:
    column = AmountColumn("Betrag")
    column.look(cells, range(2, 2 + len(cells)))
    return column


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("1.234", "5,50"), COMMA),
        (("1,234", "5.50"), POINT),
        (("1.234.567", "1.234"), COMMA),
        (("1.234", "0.123"), POINT),
        (("1234.567",), POINT),
        (("1 234,567",), COMMA),
        (("1.234", "12,5 €"), COMMA),
        (("1500", "200"), POINT),
        (("", "-"), POINT),
    ],
)
def test_one_cell_that_reads_in_one_way_decides_the_column(cells, sign):
    found = look(*cells).decide(None)
    assert isinstance(found, Decision)
    assert found.value == sign


def test_the_cell_that_decides_is_shown():
    assert look("1.234", "500", "5,50").decide(None).evidence[0] == (4, "Betrag", "5,50")


def test_thousands_or_decimals_is_asked_where_no_cell_decides():
    found = look("1.234", "2.500", "700").decide(None)
    assert isinstance(found, Undecided)
    assert found.answer == "--decimal point|comma"
    assert [example.value for example in found.examples] == ["1.234", "2.500"]
    assert look("1.234").decide(COMMA).value == COMMA


def test_cells_that_contradict_one_another_are_asked_about_whatever_the_majority():
    column = look(*["1.234,56"] * 99, "5.5")
    found = column.decide(None)
    assert isinstance(found, Undecided)
    assert {example.value for example in found.examples} == {"1.234,56", "5.5"}
    assert column.decide(COMMA).value == COMMA


def test_an_answer_that_the_column_proves_wrong_is_asked_again():
    assert isinstance(look("5.50", "7.25", "1.234").decide(COMMA), Undecided)


def test_cells_with_line_breaks_do_not_shift_the_look():
    assert look("1.234", "a\nb", "5,50").decide(None).evidence[0].row == 4


def test_signs_beside_amounts_are_remembered_with_their_place():
    column = look("12,00 €", "$5,00")
    assert {code: evidence.row for code, evidence in column.currencies.items()} == {"EUR": 2, "$": 3}
    assert look("-5", "(5)", "5", Decimal(-1)).negatives == 3


@given(
    st.from_regex(r"-?[0-9]{1,15}([.,][0-9]{1,6})?", fullmatch=True).filter(str.isascii),
    st.sampled_from([amounts.POINT, amounts.COMMA]),
)
def test_the_short_way_for_plain_cells_reads_what_the_long_way_reads(cell, decimal):
    match = amounts._TAKEN_APART.fullmatch(cell)
    assert match is not None
    assert amounts.parse(cell, decimal) == amounts._value(match, decimal)
