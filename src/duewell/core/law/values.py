"""What the gate knows besides the case, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from duewell.core.units.ids import AccountId, CreditorId, PersonId
from duewell.core.units.zones import Zone


class Contact(NamedTuple):
    """One contact that reached, or may have reached, the person: the law counts it."""

    at: datetime
    channel: str


class Stop(NamedTuple):
    """The person said: not any more. `channel` empty means every channel; `creditor` None means everybody."""

    creditor: CreditorId | None
    channel: str
    point: int | None
    since: datetime
    reason: str


class Standing(NamedTuple):
    """All that the law counts per person, on the operator's level, looked up at the edge."""

    person: PersonId
    version: int
    zones: tuple[Zone, ...]
    """Every zone where the person may be; never empty."""
    holidays: frozenset[date]
    """Public holidays of every place where the person may be, for the days asked about."""
    contacts: tuple[Contact, ...]
    """Of the last eight days at least, over all accounts and creditors."""
    stops: tuple[Stop, ...]
    """Living ones only."""
    flags: frozenset[str]
    """`vulnerable`, `represented`, `deceased`, `insolvent`, `minor`."""


class Refusal(NamedTuple):
    """One rule says no. `until` is the first instant it may say otherwise; None if only a person can end it."""

    rule: str
    text: str
    source: str
    until: datetime | None


class Refused(NamedTuple):
    """The law says no: every rule that refuses is kept."""

    refusals: tuple[Refusal, ...]

    @property
    def until(self) -> datetime | None:
        """The latest `until`; None when one of them has no known end."""
        ends = [refusal.until for refusal in self.refusals]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None


class Review(NamedTuple):
    """A person must decide."""

    questions: tuple[Refusal, ...]


_THE_GATE = object()


class Permit:
    """The law permits this contact between two instants. Only the gate makes one."""

    __slots__ = ("account", "book_digest", "closes_at", "opens_at", "person_version", "proposal_digest")

    def __init__(
        self,
        account: AccountId,
        opens_at: datetime,
        closes_at: datetime,
        book_digest: str,
        person_version: int,
        proposal_digest: str,
        *,
        made_by: object,
    ) -> None:
        if made_by is not _THE_GATE:
            raise TypeError("only duewell.core.law.gate makes a permit")
        self.account = account
        self.opens_at = opens_at
        self.closes_at = closes_at
        self.book_digest = book_digest
        self.person_version = person_version
        self.proposal_digest = proposal_digest

    def covers(self, now: datetime) -> bool:
        """Is this instant inside the window (half-open)?"""
        return self.opens_at <= now < self.closes_at
