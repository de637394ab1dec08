"""What the gate knows besides the case, and what it answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from duewell.core.units.ids import AccountId, CreditorId, PersonId
from duewell.core.units.zones import Zone

ATTEMPT, CONVERSATION, INBOUND, BUSY = "attempt", "conversation", "inbound", "busy"
CONSUMER, BUSINESS = "consumer", "business"


class Contact(NamedTuple):
    """One contact, or a try at one: what the law counts, and how, is up to each rule."""

    at: datetime
    channel: str
    account: AccountId | None = None
    """Which debt it was about; None: about any, so it counts for each."""
    kind: str = ATTEMPT
    """`attempt`, `conversation`, `inbound` (a conversation that the person began) or `busy` (no connection)."""


class Consent(NamedTuple):
    """The person agreed to be called: from this instant on, about this debt (None: about any)."""

    at: datetime
    account: AccountId | None = None


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
    """`vulnerable`, `represented`, `deceased`, `insolvent`, `minor`, and times and places that do not suit
    (`core.law.inconvenient`)."""
    places: tuple[str, ...] = ()
    """Every country (`US`) or region (`US-MA`) where the person may be; empty: none is known, and no country's
    own book applies."""
    debt: str = CONSUMER
    """`consumer` or `business`; what is not known to be a business's debt is a consumer's."""
    consents: tuple[Consent, ...] = ()
    """To be called; of as many days as `contacts`."""


class Asked(NamedTuple):
    """A contact as the rules that shut times see it: of whom, by which channel, about which debt."""

    standing: Standing
    channel: str
    account: AccountId | None
    point: int | None = None


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

    __slots__ = (
        "account",
        "book_digest",
        "closes_at",
        "opens_at",
        "person_version",
        "proposal_digest",
        "warnings",
    )

    def __init__(
        self,
        account: AccountId,
        opens_at: datetime,
        closes_at: datetime,
        book_digest: str,
        person_version: int,
        proposal_digest: str,
        warnings: tuple[Refusal, ...] = (),
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
        self.warnings = warnings
        """What is permitted, and yet should be thought over first."""

    def covers(self, now: datetime) -> bool:
        """Is this instant inside the window (half-open)?"""
        return self.opens_at <= now < self.closes_at
