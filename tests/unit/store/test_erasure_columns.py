"""No column with text, bytes or JSON is forgotten: each says whether it is personal."""

from __future__ import annotations

import os

import django
import pytest

from duewell.store.erasure.columns import PERSONAL, PLAIN

_HOLDS_WORDS = {"TextField", "CharField", "JSONField", "BinaryField"}


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duewell.web.settings")
    django.setup()
    from django.apps import apps

    return {
        model._meta.db_table: {
            field.column for field in model._meta.concrete_fields if field.get_internal_type() in _HOLDS_WORDS
        }
        for model in apps.get_app_config("store").get_models()
    }


def test_every_column_that_can_hold_words_is_personal_or_is_not(columns: dict[str, set[str]]) -> None:
    """Add a new one to `store/erasure/columns.py`; one that is personal also needs its line in the erasure."""
    said = {table: PERSONAL.get(table, frozenset()) | PLAIN.get(table, frozenset()) for table in columns}
    assert {table: sorted(names - said[table]) for table, names in columns.items() if names - said[table]} == {}


def test_no_column_is_both_and_none_is_said_that_is_not_there(columns: dict[str, set[str]]) -> None:
    assert {table for table in PERSONAL if PERSONAL[table] & PLAIN.get(table, frozenset())} == set()
    for said in (PERSONAL, PLAIN):
        for table, names in said.items():
            assert names <= columns[table], table
