"""Person: what becomes known of the human or firm behind customers: flags, and the end of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from duewell.core.law import inconvenient
from duewell.core.party.joining import FLAGS
from duewell.core.units.ids import PersonId


class BadFlag(ValueError):
    """The flag cannot be kept or ended as told; the message says why."""


class FlagView(NamedTuple):
    """A flag that has not ended."""

    id: int
    flag: str
    reason: str
    since: str


class FlagBook(Protocol):
    """Where flags are kept: on the operator's level, by person."""

    def person(self, party: str) -> PersonId | None:
        """The person behind the customer with this number, or None."""
        ...

    def living(self, person: PersonId) -> Sequence[FlagView]:
        """Flags that have not ended, oldest first."""
        ...

    def add(self, person: PersonId, flag: str, reason: str) -> int | None:
        """Keep a flag and its fact, and move the person's version on; None where it stands already."""
        ...

    def end(self, person: PersonId, flag: str, reason: str) -> int:
        """Keep the ends and their fact, and move the person's version on; how many were still living."""
        ...


def who(book: FlagBook, party: str) -> PersonId:
    """The person behind a customer number. Raises `BadFlag` where there is none."""
    found = book.person(party)
    if found is None:
        raise BadFlag(f"there is no customer {party!r}")
    return found


def add(book: FlagBook, person: PersonId, flag: str, reason: str) -> int:
    """It is known of a person that they are vulnerable, represented, dead, insolvent or a minor, or which times
    and addresses do not suit them (`core.law.inconvenient`).

    Raises:
        BadFlag: no such flag, no reason, or it stands already.
    """
    _check(flag, reason)
    found = book.add(person, flag, reason.strip())
    if found is None:
        raise BadFlag(f"the person is noted as {flag} already")
    return found


def end(book: FlagBook, person: PersonId, flag: str, reason: str) -> int:
    """It holds no longer. Returns how many flags ended. Raises `BadFlag`."""
    _check(flag, reason)
    ended = book.end(person, flag, reason.strip())
    if not ended:
        raise BadFlag(f"the person is not noted as {flag}")
    return ended


def _check_inconvenient(flag: str) -> None:
    if flag.startswith(inconvenient.POINT_FLAG) and flag.removeprefix(inconvenient.POINT_FLAG).isdecimal():
        return
    if not flag.startswith(inconvenient.TIME_FLAG):
        known = ", ".join((*FLAGS, f"{inconvenient.TIME_FLAG}sat,sun", f"{inconvenient.POINT_FLAG}17"))
        raise BadFlag(f"{flag!r} is no flag: one of {known}")
    try:
        inconvenient.read_time(flag)
    except inconvenient.BadFlag as problem:
        raise BadFlag(str(problem)) from problem


def _check(flag: str, reason: str) -> None:
    if flag not in FLAGS:
        _check_inconvenient(flag)
    if not reason.strip():
        raise BadFlag("this needs a reason: say in a few words how it is known (--reason)")
    if not reason.isprintable():
        raise BadFlag("the reason holds something that is no letter, such as a line break: write it in one line")
