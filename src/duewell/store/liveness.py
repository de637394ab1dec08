"""Is the worker behind a token still alive? So that the work of a killed one is taken up at once.

On PostgreSQL a worker holds an advisory lock of its session, on SQLite a lock on a file: the system lets go of
either when the process ends, however it ends. Leases still end by themselves for a worker that merely sleeps.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from duewell.store import sql

_NAMESPACE = 0x44554557


class Liveness:
    """Locks by token, in the folder `locks` of the home or in the database."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: dict[int, int] = {}

    def hold(self, token: int) -> None:
        """Show that the worker with this token lives, until `let_go` or the end of the process."""
        if sql.postgres():
            sql.execute("select pg_advisory_lock(?, ?)", [_NAMESPACE, token])
            self._held[token] = -1
            return
        self._directory.mkdir(exist_ok=True)
        handle = os.open(self._path(token), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._held[token] = handle

    def let_go(self, token: int) -> None:
        """The worker has ended in good order."""
        handle = self._held.pop(token)
        if handle == -1:
            sql.execute("select pg_advisory_unlock(?, ?)", [_NAMESPACE, token])
            return
        self._path(token).unlink(missing_ok=True)
        os.close(handle)

    def is_dead(self, token: int) -> bool:
        """Nobody holds this token any more."""
        if token in self._held:
            return False
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
