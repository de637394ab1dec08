"""Posting: moves become rows of `entry`, and with them everything that repeats what the entries say.

Inside one transaction: `lock` the accounts, read, let the core decide, `prepare` the moves, `save` them and append
the facts (`drafts`). A save inserts the entries, carries on `receivable.open_minor`, `receivable.listed_minor` and
`account_credit`, and bumps the versions of the accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.core.ledger.entries import Move, Place
from duewell.core.units.ids import ReceivableId
from duewell.store import facts, ids, sql

ENTRY = (
    "id",
    "creditor_id",
    "account_id",
    "currency",
    "amount_minor",
    "from_place",
    "from_receivable_id",
    "to_place",
    "to_receivable_id",
    "effective_on",
    "recorded_at",
    "cause",
)
BATCH = 20_000
_CHARGES = frozenset((Place.REVENUE, Place.DISCOUNT, Place.WRITE_OFF))

Row = tuple[Any, ...]
Rows = Mapping[int, Mapping[str, Sequence[Sequence[Any]]]]


class Prepared(NamedTuple):
    """Moves with their ids, as they will stand in the tables; nothing is written yet.

    Dates are ISO text and instants microseconds: the same row goes into the table and into the fact.
    """

    creditor: int
    recorded_at: datetime
    by_account: dict[int, list[Row]]
    """Complete rows of `entry`, columns `ENTRY`, in the order of the moves."""
    open_minor: dict[int, int]
    """By how much each receivable changes."""
    charged_minor: dict[int, int]
    """By how much of that what is charged changes; a list shown before is carried on by it."""
    revenue_minor: dict[int, int]
    """By how much of that again what was billed changes: without discounts and what was written off."""
    credit_minor: dict[tuple[int, str], int]
    """By how much the unapplied money of an account and currency changes."""


def lock(accounts: Collection[int]) -> None:
    """Hold the accounts until the commit, in the order of their ids, so that writers wait and never lock up."""
    if not sql.postgres():
        return  # The transaction is IMMEDIATE: there is one writer.
    wanted = sorted(accounts)
    for start in range(0, len(wanted), BATCH):
        within, params = sql.ids_in("id", wanted[start : start + BATCH])
        sql.fetch(f"select id from account where {within} order by id for update", params)


def prepare(creditor: int, moves: Sequence[Move], recorded_at: datetime) -> Prepared:
    """Give the moves their ids and add up what they change."""
    by_account: dict[int, list[Row]] = {}
    open_minor: dict[int, int] = defaultdict(int)
    charged_minor: dict[int, int] = defaultdict(int)
    revenue_minor: dict[int, int] = defaultdict(int)
    credit_minor: dict[tuple[int, str], int] = defaultdict(int)
    at = sql.us(recorded_at)
    days: dict[date, str] = {}
    for number, move in zip(ids.allocate("entry", len(moves)), moves, strict=True):
        account, currency, amount, from_place, from_id, to_place, to_id, on, cause = move
        day = days.get(on) or days.setdefault(on, on.isoformat())
        # `str.__str__` of a StrEnum member would cost more than this row.
        row = (
            number,
            creditor,
            account,
            currency,
            amount,
            _NAMES[from_place],
            from_id,
            _NAMES[to_place],
            to_id,
            day,
            at,
            cause,
        )
        rows = by_account.get(account)
        if rows is None:
            by_account[account] = [row]
        else:
            rows.append(row)
        if to_id is not None:
            open_minor[to_id] += amount
            if from_place in _CHARGES:
                charged_minor[to_id] += amount
                if from_place is Place.REVENUE:
                    revenue_minor[to_id] += amount
        if from_id is not None:
            open_minor[from_id] -= amount
            if to_place in _CHARGES:
                charged_minor[from_id] -= amount
                if to_place is Place.REVENUE:
                    revenue_minor[from_id] -= amount
        if from_place is Place.CREDIT:
            credit_minor[account, currency] += amount
        if to_place is Place.CREDIT:
            credit_minor[account, currency] -= amount
    return Prepared(creditor, recorded_at, by_account, open_minor, charged_minor, revenue_minor, credit_minor)


def save(prepared: Prepared, inserted: Collection[int] = frozenset()) -> None:
    """Insert the entries and carry on what repeats them.

    Args:
        inserted: receivables that this transaction inserts itself, with `open_minor` from `prepared`; nobody has
            read them yet, so they need no update.
    """
    sql.insert("entry", ENTRY, chain.from_iterable(prepared.by_account.values()), dates_are_text=True)
    _carry_on(prepared, inserted)
    _credit(prepared)
    bump(prepared.by_account)


def drafts(
    prepared: Prepared, effective_on: date | None, more: Rows | None = None, **fields: object
) -> list[facts.Draft]:
    """One fact for each account, with the complete rows that this save adds for it.

    Args:
        effective_on: the day from which the save as a whole counts; each entry has its own.
        more: further new rows by account and table, such as `{12: {"payment": [...]}}`, dates and instants spelled
            as in these; an account that has only such rows gets its fact too.
        fields: whatever else each fact says.
    """
    extra = more or {}
    made = []
    for account in prepared.by_account.keys() | extra.keys() if extra else prepared.by_account:
        rows: dict[str, Sequence[Sequence[Any]]] = dict(extra.get(account, {}))
        entries = prepared.by_account.get(account)
        if entries:
            rows["entry"] = entries
        made.append(
            facts.Draft(
                f"account:{account}",
                "ledger.posted",
                effective_on,
                prepared.recorded_at,
                canonical({"rows": rows, **fields}),
            )
        )
    return made


def bump(accounts: Iterable[int]) -> None:
    """Move the versions of accounts on: whoever decided about them before must look again."""
    wanted = sorted(accounts)
    for start in range(0, len(wanted), BATCH):
        within, params = sql.ids_in("id", wanted[start : start + BATCH])
        sql.execute(f"update account set version = version + 1 where {within}", params)


def listed(shown: Mapping[ReceivableId, int], at: datetime) -> None:
    """Keep what a list of open items, exported at that hour, showed of each receivable."""
    if sql.postgres():
        sql.execute(
            "update receivable r set listed_minor = v.shown, listed_at = ?"
            " from unnest(?::bigint[], ?::bigint[]) as v(id, shown) where r.id = v.id",
            [sql.us(at), list(shown.keys()), list(shown.values())],
        )
    else:
        hour = sql.us(at)
        sql.update_many(
            "update receivable set listed_minor = ?, listed_at = ? where id = ?",
            ((minor, hour, receivable) for receivable, minor in shown.items()),
        )


def carry_on_listed(changes: Mapping[int, int]) -> None:
    """Change what lists showed of receivables, as when a list is taken back."""
    sql.update_many(
        "update receivable set listed_minor = listed_minor + ? where id = ?",
        [(change, receivable) for receivable, change in changes.items()],
    )


def _carry_on(prepared: Prepared, inserted: Collection[int]) -> None:
    changed = [
        (receivable, change, prepared.charged_minor.get(receivable, 0), prepared.revenue_minor.get(receivable, 0))
        for receivable, change in prepared.open_minor.items()
        if receivable not in inserted and (change or prepared.charged_minor.get(receivable))
    ]
    if sql.postgres():
        if changed:
            numbers, opens, charges, billed = (list(column) for column in zip(*changed, strict=True))
            sql.execute(
                "update receivable r set open_minor = r.open_minor + v.open,"
                " listed_minor = r.listed_minor + v.charged, charged_minor = r.charged_minor + v.billed"
                " from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) as v(id, open, charged, billed)"
                " where r.id = v.id",
                [numbers, opens, charges, billed],
            )
    else:
        sql.update_many(
            "update receivable set open_minor = open_minor + ?, listed_minor = listed_minor + ?,"
            " charged_minor = charged_minor + ? where id = ?",
            ((change, charge, bill, receivable) for receivable, change, charge, bill in changed),
        )


def _credit(prepared: Prepared) -> None:
    changed = [(*key, change) for key, change in prepared.credit_minor.items() if change]
    conflict = (
        " on conflict (account_id, currency) do update"
        " set credit_minor = account_credit.credit_minor + excluded.credit_minor"
    )
    into = "insert into account_credit (creditor_id, account_id, currency, credit_minor)"
    if sql.postgres():
        if changed:
            accounts, currencies, changes = (list(column) for column in zip(*changed, strict=True))
            sql.execute(
                f"{into} select ?, * from unnest(?::bigint[], ?::text[], ?::bigint[]){conflict}",
                [prepared.creditor, accounts, currencies, changes],
            )
    else:
        sql.update_many(
            f"{into} values (?, ?, ?, ?){conflict}",
            ((prepared.creditor, account, currency, change) for account, currency, change in changed),
        )


_NAMES = {place: str(place) for place in Place}
