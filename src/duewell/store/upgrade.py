"""Tables are brought up to date by one process at a time, in steps for which nobody waits longer than a moment.

Two processes of a new version may start at once, with writers of the old version still at work. Whoever comes
second waits and finds the work done. On PostgreSQL a step that does not get a table at once gives up and tries
again, so that no queue of writers forms behind it; SQLite has one writer at a time anyway, and a step is short.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from duewell.store import sql

_KEY = 0x4455_5550
_TABLE_WAIT = "100ms"
"""So long at most a step waits for one table, with all who want that table waiting behind it."""
_TRIES = 600
_PAUSE_SECONDS = 0.2


class NewerTables(Exception):
    """A newer version of the program has been here; this one would write what that one does not expect."""


class TablesBusy(Exception):
    """Somebody holds a table for minutes; nothing half done is left."""


def pending() -> list[str]:
    """The migrations that are yet to come, in their order.

    Raises:
        NewerTables: the tables know migrations that this version does not.
    """
    loader = MigrationLoader(connection)
    applied = {name for app, name in loader.applied_migrations if app == "store"}
    known = {name for app, name in loader.disk_migrations if app == "store"}
    foreign = sorted(applied - known)
    if foreign:
        raise NewerTables(
            f"a newer version of Duewell has worked on these tables ({', '.join(foreign)}): install that version"
        )
    return sorted(known - applied)


def bring_up_to_date() -> list[str]:
    """Apply what is yet to come, one migration after the other; what this process applied.

    Raises:
        NewerTables: the tables know migrations that this version does not.
        TablesBusy: a table was not to be had for two minutes.
    """
    if not pending():
        return []
    with _alone(), _nothing_looked_through():
        # Another process may have done it while this one waited.
        wanted = pending()
        for name in wanted:
            _apply(name)
    return wanted


def _apply(name: str) -> None:
    for _ in range(_TRIES):
        try:
            call_command("migrate", "store", name, verbosity=0, interactive=False)
            return
        except OperationalError as problem:
            if not _was_busy(problem):
                raise
            time.sleep(_PAUSE_SECONDS)
    raise TablesBusy(
        f"step {name} could not have its tables for two minutes: end long transactions, then try again"
    )


def _was_busy(problem: OperationalError) -> bool:
    if not sql.postgres():
        return False
    from psycopg.errors import DeadlockDetected, LockNotAvailable

    return isinstance(problem.__cause__, LockNotAvailable | DeadlockDetected)


@contextmanager
def _nothing_looked_through() -> Iterator[None]:
    """On SQLite Django looks through every foreign key of the file at the end of each step, with writers waiting.

    A step only adds (tests hold it to that), so there is nothing to be found, and a large book takes seconds each.
    """
    if sql.postgres():
        yield
        return
    before = connection.check_constraints
    connection.check_constraints = lambda table_names=None: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        connection.check_constraints = before  # type: ignore[method-assign]


@contextmanager
def _alone() -> Iterator[None]:
    """No other process changes tables until the end of the block, or of this process."""
    if sql.postgres():
        sql.fetch("select pg_advisory_lock(?)", [_KEY])
        sql.execute(f"set lock_timeout = '{_TABLE_WAIT}'")
        try:
            yield
        finally:
            sql.execute("reset lock_timeout")
            sql.fetch("select pg_advisory_unlock(?)", [_KEY])
        return
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:" or name.startswith("file:"):
        yield
        return
    folder = Path(name).parent / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / "upgrade").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
