"""Stop: a person said "not any more", on one channel or on all; and the end of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from duewell.core.units.ids import PersonId

CHANNELS = ("email", "sms", "letter", "call")


class BadStop(ValueError):
    """The stop cannot be kept as told; the message says why."""


class StopView(NamedTuple):
    """A stop as people see it. `creditor` empty: for everybody; `channel` empty: every channel."""

    id: int
    creditor: str
    channel: str
    reason: str
    since: str


class StopBook(Protocol):
    """Where stops are kept: on the operator's level, by person."""

    def person(self, party: str) -> PersonId | None:
        """The person behind the customer with this number, or None."""
        ...

    def living(self, person: PersonId) -> Sequence[StopView]:
        """Stops that have not ended, oldest first."""
        ...

    def add(self, person: PersonId, channel: str, reason: str, *, everybody: bool) -> int:
        """Keep a stop and its fact, and move the person's version on."""
        ...

    def end(self, person: PersonId, stops: Sequence[int], reason: str) -> int:
        """Keep the ends and their fact, and move the person's version on; how many were still living."""
        ...


def person(book: StopBook, party: str) -> PersonId:
    """The person behind a customer number. Raises `BadStop` where there is none."""
    found = book.person(party)
    if found is None:
        raise BadStop(f"there is no customer {party!r}")
    return found


def stop(book: StopBook, who: PersonId, reason: str, channel: str = "", *, everybody: bool = True) -> int:
    """No demand goes to the person any more; messages that wait are withheld when they would start.

    Args:
        channel: one of `CHANNELS`; empty for all.
        everybody: for every creditor of this installation, as the law counts stops by person.

    Raises:
        BadStop: no reason, or no such channel.
    """
    if not reason.strip():
        raise BadStop("a stop needs a reason: say in a few words what the person said (--reason)")
    _check(channel, reason)
    return book.add(who, channel, reason.strip(), everybody=everybody)


def resume(book: StopBook, who: PersonId, reason: str, channel: str = "") -> int:
    """End the stops of a person: those of one channel, or all of them. Returns how many ended.

    Raises:
        BadStop: there is nothing to end, or no such channel.
    """
    _check(channel, reason)
    ending = [each.id for each in book.living(who) if not channel or each.channel == channel]
    ended = book.end(who, ending, reason.strip() or "ended") if ending else 0
    if not ended:
        raise BadStop("there is no stop to end" + (f" for {channel}" if channel else ""))
    return ended


def since(at: datetime) -> str:
    """An instant as people see it in views."""
    return at.isoformat(timespec="minutes")


def _check(channel: str, reason: str) -> None:
    if not reason.isprintable():
        raise BadStop("the reason holds something that is no letter, such as a line break: write it in one line")
    if channel and channel not in CHANNELS:
        raise BadStop(f"{channel!r} is no channel: one of {', '.join(CHANNELS)}")
