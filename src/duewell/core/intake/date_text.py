"""One date as people and programs write it, read in a given order of day and month.

ISO dates and dates with the name of a month need no order. Times of day are dropped: the date is taken as it is
written, in whatever zone the program that wrote it was.
"""

# ruff: noqa: E501 (a pattern cut in two is harder to read)

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from duewell.core.intake.findings import Bad
from duewell.core.intake.table import Cell, Formula

DMY, MDY, YMD, SERIAL = "dmy", "mdy", "ymd", "excel"
ORDERS = (DMY, MDY, YMD, SERIAL)

_TIME = (
    r"(?:(?:[T ]|,\s*)\s*\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,:]\d{1,9})?)?\s*(?:[AaPp]\.?[Mm]\.?|Uhr)?"
    r"\s*(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"(?:[A-Za-zÀ-ÿ]{2,10}\.?,?\s+)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})\.?{_TIME}"
)
_NUMBERS = re.compile(
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})\s?(?P<sign>[-/.])\s?(?P<b>\d{{1,2}})(?P=sign)\s?(?P<year>\d{{4}}|\d{{2}}){_TIME}"
)
_COMPACT = re.compile(r"\d{8}|\d{6}")
_COMPACT_TIME = re.compile(r"(\d{8})T\d{4,6}Z?")
_DAY_NAME = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s/-]*(?:de )?(?P<name>[A-Za-zÀ-ÿ]{{3,10}})\.?,?[\s/-]*(?:(?:de|del) )?(?P<year>\d{{4}}|\d{{2}}){_TIME}"
)
_NAME_DAY = re.compile(
    rf"{_WEEKDAY}(?P<name>[A-Za-zÀ-ÿ]{{3,10}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}"
)
_YEAR_NAME = re.compile(rf"(?P<year>\d{{4}})[\s/-]+(?P<name>[A-Za-zÀ-ÿ]{{3,10}})[\s/-]+(?P<day>\d{{1,2}}){_TIME}")
_SERIAL_NUMBER = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_NO_DATE_YET = frozenset(
    "0000-00-00 00.00.0000 00/00/0000 0000/00/00 00000000 0 - -- – — n/a N/A null NULL None NaT nan NaN".split()
) | {"0000-00-00 00:00:00", ""}
_MONTHS = {
    name: number
    for number, names_ in enumerate(
        ("jan january januar jaen jänner jaenner janv janvier ene enero gen gennaio januari janeiro",
         "feb february februar feber févr fév fevr fev février fevrier febrero febbraio februari fevereiro",
         "mar march mrz maer mär märz maerz mars marzo mrt maart março marco",
         "apr april avr avril abr abril aprile",
         "may mai mayo mag maggio mei maio",
         "jun june juni juin junio giu giugno junho",
         "jul july juli juil juillet julio lug luglio julho",
         "aug august août aout ago agosto augustus",
         "sep sept september septembre septiembre set sett settembre setembro",
         "oct october okt oktober octobre octubre ott ottobre out outubro",
         "nov november novembre noviembre novembro",
         "dec december dez dezember déc décembre decembre dic diciembre dicembre dezembro"), 1)
    for name in names_.split()
}  # fmt: skip

_NO_DATE = Bad("not a date", "Write the date as 2026-03-31.")
_NOT_IN_CALENDAR = Bad("no such day in the calendar", "Correct the date.")
_COMPUTED = Bad("the cell is a formula", "Copy the column and paste it as values, then import it again.")
_SHEET_ERROR = Bad("the cell holds an error of a spreadsheet", "Correct the cell, and import the row again.")


class Form(NamedTuple):
    """A date in numbers whose order is not said by its form: the three figures as they stand."""

    a: int
    b: int
    year: int
    """With two figures it is still as written, and may be the day."""
    digits: int
    """Figures of the year: 4, 2, or 8 and 6 for a date without signs."""
    sign: str


def orders(form: Form, latest_year: int) -> frozenset[str]:
    """The orders in which the form is a day of the calendar.

    A year of two figures may not lie more than two years after the export: otherwise no file with short years
    could tell `28/01/21` from the year 2028.
    """
    found = set()
    for order in (DMY, MDY, YMD):
        day = in_order(form, order, latest_year)
        if day is not None and (form.digits != 2 or day.year <= latest_year + 2):
            found.add(order)
    return frozenset(found)


def _certain(form: Form, latest_year: int) -> date | None:
    """The day of a form that is the same in every order in which it is one, such as 05/05/2020."""
    days = {in_order(form, order, latest_year) for order in (DMY, MDY, YMD)} - {None}
    return days.pop() if len(days) == 1 else None


