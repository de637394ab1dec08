"""Only one process works on the schedule of a home, and only one on a database.

A lock on a file in the home, and on PostgreSQL one of the session too, for two machines may share a database. The
system lets go of both when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from duewell.store import sql

_SPACE = 0x44555748
_PATIENCE_SECONDS = 5.0


class AtWork(Exception):
    """Another process is at work; the message says which."""


@contextmanager
def shift(directory: Path) -> Iterator[None]:
    """Be the one at work for the length of the block.

    Raises:
        AtWork: somebody is.
    """
    directory.mkdir(exist_ok=True)
    handle = os.open(directory / "work", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise AtWork(f"process {process or 'unknown'} is at work for this home already") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        _wait_for_database()
        yield
    finally:
        os.close(handle)
        _let_go()


def keep_database() -> None:
    """On PostgreSQL, hold the lock of the session; asked again whenever the connection may be a new one.

    Raises:
        AtWork: another machine is at work on this database.
    """
    if not sql.postgres():
        return
    held = sql.one(
        "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted"
        " and database = (select oid from pg_database where datname = current_database())"
        " and classid = ? and objid = 1 and objsubid = 2",
        [_SPACE],
    )
    if held and held[0]:
        return
    row = sql.one("select pg_try_advisory_lock(?, 1)", [_SPACE])
    if not (row and row[0]):
        raise AtWork("another machine is at work on this database already")


def somebody(directory: Path) -> bool:
    """Whether a process is at work for the home just now."""
    try:
        handle = os.open(directory / "work", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def _wait_for_database() -> None:
    """The server notices only after a moment that the session of a killed process has ended."""
    until = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return keep_database()
        except AtWork:
            if monotonic() > until:
                raise
            sleep(0.2)


def _let_go() -> None:
    if sql.postgres():
        sql.fetch("select pg_advisory_unlock(?, 1)", [_SPACE])
