"""No migration stops a large book: none rewrites a table, scans one under a lock, or builds an index in its way.

The rules and their reasons: docs/explanation/upgrades.md. tests/story/test_upgrade.py looks whether tables moved.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.tidy.repository import SOURCE

FIRST = "0002_guards"
NAMES = sorted(path.stem for path in (SOURCE / "store" / "migrations").glob("[0-9]*.py") if path.stem > FIRST)
_ALLOWED = {"CreateModel", "RunSQL", "RunPython", "SeparateDatabaseAndState"}
_WITHOUT_TRANSACTION = {"AddIndexConcurrently", "RemoveIndexConcurrently", "ValidateConstraint"}
_HEAVY = {
    "builds an index while writers wait: use `create index concurrently` in a migration that is not atomic": (
        r"create\s+(?:unique\s+)?index\s+(?!concurrently)"
    ),
    "checks every row under a lock: add it `not valid`, validate it in a later migration that is not atomic": (
        r"add\s+constraint(?![^;\"']*not\s+valid)"
    ),
    "writes the table anew: add a column beside it": r"alter\s+column\s+\S+\s+(?:set\s+data\s+)?type\b",
    "looks at every row under a lock: keep the default beside the rows": r"set\s+not\s+null",
    "writes every row in one transaction: let it be filled in as one goes": r"(?<!before )\bupdate\s+\w+\s+set\b",
    "writes the table anew": r"\b(?:vacuum\s+full|cluster)\b|\brename\s+to\b",
    "is not null without a constant default": r"add\s+column[^;\"']*\bnot\s+null\b(?![^;\"']*\bdefault\b)",
    "takes a column away that the version before still writes": r"drop\s+column",
}


def _operations(operations: list[Any]) -> Iterator[Any]:
    for operation in operations:
        yield operation
        if type(operation).__name__ == "SeparateDatabaseAndState":
            yield from _operations(operation.database_operations)


def _text(operation: Any) -> str:
    """What an operation says to the database, as it is written."""
    if type(operation).__name__ == "RunSQL":
        return str(operation.sql)
    if type(operation).__name__ == "RunPython":
        return inspect.getsource(operation.code)
    return ""


def problems(migration: Any) -> list[str]:
    """What of a migration would stop a large book."""
    found = []
    for operation in _operations(migration.operations):
        kind = type(operation).__name__
        if kind in _WITHOUT_TRANSACTION and not migration.atomic:
            continue
        if kind not in _ALLOWED:
            found.append(
                f"{kind} on a table that is there: write what it needs with RunSQL, and its state beside it"
            )
        text = _text(operation).lower()
        found += [why for why, pattern in _HEAVY.items() if re.search(pattern, text)]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_migration_stops_nobody(name: str) -> None:
    assert problems(import_module(f"duewell.store.migrations.{name}").Migration) == []


@pytest.mark.parametrize(
    ("statement", "is_heavy"),
    [
        ("create index a on entry (id)", True),
        ("create unique index a on entry (id)", True),
        ("create index concurrently a on entry (id)", False),
        ("alter table entry add constraint a check (id > 0)", True),
        ("alter table entry add constraint a check (id > 0) not valid", False),
        ("alter table entry alter column id type bigint", True),
        ("alter table entry alter column id set not null", True),
        ("alter table entry add column a text not null", True),
        ("alter table entry add column a text not null default ''", False),
        ("alter table entry add column a text null", False),
        ("update entry set cause = ''", True),
        ("create trigger a before update on entry for each row execute function f()", False),
        ("alter table entry drop column cause", True),
    ],
)
def test_each_rule_finds_what_it_is_for(statement: str, is_heavy: bool) -> None:
    from django.db import migrations

    migration = migrations.Migration("tried", "store")
    migration.operations = [migrations.RunSQL(statement)]
    assert bool(problems(migration)) is is_heavy, problems(migration)


def test_steps_have_one_order() -> None:
    """Two branches that took the same number would leave two ends."""
    numbers = [name[:4] for name in NAMES]
    assert numbers == sorted(set(numbers))
