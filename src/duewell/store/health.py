"""How the tables are: what `doctor` and `metrics` ask of them, each in a few quick questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from duewell.store import sql

_NEWEST = 1_000


class Database(NamedTuple):
    """The database itself."""

    version: str
    journal: str
    """`wal` on SQLite; empty on PostgreSQL, which has its own."""
    durable: bool
    """Whether a commit survives a power cut."""
    writable: bool
    size_bytes: int
    free_bytes: int
    """Pages within the file that nothing uses; 0 on PostgreSQL, which reuses them by itself."""


class Sealing(NamedTuple):
    """How far the sealer is behind."""

    waiting: int
    """Facts without a leaf."""
    oldest_at: datetime | None
    tree_size: int


class Waiting(NamedTuple):
    """A run that waits for a person."""

    creditor: int
    run: int
    as_of: str
    proposals: int
    recorded_at: datetime


def database() -> Database:
    """Ask the database about itself; whether it can be written to is tried, and taken back."""
    if sql.postgres():
        return _postgres()
    (version,) = _one("select sqlite_version()")
    (journal,) = _one("pragma journal_mode")
    (synchronous,) = _one("pragma synchronous")
    (page,) = _one("pragma page_size")
    (pages,) = _one("pragma page_count")
    (free,) = _one("pragma freelist_count")
    return Database(f"SQLite {version}", journal, synchronous >= 2, _writable(), page * pages, page * free)


def sealing() -> Sealing:
    """What has been committed and has no leaf yet."""
    (size,) = _one("select size from tree_state where id = 1")
    latest = sql.one('select fact_id from leaf where "index" = ?', [size - 1]) if size else None
    waiting, oldest = _one("select count(*), min(recorded_at) from fact where id > ?", latest[0] if latest else 0)
    return Sealing(waiting, None if oldest is None else sql.instant(oldest), size)


def newest_fact() -> datetime | None:
    """The latest instant that any of the newest facts bears."""
    (newest,) = _one(
        "select max(recorded_at) from (select recorded_at from fact order by id desc limit ?) newest", _NEWEST
    )
    return None if newest is None else sql.instant(newest)


def waiting_runs() -> Sequence[Waiting]:
    """Runs that claimed something and wait for a person, oldest first."""
    rows = sql.fetch(
        "select creditor_id, id, as_of, proposals, recorded_at from run"
        " where state = 'waiting' and proposals > 0 order by id"
    )
    return [Waiting(row[0], row[1], sql.day(row[2]).isoformat(), row[3], sql.instant(row[4])) for row in rows]


def overdue_attempts(before: datetime) -> int:
    """Released messages that could have gone before an instant and have not."""
    (count,) = _one(
        "select count(*) from attempt where state in ('released', 'started', 'closing') and state = 'released'"
        " and not_before < ?",
        sql.us(before),
    )
    return int(count)


def refused_copies() -> dict[int, int]:
    """Copies that archives refused for good, by creditor."""
    rows = sql.fetch("select creditor_id, count(*) from archive_copy where state = 'refused' group by creditor_id")
    return dict(rows)


def _postgres() -> Database:
    (version,) = _one("select current_setting('server_version')")
    (durable,) = _one("select current_setting('synchronous_commit')")
    (replica,) = _one("select pg_is_in_recovery()")
    (size,) = _one("select pg_database_size(current_database())")
    return Database(f"PostgreSQL {version}", "", durable != "off", not replica and _writable(), size, 0)


def _writable() -> bool:
    from django.db.utils import DatabaseError

    try:
        with transaction.atomic():
            sql.execute("update tree_state set size = size where id = 1")
            transaction.set_rollback(True)
    except DatabaseError:
        connection.close_if_unusable_or_obsolete()
        return False
    return True


def _one(query: str, *params: object) -> tuple[Any, ...]:
    row = sql.one(query, list(params))
    assert row is not None
    return row
