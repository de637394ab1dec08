"""What `why` reads of one account: who is meant, what is under way, what was done. Indexed questions only.

As a module it keeps the promise of `flows.ask_why.Records`, together with
`store.past` and `store.strategy_versions`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance, Item
from duewell.core.ledger.entries import Entry
from duewell.core.units.ids import ReceivableId
from duewell.flows.acts import Names
from duewell.flows.ask_why import Found
from duewell.flows.coming import Flight
from duewell.flows.past import Learned, rows_of
from duewell.store import books, sql
from duewell.store.past import house_then, run_of
from duewell.store.strategy_versions import text as strategy_text

__all__ = [
    "entries",
    "facts",
    "find",
    "flight",
    "house_then",
    "items",
    "names",
    "near",
    "run_of",
    "strategy_text",
    "wishes",
]

NEAR = 5
CANDIDATES_MAX = 10


def find(creditors: Sequence[int], text: str, kind: str = "", account: str = "") -> list[Found]:
    """Accounts and invoices of these creditors with exactly this number, at most `CANDIDATES_MAX` of each.

    Args:
        kind: `account` or `invoice` where only one is meant.
        account: the number of the account, where invoices of one are meant.
    """
    found: list[Found] = []
    if kind != "invoice" and not account:
        within, params = sql.ids_in("a.creditor_id", creditors)
        found += [
            _found(row)
            for row in sql.fetch(f"{_HEAD}, null, null {_FROM} where {within} and a.number = ?", [*params, text])
        ]
    if kind != "account":
        within, params = sql.ids_in("r.creditor_id", creditors)
        wanted = " and a.number = ?" if account else ""
        found += [
            _found(row)
            for row in sql.fetch(
                f"{_HEAD}, r.id, r.number from receivable r join account a on a.id = r.account_id join party p"
                f" on p.id = a.party_id where {within} and r.number = ?{wanted} order by a.id limit ?",
                [*params, text, *([account] if account else []), CANDIDATES_MAX],
            )
        ]
    return found


_HEAD = "select a.creditor_id, a.id, a.number, p.name, p.given_name, p.family_name, a.person_id, a.recorded_at"
_FROM = "from account a join party p on p.id = a.party_id"


def _found(row: tuple[Any, ...]) -> Found:
    name = row[3] or f"{row[4]} {row[5]}".strip()
    return Found(row[0], row[1], row[2], name, row[6], sql.instant(row[7]), row[8], row[9])


def near(creditors: Sequence[int], text: str) -> list[str]:
    """Numbers of accounts and invoices that are like this text: other letters, or neighbours in order."""
    others = {text.upper(), text.lower(), text.strip(), text.lstrip("0"), text.replace(" ", "")} - {text, ""}
    found: list[str] = []
    for table in ("account", "receivable"):
        for creditor in creditors[:NEAR]:
            within, params = sql.ids_in("number", sorted(others))
            query = f"select number from {table} where creditor_id = ? and"
            rows = sql.fetch(f"{query} {within} limit {NEAR}", [creditor, *params])
            for order in ("> ? order by number", "< ? order by number desc"):
                rows += sql.fetch(f"{query} number {order} limit {NEAR}", [creditor, text])
            found += [row[0] for row in rows]
    alike = {number.casefold(): number for number in sorted(set(found))}
    return [alike[each] for each in get_close_matches(text.casefold(), alike, n=NEAR, cutoff=0.5)]


def flight(account: int, message: str | None) -> Flight | None:
    """The message of an account that waits, is on its way or is unknown."""
    if message is None:
        return None
    row = sql.one(
        "select m.id, ms.state, m.stage, m.run_id from message m join message_state ms on ms.message_id = m.id"
        " where m.id = ? and m.account_id = ?",
        [message, account],
    )
    if row is None:
        return None
    claims = sql.fetch(
        "select receivable_id, stage from claim where message_id = ? and not freed order by receivable_id",
        [message],
    )
    attempts = sql.fetch(
        "select state, not_before, contacted_at, channel from attempt where message_id = ? and role = ''"
        " order by ordinal",
        [message],
    )
    waiting = [row for row in attempts if row[0] in ("planned", "released")]
    waits = [sql.instant(row[1]) for row in waiting]
    started = [sql.instant(row[2]) for row in attempts if row[2] is not None]
    return Flight(
        message=row[0],
        state=row[1],
        stage=Stage(row[2]),
        run=row[3],
        advances=tuple([Advance(ReceivableId(receivable), Stage(stage)) for receivable, stage in claims]),
        started_at=started[-1] if started else None,
        not_before=waits[-1] if waits else None,
        channel=(waiting or attempts)[-1][3] if attempts else "email",
    )


def facts(account: int, limit: int | None = None, before: datetime | None = None) -> list[Learned]:
    """Facts of an account's stream, newest first."""
    return _facts(f"account:{account}", limit, before)


