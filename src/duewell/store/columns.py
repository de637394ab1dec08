"""Columns over all accounts of a creditor, for narrowing: read in bulk, as Polars frames.

The database joins the cells to text, some thousand accounts at a time. A driver makes an object of each cell it
hands over, and a million rows of them cost three times as much as the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from duewell.core.agree.holds import RESUMES_BY_ITSELF
from duewell.store import sql

OPEN = {
    "account_id": pl.Int64,
    "due_on": pl.Date,
    "currency": pl.String,
    "open_minor": pl.Int64,
    "reached": pl.Int16,
    "reached_on": pl.Date,
}
HOLDS = {"account_id": pl.Int64, "kind": pl.String}
CREDITS = {"account_id": pl.Int64, "currency": pl.String, "minor": pl.Int64}
ACCOUNTS = {"id": pl.Int64}
ONE = {"account_id": pl.Int64}
ACCOUNTS_AT_ONCE = 1 << 14


def frame(cells: Sequence[str], source: str, params: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """The rows of `select CELLS SOURCE` as a frame, in no order.

    Args:
        cells: expressions in the order of the schema, the account's id first; numbers, dates, and words without
            comma, quote or line feed. Only the last may be null.
        source: from `from` on, with a condition.
    """
    account = cells[0]
    least, most = sql.fetch(f"select min({account}), max({account}) {source}", params)[0]
    if least is None:
        return pl.DataFrame(schema=schema)
    told = [*cells[:-1], f"coalesce(cast({cells[-1]} as text), '')"]
    if sql.postgres():
        sql.execute("set datestyle to iso")
        joined = f"string_agg(concat_ws(',', {', '.join(told)}), chr(10))"
    else:
        line = " || ',' || ".join(told)
        joined = f"group_concat({line}, char(10))"
    parts = []
    for start in range(least, most + 1, ACCOUNTS_AT_ONCE):
        some = f"select {joined} {source} and {account} between ? and ?"
        text = sql.fetch(some, [*params, start, start + ACCOUNTS_AT_ONCE - 1])[0][0]
        if text:
            parts.append(pl.read_csv(text.encode(), has_header=False, schema=schema))
    # The last row may have gone since the bounds were read.
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def open_receivables(creditor: int) -> pl.DataFrame:
    """Every open receivable, from the index of open ones alone. Columns: `OPEN`."""
    return frame(list(OPEN), "from receivable where creditor_id = ? and not (open_minor = 0)", [creditor], OPEN)


def accounts(creditor: int) -> pl.DataFrame:
    """Every account. Columns: `id`."""
    return frame(["id"], "from account where creditor_id = ?", [creditor], ACCOUNTS)


def account_holds(creditor: int, as_of: date) -> pl.DataFrame:
    """Holds of whole accounts that are active on the day. Columns: `HOLDS`."""
    by_itself = ", ".join(f"'{kind}'" for kind in sorted(RESUMES_BY_ITSELF))
    return frame(
        ["h.account_id", "h.kind"],
        "from hold h left join hold_end e on e.hold_id = h.id"
        " where h.creditor_id = ? and h.receivable_id is null and h.starts_on <= ?"
        " and (e.ended_on is null or e.ended_on > ?)"
        f" and (h.kind not in ({by_itself}) or h.until_on is null or h.until_on > ?)",
        [creditor, as_of, as_of, as_of],
        HOLDS,
    )


def in_flight(creditor: int) -> pl.DataFrame:
    """Accounts with a message that waits, is on its way or is unknown. Columns: `account_id`."""
    return frame(
        ["account_id"],
        "from message_state where creditor_id = ? and state in ('planned', 'released', 'unknown')",
        [creditor],
        ONE,
    )


def credits(creditor: int) -> pl.DataFrame:
    """Unapplied money. Columns: `CREDITS`."""
    return frame(
        ["account_id", "currency", "credit_minor"],
        "from account_credit where creditor_id = ? and credit_minor > 0",
        [creditor],
        CREDITS,
    )
