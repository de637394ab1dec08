"""How the made-up customers pay: by themselves, and when something reaches them.

The numbers are made up and stand here to be read. They are no forecast, and whoever wants to know what reminders
do for a real firm must measure it there. Everything is drawn from the seed, the invoice and what has reached the
customer: the same happens however often it is asked, and the same falls due in a world without reminders.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from duewell.adapters.demo.bank_days import working

NEVER: Final = date.max


class Habit(StrEnum):
    """How somebody deals with invoices."""

    PROMPT = "prompt"
    SLOW = "slow"
    FORGETFUL = "forgetful"
    SHORT = "short"
    """Short of money: pays in parts, or promises."""
    QUARRELS = "quarrels"
    """Finds something wrong with what was delivered."""
    UNWILLING = "unwilling"


_SHARES: Final = {
    Habit.PROMPT: 46,
    Habit.SLOW: 24,
    Habit.FORGETFUL: 16,
    Habit.SHORT: 8,
    Habit.QUARRELS: 3,
    Habit.UNWILLING: 3,
}
MOVED_PER_MILLE: Final = 25
"""Customers whose old address stops working within the time told."""


class Deed(StrEnum):
    """What a customer does when a message has reached them."""

    NOTHING = "nothing"
    PAYS = "pays"
    PAYS_HALF = "pays_half"
    PROMISES = "promises"
    DISPUTES = "disputes"
    SAYS_STOP = "says_stop"


class Ring(StrEnum):
    """How a call ends, by the words of the command that notes it."""

    PROMISED = "promised"
    WILL_PAY = "will_pay"
    REFUSES = "refuses"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NOT_IN_SERVICE = "not_in_service"


class Call(NamedTuple):
    """How one call to a customer ends."""

    ring: Ring
    pays_on: date = NEVER
    """The day on which money leaves because of it."""
    until: date = NEVER
    """Of a promise: the day that was named."""


class Answer(NamedTuple):
    """What one message makes a customer do about one invoice, and when."""

    deed: Deed
    on: date = NEVER
    """The day on which money leaves, or the customer speaks up."""
    until: date = NEVER
    """Of a promise: the day by which they will pay."""
    kept: bool = True
    """Whether the promise will be kept, or the dispute was without reason."""


def habit_of(seed: int, customer: str) -> Habit:
    """The habit of a customer."""
    draw = _draw(seed, customer, "habit")
    return draw.choices(list(_SHARES), list(_SHARES.values()))[0]


def moves_on(seed: int, customer: str, start: date, days: int) -> date:
    """The day on which the address of a customer stops working, or `NEVER`."""
    draw = _draw(seed, customer, "moves")
    if draw.randrange(1000) >= MOVED_PER_MILLE:
        return NEVER
    return start + timedelta(days=draw.randrange(3, max(days // 2, 4)))


def by_itself(seed: int, invoice: str, habit: Habit, due_on: date) -> date:
    """The day on which an invoice would be paid if nobody said a word, or `NEVER`."""
    draw = _draw(seed, invoice, "by itself")
    earliest, latest, of_hundred = {
        Habit.PROMPT: (-6, 3, 97),
        Habit.SLOW: (3, 45, 92),
        Habit.FORGETFUL: (15, 130, 55),
        Habit.SHORT: (25, 150, 50),
        Habit.QUARRELS: (40, 160, 50),
        Habit.UNWILLING: (60, 200, 10),
    }[habit]
    late = draw.randint(earliest, latest)
    return working(due_on + timedelta(days=late)) if draw.randrange(100) < of_hundred else NEVER


def answer(seed: int, invoice: str, habit: Habit, told: int, on: date, *, was_due: bool) -> Answer:
    """What the `told`th message about an invoice, read on a day, makes the customer do.

    Args:
        was_due: the invoice had come to its due date.
    """
    draw = _draw(seed, invoice, f"message {told}")
    if not was_due:
        # A word before the due date helps some who mean well, and nobody else.
        if habit in (Habit.SLOW, Habit.FORGETFUL) and draw.randrange(100) < 30:
            return Answer(Deed.PAYS, _after(on, draw, 2, 5))
        return Answer(Deed.NOTHING)
    chance = draw.randrange(100)
    if habit is Habit.QUARRELS and told == 1:
        return Answer(Deed.DISPUTES, _after(on, draw, 0, 3), kept=draw.randrange(2) == 0)
    if habit is Habit.SHORT:
        if chance < 30:
            said = _after(on, draw, 0, 2)
            until = working(said + timedelta(days=draw.randint(8, 20)))
            return Answer(Deed.PROMISES, said, until, draw.randrange(100) < 70)
        if chance < 52:
            return Answer(Deed.PAYS_HALF, _after(on, draw, 2, 9))
        return Answer(Deed.PAYS, _after(on, draw, 3, 9)) if chance < 64 else Answer(Deed.NOTHING)
    if habit is Habit.UNWILLING:
        if told == 1 and chance < 12:
            return Answer(Deed.SAYS_STOP, _after(on, draw, 0, 1))
        return Answer(Deed.PAYS, _after(on, draw, 2, 6)) if told >= 4 and chance < 25 else Answer(Deed.NOTHING)
    pays = {Habit.PROMPT: 85, Habit.SLOW: 46, Habit.FORGETFUL: 60, Habit.QUARRELS: 30}[habit]
    return Answer(Deed.PAYS, _after(on, draw, 1, 7)) if chance < pays else Answer(Deed.NOTHING)


def call(seed: int, customer: str, habit: Habit, tried: int, on: date) -> Call:
    """How the `tried`th call to a customer ends."""
    draw = _draw(seed, customer, f"call {tried}")
    chance = draw.randrange(100)
    for ring, below in ((Ring.NO_ANSWER, 30), (Ring.VOICEMAIL, 42), (Ring.BUSY, 46), (Ring.NOT_IN_SERVICE, 48)):
        if chance < below:
            return Call(ring)
    if habit is Habit.UNWILLING and chance < 90:
        return Call(Ring.REFUSES)
    if chance < 84:
        until = working(on + timedelta(days=draw.randint(4, 14)))
        return Call(Ring.PROMISED, until if draw.randrange(100) < 75 else NEVER, until)
    return Call(Ring.WILL_PAY, _after(on, draw, 1, 5)) if chance < 96 else Call(Ring.REFUSES)


def letter_returns(seed: int, customer: str, number: int) -> bool:
    """Whether the post brings the `number`th letter to somebody who has moved back."""
    return _draw(seed, customer, f"letter {number}").randrange(100) < 40


def _after(on: date, draw: Random, earliest: int, latest: int) -> date:
    return working(on + timedelta(days=draw.randint(earliest, latest)))


def _draw(seed: int, about: str, what: str) -> Random:
    return Random(f"{seed}/{about}/{what}")  # noqa: S311 (made-up people, no secrets)
