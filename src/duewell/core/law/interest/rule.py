"""What a law says of interest for one kind of debt, as values read from a rule book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Start(StrEnum):
    """From when interest runs, by the law's own way of saying it."""

    DAY_AFTER_DUE = "day_after_due"
    """The day after the due date, without a word from the creditor."""
    DUE_DATE = "due_date"
    """The due date itself, where it was fixed in advance."""
    NOTICE = "notice"
    """The day after a formal notice reached the debtor."""
    REMINDER_OR_DATE = "reminder_or_date"
    """The day after a calendar date, else after a reminder, else some days after invoice and due date."""


class DayCount(StrEnum):
    """How days become a share of a year."""

    ACTUAL_365 = "actual_365"
    ACTUAL_ACTUAL = "actual_actual"
    """366 for days of a leap year."""
    THIRTY_360 = "thirty_360"


class Compounding(StrEnum):
    """Whether interest bears interest."""

    NONE = "none"
    YEARLY = "yearly"
    MONTHLY = "monthly"


class FlatSum(NamedTuple):
    """A sum for recovery that is owed once for each claim: the first tier whose bound the claim does not reach."""

    currency: str
    """Of the sum."""
    claims_in: str
    """The currency in which the bounds of the claims are given."""
    tiers: tuple[tuple[int | None, int], ...]
    """Claims below so many minor units (None: all others), and the sum in minor units."""
    source: str
    confidence: str

    def of(self, claim_minor: int) -> int:
        """The sum for a claim, in minor units."""
        return next(minor for below, minor in self.tiers if below is None or claim_minor < below)


class Rule(NamedTuple):
    """Statutory interest on one kind of debt in one place."""

    key: str
    """Such as `DE.consumer`."""
    title: str
    debts: frozenset[str]
    """`consumer`, `business`."""
    table: str
    """Key of the reference rate; empty where the law names the whole rate."""
    margin: Decimal
    """Percentage points on top of the reference, or the whole rate a year."""
    times: Decimal
    """By what the reference is multiplied before the margin; 1 nearly everywhere."""
    per_day: Decimal
    """Percent for each day, where the law counts so; then table and margin are not used."""
    follows: bool
    """Whether a change of the reference changes the rate of running debts, or the first rate stays for good."""
    start: Start
    grace_days: int
    """With `REMINDER_OR_DATE` and where no date was agreed: the days after which it runs by itself."""
    day_count: DayCount
    compounding: Compounding
    capped_at_principal: bool
    floor_table: str
    """A contract may not agree on less than `floor_times` this rate; empty where the law has no floor."""
    floor_times: Decimal
    ceiling: bool
    """A contract may not agree on more than the statutory rate."""
    flat_sum: FlatSum | None
    from_on: date
    until_on: date | None
    source: str
    confidence: str
    day_count_says: str
    """What the statement says of the way of counting days."""
