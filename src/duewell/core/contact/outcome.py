"""How a call ended, and what follows from it for the message, for the law's counts and for the number.

Page: docs/how-to/call-customers.md.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

TRIES_MAX = 3
"""After so many calls that nobody answered the message goes on by the next channel, or a person is asked."""
PROMISE_DAYS = 3
"""So many days after the promised day the money has to arrive before we ask again."""
REVIEW_DAYS = 14
"""After so many days a person looks at a dispute or a hardship that was told on the telephone."""


class Outcome(StrEnum):
    """The word that stands in the command, in marks and in JSON."""

    PROMISED = "promised"
    WILL_PAY = "will_pay"
    DISPUTED = "disputed"
    HARDSHIP = "hardship"
    REFUSES = "refuses"
    CALL_BACK = "call_back"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NOT_IN_SERVICE = "not_in_service"
    WRONG_NUMBER = "wrong_number"


class Meaning(NamedTuple):
    """What an outcome means.

    `state` of the attempt: `accepted` (the customer heard it, so its invoices reach their stage), `deferred` (it
    is called again), `refused` (not on this number again).
    """

    state: str
    spoken: bool
    """There was a conversation with the customer."""
    counts: bool
    """The law counts it as a call; where not, its slot is free again."""
    again_after: timedelta | None
    """When it is called again unless told otherwise."""
    says: str
    """In the words of the history."""


MEANING = {
    Outcome.PROMISED: Meaning("accepted", True, True, None, "the customer promised to pay"),
    Outcome.WILL_PAY: Meaning("accepted", True, True, None, "the customer will pay"),
    Outcome.DISPUTED: Meaning("accepted", True, True, None, "the customer disputes it"),
    Outcome.HARDSHIP: Meaning("accepted", True, True, None, "the customer cannot pay at present"),
    Outcome.REFUSES: Meaning("accepted", True, True, None, "the customer refuses to pay"),
    Outcome.CALL_BACK: Meaning("deferred", True, True, timedelta(days=1), "the customer asked to be called back"),
    Outcome.VOICEMAIL: Meaning("deferred", False, True, timedelta(days=1), "a machine answered"),
    Outcome.NO_ANSWER: Meaning("deferred", False, True, timedelta(hours=4), "nobody answered"),
    Outcome.BUSY: Meaning("deferred", False, False, timedelta(minutes=15), "the line was busy"),
    Outcome.NOT_IN_SERVICE: Meaning("refused", False, False, None, "the number is not in service"),
    Outcome.WRONG_NUMBER: Meaning("refused", False, False, None, "the number is somebody else's"),
}
UNANSWERED = frozenset({Outcome.VOICEMAIL, Outcome.NO_ANSWER})
"""Of these only so many are made."""
NUMBER_FAILS = frozenset({Outcome.NOT_IN_SERVICE, Outcome.WRONG_NUMBER})
"""The number is not called again."""
