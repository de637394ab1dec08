"""Reports: aging of the books, in all and by account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from duewell.core.ledger.aging import Aged

ACCOUNTS_MAX = 10_000
"""So many accounts at most are aged at once."""


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
    """The aging report: what was asked for, and `totals` by currency. Costs in proportion to the books."""
    totals = book.totals(as_of, known_at)
    return {
        **asked(as_of, known_at),
        "totals": {currency: totals[currency].as_dict() for currency in sorted(totals)},
    }


def asked(as_of: date, known_at: datetime | None = None) -> dict[str, Any]:
    """What every page of the report begins with: `as_of`, and `known_at` where one was asked for."""
    told = {"as_of": as_of.isoformat()}
    if known_at is not None:
        told["known_at"] = known_at.isoformat()
    return told


def aging_page(book: AgingBook, as_of: date, known_at: datetime | None, after: str, limit: int) -> Page:
    """A page of the report by account, in the order of account numbers; settled accounts are left out.

    Costs in proportion to the accounts it passes. `limit` is at least one; the last account of a page comes with
    all its currencies.
    """
    lines: list[AccountLine] = []
    step = limit
    while True:
        accounts = book.accounts_after(after, step)
        found = book.by_account([account for account, _ in accounts], as_of, known_at) if accounts else {}
        by_id: dict[int, list[tuple[str, Aged]]] = {}
        for (account, currency), aged in sorted(found.items()):
            if any(aged):
                by_id.setdefault(account, []).append((currency, aged))
        for index, (account, number) in enumerate(accounts, start=1):
            lines += [AccountLine(number, currency, aged) for currency, aged in by_id.get(account, ())]
            after = number
            if len(lines) >= limit:
                return Page(lines, "" if index == len(accounts) < step else number)
        if len(accounts) < step:
            return Page(lines, "")
        # Where most accounts are settled, longer steps find the others with few questions.
        step = min(2 * step, ACCOUNTS_MAX)
