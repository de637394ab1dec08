"""Counting by local dates: which dates are full, and which stretches of time they shut, for each rule that counts.

Page: docs/algorithms/contact-counts.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretches, local_days, merged
from duewell.core.units.zones import Zone

_DAY = timedelta(days=1)


def longest(book: Book, name: str) -> int:
    """The largest number that a value ever had; 0 where the book has none of that name."""
    return max((value.value for value in book.values.get(name, ()) if isinstance(value.value, int)), default=0)


def least(book: Book, rule: str, name: str) -> int:
    """With fewer than this nothing can be full on any day; more than any count where the rule is off."""
    if rule not in book.rules:
        return 1 << 31
    return min((value.value for value in book.values[name] if isinstance(value.value, int)), default=0)


def full(dates: Sequence[date], book: Book, rule: str, at_most: str, days: str) -> frozenset[date]:
    """The local dates on which one more is too many, from the sorted local dates of those that were.

    `at_most` and `days` name the values of the book.
    """
    found = set()
    day, last = dates[0], dates[-1] + timedelta(days=longest(book, days))
    while day <= last:
        if book.applies(rule, (at_most, days), day):
            first = day - timedelta(days=book.number(days, day) - 1)
            if bisect_right(dates, day) - bisect_left(dates, first) >= book.number(at_most, day):
                found.add(day)
        day += _DAY
    return frozenset(found)


def shut_dates(
    instants: Sequence[datetime],
    zones: Sequence[Zone],
    since: datetime,
    until: datetime,
    shutting: Callable[[tuple[date, ...]], frozenset[date]],
) -> Stretches:
    """The stretches between two instants that lie, in any zone, on a date which is shut there.

    Args:
        shutting: from the sorted local dates of the instants, which are not empty, to the dates that are shut.

    Raises:
        OutsideZone: the offsets of a zone do not cover an instant.
    """
    pieces: list[tuple[datetime, datetime]] = []
    known: dict[tuple[date, ...], frozenset[date]] = {}
    for zone in zones:
        dates = tuple(sorted([zone.day(at) for at in instants]))
        # Most zones date the instants alike.
        shut = known[dates] if dates in known else known.setdefault(dates, shutting(dates))
        if not shut:
            continue
        # A local date starts at most a day from its namesake in UTC; nothing behind the last one is shut.
        end = datetime.combine(max(shut), since.timetz()) + 3 * _DAY
        for piece in local_days(zone, since, min(until, end)):
            if piece.day in shut:
                pieces.append((piece.since, piece.until))
    return merged(pieces)
