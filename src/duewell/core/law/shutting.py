"""Rules that shut stretches of time for one contact, because of what was before or what the person told.

Beside the clocks and calendars of a place (`timetable`), which are the same for thousands of persons, these look
at one person. A further rule of this kind is a pair of functions and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from duewell.core.law import calls, counting, frequency, inconvenient
from duewell.core.law.book import Book
from duewell.core.law.library import Books
from duewell.core.law.stretches import Stretches
from duewell.core.law.values import Asked, Contact, Refusal
from duewell.core.units.zones import Zone


class Rule(NamedTuple):
    """One such rule, with the values that say how many days of the past it reads."""

    key: str
    shut: Callable[[Asked, Sequence[Zone], Book, datetime, datetime], Stretches]
    refusal: Callable[[Asked, Sequence[Zone], Book, datetime, datetime | None], Refusal]
    days: tuple[str, ...]


class Shut(NamedTuple):
    """What one rule of one book shuts; there is at least one stretch."""

    rule: Rule
    book: Book
    stretches: Stretches


def _frequency_shut(
    asked: Asked, zones: Sequence[Zone], book: Book, since: datetime, until: datetime
) -> Stretches:
    return frequency.shut(asked.standing.contacts, zones, book, since, until)


def _frequency_refusal(
    asked: Asked, zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None
) -> Refusal:
    return frequency.refusal(asked.standing.contacts, zones, book, at, until)


RULES = {
    rule.key: rule
    for rule in (
        Rule(frequency.KEY, _frequency_shut, _frequency_refusal, (frequency.DAYS,)),
        Rule(calls.COUNT, calls.count_shut, calls.count_refusal, (calls.COUNT_DAYS, calls.CONSENT_DAYS)),
        Rule(calls.WAIT, calls.wait_shut, calls.wait_refusal, (calls.WAIT_DAYS, calls.CONSENT_DAYS)),
        Rule(inconvenient.TIMES, inconvenient.times_shut, inconvenient.times_refusal, ()),
    )
}
"""By key. Refusals are told in this order."""


def history_days(book: Book) -> int:
    """How many days of contacts the gate must be told: the longest count, and one day for the zones."""
    return max((counting.longest(book, name) for rule in RULES.values() for name in rule.days), default=0) + 1


def relevant(contacts: Sequence[Contact], books: Books, since: datetime, until: datetime) -> tuple[Contact, ...]:
    """The contacts that can count for any instant between two, or will be made between them.

    What came long before or comes after has no part in it; zones need not be known for such instants.
    """
    # A day for clocks that jump over the date line, and one for the part of a day at each end.
    days = max([history_days(book) for book in books.books])
    earliest = since - timedelta(days=days + 2)
    return tuple([contact for contact in contacts if earliest <= contact.at < until])


def shut(asked: Asked, zones: Sequence[Zone], books: Books, since: datetime, until: datetime) -> list[Shut]:
    """What each rule of each book shuts between two instants; rules that shut nothing are absent.

    Raises:
        OutsideZone: the offsets of a zone do not cover a contact.
    """
    return [
        Shut(rule, book, stretches)
        for rule in RULES.values()
        for book in books.books
        if rule.key in book.rules and (stretches := rule.shut(asked, zones, book, since, until))
    ]
