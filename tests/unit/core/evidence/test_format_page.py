"""The format page, the list of proven tables and the tables themselves say the same."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import django
import pytest

from duewell.core import evidence
from duewell.core.evidence.beside import PERSONAL
from duewell.core.evidence.tables import TABLES

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "evidence-format.md").read_text()


def test_the_page_lists_the_columns_of_every_proven_table():
    listed = {
        table: tuple(re.findall(r"`([a-z_]+)`", columns))
        for table, columns in re.findall(r"^\| `([a-z_]+)` \| (`id`.*) \|$", PAGE, re.MULTILINE)
    }
    assert listed == TABLES


def test_the_example_on_the_page_has_the_hash_on_the_page():
    at = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
    head = evidence.Head.empty("account:12")
    fact = evidence.append(head, "ledger.posted", date(2026, 3, 9), at, b'{"a":1}')
    assert fact.hash.hex() in PAGE.splitlines()


@pytest.fixture(scope="module")
def models():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duewell.web.settings")
    django.setup()
    from django.apps import apps

    return {model._meta.db_table: model for model in apps.get_app_config("store").get_models()}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_proven_table_has_exactly_these_columns(models, table):
    # A salt stands beside the words of a row and in no fact.
    beside_the_chain = ("salt",) if table in PERSONAL else ()
    assert tuple(field.column for field in models[table]._meta.concrete_fields) == TABLES[table] + beside_the_chain


def test_every_append_only_table_is_proven():
    migrations = import_module("duewell.store.migrations")
    guarded: set[str] = set()
    for module in iter_modules(migrations.__path__):
        guarded.update(getattr(import_module(f"{migrations.__name__}.{module.name}"), "APPEND_ONLY", ()))
    # Facts prove themselves, and leaves are proven by the signed heads.
    assert guarded - {"fact", "leaf"} == set(TABLES)
