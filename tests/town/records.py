"""The tables of a town, read from beside the program: with a connection of their own and nothing of its code."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Records:
    """Reads the database of a home, in its file or at `url`."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        self._file = home / "duewell.db"
        self._url = url

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query; parameters are written `?`."""
        if self._url:
            with psycopg.connect(self._url) as connection:
                return connection.execute(query.replace("?", "%s"), values).fetchall()  # type: ignore[arg-type]
        connection_ = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)
        try:
            return connection_.execute(query, values).fetchall()
        finally:
            connection_.close()

    @property
    def is_postgres(self) -> bool:
        """Are the tables on a server?"""
        return self._url is not None

    def tables(self) -> list[str]:
        """The names of all tables."""
        query = "select name from sqlite_master where type = 'table'"
        if self._url:
            query = "select table_name from information_schema.tables where table_schema = current_schema()"
        return sorted(row[0] for row in self.rows(query))

    def fact_kinds(self, since: datetime | None, account: str = "") -> list[str]:
        """The kinds of facts about accounts and persons recorded at or after an instant, in order."""
        start = -1 if since is None else (since - _EPOCH) // timedelta(microseconds=1)
        stream = "account:%"
        if account:
            stream = f"account:{self.rows('select id from account where number = ?', account)[0][0]}"
        found = self.rows(
            "select kind from fact where recorded_at >= ? and (stream like ? or stream like ?) order by id",
            start,
            stream,
            "" if account else "person:%",
        )
        return [row[0] for row in found]

    def marks(self, kind: str) -> list[tuple[Any, ...]]:
        """Message, attempt and instant of every mark of a kind, in order."""
        return self.rows("select message_id, attempt_id, at from mark where kind = ? order by id", kind)

    def message_of(self, number: str) -> list[str]:
        """The messages that ever claimed an invoice, in the order of their claims."""
        found = self.rows(
            "select c.message_id from claim c join receivable r on r.id = c.receivable_id"
            " where r.number = ? order by c.stage, c.occurrence",
            number,
        )
        return [row[0] for row in found]
