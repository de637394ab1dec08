"""Dates: what each writing means, and which cells prove the order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from duewell.core.intake import date_text
from duewell.core.intake.dates import DateLook
from duewell.core.intake.findings import Bad, Decision, Undecided
from duewell.core.intake.table import Formula

# as written | day first | month first | year first (last two figures of 2021 throughout; - cannot be)
WRITTEN = """
2021-01-28              | 01-28 | 01-28 | 01-28
2021/1/28               | 01-28 | 01-28 | 01-28
2021-01-28 10:00:00     | 01-28 | 01-28 | 01-28
2021-01-28T10:00:00.5Z  | 01-28 | 01-28 | 01-28
2021-01-28T10:00+01:00  | 01-28 | 01-28 | 01-28
20210128                | 01-28 | 01-28 | 01-28
28 Jan 2021             | 01-28 | 01-28 | 01-28
28-Jan-21               | 01-28 | 01-28 | 01-28
Jan 28, 2021            | 01-28 | 01-28 | 01-28
28. Januar 2021         | 01-28 | 01-28 | 01-28
3. März 2021            | 03-03 | 03-03 | 03-03
Thu, 28 Jan 2021        | 01-28 | 01-28 | 01-28
28.01.2021              | 01-28 | -     | -
28/1/2021               | 01-28 | -     | -
1/28/2021               | -     | 01-28 | -
1/28/2021 9:15:00 PM    | -     | 01-28 | -
03/04/2021              | 04-03 | 03-04 | -
03-04-21                | 04-03 | 03-04 | -
28.01.21                | 01-28 | -     | -
28012021                | 01-28 | -     | -
31.02.2021              | -     | -     | -
2021-13-01              | -     | -     | -
28.01.0021              | -     | -     | -
tomorrow                | -     | -     | -
=TODAY()                | -     | -     | -
"""


@pytest.mark.parametrize("line", [line for line in WRITTEN.splitlines() if line])
def test_a_date_means_a_day_in_a_given_order(line):
    written, *expected = (part.strip() for part in line.split("|"))
    for order, told in zip(("dmy", "mdy", "ymd"), expected, strict=True):
        found = date_text.parse(written, order, 2024)
        if told == "-" and order == "ymd" and isinstance(found, date):
            # Two figures may be a year: 28.01.21 is then in 2028, 03-04-21 in 2003.
            assert found.year != 2021
        elif told == "-":
            assert isinstance(found, Bad)
        else:
            assert found == date.fromisoformat(f"2021-{told}")


@pytest.mark.parametrize("text", ["", "0000-00-00", "00.00.0000", "-", "NULL", "n/a"])
def test_a_date_that_says_no_day_is_blank(text):
    assert date_text.parse(text, "dmy", 2024) is None


def test_two_figures_mean_the_nearest_year_before_twenty_ahead():
    years = [date_text.parse(f"15.06.{two}", "dmy", 2024).year for two in ("99", "44", "24", "00")]
    assert years == [1999, 2044, 2024, 2000]


def test_dates_and_numbers_of_a_sheet():
    assert date_text.parse(date(2024, 5, 31), "mdy", 2024) == date(2024, 5, 31)
    assert date_text.parse(Decimal(20240531), None, 2024) == date(2024, 5, 31)
    assert date_text.parse(Decimal(45000), "excel", 2024) == date(2023, 3, 15)
    assert isinstance(date_text.parse(Decimal(45000), "dmy", 2024), Bad)
    assert isinstance(date_text.parse(Formula("=B1"), "dmy", 2024), Bad)


def decide(*cells: object, answer: str | None = None) -> Decision | Undecided:
    look = DateLook(2024)
    look.look("Due", cells, range(2, 2 + len(cells)))
    return look.decide(answer)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("13/01/2020", "03/04/2020"), "dmy"),
        (("01/13/2020", "03/04/2020"), "mdy"),
        (("01.02.2020",), "dmy"),
        (("01.02.20",), "dmy"),
        (("04.13.2020",), "mdy"),
        (("20210128", "20210203"), "ymd"),
        (("01/15/24", "02/03/24"), "mdy"),
        (("28/01/21", "30/01/21"), "dmy"),
        (("2020-01-01", "28-01-2020"), "dmy"),
        (("2020-01-01",), "plain"),
        (("05/05/2020", "12/12/2020"), "plain"),
    ],
)
def test_dates_that_exist_in_one_order_decide_it(cells, order):
    found = decide(*cells)
    assert isinstance(found, Decision)
    assert found.value == order


def test_the_dates_that_decide_are_shown_with_their_lines():
    assert decide("03/04/2020", "13/01/2020").evidence[0] == (3, "Due", "13/01/2020")


def test_dates_that_fit_two_orders_are_asked():
    found = decide("03/04/2020", "05/05/2020")
    assert isinstance(found, Undecided)
    assert (found.options, found.answer) == (("dmy", "mdy"), "--date-order dmy|mdy")
    assert [example.value for example in found.examples] == ["03/04/2020"]


def test_dates_that_contradict_one_another_are_asked_whatever_the_majority():
    cells = (*["13/01/2020", "14/01/2020", "15/01/2020"], "01/13/2020")
    found = decide(*cells)
    assert isinstance(found, Undecided)
    assert {example.value for example in found.examples} >= {"13/01/2020", "01/13/2020"}
    assert decide(*cells, answer="dmy").value == "dmy"


def test_numbers_where_dates_should_be_are_asked_and_never_read_in_silence():
    found = decide("45000", "45031")
    assert isinstance(found, Undecided)
    assert "2023-03-15" in found.question
    assert "--date-order excel" in found.answer
    assert decide("45000", answer="excel").value == "excel"


def test_an_answer_for_another_file_is_asked_again():
    found = decide("01/13/2020", "02/14/2020", "03/04/2020", answer="dmy")
    assert isinstance(found, Undecided)
    assert found.options == ("mdy",)


def test_a_same_day_in_both_orders_needs_no_order():
    assert date_text.parse("05/05/2020", None, 2024) == date(2020, 5, 5)
    assert isinstance(date_text.parse("03/04/2020", None, 2024), Bad)


def test_dates_that_a_spreadsheet_turned_around_are_asked_about():
    early = [date(2024, 4, 3), date(2024, 5, 1), date(2024, 6, 12)]
    found = decide(*early, "13/04/2024", "28/04/2024")
    assert isinstance(found, Undecided)
    assert found.examples[0].value == "2024-04-03"
    assert decide(*early, "13/04/2024", answer="dmy").value == "dmy", "a person may know better"
    assert isinstance(decide(*early, date(2024, 4, 30), "13/04/2024"), Decision), (
        "a day above 12 clears the others"
    )
    assert isinstance(decide(*early, "13/04/2024", "04/05/2024"), Decision), (
        "so does a text the sheet would have understood"
    )


@pytest.mark.parametrize(
    "text",
    [
        "5 nov. 2026",
        "5 novembre 2026",
        "5 de noviembre de 2026",
        "5 november 2026",
        "05-nov-2026",
        "5 nov 26",
        "5 Novembro 2026",
    ],
)
def test_months_are_read_by_their_names_in_every_language(text):
    assert date_text.read(text) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1er août 2026", 8),
        ("1 févr. 2026", 2),
        ("1 ene 2026", 1),
        ("1 gen 2026", 1),
        ("1 mrt 2026", 3),
        ("1 out 2026", 10),
        ("1 de março de 2026", 3),
        ("1 juil. 2026", 7),
        ("1 dicembre 2026", 12),
    ],
)
def test_months_that_differ_between_languages(text, month):
    assert date_text.read(text) == date(2026, month, 1)
