"""Words of people stand beside the chain: a fact carries a salted digest of them, their row carries the words.

Once the words and the salt of a row are erased, the digest in the fact tells nobody what they were, and the hash
of the fact still holds. Rows that were written before there were salts have their words in the fact itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duewell.core.evidence.digests import salted
from duewell.core.evidence.tables import TABLES

PERSONAL: dict[str, tuple[str, ...]] = {
    "payment": ("reference", "named"),
    "hold": ("reason",),
    "hold_end": ("reason",),
    "stop": ("reason",),
    "stop_end": ("reason",),
    "person_flag": ("reason",),
    "person_flag_end": ("reason",),
    "person_move": ("reason",),
}
"""By table, the columns in which people's own words may stand; each of these tables has a column `salt`."""

SALTED = "salted"
_PLACES = {table: [TABLES[table].index(column) for column in columns] for table, columns in PERSONAL.items()}


def has_words(table: str, row: Sequence[Any]) -> bool:
    """Does the row have words of its own, and so need a salt?"""
    return any(row[place] for place in _PLACES[table])


def told(table: str, row: Sequence[Any], salt: bytes | None) -> list[Any]:
    """The row as its fact carries it: a digest in place of the words. Without a salt, the row as it is.

    Args:
        row: all columns, as in `TABLES`.
    """
    spelled = list(row)
    if salt is not None:
        for place in _PLACES[table]:
            if spelled[place]:
                spelled[place] = {SALTED: salted(salt, spelled[place]).hex()}
    return spelled
