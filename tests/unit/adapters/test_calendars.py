"""Holidays that bar contact, and business days of the creditor."""

from __future__ import annotations

from datetime import date

from duewell.adapters import calendars

Y = (2026,)


def test_christmas_is_a_holiday_in_germany():
    assert date(2026, 12, 25) in calendars.holidays_for("DE", "BE", Y)
    assert date(2026, 12, 24) not in calendars.holidays_for("DE", "BE", Y)


def test_a_regional_holiday_counts_in_its_region_alone():
    assert date(2026, 6, 4) in calendars.holidays_for("DE", "BY", Y), "Corpus Christi"
    assert date(2026, 6, 4) not in calendars.holidays_for("DE", "BE", Y)


def test_where_the_region_is_not_known_a_holiday_of_any_region_counts():
    assert {date(2026, 6, 4), date(2026, 10, 31)} <= calendars.holidays_for("DE", None, Y)
    assert calendars.holidays_for("DE", "BY", Y) <= calendars.holidays_for("DE", None, Y)


def test_a_holiday_and_its_substitute_are_both_closed():
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= calendars.holidays_for("US", "NY", Y)


def test_only_the_years_asked_for_are_answered():
    assert {day.year for day in calendars.holidays_for("US", "NY", (2026, 2027))} == {2026, 2027}


def test_a_country_without_known_holidays_has_none_and_says_so():
    assert calendars.holidays_for("XX", None, Y) == frozenset()
    assert "no public holidays are known" in calendars.remark_on("XX", None)
    assert calendars.remark_on("DE", "BY") is None
    assert "17 regions" in calendars.remark_on("DE", None)


def test_business_days_are_those_of_the_whole_country():
    calendar = calendars.calendar_for("Deutschland", date(2026, 11, 2))
    assert calendar.is_business_day(date(2026, 11, 2))
    assert not calendar.is_business_day(date(2026, 11, 7))
    assert not calendar.is_business_day(date(2026, 12, 25))
    assert calendar.is_business_day(date(2026, 6, 4)), "Corpus Christi is no holiday in all of Germany"
    assert not calendar.is_business_day(date(2028, 12, 25))


def test_the_weekend_is_that_of_the_country():
    assert calendars.calendar_for("SA", date(2026, 11, 2)).weekend == {4, 5}
    assert calendars.calendar_for("Atlantis", date(2026, 11, 2)).weekend == {5, 6}
    assert calendars.calendar_for("Atlantis", date(2026, 11, 2)).holidays == frozenset()


def test_a_run_can_record_the_data_it_used():
    digests = calendars.data_digests()
    assert set(digests) == {"calendars", "zones"}
    assert all("sha256:" in text for text in digests.values())
