"""A SQLite database copied page by page through SQLite's own backup, from one snapshot."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from duewell import verify
from duewell.flows.backup import BackupFailed, CopiedTables, Tell
from duewell.store.copies import tables

FILE = "duewell.db"
_PAGES_AT_ONCE = 2_000
_METHOD = "page by page through SQLite's online backup, from one snapshot"


class SqliteTables:
    """Keeps the promise of `flows.backup.Tables`."""

    def __init__(self, folder: Path, heads: Path, public_key: Path) -> None:
        """`folder`: where the copy goes; `heads` and `public_key`: the copies of those, in the backup."""
        self._folder = folder
        self._heads = heads
        self._public_key = public_key

    def bytes_expected(self) -> int:
        """The size of the file and of what was not yet carried into it."""
        source = _source()
        beside = source.with_name(source.name + "-wal")
        return source.stat().st_size + (beside.stat().st_size if beside.exists() else 0)

    def copy(self, tell: Tell) -> CopiedTables:
        """Copy the database as it is now; writers go on meanwhile and are not waited for."""
        path = self._folder / FILE
        with (
            closing(sqlite3.connect(f"{_source().as_uri()}?mode=ro", uri=True, isolation_level=None)) as source,
            closing(sqlite3.connect(path, isolation_level=None)) as target,
        ):
            # The snapshot stays open, so the copy never begins anew because somebody wrote.
            source.execute("begin")
            present = [row[0] for row in source.execute("select name from sqlite_master where type = 'table'")]
            rows = tables.counts(
                lambda query: source.execute(query).fetchall(), sorted(set(tables.names()) & set(present))
            )
            migrations = [name for (name,) in source.execute(tables.MIGRATIONS)]
            source.backup(
                target,
                pages=_PAGES_AT_ONCE,
                progress=lambda _, left, total: tell("copying pages", total - left, total),
                sleep=0,
            )
            # One file, with nothing beside it.
            target.execute("pragma journal_mode=delete")
        path.chmod(0o600)
        return CopiedTables("sqlite", _METHOD, rows, migrations, {}, {})

    def check(self, copied: CopiedTables, tell: Tell) -> list[str]:
        """Whether the copy is sound, complete, and what its heads signed."""
        return findings(self._folder / FILE, copied, self._heads, self._public_key, tell)


def findings(path: Path, copied: CopiedTables, heads: Path, public_key: Path, tell: Tell) -> list[str]:
    """What is wrong with a database file that was copied."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tell("checking pages", 0, 3)
            told = [row[0] for row in database.execute("pragma integrity_check(5)")]
            found = [] if told == ["ok"] else [f"{path.name}: {line}" for line in told]
            tell("counting rows", 1, 3)
            rows = tables.counts(lambda query: database.execute(query).fetchall(), list(copied.rows))
    except sqlite3.Error as problem:
        return [f"{path.name} cannot be read: {problem}"]
    found += [
        f"{table}: {rows[table]:,} rows of {count:,}"
        for table, count in copied.rows.items()
        if rows[table] != count
    ]
    tell("verifying the evidence", 2, 3)
    try:
        report = verify.verify_file(path, [heads] if heads.exists() else [], [public_key])
    except verify.WrongUse as problem:
        return [*found, str(problem)]
    tell("verifying the evidence", 3, 3)
    return [*found, *report.findings]


def _source() -> Path:
    path = Path(str(connection.settings_dict["NAME"])).resolve()
    if not path.exists():
        raise BackupFailed(f"there is no database {path}")
    return path
