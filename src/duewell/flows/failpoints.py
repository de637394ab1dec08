"""Failpoints: named places where a test may kill this very process with SIGKILL.

A place is marked by `hit("send.socket.body")` and costs one comparison as long as nothing is armed.
The environment variable DUEWELL_FAILPOINT, read once at import, arms it:

    send.socket.dot.before:3    kill at the third time that place is reached (no number means the first)
    random:SEED:MEAN            kill at every place with probability 1/MEAN, drawn by a generator seeded with SEED

The kill is `kill -9`: no handler, no `finally`, no flush. Whatever must survive it has to be durable already.
The kill tests enumerate `NAMES`, so a place that is not declared there raises as soon as anything is armed.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from typing import Final

VARIABLE: Final = "DUEWELL_FAILPOINT"

# The one list of places, in the order in which a run meets them. Add yours here.
_DECLARED: Final = (
    "import.commit.before",
    "import.commit.after",
    "run.commit.before",
    "run.commit.after",
    "release.commit.before",
    "release.commit.after",
    "seal.commit.before",  # leaves, at the end of every command and now and then while sending
    "seal.commit.after",
    "seal.head.before",  # before the signed head is written to its file
    "seal.head.after",
    "send.token.commit.before",
    "send.token.commit.after",
    "send.take.commit.before",
    "send.take.commit.after",
    "send.recover.commit.before",
    "send.recover.commit.after",
    "send.settle.commit.before",
    "send.settle.commit.after",
    "print.open.commit.before",
    "print.open.commit.after",
    "print.files.before",  # before the file of a batch is put in its place
    "print.files.between",  # the lists are there, the file is not
    "print.files.after",
    "print.ready.commit.before",
    "print.ready.commit.after",
    "print.handover.commit.before",
    "print.handover.commit.after",
    "print.takeout.commit.before",
    "print.takeout.commit.after",
    "print.cancel.commit.before",
    "print.cancel.commit.after",
    "print.end.commit.before",
    "print.end.commit.after",
    "print.returned.commit.before",
    "print.returned.commit.after",
    "calls.take.before",
    "calls.take.after",
    "calls.end.commit.before",
    "calls.end.commit.after",
    "calls.forgotten.commit.before",
    "calls.forgotten.commit.after",
    "contact.bounced.commit.before",
    "contact.bounced.commit.after",
    "review.open.commit.before",
    "review.open.commit.after",
    "send.aside.commit.before",
    "send.aside.commit.after",
    "send.start.commit.before",
    "send.start.commit.after",
    "send.closing.commit.before",
    "send.closing.commit.after",
    "send.finish.commit.before",
    "send.finish.commit.after",
    "send.letgo.commit.before",
    "send.letgo.commit.after",
    "send.socket.connect",  # before the connection is asked for
    "send.socket.greet",  # before each write that opens the session: EHLO, STARTTLS, AUTH
    "send.socket.rset",  # before RSET, which only follows a refusal on the same connection
    "send.socket.envelope",  # before MAIL, RCPT, DATA (once when pipelined, else before each)
    "send.socket.envelope.after",
    "send.socket.body",  # before the body, which never carries the final dot
    "send.socket.body.after",
    "send.socket.dot.before",
    "send.socket.dot.after",  # the dot is with the operating system, no reply read
    "send.socket.reply",  # the reply to the dot is read, nothing noted yet
    "send.socket.quit",  # before QUIT
)

NAMES: Final = frozenset(_DECLARED)


class BadFailpoint(ValueError):
    """The variable cannot be read, or a place is not declared in this file."""


def hit(name: str) -> None:
    """Mark the place `name`; return at once unless a failpoint is armed.

    Raises:
        BadFailpoint: something is armed and `name` is not declared in `NAMES`.
    """
    if _armed is not None:
        _armed.hit(name)


class Plan:
    """When to kill: at the nth time of one place, or at random places.

    Args:
        text: the value of the environment variable.
        kill: what killing means; tests put something gentler here.

    Raises:
        BadFailpoint: `text` has neither of the two forms, or names an undeclared place.
    """

    def __init__(self, text: str, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._lock = threading.Lock()
        self._name: str | None = None
        self._left = 0
        self._mean = 0
        self._random = random.Random()  # noqa: S311 - chooses where a test dies, keeps no secret
        head, _, rest = text.partition(":")
        if head == "random":
            seed, _, mean = rest.partition(":")
            self._mean = _positive(mean, text)
            self._random.seed(seed)
        elif head in NAMES:
            self._name = head
            self._left = _positive(rest or "1", text)
        else:
            raise BadFailpoint(
                f"{VARIABLE}={text!r}: no such place. Use one of {', '.join(_DECLARED)}, or random:SEED:MEAN."
            )

    def hit(self, name: str) -> None:
        """Count one arrival at `name` and kill if its turn has come."""
        if name not in NAMES:
            raise BadFailpoint(f"failpoint {name!r} is not declared in {__name__}")
        with self._lock:
            if self._name is None:
                due = self._random.randrange(self._mean) == 0
            else:
                self._left -= name == self._name
                due = name == self._name and self._left == 0
        if due:
            self._kill()


def _positive(number: str, text: str) -> int:
    if not number.isascii() or not number.isdigit() or int(number) < 1:
        raise BadFailpoint(f"{VARIABLE}={text!r}: the count or mean must be a whole number from 1")
    return int(number)


def _kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_text = os.environ.get(VARIABLE)
_armed: Plan | None = Plan(_text, _kill_this_process) if _text else None
