"""Which tables there are, and which migrations made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from duewell.flows.backup import BackupRefused

MIGRATIONS = "select name from django_migrations where app = 'store' order by id"


def names() -> list[str]:
    """Every table of the store, those first that others refer to."""
    from django.apps import apps

    waiting = {model._meta.db_table: _parents(model) for model in apps.get_app_config("store").get_models()}
    ordered: list[str] = []
    while waiting:
        ready = [table for table, parents in waiting.items() if not parents & waiting.keys() - {table}]
        # Tables that refer to one another in a circle would come in any order.
        for table in ready or list(waiting):
            ordered.append(table)
            del waiting[table]
    return ordered


def _parents(model: Any) -> set[str]:
    return {field.related_model._meta.db_table for field in model._meta.fields if field.is_relation}


def counts(fetch: Callable[[str], Sequence[Sequence[Any]]], tables: Sequence[str]) -> dict[str, int]:
    """How many rows each table has."""
    return {table: int(fetch(f'select count(*) from "{table}"')[0][0]) for table in tables}


def known(migrations: Sequence[str]) -> str:
    """The last of the migrations of a backup, where this program knows them all.

    Raises:
        BackupRefused: a newer program made the backup.
    """
    from django.db.migrations.loader import MigrationLoader

    ours = {
        name for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if app == "store"
    }
    foreign = [name for name in migrations if name not in ours]
    if foreign or not migrations:
        raise BackupRefused(
            f"a newer version of Duewell made this backup (this one does not know {', '.join(foreign) or 'it'}): "
            "install that version, then restore"
        )
    return migrations[-1]
