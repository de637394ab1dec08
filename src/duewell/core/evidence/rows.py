"""How a fact's body carries the rows of the append-only tables, so that the tables can be rebuilt from it.

A body is an object; under `rows` it has, for each append-only table that the fact added to, the new rows, each
as the list of all its column values in the order that docs/reference/evidence-format.md gives:

    {"rows": {"entry": [[81, 12, ..., "EUR", "2026-03-10"]]}, "import": 7}

`verify` puts these rows beside the tables, column by column and in both directions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import cast

from duewell.core.evidence.beside import SALTED
from duewell.core.evidence.canonical import NotCanonical, canonical
from duewell.core.evidence.instants import microseconds

ROWS = "rows"

Plain = str | int | bool | None | dict[str, str]
"""An object stands for words beside the chain: `{"salted": "hex"}`, see `beside`."""
Value = Plain | date | datetime | bytes

_PLAIN = frozenset((str, int, bool, type(None)))
_SPELLING: dict[type, Callable[..., str | int]] = {
    date: date.isoformat,
    datetime: microseconds,
    bytes: bytes.hex,
}


def plain(value: Value) -> Plain:
    """Spell one column value as it stands in a body.

    Numbers, text, truth values and null stand for themselves; a date is `2026-03-10`, an instant the number of
    microseconds since 1970 that the tables store, bytes are lower-case hex. Columns of other types, fractions
    above all, have no place in a table that facts vouch for.

    Raises:
        NotCanonical: any other type.
        ValueError: an instant without a time zone.
    """
    kind = type(value)
    if isinstance(value, dict) and list(value) == [SALTED]:
        return value
    if kind in _PLAIN or isinstance(value, (str, int)):
        return cast("Plain", value)
    spell = _SPELLING.get(kind)
    if spell is None:
        raise NotCanonical(f"a column of type {kind.__name__} cannot stand in a fact")
    return spell(value)


def body(rows: Mapping[str, Iterable[Iterable[Value]]] | None = None, /, **fields: object) -> bytes:
    """Spell the body of a fact.

    Args:
        rows: table name to the rows this fact adds to it, each with all columns in the documented order;
            tables without a row are left out.
        fields: whatever else the kind of fact says; canonical values.

    Raises:
        NotCanonical: something has no canonical spelling.
        ValueError: a field is called `rows`, or an instant has no time zone.
    """
    if ROWS in fields:
        raise ValueError("`rows` is the place of table rows; pass them as the first argument")
    spelled = {
        table: [[value if type(value) in _PLAIN else plain(value) for value in row] for row in added]
        for table, added in (rows or {}).items()
    }
    kept = {table: added for table, added in spelled.items() if added}
    return canonical({ROWS: kept, **fields} if kept else fields)
