"""Every case of law, and proof that the cases notice when the gate goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duewell.core.law import calls, counting, days, frequency, hours, inconvenient, library, stops, timetable
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


def _busy_signals_count(patch):
    patch.setattr(calls, "_MADE", frozenset({*calls._MADE, "busy"}))


def _calls_by_the_customer_count(patch):
    patch.setattr(calls, "_MADE", frozenset({*calls._MADE, "inbound"}))


def _calls_by_the_customer_start_no_wait(patch):
    patch.setattr(calls, "_SPOKEN", frozenset({"conversation"}))


def _an_attempt_starts_a_wait(patch):
    patch.setattr(calls, "_SPOKEN", frozenset({"conversation", "inbound", "attempt"}))


def _the_day_of_the_conversation_is_day_zero(patch):
    waiting = calls._waiting
    patch.setattr(
        calls,
        "_waiting",
        lambda dates, book: waiting(dates, book) | {day + timedelta(days=7) for day in dates},
    )


def _the_wait_is_a_day_short(patch):
    waiting = calls._waiting
    patch.setattr(calls, "_waiting", lambda dates, book: frozenset(sorted(waiting(dates, book))[:-1]))


def _debts_are_pooled(patch):
    patch.setattr(
        calls, "_calls", lambda asked: [one for one in asked.standing.contacts if one.channel == calls.CALL]
    )


def _every_channel_is_a_call(patch):
    patch.setattr(
        calls, "_calls", lambda asked: [one for one in asked.standing.contacts if one.account == asked.account]
    )
    patch.setattr(calls, "CALL", "sms")


def _an_eighth_call_is_allowed(patch):
    full = counting.full

    def one_more(dates, book, rule, *names):
        return (
            full(dates[1:], book, rule, *names)
            if rule == calls.COUNT and len(dates) > 1
            else full(dates, book, rule, *names)
        )

    patch.setattr(counting, "full", one_more)


def _consent_is_ignored(patch):
    patch.setattr(calls, "_consents", lambda asked, zones, book: [])


def _a_conversation_does_not_end_the_consent(patch):
    consents = calls._consents
    patch.setattr(
        calls,
        "_consents",
        lambda asked, zones, book: consents(
            asked._replace(
                standing=asked.standing._replace(
                    contacts=tuple(one for one in asked.standing.contacts if one.kind == "attempt")
                )
            ),
            zones,
            book,
        ),
    )


def _a_consent_is_for_every_debt(patch):
    consents = calls._consents

    def for_all(asked, zones, book):
        told = tuple(consent._replace(account=None) for consent in asked.standing.consents)
        return consents(asked._replace(standing=asked.standing._replace(consents=told)), zones, book)

    patch.setattr(calls, "_consents", for_all)


def _nobody_is_warned(patch):
    patch.setattr(calls, "warnings", lambda *told: ())


def _times_that_do_not_suit_are_ignored(patch):
    patch.setattr(inconvenient, "_times", lambda standing: [])


def _places_that_do_not_suit_are_ignored(patch):
    patch.setattr(inconvenient, "point_refusals", lambda *told: ())


def _a_book_holds_for_businesses_too(patch):
    of = library.Law.of
    patch.setattr(library.Law, "of", lambda law, places, debt, channel: of(law, places, "consumer", channel))


def _a_creditor_may_choose_not_to_be_bound(patch):
    of = library.Law.of

    def unbound(law, places, debt, channel):
        return of(library.Law(law.books, "creditor", law.stances), places, debt, channel)

    patch.setattr(library.Law, "of", unbound)


def _the_default_is_replaced_for_everybody(patch):
    patch.setattr(library.Law, "_replaced", lambda *told: True)


def _the_default_is_never_replaced(patch):
    patch.setattr(library.Law, "_replaced", lambda *told: False)


def _one_place_of_several_replaces_the_default(patch):
    replaced = library.Law._replaced
    patch.setattr(
        library.Law, "_replaced", lambda law, rule, channel, place, own: replaced(law, rule, channel, "US-NY", own)
    )


def _the_last_word_may_be_said_twice(patch):
    patch.setattr(stops, "_OURS", frozenset())


@pytest.mark.parametrize(
    "mutant",
    [
        _busy_signals_count,
        _calls_by_the_customer_count,
        _calls_by_the_customer_start_no_wait,
        _an_attempt_starts_a_wait,
        _the_day_of_the_conversation_is_day_zero,
        _the_wait_is_a_day_short,
        _debts_are_pooled,
        _every_channel_is_a_call,
        _an_eighth_call_is_allowed,
        _consent_is_ignored,
        _a_conversation_does_not_end_the_consent,
        _a_consent_is_for_every_debt,
        _nobody_is_warned,
        _times_that_do_not_suit_are_ignored,
        _places_that_do_not_suit_are_ignored,
        _a_book_holds_for_businesses_too,
        _a_creditor_may_choose_not_to_be_bound,
        _the_default_is_replaced_for_everybody,
        _the_default_is_never_replaced,
        _one_place_of_several_replaces_the_default,
        _the_last_word_may_be_said_twice,
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
