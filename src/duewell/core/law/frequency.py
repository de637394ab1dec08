"""Frequency: at most so many contacts within so many days, counted by the person's local dates.

A contact planned for local date D counts those whose local date lies in [D - (days - 1), D]: dates, not hours.
Where the person may be in several zones, the count of any of them refuses. Every channel and creditor counts.
Page: docs/algorithms/contact-counts.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretches, local_days, merged
from duewell.core.law.values import Contact, Refusal
from duewell.core.units.zones import Zone

KEY = "frequency"
CONTACTS_MAX, DAYS = "frequency.contacts_max", "frequency.days"


def history_days(book: Book) -> int:
    """How many days of contacts the gate must be told: the longest count, and one day for the zones."""
    return max((value.value for value in book.values.get(DAYS, ()) if isinstance(value.value, int)), default=0) + 1


def relevant(contacts: Sequence[Contact], book: Book, since: datetime, until: datetime) -> tuple[Contact, ...]:
    """The contacts that can count for any instant between two, or will be made between them.

    What came long before or comes after has no part in it; zones need not be known for such instants.
    """
    # A day for clocks that jump over the date line, and one for the part of a day at each end.
    earliest = since - timedelta(days=history_days(book) + 2)
    return tuple([contact for contact in contacts if earliest <= contact.at < until])


def shut(
    contacts: Sequence[Contact], zones: Sequence[Zone], book: Book, since: datetime, until: datetime
) -> Stretches:
    """The stretches between two instants in which one contact more would be too many.

    Raises:
        OutsideZone: the offsets of a zone do not cover a contact.
    """
    if len(contacts) < _least(book):
        return ()
    pieces: list[tuple[datetime, datetime]] = []
    known: dict[tuple[date, ...], frozenset[date]] = {}
    for zone in zones:
        dates = tuple(sorted([zone.local(contact.at).date() for contact in contacts]))
        # Most zones date the contacts alike.
        full = known[dates] if dates in known else known.setdefault(dates, _full_dates(dates, book))
        if not full:
            continue
        # A local date starts at most a day from its namesake in UTC; nothing behind the last one is shut.
        end = datetime.combine(max(full), since.timetz()) + timedelta(days=3)
        for piece in local_days(zone, since, min(until, end)):
            if piece.day in full:
                pieces.append((piece.since, piece.until))
    return merged(pieces)


def refusal(
    contacts: Sequence[Contact], zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None
) -> Refusal:
    """What to say when the count refuses at this instant; counted in the zone with the most."""
    counts = []
    for zone in zones:
        day = zone.local(at).date()
        if not book.applies(KEY, (CONTACTS_MAX, DAYS), day):
            continue
        first = day - timedelta(days=book.number(DAYS, day) - 1)
        dates = sorted(zone.local(contact.at).date() for contact in contacts)
        counts.append(([one for one in dates if first <= one <= day], zone.name, day))
    dates, name, day = max(counts, key=lambda count: len(count[0]))
    at_most, days = book.number(CONTACTS_MAX, day), book.number(DAYS, day)
    on = ", ".join(one.isoformat() for one in dates[-at_most:])
    text = (
        f"The person was contacted {len(dates)} times in the {days} days up to {day.isoformat()} ({on} in {name});"
        f" at most {at_most} are allowed."
    )
    return Refusal(KEY, text, book.source_on(CONTACTS_MAX, day), until)


def _full_dates(dates: Sequence[date], book: Book) -> frozenset[date]:
    """The local dates on which no contact more is allowed, from the sorted local dates of those that were."""
    full = set()
    day, last = dates[0], dates[-1] + timedelta(days=history_days(book))
    while day <= last:
        if book.applies(KEY, (CONTACTS_MAX, DAYS), day):
            first = day - timedelta(days=book.number(DAYS, day) - 1)
            if bisect_right(dates, day) - bisect_left(dates, first) >= book.number(CONTACTS_MAX, day):
                full.add(day)
        day += timedelta(days=1)
    return frozenset(full)


def _least(book: Book) -> int:
    """With fewer contacts than this the count can refuse on no day; the rule may be off."""
    if KEY not in book.rules:
        return 1 << 31
    return min((value.value for value in book.values[CONTACTS_MAX] if isinstance(value.value, int)), default=0)
