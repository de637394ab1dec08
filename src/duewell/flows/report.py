"""Reports: aging of the books, in all and by account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from duewell.core.ledger.aging import Aged


class AgingBook(Protocol):
    """Ages the books of one creditor."""

    def totals(self, as_of: date, known_at: datetime | None) -> Mapping[str, Aged]:
        """Per currency."""
        ...

    def accounts_after(self, number: str, limit: int) -> Sequence[tuple[int, str]]:
        """The next accounts by number: id and number."""
        ...

    def by_account(
        self, accounts: Sequence[int], as_of: date, known_at: datetime | None
    ) -> Mapping[tuple[int, str], Aged]:
        """Per account and currency."""
        ...


class AccountLine(NamedTuple):
    """One line of the report by account."""

    account: str
    currency: str
    aged: Aged


class Page(NamedTuple):
    """Some lines, and the account number to go on after; empty at the end."""

    lines: list[AccountLine]
    next: str


def aging(book: AgingBook, as_of: date, known_at: datetime | None = None) -> dict[str, Any]:
    """The aging report: `as_of`, `known_at` where one was asked for, and `totals` by currency."""
    totals = book.totals(as_of, known_at)
    told: dict[str, Any] = {"as_of": as_of.isoformat()}
    if known_at is not None:
        told["known_at"] = known_at.isoformat()
    told["totals"] = {currency: totals[currency].as_dict() for currency in sorted(totals)}
    return told


def aging_page(book: AgingBook, as_of: date, known_at: datetime | None, after: str, limit: int) -> Page:
    """A page of the report by account, in the order of account numbers; settled accounts are left out."""
    lines: list[AccountLine] = []
    while len(lines) < limit:
        accounts = book.accounts_after(after, limit)
        if not accounts:
            return Page(lines, "")
        found = book.by_account([account for account, _ in accounts], as_of, known_at)
        by_id: dict[int, list[tuple[str, Aged]]] = {}
        for (account, currency), aged in sorted(found.items()):
            if any(aged):
                by_id.setdefault(account, []).append((currency, aged))
        for account, number in accounts:
            lines += [AccountLine(number, currency, aged) for currency, aged in by_id.get(account, ())]
            after = number
            if len(lines) >= limit:
                break
    return Page(lines, after)
