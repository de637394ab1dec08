"""Zones as values agree with Python's own reader of the same data, second for second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters import zones
from tests.law.cases import clock_of

ALL = sorted(zones._names())
FIRST, LAST = date(2025, 12, 1), date(2027, 12, 31)


@given(st.sampled_from(ALL), st.integers(0, 760 * 86_400 - 1))
def test_local_time_is_that_of_zoneinfo(name, seconds):
    instant = datetime(2025, 12, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    wanted = instant.astimezone(clock_of(name)).replace(tzinfo=None)
    assert zones.zone_value(name, FIRST, LAST).local(instant) == wanted


@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo"])
def test_clocks_change_at_the_very_second(name):
    value = zones.zone_value(name, FIRST, LAST)
    assert len(value.starts) > 2
    for start in value.starts[1:]:
        for instant in (start - timedelta(seconds=1), start):
            assert value.local(instant) == instant.astimezone(clock_of(name)).replace(tzinfo=None)
        assert value.local(start - timedelta(seconds=1)) + timedelta(seconds=1) != value.local(start)


def test_a_zone_without_changes_has_one_offset():
    value = zones.zone_value("Asia/Tokyo", FIRST, LAST)
    assert value.offsets == (9 * 3600,)
    assert value.starts == (datetime(2025, 12, 1, tzinfo=UTC),)
    assert value.ends == datetime(2027, 12, 31, tzinfo=UTC)


def test_berlin_changes_its_clocks_four_times_in_two_years():
    value = zones.zone_value("Europe/Berlin", date(2026, 1, 1), date(2028, 1, 1))
    assert [start.isoformat() for start in value.starts[1:]] == [
        "2026-03-29T01:00:00+00:00",
        "2026-10-25T01:00:00+00:00",
        "2027-03-28T01:00:00+00:00",
        "2027-10-31T01:00:00+00:00",
    ]
    assert value.offsets == (3600, 7200, 3600, 7200, 3600)


@pytest.mark.parametrize("name", ["", "Berlin", "Europe/Atlantis", "../../../etc/passwd", "/etc/localtime"])
def test_a_name_that_is_no_zone_is_refused(name):
    assert not zones.is_zone(name)
    with pytest.raises(zones.UnknownZone):
        zones.zone_value(name, FIRST, LAST)


def test_every_country_with_people_has_its_zones():
    without = {code for code in zones.countries() if not zones.zones_in(code)}
    assert without == {"BV", "HM"}, "Bouvet and Heard Island have no inhabitants"
    assert zones.zones_in("AT") == ("Europe/Vienna",)
    assert {"America/New_York", "Pacific/Honolulu", "America/Adak"} <= set(zones.zones_in("US"))


def test_a_civil_day_is_as_long_as_the_clocks_make_it():
    lengths = {
        day: zones.civil_day("Europe/Berlin", date.fromisoformat(day))
        for day in ("2026-03-29", "2026-06-01", "2026-10-25")
    }
    assert [(end - start) // timedelta(hours=1) for start, end in lengths.values()] == [23, 24, 25]
    assert lengths["2026-06-01"][0] == datetime(2026, 5, 31, 22, tzinfo=UTC)


def test_a_civil_day_whose_midnight_is_skipped_starts_where_the_gap_ends():
    start, end = zones.civil_day("Africa/Cairo", date(2026, 4, 24))
    assert start == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert end == datetime(2026, 4, 24, 21, tzinfo=UTC)


def test_the_civil_date_is_the_one_on_the_wall():
    now = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert zones.civil_date("Europe/Berlin", now) == date(2026, 11, 3)
    assert zones.civil_date("America/New_York", now) == date(2026, 11, 2)


def test_the_version_names_the_data_and_its_digest():
    name, digest = zones.version().split(" ")
    assert name[:2] == "20"
    assert len(digest) == len("sha256:") + 64
