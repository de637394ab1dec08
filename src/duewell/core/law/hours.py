"""Hours: contact only between two local clock times, in every zone where the person may be.

Page: docs/algorithms/contact-hours.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from duewell.core.law.book import Book
from duewell.core.law.values import Refusal
from duewell.core.units.zones import Zone

KEY = "hours"
NEVER = "hours.never"
OPENS, CLOSES = "hours.opens", "hours.closes"


def open_minutes(book: Book, day: date) -> tuple[int, int]:
    """Minutes after local midnight at which contact opens and closes on this local date; half-open.

    The whole day where the rule is off.
    """
    if not book.applies(KEY, (OPENS, CLOSES), day):
        return 0, 24 * 60
    return book.number(OPENS, day), book.number(CLOSES, day)


def refusal_at(zones: Sequence[Zone], book: Book, now: datetime, until: datetime | None) -> Refusal:
    """What to say when it is now too early or too late somewhere."""
    outside = []
    for zone in zones:
        local = zone.local(now)
        opens, closes = open_minutes(book, local.date())
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if not timedelta(minutes=opens) <= local - midnight < timedelta(minutes=closes):
            outside.append(f"{local:%H:%M} in {zone.name}")
    day = zones[0].local(now).date()
    where = "wherever the person may be"
    text = f"It is {_listed(outside)}; contact is allowed from {_hours(book, day)} local time {where}."
    return Refusal(KEY, text, book.source_on(OPENS, day), until)


def refusal_on(zones: Sequence[Zone], book: Book, since: datetime, until: datetime | None) -> Refusal:
    """What to say when no instant of a stretch lies within the hours of every zone."""
    day = zones[0].local(since).date()
    where = _listed([zone.name for zone in zones])
    text = f"Contact is allowed from {_hours(book, day)} local time in {where}; this day has no such instant left."
    return Refusal(KEY, text, book.source_on(OPENS, day), until)


def question_never(zones: Sequence[Zone], book: Book, now: datetime, horizon: datetime) -> Refusal:
    """What to ask when the zones share no permitted instant as far as is known."""
    day = zones[0].local(now).date()
    where = _listed([zone.name for zone in zones])
    text = (
        f"Up to {horizon.date().isoformat()} there is no permitted instant within {_hours(book, day)} local time"
        f" in {where}: find out where the person is."
    )
    return Refusal(NEVER, text, book.source_on(OPENS, day), None)


def _hours(book: Book, day: date) -> str:
    opens, closes = open_minutes(book, day)
    return f"{opens // 60:02}:{opens % 60:02} to {closes // 60:02}:{closes % 60:02}"


def _listed(words: Sequence[str]) -> str:
    if len(words) > 3:
        return f"{', '.join(words[:2])} and {len(words) - 2} more zones"
    if len(words) > 1:
        return f"{', '.join(words[:-1])} and {words[-1]}"
    return "".join(words)
