"""Bounce: a mail that had been accepted came back, as a person says; and where it had not after all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class CannotBounce(ValueError):
    """Nothing that bounced can be found, or it is too late to take it back; the message says why."""


class Bounced(NamedTuple):
    """What became of one attempt. `next` is the channel on which its message goes on; empty where none is left."""

    attempt: int
    account: str
    role: str
    next: str


class Bounces(NamedTuple):
    """What a bounce did: attempts that came back, and contact points that are no longer used."""

    attempts: tuple[Bounced, ...]
    points: int


class BounceBook(Protocol):
    """Where attempts are kept, of one creditor."""

    def points(self, address: str) -> Sequence[int]:
        """The contact points with this e-mail address."""
        ...

    def latest(self, points: Sequence[int]) -> Sequence[int]:
        """The latest accepted attempt to each of these points, of the last weeks."""
        ...

    def accepted(self, attempt: int) -> bool:
        """Is this an e-mail of the creditor that was accepted, or of which nobody knows?"""
        ...

    def came_back(self, attempts: Sequence[int], points: Sequence[int], reason: str) -> Bounces:
        """Keep that they came back, with facts and what follows, in one transaction."""
        ...

    def restore(self, attempt: int, reason: str) -> str:
        """Keep that it had not come back; empty, or why that is too late."""
        ...


def bounced(book: BounceBook, what: str, reason: str) -> Bounces:
    """A mail bounced: the address is used no more, and the message goes on by the next channel of its step.

    Args:
        what: an e-mail address, or the number of an attempt.

    Raises:
        CannotBounce: no reason, no such address or attempt, or the attempt has not been accepted.
    """
    _check(reason)
    if "@" in what:
        points = book.points(what)
        if not points:
            raise CannotBounce(f"no customer has the address {what!r}")
        return book.came_back(book.latest(points), points, reason.strip())
    attempt = _number(what)
    if not book.accepted(attempt):
        raise CannotBounce(f"attempt {attempt} is no e-mail that was accepted: `duewell why ACCOUNT` shows them")
    return book.came_back([attempt], (), reason.strip())


def not_bounced(book: BounceBook, what: str, reason: str) -> int:
    """An attempt had not bounced after all: all is as before. Raises `CannotBounce` where it is too late."""
    _check(reason)
    if "@" in what:
        raise CannotBounce("to take it back, give the number of the attempt, as it was told when it came back")
    attempt = _number(what)
    problem = book.restore(attempt, reason.strip())
    if problem:
        raise CannotBounce(problem)
    return attempt


def _check(reason: str) -> None:
    if not reason.strip() or not reason.isprintable():
        raise CannotBounce("say in one line why (--reason), such as: mailbox does not exist")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**63):
        raise CannotBounce(f"{text!r} is neither an e-mail address nor the number of an attempt")
    return int(text)
