"""Review: questions that only a person may answer, and what the answer sets in motion.

refused   the address or the message was refused     allow: try again     deny: leave it
unknown   nobody can know whether it arrived          allow: it did not, decide anew    deny: it counts as sent
hold      a hold has come to its review               allow: end the hold     deny: keep waiting
law       the law wants a person to decide            allow: it may be sent     deny: it may not
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

ANSWERS = {
    "refused": ("try again, with the address there is now", "leave it: nothing more is sent until it is allowed"),
    "unknown": ("it did not arrive: decide anew", "it counts as sent"),
    "hold": ("end the hold", "keep waiting"),
    "law": ("it may be sent", "it may not be sent"),
}


class NoSuchQuestion(Exception):
    """There is no open question with this number."""


class QuestionView(NamedTuple):
    """One question. `subject` is the attempt, hold or rule it is about."""

    id: int
    kind: str
    account: str
    subject: str
    text: str
    state: str
    opened_at: str
    if_allowed: str
    if_denied: str


class ReviewStore(Protocol):
    """Where questions are kept."""

    def find(self, question: int) -> QuestionView | None:
        """The question, or None."""
        ...

    def answer(self, question: QuestionView, *, allow: bool, by: str, reason: str) -> bool:
        """Write the answer and what follows, in one transaction; False where somebody was first."""
        ...


def answer(store: ReviewStore, question: int, *, allow: bool, by: str, reason: str) -> QuestionView:
    """Answer an open question; the answer and who gave it are facts.

    Raises:
        NoSuchQuestion: there is none with this number, or it has been answered.
    """
    found = store.find(question)
    if found is None:
        raise NoSuchQuestion(f"there is no question {question}: `duewell review list` shows them")
    if found.state != "open" or not store.answer(found, allow=allow, by=by, reason=reason):
        raise NoSuchQuestion(f"question {question} was answered before")
    answered = store.find(question)
    assert answered is not None
    return answered
