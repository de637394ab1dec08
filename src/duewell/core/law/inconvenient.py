"""Inconvenient: times and addresses or numbers of which we know, or should know, that they do not suit the person.

They stand among the person's flags: `inconvenient_time:` with weekdays, a stretch of the local clock, or both,
such as `inconvenient_time:mon-fri 09:00-17:00`; `inconvenient_point:` with the number of a contact point, such as
the telephone at work. Only a person ends them. Source: 12 CFR 1006.6(b)(1), (3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from duewell.core.decide.values import Proposal
from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretches, local_days, merged
from duewell.core.law.values import Asked, Refusal, Standing
from duewell.core.units.zones import Zone

TIMES, PLACES = "times.inconvenient", "places.inconvenient"
TIMES_CHANNELS, PLACES_CHANNELS = "times.channels", "places.channels"
TIME_FLAG, POINT_FLAG = "inconvenient_time:", "inconvenient_point:"

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(
    r"(?:(?P<days>[a-z]{3}(?:[,-][a-z]{3})*))?\s*(?:(?P<from>\d\d:\d\d)-(?P<until>\d\d:\d\d))?", re.ASCII
)
_WHOLE_DAY = 24 * 60
# How far ahead a time that never suits is worked out: behind it, whoever asks finds no permitted instant.
_AHEAD = timedelta(days=60)


class BadFlag(ValueError):
    """The flag is not written as one of a time or of a contact point; the message says how it would be."""


@lru_cache(maxsize=1024)
def read_time(flag: str) -> tuple[frozenset[int], tuple[tuple[int, int], ...]]:
    """Weekdays (ISO 8601) and stretches in minutes after local midnight, from a flag of a time.

    A stretch that ends before it begins runs over midnight: its later part lies on the following day.

    Raises:
        BadFlag: no weekday, clock time or order of them that can be read.
    """
    text = flag.removeprefix(TIME_FLAG).strip().lower()
    found = _FORM.fullmatch(text)
    if not text or found is None:
        raise BadFlag(
            f"{flag!r} names no time: write it like {TIME_FLAG}mon-fri 09:00-17:00, {TIME_FLAG}sat,sun or"
            f" {TIME_FLAG}12:00-13:00"
        )
    days = _weekdays(found["days"], flag) if found["days"] else frozenset(range(1, 8))
    if not found["from"]:
        return days, ((0, _WHOLE_DAY),)
    since, until = _minutes(found["from"], flag), _minutes(found["until"], flag)
    if since == until:
        raise BadFlag(f"{flag!r}: the time ends when it begins")
    return days, ((since, until),) if since < until else ((since, until + _WHOLE_DAY),)


def times_shut(asked: Asked, zones: Sequence[Zone], book: Book, since: datetime, until: datetime) -> Stretches:
    """The stretches that do not suit the person, by the clock of any zone where they may be.

    Raises:
        BadFlag: a flag cannot be read.
    """
    told = _times(asked.standing)
    if not told:
        return ()
    pieces = []
    for zone in zones:
        # A stretch that runs over midnight starts on the day before.
        for piece in local_days(zone, max(zone.starts[0], since - timedelta(days=2)), min(until, since + _AHEAD)):
            if not (book.applies(TIMES, (TIMES_CHANNELS,), piece.day)):
                continue
            if asked.channel not in book.words(TIMES_CHANNELS, piece.day):
                continue
            for flag in told:
                weekdays, stretches = read_time(flag)
                if piece.day.isoweekday() not in weekdays:
                    continue
                for start, end in stretches:
                    opens = max(piece.since, piece.midnight + timedelta(minutes=start))
                    closes = piece.midnight + timedelta(minutes=end)
                    pieces.append((opens, closes if end > _WHOLE_DAY else min(piece.until, closes)))
    return merged(pieces)


def times_refusal(
    asked: Asked, zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None
) -> Refusal:
    """What to say when the time does not suit."""
    day = zones[0].local(at).date()
    told = ", ".join(flag.removeprefix(TIME_FLAG) for flag in _times(asked.standing))
    text = f"The person told us of times that do not suit, by the clock where they are: {told}."
    return Refusal(TIMES, text, book.source_on(TIMES_CHANNELS, day), until)


def point_refusals(proposal: Proposal, standing: Standing, book: Book) -> tuple[Refusal, ...]:
    """Why this address or number is not used; only a person can end it."""
    recipient, day = proposal.recipient, proposal.as_of
    if f"{POINT_FLAG}{recipient.point}" not in standing.flags:
        return ()
    if not book.applies(PLACES, (PLACES_CHANNELS,), day):
        return ()
    if recipient.channel not in book.words(PLACES_CHANNELS, day):
        return ()
    text = "This address or number is known not to suit the person, such as one at a place of work."
    return (Refusal(PLACES, text, book.source_on(PLACES_CHANNELS, day), None),)


def _times(standing: Standing) -> list[str]:
    return sorted(flag for flag in standing.flags if flag.startswith(TIME_FLAG)) if standing.flags else []


def _weekdays(text: str, flag: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in _WEEKDAYS or (last and last not in _WEEKDAYS):
            raise BadFlag(f"{flag!r}: weekdays are {', '.join(_WEEKDAYS)}")
        start, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        found |= {(start + more) % 7 + 1 for more in range((end - start) % 7 + 1)}
    return frozenset(found)


def _minutes(text: str, flag: str) -> int:
    hours, minutes = int(text[:2]), int(text[3:])
    if minutes > 59 or hours * 60 + minutes > _WHOLE_DAY:
        raise BadFlag(f"{flag!r}: {text} is no time of day")
    return hours * 60 + minutes
