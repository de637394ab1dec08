"""Statement: what a customer owes, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from duewell.core.ledger import statement as lines
from duewell.core.ledger.entries import Entry


class StatementBook(Protocol):
    """Reads one account of a creditor."""

    def account(self, number: str) -> int | None:
        """The id of the account with this number, or None."""
        ...

    def entries(self, account: int) -> Sequence[Entry]:
        """Every entry of the account."""
        ...

    def numbers(self, account: int) -> Mapping[int, str]:
        """Invoice numbers of the account by id."""
        ...


class NoSuchAccount(LookupError):
    """The creditor has no account with this number."""


def statement(book: StatementBook, number: str, as_of: date, since: date | None = None) -> dict[str, Any]:
    """The statement of one account up to a day.

    Returns:
        `account`, `as_of`, `lines` (day, kind, invoice, currency, `amount_minor` by which the debt changed,
        `moved_minor` of money that only went from unapplied to applied, `balance_minor` after it), and `balances`.

    Raises:
        NoSuchAccount: no account has this number.
    """
    account = book.account(number)
    if account is None:
        raise NoSuchAccount(f"there is no account {number!r}")
    entries = book.entries(account)
    numbers = book.numbers(account)
    shown = lines.lines(entries, since, as_of)
    balances = {line.currency: line.balance_minor for line in lines.lines(entries, None, as_of)}
    return {
        "account": number,
        "as_of": as_of.isoformat(),
        "lines": [
            {
                "on": line.effective_on.isoformat(),
                "kind": line.kind,
                "invoice": "" if line.receivable is None else numbers[line.receivable],
                "currency": line.currency,
                "amount_minor": line.amount_minor,
                "moved_minor": line.moved_minor,
                "balance_minor": line.balance_minor,
            }
            for line in shown
        ],
        "balances": dict(sorted(balances.items())),
    }
