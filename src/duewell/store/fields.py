"""An instant as an integer: microseconds since 1970 in UTC.

The same number on both databases, compared exactly; the proof hashes it without any formatting.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(microseconds: int) -> datetime:
    """The aware UTC instant."""
    return _EPOCH + timedelta(microseconds=microseconds)


class InstantField(models.BigIntegerField):  # type: ignore[type-arg]
    """Aware UTC `datetime` in Python, a big integer of microseconds in the database."""

    # What the type checker takes for assigned and read values, as the stubs of Django name it.
    _pyi_private_set_type: datetime  # type: ignore[assignment]
    _pyi_private_get_type: datetime  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> datetime | None:
        return None if value is None else instant(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, datetime) else instant(int(value))

    def get_prep_value(self, value: Any) -> Any:
        return us(value) if isinstance(value, datetime) else value
