"""A call: what is to be said, and what is not, as values. The words are in the catalogue of each language.

A call needs the same permit as a message: its script is made from composed content, and only the gate's permit
leads there (`compose`).
"""

from __future__ import annotations

from typing import NamedTuple

from duewell.core.contact.values import Content
from duewell.core.decide.stages import Stage

COLLECTOR = "collector"
"""The statement of who collects for others: that it is an attempt to collect a debt (15 U.S.C. 1692d(6))."""

BEFORE = ("hello", "ask_for", "identify")
"""Said before the person is known to be the customer; nothing in it tells of a debt."""
OPTIONS = ("pay", "promise", "parts", "dispute", "hardship", "call_back")
"""What the customer can do; each has a sentence `option_...`."""
TO_OTHERS = "somebody_else"
NOT_TO_OTHERS = ("debt", "sum", "invoice", "number")
"""Of this nothing is said to somebody else who answers, nor to a machine: that there is a debt, how much, for what
invoice, under what customer number."""


class Script(NamedTuple):
    """What a collector says, in order, as keys of sentences; the values of their placeholders are in `content`."""

    content: Content
    before: tuple[str, ...]
    statements: tuple[str, ...]
    """What must be said because the law of the place wants it, right after the person is known."""
    matter: str
    """`matter`, or `matter_upcoming` where nothing is due yet."""
    options: tuple[str, ...]
    to_others: str
    not_to_others: tuple[str, ...]
    voicemail: bool
    """Whether a message may be left: only where there is a number to call back."""


def script(content: Content, statements: tuple[str, ...] = ()) -> Script:
    """The script of a call about this content.

    Args:
        statements: what the law of the place wants said, as keys of sentences.
    """
    upcoming = content.words.stage is Stage.UPCOMING or content.earliest_due_on > content.as_of
    return Script(
        content=content,
        before=BEFORE,
        statements=statements,
        matter="matter_upcoming" if upcoming else "matter",
        options=OPTIONS,
        to_others=TO_OTHERS,
        not_to_others=NOT_TO_OTHERS,
        voicemail=bool(content.sender.phone),
    )
