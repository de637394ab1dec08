"""Ids are handed out in blocks before the rows are written, so that bulk writing needs no reading back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection


def allocate(name: str, count: int = 1) -> Sequence[int]:
    """`count` ids of a table that nobody else gets, ascending. Call it inside the writing transaction.

    PostgreSQL takes them from a sequence of its own, so two writers never wait for one another here.

    Raises:
        LookupError: there is no table of that name.
    """
    if count <= 0:
        return range(0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"select nextval('duewell_{name}_ids') from generate_series(1, %s)", [count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("update sequence set next = next + %s where name = %s returning next", [count, name])
        row = cursor.fetchone()
        if row is None:
            raise LookupError(f"no ids are kept for a table called {name!r}")
        return range(row[0] - count, row[0])
