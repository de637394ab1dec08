"""Roles: who else stands on an account, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from duewell.core.party.roles import COPIED, Role


class BadRole(ValueError):
    """The role cannot be kept or ended as told; the message says why and what to do."""


class RoleView(NamedTuple):
    """Somebody who stands on an account. `channels` are those on which they can be reached."""

    customer: str
    name: str
    role: str
    channels: tuple[str, ...]
    since: str


class RoleBook(Protocol):
    """Where roles are kept, of one creditor."""

    def account(self, number: str) -> tuple[int, int] | None:
        """The account with this number and the party that owes it, or None."""
        ...

    def party(self, number: str) -> int | None:
        """The customer with this number, or None."""
        ...

    def add(self, account: int, party: int, role: str) -> bool:
        """Keep the role and its fact, and move the account's version on; False where it stood already."""
        ...

    def end(self, account: int, party: int, role: str) -> bool:
        """Keep the end and its fact, and move the account's version on; False where there was no such role."""
        ...

    def standing(self, account: int) -> Sequence[RoleView]:
        """Who stands on the account, the debtor first."""
        ...


def add(book: RoleBook, account: str, customer: str, role: str) -> bool:
    """From now on the customer stands on the account; False where they did already.

    Raises:
        BadRole: there is no such account, customer or role, or it is the debtor's own account.
    """
    owed, debtor = _account(book, account)
    party = _party(book, customer)
    if party == debtor:
        raise BadRole(f"{customer} owes account {account} and hears of it anyway")
    return book.add(owed, party, _role(role))


def end(book: RoleBook, account: str, customer: str, role: str) -> None:
    """From now on the customer no longer stands on the account in this role. Raises `BadRole`."""
    owed, _ = _account(book, account)
    if not book.end(owed, _party(book, customer), _role(role)):
        raise BadRole(
            f"{customer} does not stand on account {account} as {role}: `duewell party role list {account}`"
        )


def standing(book: RoleBook, account: str) -> Sequence[RoleView]:
    """Who stands on an account, the debtor first. Raises `BadRole`."""
    return book.standing(_account(book, account)[0])


def _account(book: RoleBook, number: str) -> tuple[int, int]:
    found = book.account(number)
    if found is None:
        raise BadRole(f"there is no account {number!r}")
    return found


def _party(book: RoleBook, number: str) -> int:
    found = book.party(number)
    if found is None:
        raise BadRole(
            f"there is no customer {number!r}: `duewell import customers FILE` adds people, with a column role"
        )
    return found


def _role(role: str) -> Role:
    if role not in COPIED:
        raise BadRole(f"{role!r} is no role: one of {', '.join(COPIED)}")
    return Role(role)
