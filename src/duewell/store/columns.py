"""Columns over all accounts of a creditor, for narrowing: read in bulk, as Polars frames."""

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
    "id": pl.Int64,
}
HOLDS = {"account_id": pl.Int64, "kind": pl.String}
CREDITS = {"account_id": pl.Int64, "currency": pl.String, "minor": pl.Int64}
ACCOUNTS = {"id": pl.Int64}
ONE = {"account_id": pl.Int64}


def frame(query: str, params: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """The rows of a query as a frame with these columns."""
    if sql.postgres():
        return _copied(query, params, schema)
    # Dates come as text from SQLite; turning a million of them into `date` one by one would double the cost.
    texts = {name: pl.String if kind == pl.Date else kind for name, kind in schema.items()}
    parts = [
        pl.DataFrame(rows, schema=texts, orient="row").with_columns(
            pl.col(name).str.to_date("%Y-%m-%d") for name, kind in schema.items() if kind == pl.Date
        )
        for rows in sql.stream(query, params)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _copied(query: str, params: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
    data = sql.copy_out(query, params)
    if not data:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(data, has_header=False, schema=schema)


def open_receivables(creditor: int) -> pl.DataFrame:
    """Every open receivable, from the index of open ones alone. Columns: `OPEN`."""
    return frame(
        "select account_id, due_on, currency, open_minor, reached, reached_on, id from receivable"
        " where creditor_id = ? and not (open_minor = 0)",
        [creditor],
        OPEN,
    )


def accounts(creditor: int) -> pl.DataFrame:
    """Every account. Columns: `id`."""
    return frame("select id from account where creditor_id = ?", [creditor], ACCOUNTS)


def account_holds(creditor: int, as_of: date) -> pl.DataFrame:
    """Holds of whole accounts that are active on the day, oldest first. Columns: `HOLDS`."""
    by_itself = ", ".join(f"'{kind}'" for kind in sorted(RESUMES_BY_ITSELF))
    return frame(
        "select h.account_id, h.kind from hold h left join hold_end e on e.hold_id = h.id"
        " where h.creditor_id = ? and h.receivable_id is null and h.starts_on <= ?"
        " and (e.ended_on is null or e.ended_on > ?)"
        f" and (h.kind not in ({by_itself}) or h.until_on is null or h.until_on > ?) order by h.id",
        [creditor, as_of, as_of, as_of],
        HOLDS,
    )


def in_flight(creditor: int) -> pl.DataFrame:
    """Accounts with a message that waits, is on its way or is unknown. Columns: `account_id`."""
    return frame(
        "select distinct account_id from message_state where creditor_id = ?"
        " and state in ('planned', 'released', 'unknown')",
        [creditor],
        ONE,
    )


def credits(creditor: int) -> pl.DataFrame:
    """Unapplied money. Columns: `CREDITS`."""
    return frame(
        "select account_id, currency, credit_minor from account_credit where creditor_id = ? and credit_minor > 0",
        [creditor],
        CREDITS,
    )
