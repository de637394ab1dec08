"""The one spelling of an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from duewell.core.evidence.instants import instant_text, microseconds, read_instant


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 3, 10, 7, 30, tzinfo=UTC), "2026-03-10T07:30:00.000000Z"),
        (datetime(2026, 3, 10, 7, 30, 1, 5, tzinfo=UTC), "2026-03-10T07:30:01.000005Z"),
        (datetime(2026, 3, 10, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2026-03-09T23:30:00.000000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_an_instant_has_one_spelling_and_is_read_back(at, text):
    assert instant_text(at) == text
    assert read_instant(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T07:30:00Z",
        "2026-03-10 07:30:00.000000Z",
        "2026-03-10T07:30:00.000000+00:00",
        "2026-03-10T07:30:00.000000z",
        "2026-03-10T07:30:00.000000Z\n",
        "2026-02-30T07:30:00.000000Z",
        "٢٠٢٦-03-10T07:30:00.000000Z",
        "",
    ],
)
def test_a_second_spelling_is_refused(text):
    with pytest.raises(ValueError, match=r"not an instant|day is out of range"):
        read_instant(text)


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1),
        (datetime(2026, 3, 10, 8, 30, 0, 1, tzinfo=timezone(timedelta(hours=1))), 1_773_127_800_000_001),
    ],
)
def test_an_instant_is_a_number_of_microseconds(at, number):
    assert microseconds(at) == number


@pytest.mark.parametrize("spell", [instant_text, microseconds])
def test_an_instant_without_a_zone_is_refused(spell):
    with pytest.raises(ValueError, match="no time zone"):
        spell(datetime(2026, 3, 10))  # noqa: DTZ001
