"""Rows in bulk, on either database through the one connection Django holds.

Queries are written with `?` for parameters. Nothing here knows a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from duewell.store.fields import instant, us

__all__ = [
    "day",
    "execute",
    "fetch",
    "ids_in",
    "insert",
    "instant",
    "named",
    "one",
    "stream",
    "transaction",
    "update_many",
    "us",
]


def postgres() -> bool:
    """Is it PostgreSQL?"""
    return connection.vendor == "postgresql"


def _raw() -> Any:
    connection.ensure_connection()
    return connection.connection


def _marks(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s") if postgres() else query


def _values(params: Sequence[Any]) -> Sequence[Any]:
    if postgres():
        return params
    return [value.isoformat() if isinstance(value, date) else value for value in params]


def fetch(query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows, as tuples of what the driver gives."""
    cursor = _raw().cursor()
    try:
        cursor.execute(_marks(query), _values(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
    finally:
        cursor.close()


def named(query: str, params: Sequence[Any] = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names of the columns, and all rows."""
    cursor = _raw().cursor()
    try:
        cursor.execute(_marks(query), _values(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [column[0] for column in cursor.description], rows
    finally:
        cursor.close()


def one(query: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The first row, or None."""
    rows = fetch(query, params)
    return rows[0] if rows else None


def stream(query: str, params: Sequence[Any] = (), size: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in lists of `size`, so that a million never stand in memory. PostgreSQL needs a transaction."""
    raw = _raw()
    cursor = raw.cursor(name="duewell_stream") if postgres() else raw.cursor()
    try:
        cursor.execute(_marks(query), _values(params))
        while rows := cursor.fetchmany(size):
            yield rows
    finally:
        cursor.close()


def execute(query: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; the number of rows it touched decides who won a conditional update."""
    cursor = _raw().cursor()
    try:
        cursor.execute(_marks(query), _values(params))
        count: int = cursor.rowcount
        return count
    finally:
        cursor.close()


def update_many(query: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement for many rows of parameters."""
    cursor = _raw().cursor()
    try:
        if postgres():
            cursor.executemany(_marks(query), list(rows))
        else:
            cursor.executemany(query, map(_dated, rows))
    finally:
        cursor.close()


def insert(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, dates_are_text: bool = False
) -> None:
    """Insert rows in bulk: COPY on PostgreSQL, one prepared statement on SQLite.

    Dates may be `date` or ISO text; instants are integers (`us`); bytes and text as they are. Who knows that all
    dates are text says so, and spares a look at every cell.
    """
    cursor = _raw().cursor()
    try:
        names = ", ".join(f'"{column}"' for column in columns)
        if postgres():
            with cursor.copy(f'copy "{table}" ({names}) from stdin') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(columns))
            cursor.executemany(
                f'insert into "{table}" ({names}) values ({places})', rows if dates_are_text else map(_dated, rows)
            )
    finally:
        cursor.close()


def _dated(row: Sequence[Any]) -> Sequence[Any]:
    # isinstance over every cell would cost more than the insert: most rows carry no `date`.
    for value in row:
        if type(value) is date:
            return [item.isoformat() if type(item) is date else item for item in row]
    return row


def ids_in(column: str, ids: Sequence[int] | Sequence[str]) -> tuple[str, list[Any]]:
    """A condition `column in (…)` for any number of ids, and its parameters."""
    if postgres():
        return f"{column} = any(?)", [list(ids)]
    return f"{column} in (select value from json_each(?))", [json.dumps(list(ids))]


def day(value: Any) -> date:
    """A date column as `date`, whichever driver gave it."""
    return value if isinstance(value, date) else date.fromisoformat(value)
