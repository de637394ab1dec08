"""Wiring of backups: the tables on either database, the files of the home, and the way back."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from duewell import wiring, wiring_evidence
from duewell.adapters.home import Home, in_postgres, where
from duewell.flows.backup import BackupFailed, BackupRefused, Manifest, Restored, Tell
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.flows.backup import Tables


def back_up(home: Home, target: Path, clock: Clock, *, with_keys: bool, tell: Tell) -> Manifest:
    """Back the open home up while others work in it.

    Raises:
        BackupRefused: there is something under that name.
        BackupFailed: no room, or the copy is not whole.
    """
    from duewell import __version__, verify
    from duewell.adapters.backups import new_backup, remember
    from duewell.flows import backup
    from duewell.store.copies.postgres import PostgresTables
    from duewell.store.copies.sqlite import SqliteTables

    def made_at() -> str:
        return clock.now().astimezone(UTC).isoformat(timespec="seconds")

    with new_backup(home, target.absolute(), made_at, __version__) as shelf:
        copies = PostgresTables if in_postgres() else SqliteTables
        tables: Tables = copies(shelf.folder, shelf.heads, shelf.public_key)
        try:
            made = backup.back_up(tables, shelf, with_keys=with_keys, tell=tell)
        except verify.WrongUse as problem:
            raise BackupFailed(str(problem)) from problem
    remember(home, made.made_at)
    return made


def restore(
    backup: Path,
    directory: Path | str | None,
    keys: Path | None,
    clock_of: Callable[[Home], Clock],
    tell: Tell,
) -> tuple[Home, Manifest, Restored]:
    """Make a home of a backup: checked, halted, and with everything in doubt that may have left since.

    Raises:
        BackupRefused: it is no backup, the home is not empty, the keys or the right database are missing.
        BackupFailed: the backup is damaged, or there is no room.
    """
    from duewell.adapters import backups

    target = where(directory)
    with backups.opened(backup.absolute(), target.parent) as (folder, manifest):
        _right_database(manifest)
        found = backups.changed(folder, manifest, tell)
        if found:
            raise BackupFailed(f"{backup} is damaged, nothing was restored: " + "; ".join(found[:5]))
        with backups.new_home(target) as fresh:
            backups.room_for(manifest, fresh)
            backups.put_into(folder, manifest, fresh, keys)
            home = Home(fresh, manifest.test)
            clock = clock_of(home)
            _restore_tables(folder, manifest, fresh, tell)
            restored = _silence(manifest, clock)
            wiring.seal(home, clock)
            _close()
    return Home(target, manifest.test), manifest, restored


def settle_restored(
    creditor: CreditorView, log: Path | None, clock: Clock, by: str, reason: str
) -> tuple[int, int]:
    """Settle what a restore put in doubt by the log of the mail server: how many arrived, how many did not leave.

    Raises:
        OSError: the log cannot be read.
    """
    from duewell.store import restored

    left: set[str] = set()
    doubted = {message for _, message, _, _ in restored.unknown(creditor.id)}
    if log is not None:
        with log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                # The id of a message is in its Message-ID, which mail servers write into their logs.
                left.update(doubted.intersection(_MESSAGE.findall(line)))
    return restored.settle(creditor.id, left, clock.now(), wiring.day_of(creditor), by, reason)


def doubted(creditor: CreditorView) -> int:
    """How many messages a restore put in doubt and nobody has settled."""
    from duewell.store import restored

    return len(restored.unknown(creditor.id))


_MESSAGE = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?=@)")


def _right_database(manifest: Manifest) -> None:
    from duewell.store.copies import tables

    _set_up()
    last = tables.known(manifest.tables.migrations)
    assert last
    kind = manifest.tables.database
    if kind == "sqlite" and os.environ.get("DATABASE_URL"):
        raise BackupRefused(
            "this backup is of a home on SQLite and comes back as one: unset DATABASE_URL."
            " It cannot be brought into another database"
        )
    if kind == "postgresql" and not in_postgres():
        raise BackupRefused(
            "this backup is of tables in PostgreSQL: set DATABASE_URL to an empty database of PostgreSQL"
        )


def _set_up() -> None:
    """Django knows the migrations; no database is opened for that."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "duewell.web.settings"
    import django

    django.setup()


def _restore_tables(folder: Path, manifest: Manifest, fresh: Path, tell: Tell) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from duewell.store import sql
    from duewell.store.copies import postgres, sqlite, tables

    copied = manifest.tables
    if copied.database == "sqlite":
        shutil.copyfile(folder / sqlite.FILE, fresh / sqlite.FILE)
        (fresh / sqlite.FILE).chmod(0o600)
        heads = fresh / "heads"
        found = sqlite.findings(fresh / sqlite.FILE, copied, heads / "heads.jsonl", heads / "public.key", tell)
        if found:
            raise BackupFailed("its tables are not what was signed, nothing was restored: " + "; ".join(found[:5]))
        wiring.start(fresh)
        wiring.migrate()
        return
    wiring.start(fresh)
    postgres.refuse_full()
    found = postgres.findings(folder / postgres.FOLDER, copied, tell)
    if found:
        raise BackupFailed("its tables are not whole, nothing was restored: " + "; ".join(found[:5]))
    call_command("migrate", "store", tables.known(copied.migrations), verbosity=0, interactive=False)
    with transaction.atomic():
        postgres.load(folder / postgres.FOLDER, copied, tell)
        # Whoever still works on this database must not begin to send from the first moment on.
        sql.execute("update creditor set halted = true")
    report = wiring_evidence.verification(Home(fresh, manifest.test), (fresh / "heads" / "heads.jsonl",))
    if report.found:
        raise BackupFailed(
            "the tables that came back are not what was signed; drop that database: "
            + "; ".join(report.findings[:5])
        )
    wiring.migrate()
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _silence(manifest: Manifest, clock: Clock) -> Restored:
    from duewell.store import restored, sql

    with sql.transaction.atomic():
        creditors = restored.halt(manifest.made_at, clock.now())
    return Restored(manifest.made_at, creditors, restored.doubt(manifest.made_at, clock.now()))


def _close() -> None:
    from django.db import connections

    connections["default"].close()
