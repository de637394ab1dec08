"""The tables of PostgreSQL copied with COPY, all in one read-only transaction, and brought back the same way.

COPY rather than `pg_dump`: it needs no program of the server's version, its files say what they hold in plain
text, and bringing them back can be one transaction together with the halt that must come with it.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from duewell import verify
from duewell.flows.backup import BackupRefused, CopiedTables, Tell
from duewell.store import sql
from duewell.store.copies import tables
from duewell.store.snapshot import postgres_snapshot

FOLDER = "tables"
_METHOD = "COPY of all tables in one repeatable-read transaction"
_SEQUENCES = (
    "select sequencename, coalesce(last_value, 0) from pg_sequences where schemaname = current_schema() order by 1"
)
_BYTES_AT_ONCE = 1 << 20


class PostgresTables:
    """Keeps the promise of `flows.backup.Tables`."""

    def __init__(self, folder: Path, heads: Path, public_key: Path) -> None:
        """`folder`: where the copy goes; `heads` and `public_key`: the copies of those, in the backup."""
        self._folder = folder / FOLDER
        self._heads = heads
        self._public_key = public_key
        self._findings: list[str] = []

    def bytes_expected(self) -> int:
        """The tables without their indexes; compressed they take less."""
        within, params = sql.ids_in("relname", tables.names())
        row = sql.one(
            f"select coalesce(sum(pg_table_size(oid)), 0) from pg_class where {within} and relkind = 'r'", params
        )
        return 0 if row is None else int(row[0])

    def copy(self, tell: Tell) -> CopiedTables:
        """Copy one state of all tables, each into a compressed file of its own, and verify that state."""
        self._folder.mkdir(mode=0o700)
        wanted = tables.names()
        columns: dict[str, list[str]] = {}
        with postgres_snapshot() as database:

            def fetch(query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
                with database.cursor() as cursor:
                    cursor.execute(query, params)
                    found: list[tuple[Any, ...]] = cursor.fetchall()
                    return found

            rows = tables.counts(fetch, wanted)
            migrations = [name for (name,) in fetch(tables.MIGRATIONS)]
            # Sequences stand outside of transactions: read after the snapshot began, they are never behind it.
            sequences = {name: int(value) for name, value in fetch(_SEQUENCES)}
            for done, table in enumerate(wanted):
                tell("copying tables", done, len(wanted))
                columns[table] = _columns(fetch, table)
                self._copy(database, table, columns[table])
            tell("copying tables", len(wanted), len(wanted))
            self._findings = _verified(database, self._heads, self._public_key)
        return CopiedTables("postgresql", _METHOD, rows, migrations, columns, sequences)

    def check(self, copied: CopiedTables, tell: Tell) -> list[str]:
        """Whether every row arrived; the state that was copied was verified with it."""
        return [*findings(self._folder, copied, tell), *self._findings]

    def _copy(self, database: Any, table: str, columns: Sequence[str]) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        with (
            gzip.open(self._folder / f"{table}.copy.gz", "wb", compresslevel=1) as file,
            database.cursor() as cursor,
            cursor.copy(f'copy (select {names} from "{table}") to stdout') as copy,
        ):
            for piece in copy:
                file.write(piece)


def findings(folder: Path, copied: CopiedTables, tell: Tell) -> list[str]:
    """What is wrong with the files of tables: one that cannot be read, or has not all rows."""
    found = []
    for done, (table, count) in enumerate(copied.rows.items(), 1):
        try:
            with gzip.open(folder / f"{table}.copy.gz", "rb") as file:
                # A row is a line: line ends within a value are written as two letters.
                lines = sum(piece.count(b"\n") for piece in iter(lambda: file.read(_BYTES_AT_ONCE), b""))
        except (OSError, EOFError) as problem:
            found.append(f"{table} cannot be read: {problem}")
            continue
        if lines != count:
            found.append(f"{table}: {lines:,} rows of {count:,}")
        tell("counting rows", done, len(copied.rows))
    return found


def refuse_full() -> None:
    """Raises `BackupRefused` unless the database is empty."""
    row = sql.one(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = current_schema() and c.relkind in ('r', 'p')"
    )
    if row and row[0]:
        raise BackupRefused(
            f"the database that DATABASE_URL names has {row[0]} tables already: make an empty one (createdb NAME)"
        )


def load(folder: Path, copied: CopiedTables, tell: Tell) -> None:
    """Bring the rows back into fresh tables of the same migrations. Runs inside a transaction of the caller."""
    cursor = connection.connection.cursor()
    with closing(cursor):
        # What the migrations put in comes back with the rows.
        cursor.execute("delete from tree_state")
        cursor.execute("delete from sequence")
        for done, table in enumerate(copied.rows, 1):
            names = ", ".join(f'"{column}"' for column in copied.columns[table])
            with (
                gzip.open(folder / f"{table}.copy.gz", "rb") as file,
                cursor.copy(f'copy "{table}" ({names}) from stdin') as copy,
            ):
                for piece in iter(lambda: file.read(_BYTES_AT_ONCE), b""):
                    copy.write(piece)
            tell("bringing tables back", done, len(copied.rows))
        for name, value in copied.sequences.items():
            cursor.execute("select setval(%s, %s, %s)", (f'"{name}"', max(value, 1), value > 0))


def _columns(fetch: Any, table: str) -> list[str]:
    rows = fetch(
        "select column_name from information_schema.columns where table_schema = current_schema()"
        " and table_name = %s order by ordinal_position",
        (table,),
    )
    return [name for (name,) in rows]


def _verified(database: Any, heads: Path, public_key: Path) -> list[str]:
    report = verify.Report()
    keys = verify.read_keys([public_key.read_text()])
    signed = verify.read_heads([heads.read_text()] if heads.exists() else [], keys, report)
    made = 0

    def cursor() -> Any:
        nonlocal made
        made += 1
        return database.cursor(name=f"duewell_copy_{made}")

    verify.verify_database(cursor, signed, report, keys)
    return report.findings
