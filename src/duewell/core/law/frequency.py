"""Frequency: at most so many contacts within so many days, counted by the person's local dates.

A contact planned for local date D counts those whose local date lies in [D - (days - 1), D]: dates, not hours.
Where the person may be in several zones, the count of any of them refuses. Every channel and creditor counts.
Page: docs/algorithms/contact-counts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from duewell.core.law import counting
from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretches
from duewell.core.law.values import BUSY, INBOUND, Contact, Refusal
from duewell.core.units.zones import Zone

KEY = "frequency"
CONTACTS_MAX, DAYS = "frequency.contacts_max", "frequency.days"


_UNCOUNTED = frozenset({BUSY, INBOUND})


def shut(
    contacts: Sequence[Contact], zones: Sequence[Zone], book: Book, since: datetime, until: datetime
) -> Stretches:
    """The stretches between two instants in which one contact more would be too many.

    Raises:
        OutsideZone: the offsets of a zone do not cover a contact.
    """
    made = _made(contacts)
    if len(made) < max(1, counting.least(book, KEY, CONTACTS_MAX)):
        return ()
    return counting.shut_dates(made, zones, since, until, lambda dates: _full_dates(dates, book))


def refusal(
    contacts: Sequence[Contact], zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None
) -> Refusal:
    """What to say when the count refuses at this instant; counted in the zone with the most."""
    counts = []
    for zone in zones:
        day = zone.day(at)
        if not book.applies(KEY, (CONTACTS_MAX, DAYS), day):
            continue
        first = day - timedelta(days=book.number(DAYS, day) - 1)
        dates = sorted(zone.day(at) for at in _made(contacts))
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
    return counting.full(dates, book, KEY, CONTACTS_MAX, DAYS)


def _made(contacts: Sequence[Contact]) -> list[datetime]:
    """When we made a contact: not where nothing was connected, nor where the person came to us."""
    return [contact.at for contact in contacts if contact.kind not in _UNCOUNTED]
