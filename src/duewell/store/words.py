"""Rows with people's own words in them: the words and a salt go into the table, a digest into the fact."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_bytes
from typing import Any

from duewell.core.evidence import beside
from duewell.store import sql

SALT_BYTES = 16


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Insert rows of a table of `beside.PERSONAL`; the same rows as their facts carry them.

    Args:
        columns: all columns that facts carry, in their order; the salt comes on top.
    """
    salts = [token_bytes(SALT_BYTES) if beside.has_words(table, row) else None for row in rows]
    sql.insert(table, [*columns, "salt"], ((*row, salt) for row, salt in zip(rows, salts, strict=True)))
    return [beside.told(table, row, salt) for row, salt in zip(rows, salts, strict=True)]
