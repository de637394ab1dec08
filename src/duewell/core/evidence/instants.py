"""How evidence spells instants: for machines as a number, for the line that people lodge as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z: what the tables store, the hashes cover and the bodies carry.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"the instant {at} has no time zone")
    return (at - _EPOCH) // _MICROSECOND


def instant_text(at: datetime) -> str:
    """Spell an aware instant in UTC, always with six decimals: `2026-03-10T07:30:00.000000Z`.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"the instant {at} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_instant(text: str) -> datetime:
    """Read what `instant_text` wrote, and nothing else, so that each instant has one spelling.

    Raises:
        ValueError: any other form.
    """
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"not an instant of the evidence format: {text!r}")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