_OF_PERSONS = frozenset({"party.flagged", "party.flag_ended", "party.merged", "party.split", "party.unmerged"})
"""What is known of a person counts for every creditor."""


def wishes(person: int, creditor: int, before: datetime | None = None) -> list[Learned]:
    """What the person said about being contacted, newest first; what they said to other creditors is not told."""
    facts = _facts(f"person:{person}", None, before)
    stops = [row for fact in facts for row in rows_of(fact, "stop")]
    ours = {stop["id"] for stop in stops if stop["creditor_id"] in (None, creditor)}
    told = []
    for fact in facts:
        named = {row["id"] for row in rows_of(fact, "stop")} | {
            row["stop_id"] for row in rows_of(fact, "stop_end")
        }
        if named & ours or fact.body.get("creditor") == creditor or fact.kind in _OF_PERSONS:
            told.append(fact)
    return told


def _facts(stream: str, limit: int | None, before: datetime | None) -> list[Learned]:
    until = "" if before is None else " and recorded_at < ?"
    last = "" if limit is None else " limit ?"
    params: list[Any] = [stream]
    params += [] if before is None else [sql.us(before)]
    params += [] if limit is None else [limit]
    return [
        Learned(
            row[0],
            row[1],
            row[2],
            None if row[3] is None else sql.day(row[3]),
            sql.instant(row[4]),
            bytes(row[5]).hex(),
            json.loads(bytes(row[6])),
        )
        for row in sql.fetch(
            "select stream, sequence, kind, effective_on, recorded_at, hash, body from fact"
            f" where stream = ?{until} order by sequence desc{last}",
            params,
        )
    ]


def names(receivables: Iterable[int], messages: Iterable[str]) -> Names:
    """What facts name by number."""
    within, params = sql.ids_in("id", sorted(set(receivables)))
    numbers = dict(sql.fetch(f"select id, number from receivable where {within}", params))
    within, params = sql.ids_in("id", sorted(set(messages)))
    rows = sql.fetch(f"select id, stage, run_id from message where {within}", params)
    return Names(numbers, {row[0]: (row[1], row[2]) for row in rows})


def items(receivables: Iterable[int]) -> dict[int, Item]:
    """Invoices by id as they stand in the book, open or not, without holds and claims."""
    within, params = sql.ids_in("id", sorted(set(receivables)))
    return {
        row[0]: Item(
            ReceivableId(row[0]),
            row[1],
            sql.day(row[2]),
            sql.day(row[3]),
            row[4],
            row[5],
            Stage(row[6]),
            None if row[7] is None else sql.day(row[7]),
            (),
            None,
        )
        for row in sql.fetch(
            "select id, number, issued_on, due_on, currency, open_minor, reached, reached_on from receivable"
            f" where {within}",
            params,
        )
    }


def entries(account: int, receivable: int) -> list[Entry]:
    """What moved an invoice, by effective date."""
    days: dict[Any, date] = {}
    return [
        books.entry(row, days)
        for row in sql.fetch(
            "select id, creditor_id, account_id, currency, amount_minor, from_place, from_receivable_id, to_place,"
            " to_receivable_id, effective_on, recorded_at, cause from entry where account_id = ?"
            " and (to_receivable_id = ? or from_receivable_id = ?) order by effective_on, id",
            [account, receivable, receivable],
        )
    ]
