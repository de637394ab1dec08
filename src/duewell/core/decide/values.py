"""What a decision is made from, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from duewell.core.agree.holds import Hold
from duewell.core.decide.stages import Stage
from duewell.core.units.ids import AccountId, CreditorId, MessageId, PartyId, PersonId, PointId, ReceivableId


class Calendar(NamedTuple):
    """Business days of the creditor: weekdays that are free (Monday is 0) and single free days."""

    weekend: frozenset[int]
    holidays: frozenset[date]

    def is_business_day(self, day: date) -> bool:
        """Neither weekend nor holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays


class Item(NamedTuple):
    """One open receivable as a decision sees it. `holds` are those of this receivable alone, past ones too."""

    id: ReceivableId
    number: str
    issued_on: date
    due_on: date
    currency: str
    open_minor: int
    reached: Stage
    reached_on: date | None
    holds: tuple[Hold, ...]
    claimed: Stage | None
    """The stage a living claim already holds, if any: it cannot be claimed twice."""


class Recipient(NamedTuple):
    """Where the account's one message goes: the primary debtor's usable contact point on one channel."""

    party: PartyId
    person: PersonId
    point: PointId
    channel: str
    language: str


class Participant(NamedTuple):
    """Somebody who stands on the account beside the primary debtor, and can be reached."""

    role: str
    """A word of `core.party.roles.Role`."""
    recipients: tuple[Recipient, ...]
    """Usable contact points, best first; one per channel; never empty."""


Untranslated = Mapping[tuple[str, str, str, str], str]
"""What cannot be said in full: language, channel, tone and key of the stage, to a word on what it lacks."""


class Case(NamedTuple):
    """All that a decision may know of one account on one day."""

    account: AccountId
    creditor: CreditorId
    version: int
    kind: str
    """`person`, `business` or `unknown`."""
    country: str
    segment: str
    items: tuple[Item, ...]
    """Every receivable with something open, any order."""
    credits: tuple[tuple[str, int], ...]
    """Unapplied money per currency, minor units, above zero."""
    holds: tuple[Hold, ...]
    """Holds of the whole account, past ones too."""
    recipients: tuple[Recipient, ...]
    """Usable contact points, best first; one per channel."""
    missing: tuple[str, ...]
    """Placeholders the message would need and nobody gave, such as `creditor.iban`."""
    last_message_on: date | None
    """The creditor's civil date of the last demand that left; for the least gap."""
    in_flight: MessageId | None
    """A message of this account that waits, is on its way or is unknown."""
    reviews: tuple[str, ...]
    """Open questions to a person about this account, by kind."""
    books_too_old: bool
    """The creditor's open items are older than its policy allows."""
    calendar: Calendar
    strategy: str = ""
    """Key of the strategy the account was given by hand; empty leaves the choice to the conditions."""
    participants: tuple[Participant, ...] = ()
    """By role and party; looked up only where a step sends copies."""
    untranslated: Untranslated = MappingProxyType({})
    """The same for all cases of an installation, and empty where every language that it has is whole."""


class Forecast(NamedTuple):
    """When money is likely to come. Nothing is known yet where both are None."""

    expected_on: date | None = None
    per_mille: int | None = None


class Line(NamedTuple):
    """One item on the message: what is open, what of it is held back (disputed), what is asked for."""

    receivable: ReceivableId
    currency: str
    due_on: date
    open_minor: int
    held_minor: int

    @property
    def asked_minor(self) -> int:
        """What we ask for."""
        return self.open_minor - self.held_minor


class Advance(NamedTuple):
    """One receivable moves to a stage when the message is accepted."""

    receivable: ReceivableId
    stage: Stage


class Net(NamedTuple):
    """Per currency: what is asked for before credits, the credits set against it, and what remains."""

    currency: str
    asked_minor: int
    credit_minor: int

    @property
    def net_minor(self) -> int:
        """What the customer is asked to pay."""
        return self.asked_minor - self.credit_minor


class Copy(NamedTuple):
    """Somebody who gets the message too, in words of their own and unseen by the others."""

    role: str
    recipient: Recipient


class Proposal(NamedTuple):
    """What the strategy wants to say to one account today."""

    account: AccountId
    creditor: CreditorId
    as_of: date
    stage: Stage
    purpose: str
    """`demand`; `service` and `notice` come with other verbs."""
    tone: str
    recipient: Recipient
    strategy: str
    strategy_digest: str
    lines: tuple[Line, ...]
    """Every due item, oldest due first, then by id."""
    nets: tuple[Net, ...]
    """By currency code."""
    advances: tuple[Advance, ...]
    """By receivable id."""
    fell_due_on: date
    """The day the message's stage fell due."""
    others: tuple[Recipient, ...] = ()
    """The primary debtor's usable points on the further channels of the step, in the step's order."""
    channels: tuple[str, ...] = ()
    """The channels of the step, in its order."""
    wait_days: int = 3
    """So long the law may keep a channel waiting before the next one is taken."""
    copies: tuple[Copy, ...] = ()
    """Who gets the message too once it has arrived; by role in the step's order, then by party."""
    attach: tuple[str, ...] = ()
    """What goes along with an e-mail: `statement`, `invoices`."""
    role: str = ""
    """As what the recipient stands on the account; empty for the primary debtor."""


class Reason(NamedTuple):
    """Why nothing is wanted, or what nearly decided. `until` is the first day it can change, if known."""

    rule: str
    text: str
    source: str
    until: date | None


class Rest(NamedTuple):
    """The strategy wants nothing today. The first reason decided; the others would have, had it not."""

    account: AccountId
    reasons: tuple[Reason, ...]

    @property
    def rule(self) -> str:
        """The key under which it is counted."""
        return self.reasons[0].rule


class Condition(NamedTuple):
    """For whom: every part that is given must hold. Balances are what is due, per currency, in minor units."""

    kinds: frozenset[str] | None = None
    countries: frozenset[str] | None = None
    segments: frozenset[str] | None = None
    balance_at_least: tuple[tuple[str, int], ...] = ()
    balance_below: tuple[tuple[str, int], ...] = ()


class Step(NamedTuple):
    """One rung of the ladder. `offset_days` counts from the due date; before it is negative."""

    stage: Stage
    offset_days: int
    channels: tuple[str, ...]
    tone: str
    """Empty in a strategy as it was read: the creditor's, see `tone.in_tone`."""
    business_days_only: bool
    condition: Condition | None
    wait_days: int = 3
    """So many days the law may keep a channel waiting before the next one is taken."""
    copies: tuple[str, ...] = ()
    """Roles that get a copy: words of `core.party.roles.Role`."""
    attach: tuple[str, ...] = ()
    """What goes along with an e-mail: `statement`, `invoices`."""


class Strategy(NamedTuple):
    """The ladder, as read from one version of a file. Steps stand in the order of their stages."""

    key: str
    digest: str
    """SHA-256 over the bytes of the file, hexadecimal."""
    title: str
    condition: Condition
    grace_days: int
    minimum_minor: tuple[tuple[str, int], ...]
    """Per currency; a currency that is not named has the minimum 1."""
    least_gap_days: int
    steps: tuple[Step, ...]
