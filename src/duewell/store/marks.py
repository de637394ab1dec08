"""Marks: each durable step of an attempt as a row and a fact, written together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.store import facts, ids, sql

COLUMNS = "id creditor_id attempt_id message_id kind at token body".split()


class Mark(NamedTuple):
    """One mark to be written. `told` becomes its body; `more` stands beside it in the fact alone."""

    attempt: int
    message: str
    account: int
    kind: str
    token: int
    told: dict[str, Any]
    more: dict[str, Any]


def write(creditor: int, marks: Sequence[Mark], now: datetime) -> None:
    """Insert marks and their facts `contact.<kind>`. Runs inside the transaction of what they mark."""
    if not marks:
        return
    at = sql.us(now)
    rows = []
    drafts = []
    for mark_id, mark in zip(ids.allocate("mark", len(marks)), marks, strict=True):
        row = (
            mark_id,
            creditor,
            mark.attempt,
            mark.message,
            mark.kind,
            at,
            mark.token,
            canonical(mark.told).decode(),
        )
        rows.append(row)
        body = canonical({**mark.more, "rows": {"mark": [row]}})
        drafts.append((f"account:{mark.account}", f"contact.{mark.kind}", None, now, body))
    sql.insert("mark", COLUMNS, rows)
    facts.append(drafts)
