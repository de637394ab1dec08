"""What is known of how customers pay: when each invoice was settled by money, read for some accounts at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from duewell.core.units.ids import AccountId
from duewell.flows.habits import Paid
from duewell.flows.simulate import Debtor
from duewell.store import sql

BATCH = 2000


def debtors(creditor: int) -> list[Debtor]:
    """Every account of a creditor with something open, by account."""
    return [
        Debtor(AccountId(account), person)
        for account, person in sql.fetch(
            "select distinct r.account_id, a.person_id from receivable r join account a on a.id = r.account_id"
            " where r.creditor_id = ? and not (r.open_minor = 0) and r.open_minor > 0 order by r.account_id",
            [creditor],
        )
    ]


def some_accounts(creditor: int, count: int) -> list[AccountId]:
    """Accounts of a creditor spread evenly over all of them, at most so many."""
    ends = sql.one("select min(id), max(id), count(*) from account where creditor_id = ?", [creditor])
    if ends is None or not ends[2]:
        return []
    step = max(1, ends[2] // count)
    rows = sql.fetch(
        "select id from (select id, row_number() over (order by id) as place from account where creditor_id = ?) n"
        " where (place - 1) % ? = 0 order by id limit ?",
        [creditor, step, count],
    )
    return [AccountId(row[0]) for row in rows]


def paid(accounts: Sequence[AccountId], since: date) -> Iterator[dict[AccountId, list[Paid]]]:
    """By account, its invoices that money has settled, with the day on which the last of it counted.

    Invoices that were cancelled, credited in full or written off are none that anybody paid.

    Args:
        since: earlier settlements are left out.
    """
    for start in range(0, len(accounts), BATCH):
        within, params = sql.ids_in("e.account_id", accounts[start : start + BATCH])
        found: dict[AccountId, list[Paid]] = defaultdict(list)
        for account, issued, due, settled in sql.fetch(
            "select e.account_id, r.issued_on, r.due_on, max(e.effective_on) from entry e"
            f" join receivable r on r.id = e.from_receivable_id where {within} and e.from_place = 'receivable'"
            " and r.open_minor = 0 and (e.to_place = 'clearing' or (e.to_place = 'credit'"
            " and e.cause like 'payment:%')) and e.effective_on >= ?"
            " group by e.account_id, r.id, r.issued_on, r.due_on",
            [*params, since],
        ):
            found[AccountId(account)].append(Paid(sql.day(issued), sql.day(due), sql.day(settled)))
        yield found


def segments(accounts: Sequence[AccountId]) -> dict[AccountId, str]:
    """The segment of each account."""
    found: dict[AccountId, str] = {}
    for start in range(0, len(accounts), BATCH):
        within, params = sql.ids_in("id", accounts[start : start + BATCH])
        found.update(
            (AccountId(account), segment)
            for account, segment in sql.fetch(f"select id, segment from account where {within}", params)
        )
    return found


def still_open(accounts: Sequence[AccountId]) -> dict[AccountId, list[tuple[date, date]]]:
    """By account, issue and due date of what is open: of these it is known that they are not paid yet."""
    found: dict[AccountId, list[tuple[date, date]]] = defaultdict(list)
    for start in range(0, len(accounts), BATCH):
        within, params = sql.ids_in("account_id", accounts[start : start + BATCH])
        for account, issued, due in sql.fetch(
            f"select account_id, issued_on, due_on from receivable where {within} and not (open_minor = 0)"
            " and open_minor > 0",
            params,
        ):
            found[AccountId(account)].append((sql.day(issued), sql.day(due)))
    return found