def in_order(form: Form, order: str, latest_year: int) -> date | None:
    """The day that the form means in this order, or None if there is no such day."""
    year, month, day = form.year, form.b, form.a
    if order == MDY:
        month, day = form.a, form.b
    elif order == YMD:
        year, month, day = form.a, form.b, form.year
    if form.digits == 8:
        text = f"{form.a:08d}"
        year, month, day = int(text[4:]), int(text[2:4]), int(text[:2])
        if order == MDY:
            month, day = day, month
        elif order == YMD:
            year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif form.digits == 4 and order == YMD:
        return None
    elif form.digits == 2:
        year = _century(year, latest_year)
    return _day(year, month, day)


def _century(year: int, latest_year: int) -> int:
    """Two figures mean the year nearest before `latest_year + 20`."""
    century = latest_year + 20 - (latest_year + 20) % 100
    return century + year if century + year <= latest_year + 20 else century - 100 + year


def _day(year: int, month: int, day: int) -> date | None:
    if not 1950 <= year <= 2150:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read(text: str) -> date | Form | Bad | None:
    """What the text says before any order is known: a day, a form that needs an order, nothing, or no date."""
    text = text.strip()
    if text in _NO_DATE_YET:
        return None
    if len(text) > 60:
        return _NO_DATE
    if not text.isascii():
        text = text.replace("\u00a0", " ").replace("\u202f", " ")
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        if match["year"] == "1900" and int(match["month"]) <= 1 and int(match["day"]) == 0:
            return None
        return _day(int(match["year"]), int(match["month"]), int(match["day"])) or _NOT_IN_CALENDAR
    match = _NUMBERS.fullmatch(text)
    if match:
        return Form(int(match["a"]), int(match["b"]), int(match["year"]), len(match["year"]), match["sign"])
    return _rarely(text)


def _rarely(text: str) -> date | Form | Bad | None:
    compact = _COMPACT_TIME.fullmatch(text)
    if compact:
        text = compact[1]
    if _COMPACT.fullmatch(text) and text.isascii():
        if len(text) == 8:
            return Form(int(text), 0, 0, 8, "")
        return Form(int(text[:2]), int(text[2:4]), int(text[4:]), 2, "")
    for pattern in (_DAY_NAME, _NAME_DAY, _YEAR_NAME):
        match = pattern.fullmatch(text)
        month = _MONTHS.get(match["name"].lower().rstrip(".")) if match else None
        if match and month:
            year = int(match["year"])
            if len(match["year"]) == 2:
                year = _century(year, 2030)
            return _day(year, month, int(match["day"])) or _NOT_IN_CALENDAR
    if text[0] == "=":
        return _COMPUTED
    return _SHEET_ERROR if text[0] == "#" else _NO_DATE


def is_serial(text: str) -> bool:
    """Whether the text is a number such as a spreadsheet counts days with, 1954 to 2119."""
    return _SERIAL_NUMBER.fullmatch(text.strip()) is not None and text.isascii()


def from_serial(text: str) -> date:
    """The day with this number in the calendar that spreadsheets use by default (1 is 1 January 1900)."""
    return date(1899, 12, 30) + timedelta(days=int(re.split("[.,]", text.strip())[0]))


def parse(cell: Cell, order: str | None, latest_year: int) -> date | Bad | None:
    """One cell; None if it is blank.

    Args:
        order: `dmy`, `mdy`, `ymd` or `excel`; None if every date of the file says its order itself.
        latest_year: the year of the export; two figures mean a year at most 20 after it.
    """
    if not isinstance(cell, str):
        if isinstance(cell, date):
            return cell
        return _COMPUTED if isinstance(cell, Formula) else parse(format(cell, "f"), order, latest_year)
    if order == SERIAL and is_serial(cell):
        return from_serial(cell)
    found = read(cell)
    if not isinstance(found, Form):
        return found
    if order is None or order == SERIAL:
        return _certain(found, latest_year) or Bad(
            "not a date whose order is known", "Write the date as 2026-03-31."
        )
    # A file in D/M/Y may hold 20210131 as well: without signs a date has an order of its own.
    choices = (order,) if found.sign or order in orders(found, latest_year) else (YMD,)
    for choice in choices:
        day = in_order(found, choice, latest_year)
        if day is not None:
            return day
    return Bad(f"no such day when read as {order}", "Correct the date, or write it as 2026-03-31.")
