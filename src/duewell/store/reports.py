"""What reports and statements read, of one creditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from duewell.core.ledger.aging import Aged
from duewell.core.ledger.entries import Entry
from duewell.store import aging, books, sql


class Reports:
    """Aging and statements of one creditor."""

    def __init__(self, creditor: int) -> None:
        self._creditor = creditor

    def totals(self, as_of: date, known_at: datetime | None) -> Mapping[str, Aged]:
        """Aging per currency."""
        return aging.totals(self._creditor, as_of, known_at)

    def accounts_after(self, number: str, limit: int) -> Sequence[tuple[int, str]]:
        """The next accounts by number: id and number."""
        return aging.accounts_after(self._creditor, number, limit)

    def by_account(
        self, accounts: Sequence[int], as_of: date, known_at: datetime | None
    ) -> Mapping[tuple[int, str], Aged]:
        """Aging per account and currency."""
        return aging.by_account(self._creditor, accounts, as_of, known_at)

    def account(self, number: str) -> int | None:
        """The id of the account with this number, or None."""
        row = sql.one("select id from account where creditor_id = ? and number = ?", [self._creditor, number])
        return None if row is None else int(row[0])

    def entries(self, account: int) -> Sequence[Entry]:
        """Every entry of the account."""
        return books.entries_of([account])[account]

    def numbers(self, account: int) -> Mapping[int, str]:
        """Invoice numbers of the account by id."""
        return dict(sql.fetch("select id, number from receivable where account_id = ?", [account]))
