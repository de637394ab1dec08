"""Holds: why we wait, for an account, a receivable or a part of one.

A hold has a reason, a limit, and an end or a review. Promise and grace resume by themselves on the first
day after their limit. All others wait for a person: their review date never resumes a demand alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from duewell.core.units.ids import HoldId, ReceivableId


class HoldKind(StrEnum):
    """Why we wait. The value is what stands in tables, facts and JSON."""

    PROMISE = "promise"
    GRACE = "grace"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    REPRESENTATION = "representation"
    DEATH = "death"
    INSOLVENCY = "insolvency"
    MISSING_FROM_EXPORT = "missing_from_export"
    OTHER = "other"


RESUMES_BY_ITSELF = frozenset({HoldKind.PROMISE, HoldKind.GRACE})


class BadHold(ValueError):
    """The hold lacks a reason, a limit or a review, or its dates are out of order."""


class Hold(NamedTuple):
    """One reason to wait.

    It holds from `starts_on`. `until_on` is the first free day of a hold that resumes by itself; `review_on`
    is when a person looks at any other; `ended_on` is the first free day once somebody ended it.
    `receivable` None means the whole account; `amount_minor` None means the whole receivable.
    """

    id: HoldId
    kind: HoldKind
    receivable: ReceivableId | None
    amount_minor: int | None
    starts_on: date
    until_on: date | None
    review_on: date | None
    ended_on: date | None
    reason: str

    def active_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        if day < self.starts_on:
            return False
        free = self.free_from()
        return free is None or day < free

    def free_from(self) -> date | None:
        """The first day it no longer holds, as far as is known; None while only a person can end it."""
        known = [self.ended_on] if self.ended_on else []
        if self.kind in RESUMES_BY_ITSELF and self.until_on:
            known.append(self.until_on)
        return min(known) if known else None


def check(hold: Hold) -> Hold:
    """The hold itself, where it keeps the rule that every hold has a reason, a limit and an end or a review.

    Raises:
        BadHold: says what is missing and what to give.
    """
    if not hold.reason.strip():
        raise BadHold("a hold needs a reason: say in a few words why we wait")
    if hold.amount_minor is not None and (hold.receivable is None or hold.amount_minor <= 0):
        raise BadHold("a held part needs an invoice and an amount above zero")
    if hold.kind in RESUMES_BY_ITSELF:
        if hold.until_on is None:
            raise BadHold(f"a {hold.kind} needs the day on which it ends (--until)")
        if hold.until_on <= hold.starts_on:
            raise BadHold(f"a {hold.kind} must end after the day it starts ({hold.starts_on.isoformat()})")
    elif hold.review_on is None:
        raise BadHold(f"a hold for {hold.kind} needs a day on which a person looks at it (--review)")
    elif hold.review_on < hold.starts_on:
        raise BadHold(f"the review must not be before the hold starts ({hold.starts_on.isoformat()})")
    return hold


def held_minor(holds: Iterable[Hold], open_minor: int, day: date) -> int:
    """How much of an open receivable its own holds keep back on this day, at most what is open."""
    held = 0
    for hold in holds:
        if hold.active_on(day):
            held += open_minor if hold.amount_minor is None else hold.amount_minor
    return min(held, open_minor)


def free_from(holds: Iterable[Hold], day: date) -> date | None:
    """The first day after the last hold that is over by this day; None where there was none."""
    over = [
        free for hold in holds if (free := hold.free_from()) is not None and free <= day and free > hold.starts_on
    ]
    return max(over, default=None)
