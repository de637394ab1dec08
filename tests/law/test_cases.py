"""Every case of law, and proof that the cases notice when the gate goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duewell.core.law import days, frequency, hours, stops, timetable
from tests.law.cases import all_cases, wrong

CASES = list(all_cases())


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['case']}" for file, case in CASES])
def test_the_gate_answers_as_the_law_says(file, case):
    assert wrong(case) == []


def _a_zone_is_ignored(patch):
    distinct = timetable._distinct
    patch.setattr(timetable, "_distinct", lambda zones: distinct(zones)[:1])


def _the_last_zone_alone_counts(patch):
    distinct = timetable._distinct
    patch.setattr(timetable, "_distinct", lambda zones: distinct(zones)[-1:])


def _the_day_opens_an_hour_early(patch):
    minutes = hours.open_minutes
    patch.setattr(hours, "open_minutes", lambda book, day: (minutes(book, day)[0] - 60, minutes(book, day)[1]))


def _the_day_closes_a_minute_late(patch):
    minutes = hours.open_minutes
    patch.setattr(hours, "open_minutes", lambda book, day: (minutes(book, day)[0], minutes(book, day)[1] + 1))


def _all_clocks_are_an_hour_off(patch):
    pieces = timetable.local_days

    def off(zone, since, until):
        for piece in pieces(zone, since, until):
            yield piece._replace(midnight=piece.midnight + timedelta(hours=1))

    patch.setattr(timetable, "local_days", off)


def _the_winter_offset_is_kept_all_year(patch):
    distinct = timetable._distinct
    patch.setattr(
        timetable,
        "_distinct",
        lambda zones: distinct(
            tuple(zone._replace(starts=zone.starts[:1], offsets=zone.offsets[:1]) for zone in zones)
        ),
    )


def _sundays_are_allowed(patch):
    patch.setattr(days, "closed_weekday", lambda book, day: False)


def _saturday_is_taken_for_sunday(patch):
    closed = days.closed_weekday
    patch.setattr(days, "closed_weekday", lambda book, day: closed(book, day + timedelta(days=1)))


def _holidays_are_allowed(patch):
    patch.setattr(days, "closed_holiday", lambda book, holidays, day: False)


def _one_contact_is_ignored(patch):
    shut = frequency.shut
    patch.setattr(frequency, "shut", lambda contacts, *rest: shut(contacts[1:], *rest))


def _one_day_more_is_counted(patch):
    full = frequency._full_dates
    patch.setattr(
        frequency,
        "_full_dates",
        lambda dates, book: full(dates, book) | {day + timedelta(days=1) for day in full(dates, book)},
    )


def _one_day_less_is_counted(patch):
    full = frequency._full_dates
    patch.setattr(frequency, "_full_dates", lambda dates, book: frozenset(sorted(full(dates, book))[:-1]))


def _contacts_are_dated_by_utc(patch):
    shut = frequency.shut

    def by_utc(contacts, zones, *rest):
        plain = tuple(zone._replace(starts=zone.starts[:1], offsets=(0,)) for zone in zones)
        return shut(contacts, plain, *rest)

    patch.setattr(frequency, "shut", by_utc)


def _the_opt_out_is_ignored(patch):
    patch.setattr(stops, "_covers", lambda stop, proposal: False)


def _every_opt_out_covers_everything(patch):
    patch.setattr(stops, "_covers", lambda stop, proposal: True)


def _flags_are_ignored(patch):
    patch.setattr(stops, "_flagged", lambda standing, book, name, day: [])


@pytest.mark.parametrize(
    "mutant",
    [
        _a_zone_is_ignored,
        _the_last_zone_alone_counts,
        _the_day_opens_an_hour_early,
        _the_day_closes_a_minute_late,
        _all_clocks_are_an_hour_off,
        _the_winter_offset_is_kept_all_year,
        _sundays_are_allowed,
        _saturday_is_taken_for_sunday,
        _holidays_are_allowed,
        _one_contact_is_ignored,
        _one_day_more_is_counted,
        _one_day_less_is_counted,
        _contacts_are_dated_by_utc,
        _the_opt_out_is_ignored,
        _every_opt_out_covers_everything,
        _flags_are_ignored,
    ],
)
def test_the_cases_catch_a_gate_that_went_wrong(mutant, monkeypatch):
    mutant(monkeypatch)
    assert any(wrong(case) for _, case in CASES)


def test_every_rule_of_the_default_book_has_cases_on_both_sides():
    named = {rule for _, case in CASES for rule in case.get("because", [])}
    assert {"hours", "days.weekday", "days.holiday", "frequency", "stops.opt_out"} <= named
    assert {f"stops.{flag}" for flag in ("deceased", "represented", "insolvent", "minor", "vulnerable")} <= named
    assert {"permitted", "refused", "review"} == {case["answer"] for _, case in CASES}
