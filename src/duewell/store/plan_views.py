"""The lines of a plan with the names that belong to them: who would get what, where, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duewell.core.decide.stages import STAGE_KEYS
from duewell.store import sql

BATCH = 2000


def described(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line as it stands in the plan, with `account_number`, `name`, `address` and `invoices` beside it."""
    told: list[dict[str, Any]] = []
    for start in range(0, len(bodies), BATCH):
        told += _batch(bodies[start : start + BATCH])
    return told


def named(accounts: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number of each account, and the name of its party."""
    within, params = sql.ids_in("a.id", accounts)
    found = sql.fetch(
        f"select a.id, a.number, p.name from account a join party p on p.id = a.party_id where {within}", params
    )
    return {row[0]: (row[1], row[2]) for row in found}


def account_of(creditor: int, number: str) -> int | None:
    """The account with this number, or None."""
    row = sql.one("select id from account where creditor_id = ? and number = ?", [creditor, number])
    return None if row is None else int(row[0])


def _batch(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    accounts = named([body["account"] for body in bodies])
    within, params = sql.ids_in("id", [body["point"] for body in bodies])
    addresses = dict(sql.fetch(f"select id, value from contact_point where {within}", params))
    items = [line[0] for body in bodies for line in body["lines"]]
    within, params = sql.ids_in("id", items)
    items_told = {
        row[0]: {"number": row[1], "due_on": sql.day(row[2]).isoformat()}
        for row in sql.fetch(f"select id, number, due_on from receivable where {within}", params)
    }
    told = []
    for body in bodies:
        number, name = accounts[body["account"]]
        told.append(
            {
                **body,
                "account_number": number,
                "name": name,
                "address": addresses[body["point"]],
                "stage_key": STAGE_KEYS[body["stage"]],
                "invoices": [
                    {**items_told[line[0]], "currency": line[1], "open_minor": line[2], "held_minor": line[3]}
                    for line in body["lines"]
                ],
            }
        )
    return told
