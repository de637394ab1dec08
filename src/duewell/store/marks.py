"""Marks: each durable step of an attempt as a row and a fact, written together. Page: docs/reference/marks.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.store import facts, ids, sql

COLUMNS = "id creditor_id attempt_id message_id kind at token body".split()


class Mark(NamedTuple):
    """One mark to be written. `told` becomes its body."""

    attempt: int
    message: str
    account: int
    kind: str
    told: dict[str, Any]


def write(creditor: int, token: int, marks: Sequence[Mark], now: datetime) -> None:
    """Insert marks and their facts `contact.<kind>`. Runs inside the transaction of what they mark."""
    if not marks:
        return
    at = sql.us(now)
    rows = []
    drafts = []
    for mark_id, mark in zip(ids.allocate("mark", len(marks)), marks, strict=True):
        attempt, message, account, kind, told = mark
        row = (mark_id, creditor, attempt, message, kind, at, token, canonical(told).decode())
        rows.append(row)
        body = canonical({"rows": {"mark": [row]}})
        drafts.append((f"account:{account}", f"contact.{kind}", None, now, body))
    sql.insert("mark", COLUMNS, rows)
    facts.append(drafts)


def reply(text: str, recipient: str) -> str:
    """What a server said, without the address it said it about: facts stay for good and hold no address."""
    if not recipient or recipient.casefold() not in text.casefold():
        return text
    return re.sub(re.escape(recipient), "<recipient>", text, flags=re.IGNORECASE)
