"""Stretches of time: half-open, in order, never touching one another. What rules leave open is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from duewell.core.units.zones import Zone

_DAY = timedelta(days=1)
_MIDNIGHT = time(0, tzinfo=UTC)


class Stretch(NamedTuple):
    """From `since` until just before `until`; both are aware UTC instants."""

    since: datetime
    until: datetime


Stretches = tuple[Stretch, ...]


class LocalDay(NamedTuple):
    """One unbroken piece of a local date: clocks that change within the date divide it into several pieces."""

    day: date
    midnight: datetime
    """The instant at which the clock, as it runs in this piece, would show 00:00; it may lie outside the piece."""
    since: datetime
    until: datetime


def merged(pieces: Iterable[tuple[datetime, datetime]]) -> Stretches:
    """The union of pieces in any order, as stretches."""
    found: list[Stretch] = []
    for since, until in sorted(pieces):
        if since >= until:
            continue
        if found and since <= found[-1].until:
            if until > found[-1].until:
                found[-1] = Stretch(found[-1].since, until)
        else:
            found.append(Stretch(since, until))
    return tuple(found)


def both(left: Stretches, right: Stretches) -> Stretches:
    """What lies in both."""
    found: list[Stretch] = []
    i = j = 0
    while i < len(left) and j < len(right):
        since = max(left[i].since, right[j].since)
        until = min(left[i].until, right[j].until)
        if since < until:
            found.append(Stretch(since, until))
        if left[i].until <= right[j].until:
            i += 1
        else:
            j += 1
    return tuple(found)


def without(stretches: Sequence[Stretch], shut: Sequence[Stretch]) -> Stretches:
    """What is left of the first when the second is taken away."""
    left: list[Stretch] = []
    for whole in stretches:
        since = whole.since
        for piece in shut:
            if piece.until <= since:
                continue
            if piece.since >= whole.until:
                break
            if piece.since > since:
                left.append(Stretch(since, piece.since))
            since = piece.until
        if since < whole.until:
            left.append(Stretch(since, whole.until))
    return tuple(left)


def longest(stretches: Stretches) -> Stretch | None:
    """The longest; the earliest of those that are equally long; None where there is none."""
    best: Stretch | None = None
    for stretch in stretches:
        if best is None or stretch.until - stretch.since > best.until - best.since:
            best = stretch
    return best


def local_days(zone: Zone, since: datetime, until: datetime) -> Iterator[LocalDay]:
    """Every local date of the zone between two instants, piece by piece, in order.

    Works segment by segment of one offset, where local time runs straight; so a gap, a repeated hour, a date
    that is visited twice or one that never was come out right by themselves.
    """
    for index, offset in enumerate(zone.offsets):
        ends = zone.starts[index + 1] if index + 1 < len(zone.starts) else zone.ends
        piece_since, piece_until = max(zone.starts[index], since), min(ends, until)
        if piece_since >= piece_until:
            continue
        shift = timedelta(seconds=offset)
        day = (piece_since + shift).date()
        midnight = datetime.combine(day, _MIDNIGHT) - shift
        while midnight < piece_until:
            following = midnight + _DAY
            yield LocalDay(day, midnight, max(midnight, piece_since), min(following, piece_until))
            day, midnight = day + _DAY, following
