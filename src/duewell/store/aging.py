"""Aging in the database: what `core.ledger.aging` says, over millions of receivables, in one statement.

With today's knowledge it starts from `open_minor` and takes back what counts only later; as of an earlier
knowledge it adds up the entries themselves. One statement sees one state of the books. Both ways cost in
proportion to the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from duewell.core.ledger.aging import Aged
from duewell.store import sql


class _Text(NamedTuple):
    """A piece of a statement and its parameters, in step."""

    sql: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: Any) -> _Text:
        return _Text(self.sql + other.sql, self.params + other.params)


_Of = Callable[[str], _Text]
"""The condition that rows of a table belong to the creditor, and to the accounts asked for."""


def totals(creditor: int, as_of: date, known_at: datetime | None = None) -> dict[str, Aged]:
    """The aging of a creditor's books per currency; settled currencies are all zeros."""
    found = {}
    for row in _rows(creditor, as_of, known_at, None):
        found[row[1]] = Aged(*(int(value or 0) for value in row[2:]))
    return found


def by_account(
    creditor: int, accounts: Sequence[int], as_of: date, known_at: datetime | None = None
) -> dict[tuple[int, str], Aged]:
    """The aging of some accounts, a line for each account and currency."""
    found = {}
    for row in _rows(creditor, as_of, known_at, accounts):
        found[row[0], row[1]] = Aged(*(int(value or 0) for value in row[2:]))
    return found


def accounts_after(creditor: int, number: str, limit: int) -> list[tuple[int, str]]:
    """The next accounts (id and number) in the order of their numbers."""
    rows = sql.fetch(
        "select id, number from account where creditor_id = ? and number > ? order by number limit ?",
        [creditor, number, limit],
    )
    return [(row[0], row[1]) for row in rows]


def _rows(
    creditor: int, as_of: date, known_at: datetime | None, accounts: Sequence[int] | None
) -> list[tuple[Any, ...]]:
    if accounts is None:
        only = _Text(" and {table}.creditor_id = ?", (creditor,))
        group = "0"
    else:
        # By account alone: beside a condition on the creditor, SQLite would read all that the creditor has.
        within, params = sql.ids_in("{table}.account_id", _own(creditor, accounts))
        only = _Text(f" and {within}", tuple(params))
        group = "account_id"

    def of(table: str) -> _Text:
        return _Text(only.sql.format(table=table), only.params)

    moved = _moved_today(as_of, of) if known_at is None else _moved_known(as_of, known_at, of)
    query = (
        _Text("with ")
        + moved
        + _Text(", ")
        + _disputes(as_of, known_at, of)
        + _Text(
            ", balance as (select receivable_id, sum(amount_minor) as minor from moved"
            " where receivable_id is not null group by receivable_id having sum(amount_minor) <> 0),"
            " debt as (select r.account_id, r.currency, r.due_on, b.minor, case when b.minor <= 0 then 0"
            # Not by a join: SQLite would go through all of them for each receivable.
            " when r.account_id in (select account_id from disputed_account)"
            " or p.whole = 1 or p.minor >= b.minor then b.minor"
            " else coalesce(p.minor, 0) end as disputed"
            " from balance b join receivable r on r.id = b.receivable_id"
            " left join disputed_part p on p.receivable_id = r.id"
            " where r.issued_on <= ?)",
            (as_of,),
        )
        + _aged(group, as_of)
    )
    return sql.fetch(query.sql, query.params)


def _own(creditor: int, accounts: Sequence[int]) -> list[int]:
    """Those of the accounts that are the creditor's."""
    # Compared here: given both conditions, SQLite would read every account of the creditor.
    within, params = sql.ids_in("id", accounts)
    rows = sql.fetch(f"select id, creditor_id from account where {within}", params)
    return [account for account, owner in rows if owner == creditor]


def _moved_today(as_of: date, of: _Of) -> _Text:
    """Balances as they stand, and with the opposite sign whatever counts only after the day.

    `unapplied` is the same for the money of the accounts.
    """
    later = _Text(" where (e.effective_on > ? or ", (as_of,)) + _of_unissued(as_of, of) + _Text(")") + of("e")
    return (
        _Text("moved (receivable_id, amount_minor) as (select r.id, r.open_minor from receivable r")
        + _Text(" where not (r.open_minor = 0)")
        + of("r")
        + _Text(" union all select e.to_receivable_id, -e.amount_minor from entry e")
        + later
        + _Text(" union all select e.from_receivable_id, e.amount_minor from entry e")
        + later
        + _Text(
            "), unapplied (account_id, currency, minor) as"
            " (select c.account_id, c.currency, c.credit_minor from account_credit c where true"
        )
        + of("c")
        + _Text(
            " union all select e.account_id, e.currency, -e.amount_minor * "
            "((case when e.from_place = 'credit' then 1 else 0 end)"
            " - (case when e.to_place = 'credit' then 1 else 0 end)) from entry e"
        )
        + later
        + _Text(")")
    )


