"""Changes: what ends a reason that does not end by itself, for every rule of strategy and law.

Page: docs/explanation/reasons.md.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from duewell.core.decide import rules
from duewell.core.decide.wording import day

_HOLD: Final = "A person ends the hold (`duewell hold end`); its review date only asks whether to."

BY_SOMEBODY: Final = {
    rules.PAID: "A new invoice changes it.",
    "deceased": _HOLD,
    "insolvent": _HOLD,
    "represented": _HOLD,
    "hardship": _HOLD,
    "disputed": _HOLD,
    "missing_from_export": "A payment, a list that has the invoice again, or a person who ends the hold.",
    "held": _HOLD,
    "promised": "A person ends the hold (`duewell hold end`).",
    rules.GRACE: "A person ends the hold (`duewell hold end`), or a date or the strategy is changed.",
    rules.IN_FLIGHT: "It changes when the message has arrived, or certainly has not.",
    rules.NOT_YET: "A new invoice, a corrected date or another strategy changes it.",
    rules.UPCOMING_PASSED: "A new invoice or another strategy changes it.",
    rules.LADDER_DONE: "A new invoice, a further step of the strategy or a person changes it.",
    rules.OTHER_STEP: "The message is withheld when it is sent, and the next run decides anew.",
    rules.CREDITED: "A new invoice changes it, or the credit being put to another use.",
    rules.BELOW_MINIMUM: "More that is due changes it, or a lower minimum in the strategy.",
    rules.LEAST_GAP: "It ends with the days of the gap.",
    rules.NOT_BUSINESS_DAY: "The calendar of the creditor has no business day in sight: a person looks at it.",
    rules.NO_ADDRESS: "An address of the customer changes it (`duewell import customers`).",
    rules.UNTRANSLATED: "Somebody translates what is missing (`duewell texts check`).",
    rules.NO_STRATEGY: "A strategy that is for this account changes it (`duewell creditor edit --strategy KEY`).",
    rules.BOOKS_TOO_OLD: "A fresh list of open items changes it (`duewell import invoices FILE --full`).",
    rules.REVIEW_OPEN: "A person answers the question (`duewell review list`).",
    "hours": "It ends with the clock.",
    "hours.never": "Somebody finds out where the customer is, and gives zone or region.",
    "days.weekday": "It ends with the day.",
    "days.holiday": "It ends with the day.",
    "frequency": "It ends with the days of the count.",
    "calls.count": "It ends with the days of the count.",
    "calls.wait": "It ends with the days of the wait.",
    "times.inconvenient": "It ends with the clock, or a person takes the flag away (`duewell person flag end`).",
    "places.inconvenient": "A person takes the flag away (`duewell person flag end`).",
    "stops.last_word": "Nothing changes it: what may follow a stop has been said, or is too late.",
    "stops.opt_out": "The person takes it back, and somebody ends the stop (`duewell stop CUSTOMER --end`).",
    "stops.deceased": "A person takes the flag away.",
    "stops.represented": "A person takes the flag away.",
    "stops.insolvent": "A person takes the flag away.",
    "stops.minor": "A person takes the flag away.",
    "recipients": "It ends where the debt is a firm's, or another role may hear of it.",
    "stops.vulnerable": "A person answers the question (`duewell review list`).",
    "halted": "A person lifts the kill switch (`duewell resume`).",
}
"""By rule: who or what changes it where no day is known."""

MISSING: Final = "Somebody gives what is missing (`duewell creditor edit`, or `duewell import customers`)."


def change(rule: str, until: date | None) -> str:
    """How a reason ends: by itself on a day, or by whom and with which command."""
    if until is not None:
        return f"It changes by itself on {day(until)}, and before only if something happens."
    if rule.startswith("missing_") and rule not in BY_SOMEBODY:
        return MISSING
    return BY_SOMEBODY[rule]
