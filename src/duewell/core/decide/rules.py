"""The words under which a rest is counted, in plans, runs and `why`. They are stable: scripts read them."""

from __future__ import annotations

from typing import Final

from duewell.core.agree.holds import HoldKind

PAID: Final = "paid"
CREDITED: Final = "credited"
NOT_YET: Final = "not_yet"
LADDER_DONE: Final = "ladder_done"
OTHER_STEP: Final = "other_step"
UPCOMING_PASSED: Final = "upcoming_passed"
BELOW_MINIMUM: Final = "below_minimum"
GRACE: Final = "grace"
IN_FLIGHT: Final = "in_flight"
LEAST_GAP: Final = "least_gap"
NOT_BUSINESS_DAY: Final = "not_business_day"
NO_ADDRESS: Final = "no_address"
UNTRANSLATED: Final = "untranslated"
NO_STRATEGY: Final = "no_strategy"
BOOKS_TOO_OLD: Final = "books_too_old"
REVIEW_OPEN: Final = "review_open"

OF_HOLD: Final = {
    HoldKind.DEATH: "deceased",
    HoldKind.INSOLVENCY: "insolvent",
    HoldKind.REPRESENTATION: "represented",
    HoldKind.HARDSHIP: "hardship",
    HoldKind.DISPUTE: "disputed",
    HoldKind.MISSING_FROM_EXPORT: "missing_from_export",
    HoldKind.OTHER: "held",
    HoldKind.PROMISE: "promised",
    HoldKind.GRACE: GRACE,
}
"""Gravest first: where several holds stand together, the first in this order decides."""

MEANING: Final = {
    PAID: "nothing is open on the account",
    "deceased": "a hold: the customer died",
    "insolvent": "a hold: the customer is insolvent",
    "represented": "a hold: somebody speaks for the customer",
    "hardship": "a hold: the customer cannot pay",
    "disputed": "a hold: the customer disputes the invoice",
    "missing_from_export": "a hold: the invoice vanished from a complete list",
    "held": "a hold for another reason",
    "promised": "a hold: the customer promised to pay",
    GRACE: "a hold that gives time, or the grace days of the strategy",
    IN_FLIGHT: "a message waits, is on its way, or may have arrived",
    NOT_YET: "no invoice has come to the day of its next step",
    UPCOMING_PASSED: "the step before the due date came too late, and no other follows",
    LADDER_DONE: "every invoice has reached the last step of the strategy",
    OTHER_STEP: "the step a message was planned for is no longer the next one",
    CREDITED: "credit covers every invoice that would move",
    BELOW_MINIMUM: "less is due than the strategy asks for at the least",
    LEAST_GAP: "the message before is too recent",
    NOT_BUSINESS_DAY: "the step goes out on business days only",
    NO_ADDRESS: "no usable address on any channel of the step",
    UNTRANSLATED: "a translation is missing for what the step says",
    NO_STRATEGY: "no strategy of the creditor is for this account",
    BOOKS_TOO_OLD: "the creditor's books are older than its policy allows",
    REVIEW_OPEN: "a question about the account waits for a person",
}
"""What each word says, in the order in which they decide; an account without strategy has no word between
`in_flight` and `no_strategy`. After them comes `missing_...`, which names the placeholder that nobody gave,
its dots written as `_`."""


def of_missing(placeholder: str) -> str:
    """The word for a placeholder that nobody gave: `creditor.iban` counts as `missing_creditor_iban`."""
    return "missing_" + placeholder.replace(".", "_")
