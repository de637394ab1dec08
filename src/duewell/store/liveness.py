"""Is the worker behind a token still alive? So that the work of a killed one is taken up at once.

On PostgreSQL a worker holds an advisory lock of its session, on SQLite a lock on a file: the system lets go of
either when the process ends, however it ends. Leases still end by themselves for a worker that merely sleeps.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from duewell.store import sql

_NAMESPACE = 0x44554557
_IDLE_SECONDS = 60


class Liveness:
    """Locks by token, in the folder `locks` of the home or in the database."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def held(self, token: int) -> Iterator[Callable[[int], bool]]:
        """Show that the worker with this token lives, until the end of the block or of the process.

        Yields a question: is the worker with another token dead?
        """
        with self._in_database(token) if sql.postgres() else self._in_file(token):
            yield lambda other: other != token and self._is_dead(other)

    @contextmanager
    def _in_database(self, token: int) -> Iterator[None]:
        sql.fetch("select pg_advisory_lock(?, ?)", [_NAMESPACE, token])
        # A worker that is stopped inside a transaction would hold its rows for as long as it sleeps: the server
        # ends its session instead, well before its leases end.
        sql.execute(f"set idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
        yield
        # Not after an error: the session ends with the command and takes the lock along.
        sql.execute("reset idle_in_transaction_session_timeout")
        sql.fetch("select pg_advisory_unlock(?, ?)", [_NAMESPACE, token])

    @contextmanager
    def _in_file(self, token: int) -> Iterator[None]:
        self._directory.mkdir(exist_ok=True)
        handle = os.open(self._path(token), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            self._path(token).unlink(missing_ok=True)
            os.close(handle)

    def _is_dead(self, token: int) -> bool:
        if sql.postgres():
            row = sql.one("select pg_try_advisory_lock(?, ?)", [_NAMESPACE, token])
            if row and row[0]:
                sql.execute("select pg_advisory_unlock(?, ?)", [_NAMESPACE, token])
                return True
            return False
        try:
            handle = os.open(self._path(token), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            # Only the janitor that got the lock may remove it; a token is never used twice.
            self._path(token).unlink(missing_ok=True)
            return True
        finally:
            os.close(handle)

    def _path(self, token: int) -> Path:
        return self._directory / f"worker-{token}"
