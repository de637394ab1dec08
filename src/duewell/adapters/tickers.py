"""Clocks for the loop of `work`: the real ones, and those of a time-lapse in a test home."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Protocol

from duewell.adapters import zones
from duewell.flows.ports import CreditorView
from duewell.flows.work.rota import NIGHT, Done, Rota


class Kept(Protocol):
    """Where nights are kept."""

    def kept(self, since: date) -> Mapping[tuple[int, date, str], Done]:
        """The duties from a day on."""
        ...

    def latest_nights(self) -> Mapping[int, date]:
        """The latest day of which a night is kept, by creditor."""
        ...


class RealTicker:
    """The machine's clocks; waiting ends at once when `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds since the machine started, its sleep included where the system counts that."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def wait(self, seconds: float) -> None:
        """Wait, or less where somebody asks to stop."""
        self._stop.wait(seconds)


class TimeLapse:
    """A clock that goes on only by waiting, which takes no time."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """The instant that was waited for."""
        return self._now

    def steady(self) -> float:
        """Seconds since the start."""
        return (self._now - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        """Go on at once."""
        self._now += timedelta(seconds=seconds)


class Walls:
    """Keeps the promise of `flows.work.loop.Wall`."""

    def today(self, zone: str, now: datetime) -> date:
        """The civil day in the zone."""
        return zones.civil_date(zone, now)

    def clock(self, zone: str, now: datetime) -> clock_time:
        """What a clock on the wall shows there."""
        return zones.civil_time(zone, now).time()

    def first_at(self, zone: str, day: date, clock: clock_time) -> datetime:
        """The first instant at which such a clock shows this time or later on that day."""
        value = zones.zone_value(zone, day - timedelta(days=3), day + timedelta(days=4))
        return value.first_at_or_after(day, clock)


def latest_due(zone: str, rota: Rota, now: datetime) -> date:
    """The civil day of the latest night that should be done by now."""
    walls = Walls()
    day = walls.today(zone, now)
    if now >= walls.first_at(zone, day, rota.night) + rota.night_within:
        return day
    return day - timedelta(days=1)


def latest_nights_missing(
    creditors: Sequence[CreditorView], rota_of: Callable[[str], Rota], now: datetime, nights: Kept
) -> list[tuple[CreditorView, date, str]]:
    """Creditors whose latest night that was due is not done: its day, and its state (empty where there is none).

    One of whom no night was ever kept is not on the schedule yet, and misses none.
    """
    begun = nights.latest_nights()
    kept = nights.kept(now.date() - timedelta(days=3))
    found = []
    for view in creditors:
        day = latest_due(view.zone, rota_of(view.key), now)
        done = kept.get((view.id, day, NIGHT))
        if view.id in begun and (done is None or done.state != "done"):
            found.append((view, day, "" if done is None else done.state))
    return found
