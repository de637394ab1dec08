"""In default: from which day a claim bears interest, or why it does not yet.

Page: docs/algorithms/interest.md.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from duewell.core.law.interest.rule import Rule, Start

_ONE_DAY = timedelta(days=1)


class Late(NamedTuple):
    """What is known of how a claim fell due. Days that nobody knows are None; none is assumed in our favour."""

    due_on: date
    date_agreed: bool
    """A calendar date, or one that can be worked out from an event, was agreed or stands on the invoice."""
    invoice_received_on: date | None = None
    performed_on: date | None = None
    """When the goods or the service came."""
    warned_of_default: bool = False
    """The invoice told a consumer that default comes by itself after some days."""
    reminded_on: date | None = None
    """When the first reminder after the due date reached the debtor."""
    notice_on: date | None = None
    """When a formal notice of default, or a demand that names interest, reached the debtor."""


class NotLate(NamedTuple):
    """No interest runs yet, and what would make it run."""

    why: str


def late_from(rule: Rule, late: Late, debt: str) -> date | NotLate:
    """The first day that bears interest.

    Args:
        debt: `consumer` or `business`.

    Source: BGB §§ 187(1), 286 (Germany); Directive 2011/7/EU arts 3, 4; Late Payment of Commercial Debts
    (Interest) Act 1998 s. 4 (United Kingdom); C. civ. 1231-6 (France); Räntelag ss. 3, 4 (Sweden).
    """
    match rule.start:
        case Start.NOTICE:
            return _after(late.notice_on, "interest runs from a formal notice, and none is known")
        case Start.DUE_DATE:
            return late.due_on if late.date_agreed else _days_after_notice(rule, late)
        case Start.REMINDER_OR_DATE:
            return _by_reminder(rule, late, debt)
        case _:
            return late.due_on + _ONE_DAY if late.date_agreed else _days_after_invoice(rule, late)


def _after(day: date | None, why: str) -> date | NotLate:
    return NotLate(why) if day is None else day + _ONE_DAY


def _by_reminder(rule: Rule, late: Late, debt: str) -> date | NotLate:
    days = []
    if late.date_agreed:
        days.append(late.due_on + _ONE_DAY)
    if late.reminded_on is not None:
        days.append(late.reminded_on + _ONE_DAY)
    received = late.invoice_received_on
    if received is None and debt == "business":
        received = late.performed_on
    if received is not None and (debt == "business" or late.warned_of_default):
        # The day of the event is not counted (BGB § 187(1)); so many days follow, and default begins after them.
        days.append(max(late.due_on, received) + timedelta(days=rule.grace_days + 1))
    if days:
        return min(days)
    return NotLate("no calendar date was agreed and no reminder is known to have arrived: a reminder is needed")


def _days_after_invoice(rule: Rule, late: Late) -> date | NotLate:
    """No date was agreed: so many days beginning with the later of performance and invoice, then the day after."""
    known = [day for day in (late.invoice_received_on, late.performed_on) if day is not None]
    if not known:
        return NotLate("no date was agreed, and it is not known when the invoice or the goods arrived")
    return max(known) + timedelta(days=rule.grace_days)


def _days_after_notice(rule: Rule, late: Late) -> date | NotLate:
    if late.notice_on is None:
        return NotLate("no date was fixed in advance, and no demand that names interest is known")
    return late.notice_on + timedelta(days=rule.grace_days)
