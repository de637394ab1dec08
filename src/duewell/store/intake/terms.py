"""Due dates and references that a list or a person moved: written over, and the move told as a fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.core.evidence.rows import body
from duewell.store import facts, posting, sql


class Moved(NamedTuple):
    """New terms of an invoice, with the old due date."""

    account: int
    receivable: int
    due_before: date
    due_on: date
    reference: str


def move(moved: Iterable[Moved], now: datetime, batch: int | None, **said: object) -> None:
    """Write new terms, and move the versions of the accounts on.

    Args:
        batch: of the import that tells of them; None for a person, with `reason` and `by` in `said`.
    """
    told: dict[int, list[list[Any]]] = {}
    updates = []
    accounts = set()
    for one in moved:
        accounts.add(one.account)
        updates.append((one.due_on, one.reference, one.receivable))
        if one.due_on != one.due_before:
            days = [one.receivable, one.due_before.isoformat(), one.due_on.isoformat()]
            told.setdefault(one.account, []).append(days)
    sql.update_many("update receivable set due_on = ?, reference = ? where id = ?", updates)
    posting.bump(accounts)
    facts.append(
        [
            facts.Draft(
                f"account:{account}", "ledger.rescheduled", None, now, body(due_on=days, batch=batch, **said)
            )
            for account, days in told.items()
        ]
    )
