"""Reading for the checkers: queries without parameters, the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from duewell.store.snapshot import Cursor

Read = Callable[[str], Iterator[tuple[Any, ...]]]
"""From a query to its rows, a few thousand in memory at a time."""
DayOf = Callable[[int, int], date]
"""From a creditor's id and an instant in microseconds to the civil date where the creditor is."""

_Item = TypeVar("_Item")


def reader(cursor: Cursor, at_once: int = 10_000) -> Read:
    """Read through cursors that all see the same state, so many rows in memory at once."""

    def read(query: str) -> Iterator[tuple[Any, ...]]:
        with closing(cursor()) as rows:
            rows.execute(query)
            while some := rows.fetchmany(at_once):
                yield from some

    return read


def as_json(value: Any) -> Any:
    """A JSON column: PostgreSQL hands it out read, SQLite as text."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def as_text(value: date | str | None) -> str | None:
    """A date column as text, whichever driver gave it."""
    return value.isoformat() if isinstance(value, date) else value


def in_batches(items: Iterable[_Item], size: Callable[[_Item], int], most: int) -> Iterator[list[_Item]]:
    """Items in lists, each ended by the item with which its sizes come to `most`."""
    batch: list[_Item] = []
    full = 0
    for item in items:
        batch.append(item)
        full += max(1, size(item))
        if full >= most:
            yield batch
            batch, full = [], 0
    if batch:
        yield batch


Group = tuple[int, list[tuple[Any, ...]]]
"""An account and what a query has of it."""


def by_account(rows: Iterable[tuple[Any, ...]]) -> Iterator[Group]:
    """Rows that ascend by the account in their first column, grouped by it and without it."""
    for account, group in groupby(rows, key=itemgetter(0)):
        yield account, [row[1:] for row in group]


def side_by_side(*streams: Iterator[Group]) -> Iterator[tuple[Any, ...]]:
    """Account by account what each stream has of it."""
    heads = [next(stream, None) for stream in streams]
    while waiting := [head[0] for head in heads if head]:
        account = min(waiting)
        yield account, *(head[1] if head and head[0] == account else [] for head in heads)
        heads = [
            next(stream, None) if head and head[0] == account else head
            for head, stream in zip(heads, streams, strict=True)
        ]
