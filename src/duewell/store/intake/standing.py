"""Rows of customers that stand on somebody else's account: their roles, and those whose account is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from duewell.core.intake import CustomerRow, Rejected
from duewell.store import sql
from duewell.store.intake.customers import Known
from duewell.store.roles import Roles

_REASON = "no account has this number"
_REMEDY = "Import the customer who owes it first, or give this file again."


def lost(creditor: int, rows: Sequence[CustomerRow]) -> list[Rejected]:
    """Those whose account neither is there nor comes with these rows: nobody is made of them."""
    standing = [row for row in rows if row.role]
    if not standing:
        return []
    coming = {row.account or row.key for row in rows if not row.role}
    there = coming | _accounts(creditor, {row.account for row in standing}).keys()
    return [
        Rejected(row.row, "account", row.account, _REASON, _REMEDY) for row in standing if row.account not in there
    ]


def stand(creditor: int, rows: Sequence[CustomerRow], known: Mapping[str, Known], now: datetime, by: str) -> None:
    """Keep the roles that rows tell. Customers and accounts are known by now; a debtor stays the debtor."""
    standing = [row for row in rows if row.role]
    if not standing:
        return
    accounts = _accounts(creditor, {row.account for row in standing})
    wanted = [
        (accounts[row.account][0], known[row.key].party, row.role)
        for row in standing
        if row.account in accounts and accounts[row.account][1] != known[row.key].party
    ]
    Roles(creditor, now, by).add_many(wanted)


def _accounts(creditor: int, numbers: Collection[str]) -> dict[str, tuple[int, int]]:
    """By number: the account and who owes it."""
    within, params = sql.ids_in("number", sorted(numbers))
    rows = sql.fetch(
        f"select number, id, party_id from account where creditor_id = ? and {within}", [creditor, *params]
    )
    return {number: (account, party) for number, account, party in rows}
