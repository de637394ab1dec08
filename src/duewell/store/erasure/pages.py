"""What was overwritten must not stay in the files of the database.

SQLite fills what it frees with zeros (`secure_delete`, always on here); what had not been carried from the log
into the file goes with the log. Where an index moved a key between pages, a copy can stay in a page: the file is
looked through, and written anew where one is found.

PostgreSQL keeps old rows until they are vacuumed. Its log of changes, and the free space within pages that was not
used again, are beyond what a client can reach; docs/explanation/erasure.md says what that means.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Sequence
from pathlib import Path

from django.db import connection

from duewell.store import sql
from duewell.store.erasure.columns import PERSONAL

LOOKED_THROUGH_BYTES_MAX = 512_000_000
"""A larger file takes longer than an erasure may; the nightly tidying looks through it."""
_LOG_TRIES = 5
_LOG_WAIT_MS = 2_000


class LogHeld(Exception):
    """Somebody is reading an old state of the database, so its log cannot be emptied yet."""


def clean(names: Sequence[str], *, bytes_max: int = LOOKED_THROUGH_BYTES_MAX) -> bool:
    """Let nothing of these strings stay; False where the file is too large to be looked through.

    Raises:
        LogHeld: readers held the log; run it again when they have finished.
    """
    if sql.postgres():
        _vacuum()
        return True
    _empty_log()
    path = Path(str(connection.settings_dict["NAME"]))
    if path.stat().st_size > bytes_max:
        return False
    if _stands_in(path, names):
        sql.execute("vacuum")
        _empty_log()
    return True


def rewrite() -> None:
    """Write the file anew whatever stands in it, or vacuum the tables of PostgreSQL fully. Writers wait."""
    if sql.postgres():
        for table in PERSONAL:
            sql.execute(f"vacuum full {table}")
    else:
        sql.execute("vacuum")
        _empty_log()


def _empty_log() -> None:
    patience = sql.one("pragma busy_timeout")
    sql.fetch(f"pragma busy_timeout={_LOG_WAIT_MS}")
    try:
        for _ in range(_LOG_TRIES):
            row = sql.one("pragma wal_checkpoint(truncate)")
            if row is None or row[0] == 0:
                return
    finally:
        sql.fetch(f"pragma busy_timeout={patience[0] if patience else 60_000}")
    raise LogHeld("the log of the database is held by readers: run `duewell person sweep` when they have finished")


def _stands_in(path: Path, names: Sequence[str]) -> bool:
    wanted = [name.encode() for name in names if len(name) > 5]
    if not wanted or not path.stat().st_size:
        return False
    pattern = re.compile(b"|".join(map(re.escape, wanted)))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return pattern.search(whole) is not None


def _vacuum() -> None:
    for table in PERSONAL:
        sql.execute(f"vacuum (index_cleanup on, truncate off) {table}")
