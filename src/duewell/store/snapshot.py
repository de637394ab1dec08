"""One unchanging view of the whole database, for whoever reads all of it while others go on writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from duewell.store import sql

Cursor = Callable[[], Any]
"""Makes a new DB-API cursor; all of them see the same state."""


def unreadable() -> type[Exception]:
    """What the driver raises where the database is damaged or gone."""
    error: type[Exception] = connection.Database.Error  # type: ignore[attr-defined]
    return error


@contextmanager
def snapshot() -> Iterator[Cursor]:
    """A read-only connection of its own at one state of the database, open until the end of the block."""
    with _postgres() if sql.postgres() else _sqlite() as cursor:
        yield cursor


@contextmanager
def _sqlite() -> Iterator[Cursor]:
    path = Path(str(connection.settings_dict["NAME"])).resolve()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        # What is no UTF-8 was put there by somebody else; it shall be found, not stop the reading.
        database.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        database.execute("begin")
        yield database.cursor


@contextmanager
def _postgres() -> Iterator[Cursor]:
    with postgres_snapshot() as database:
        made = 0

        def cursor() -> Any:
            # A cursor on the server hands out rows as they are asked for; others would load them all at once.
            nonlocal made
            made += 1
            return database.cursor(name=f"duewell_snapshot_{made}")

        yield cursor


@contextmanager
def postgres_snapshot() -> Iterator[Any]:
    """A read-only connection of its own to PostgreSQL; all it reads is of one state."""
    from psycopg import Connection, IsolationLevel
    from psycopg.conninfo import make_conninfo

    settings = connection.settings_dict
    options = {key: value for key, value in settings["OPTIONS"].items() if isinstance(value, str)}
    told = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    address = make_conninfo("", **options, **{key: value for key, value in told.items() if value})
    with Connection.connect(address) as database:
        database.isolation_level = IsolationLevel.REPEATABLE_READ
        database.read_only = True
        yield database
