"""Days: no contact on closed weekdays and public holidays, by the local date of every zone.

Page: docs/algorithms/contact-hours.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from duewell.core.law.book import Book
from duewell.core.law.stretches import local_days
from duewell.core.law.values import Refusal
from duewell.core.units.zones import Zone

WEEKDAY = "days.weekday"
HOLIDAY = "days.holiday"
CLOSED_WEEKDAYS, CLOSED_HOLIDAYS = "days.closed_weekdays", "days.closed_holidays"
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def closed_weekday(book: Book, day: date) -> bool:
    """Is this weekday closed? Weekdays are counted as in ISO 8601: Monday is 1, Sunday is 7."""
    if not book.applies(WEEKDAY, (CLOSED_WEEKDAYS,), day):
        return False
    return day.isoweekday() in book.numbers(CLOSED_WEEKDAYS, day)


def closed_holiday(book: Book, holidays: frozenset[date], day: date) -> bool:
    """Is it a public holiday in any place where the person may be, and are those closed?"""
    if day not in holidays or not book.applies(HOLIDAY, (CLOSED_HOLIDAYS,), day):
        return False
    return "public" in book.words(CLOSED_HOLIDAYS, day)


def refusals(
    zones: Sequence[Zone],
    holidays: frozenset[date],
    book: Book,
    since: datetime,
    before: datetime,
    until: datetime | None,
) -> dict[str, Refusal]:
    """What to say of the closed days between two instants, by rule; rules that close none are absent."""
    found: dict[str, Refusal] = {}
    for zone in zones:
        for piece in local_days(zone, since, before):
            day = piece.day
            if WEEKDAY not in found and closed_weekday(book, day):
                name = _NAMES[day.weekday()]
                text = f"{day.isoformat()} is a {name} in {zone.name}: nobody is contacted on a {name}."
                found[WEEKDAY] = Refusal(WEEKDAY, text, book.source_on(CLOSED_WEEKDAYS, day), until)
            if HOLIDAY not in found and closed_holiday(book, holidays, day):
                text = f"{day.isoformat()} is a public holiday where the person may be ({zone.name})."
                found[HOLIDAY] = Refusal(HOLIDAY, text, book.source_on(CLOSED_HOLIDAYS, day), until)
    return found
