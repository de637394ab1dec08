"""The rota: what is due for a creditor at an instant, by clocks on its wall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

NIGHT: Final = "night"
JANITORS: Final = "janitors"
DIGEST: Final = "digest"
KINDS: Final = (NIGHT, JANITORS, DIGEST)
"""The duties of a day, in the order in which they are done when several are due."""
DAYS_BACK_MAX: Final = 60
"""So many missed nights are told one by one; more than two months are one long absence."""


class Rota(NamedTuple):
    """When each duty of one creditor is due. Times are those of a clock on its wall."""

    night: time = time(2, 0)
    janitors: time = time(4, 0)
    digest: time = time(7, 0)
    send_from: time = time(7, 0)
    send_until: time = time(21, 0)
    send_every: timedelta = timedelta(minutes=5)
    seal_every: timedelta = timedelta(minutes=1)
    retry_after: timedelta = timedelta(minutes=15)
    """A duty that failed is tried again after this."""
    night_within: timedelta = timedelta(hours=2)
    """A night that is not done so long after its time is an alarm."""

    def at(self, kind: str) -> time:
        """The time of a duty of the day."""
        return {NIGHT: self.night, JANITORS: self.janitors, DIGEST: self.digest}[kind]


class Done(NamedTuple):
    """What is kept of a duty of a day: `done`, `failed` or `missed`, and when that was."""

    state: str
    ended_at: datetime


def due(rota: Rota, today: date, now: datetime, at: Mapping[str, datetime], kept: Mapping[str, Done]) -> list[str]:
    """The duties of today that are to be done now, in order.

    Args:
        rota: of the creditor.
        today: its civil day at `now`.
        now: the present instant.
        at: when each duty of today is due, by kind.
        kept: what is kept of today's duties, by kind.
    """
    found = []
    for kind in KINDS:
        done = kept.get(kind)
        if now < at[kind] or (done is not None and done.state != "failed"):
            continue
        if done is None or now >= done.ended_at + rota.retry_after:
            found.append(kind)
    return found


def missed(today: date, latest: date | None) -> Iterator[date]:
    """The days before today that went by without a night since the latest; none where none ever was."""
    if latest is None:
        return
    day = max(latest + timedelta(days=1), today - timedelta(days=DAYS_BACK_MAX))
    while day < today:
        yield day
        day += timedelta(days=1)


def may_send(rota: Rota, clock: time) -> bool:
    """Whether the time on the wall is within the hours in which the sender works."""
    if rota.send_from <= rota.send_until:
        return rota.send_from <= clock < rota.send_until
    return clock >= rota.send_from or clock < rota.send_until
