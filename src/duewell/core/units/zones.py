"""A time zone as a value: its offsets over a stretch of time, looked up at the edge.

The core never opens zone files: whoever calls it hands in the offsets that hold for the days asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple


class OutsideZone(ValueError):
    """The instant lies before or after the stretch for which offsets were handed in."""


class Zone(NamedTuple):
    """Offsets from UTC, in seconds, each holding from `starts[i]` until the next; `ends` is exclusive."""

    name: str
    starts: tuple[datetime, ...]
    offsets: tuple[int, ...]
    ends: datetime

    def local(self, instant: datetime) -> datetime:
        """Wall-clock time at the instant, naive. Raises `OutsideZone`."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0 or instant >= self.ends:
            raise OutsideZone(f"no offset of {self.name} is known at {instant.isoformat()}")
        return instant.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=self.offsets[index])

    def day(self, instant: datetime) -> date:
        """The local date at an instant given in UTC: as `local`, at a third of its price. Raises `OutsideZone`."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0 or instant >= self.ends:
            raise OutsideZone(f"no offset of {self.name} is known at {instant.isoformat()}")
        return (instant + timedelta(seconds=self.offsets[index])).date()

    def instants(self, day: date, clock: time) -> tuple[datetime, ...]:
        """The instants at which a wall clock shows this time: none in a gap, two where clocks go back.

        Raises:
            OutsideZone: the day is not within the stretch handed in.
        """
        naive = datetime.combine(day, clock)
        found = []
        for index, offset in enumerate(self.offsets):
            instant = (naive - timedelta(seconds=offset)).replace(tzinfo=UTC)
            until = self.starts[index + 1] if index + 1 < len(self.starts) else self.ends
            if self.starts[index] <= instant < until:
                found.append(instant)
        if not found and not self.starts[0] <= naive.replace(tzinfo=UTC) < self.ends:
            raise OutsideZone(f"no offset of {self.name} is known on {day.isoformat()}")
        return tuple(sorted(found))

    def first_at_or_after(self, day: date, clock: time) -> datetime:
        """The first instant at which the wall clock shows this time or later on that day.

        Where clocks spring forward over the time, that is the end of the gap.
        """
        found = self.instants(day, clock)
        if found:
            return found[0]
        # In a gap the clock jumps from before to after: the jump itself is the answer.
        naive = datetime.combine(day, clock)
        for index in range(1, len(self.starts)):
            jump = self.starts[index]
            before = jump.replace(tzinfo=None) + timedelta(seconds=self.offsets[index - 1])
            after = jump.replace(tzinfo=None) + timedelta(seconds=self.offsets[index])
            if before <= naive < after:
                return jump
        raise OutsideZone(f"no offset of {self.name} is known on {day.isoformat()}")