def _moved_known(as_of: date, known_at: datetime, of: _Of) -> _Text:
    """The entries that counted on the day and were known at the instant."""
    counted = (
        _Text(" where e.effective_on <= ? and e.recorded_at <= ? and not ", (as_of, sql.us(known_at)))
        + _of_unissued(as_of, of)
        + of("e")
    )
    return (
        _Text("moved (receivable_id, amount_minor) as (select e.to_receivable_id, e.amount_minor from entry e")
        + counted
        + _Text(" union all select e.from_receivable_id, -e.amount_minor from entry e")
        + counted
        + _Text(
            "), unapplied (account_id, currency, minor) as (select e.account_id, e.currency, e.amount_minor * "
            "((case when e.from_place = 'credit' then 1 else 0 end)"
            " - (case when e.to_place = 'credit' then 1 else 0 end)) from entry e"
        )
        + counted
        + _Text(")")
    )


def _of_unissued(as_of: date, of: _Of) -> _Text:
    """Does the entry touch a receivable that was not issued by the day?"""
    unissued = _Text("(select r.id from receivable r where r.issued_on > ?", (as_of,)) + of("r") + _Text(")")
    return (
        _Text("(coalesce(e.to_receivable_id, 0) in ")
        + unissued
        + _Text(" or coalesce(e.from_receivable_id, 0) in ")
        + unissued
        + _Text(")")
    )


def _disputes(as_of: date, known_at: datetime | None, of: _Of) -> _Text:
    alive = _Text(
        " from hold h left join hold_end e on e.hold_id = h.id where h.kind = 'dispute' and h.starts_on <= ?",
        (as_of,),
    ) + of("h")
    if known_at is None:
        alive += _Text(" and (e.id is null or e.ended_on > ?)", (as_of,))
    else:
        known = sql.us(known_at)
        alive += _Text(
            " and h.recorded_at <= ? and (e.id is null or e.ended_on > ? or e.recorded_at > ?)",
            (known, as_of, known),
        )
    return (
        _Text(
            "disputed_part as (select h.receivable_id, sum(h.amount_minor) as minor,"
            " max(case when h.amount_minor is null then 1 else 0 end) as whole"
        )
        + alive
        + _Text(" and h.receivable_id is not null group by h.receivable_id),")
        + _Text(" disputed_account as (select h.account_id")
        + alive
        # Spelled so that SQLite goes by the accounts, and not through every hold that names no receivable.
        + _Text(" and coalesce(h.receivable_id, 0) = 0)")
    )


def _aged(group: str, as_of: date) -> _Text:
    """The sums by age; a receivable is current until its due date is over."""
    edges = [as_of - timedelta(days=days) for days in (0, 30, 60, 90)]
    buckets = [_Text("due_on >= ?", (edges[0],))]
    buckets += [_Text("due_on < ? and due_on >= ?", (younger, older)) for younger, older in pairwise(edges)]
    buckets.append(_Text("due_on < ?", (edges[-1],)))
    columns = _Text("")
    for bucket in buckets:
        columns += _Text(", sum(case when ") + bucket + _Text(" then minor - disputed else 0 end)")
    lines = (
        _Text(f"select {group} as account, currency")
        + columns
        + _Text(f", sum(disputed), 0 from debt group by {_by(group)}")
        + _Text(f" union all select {group}, currency, 0, 0, 0, 0, 0, 0, sum(minor) from unapplied")
        + _Text(f" group by {_by(group)}")
    )
    names = ("current", "d1_30", "d31_60", "d61_90", "d91_plus", "disputed", "unapplied")
    columns_of = ", ".join(f"x{index}" for index in range(len(names)))
    sums = ", ".join(f"sum(x{index})" for index in range(len(names)))
    return (
        _Text(f", line (account, currency, {columns_of}) as (")
        + lines
        + _Text(f") select account, currency, {sums} from line group by account, currency")
    )


def _by(group: str) -> str:
    return "currency" if group == "0" else "account_id, currency"
