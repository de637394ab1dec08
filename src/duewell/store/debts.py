"""Invoices as interest needs them: their entries, their customer, and when a demand first reached the customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from duewell.core.units.ids import ReceivableId
from duewell.flows.interest import Debt
from duewell.store import sql, why


class Debts:
    """Invoices of one creditor. `day_of` gives the creditor's civil date at an instant."""

    def __init__(self, creditor: int, day_of: Callable[[datetime], date]) -> None:
        self._creditor = creditor
        self._day_of = day_of

    def debts(self, number: str, account: str) -> list[Debt]:
        """Invoices with this number; of one account where it is named."""
        rows = sql.fetch(
            "select r.id, r.number, a.number, a.id, r.currency, r.issued_on, r.due_on, p.kind, p.country"
            " from receivable r join account a on a.id = r.account_id join party p on p.id = a.party_id"
            " where r.creditor_id = ? and r.number = ?"
            + (" and a.number = ?" if account else "")
            + " order by r.id limit 11",
            [self._creditor, number, *([account] if account else [])],
        )
        return [
            Debt(
                ReceivableId(row[0]),
                row[1],
                row[2],
                row[4],
                sql.day(row[5]),
                sql.day(row[6]),
                row[7],
                row[8],
                self._reminded_on(row[0], sql.day(row[6])),
                why.entries(row[3], row[0]),
            )
            for row in rows
        ]

    def _reminded_on(self, receivable: int, due_on: date) -> date | None:
        """The first day after the due date on which a demand about the invoice was accepted."""
        rows = sql.fetch(
            "select t.contacted_at from claim c join message_state s on s.message_id = c.message_id"
            " join attempt t on t.message_id = c.message_id where c.receivable_id = ? and s.state = 'accepted'"
            " and t.state = 'accepted' and t.role = '' and t.contacted_at is not null order by t.contacted_at",
            [receivable],
        )
        days = [self._day_of(sql.instant(row[0])) for row in rows]
        return next((day for day in days if day > due_on), None)
