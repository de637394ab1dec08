"""The gate as a door: what a permit carries, who may make one, and what it refuses to guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from duewell.adapters.files.rulebook_file import shipped_book
from duewell.adapters.zones import zone_value
from duewell.core.decide.digest import digest
from duewell.core.law import values
from duewell.core.law.gate import gate_at, gate_on, next_permitted
from duewell.core.law.values import Contact, Permit, Refused, Review, Standing
from duewell.core.units.zones import OutsideZone
from tests.law.cases import proposal

BOOK = shipped_book()
NOON = datetime(2026, 11, 4, 11, tzinfo=UTC)
BERLIN = zone_value("Europe/Berlin", date(2026, 10, 1), date(2027, 10, 1))
PERSON = Standing(1, 7, (BERLIN,), frozenset(), (), (), frozenset())
WISH = proposal({}, NOON.date())


def test_a_permit_names_the_book_the_person_s_version_and_the_proposal():
    permit = gate_at(WISH, PERSON, BOOK, NOON)
    assert isinstance(permit, Permit)
    assert (permit.account, permit.book_digest, permit.person_version) == (1, BOOK.digest, 7)
    assert permit.proposal_digest == digest(WISH)
    assert permit.covers(NOON)
    assert not permit.covers(permit.closes_at)


def test_a_digest_that_is_handed_in_is_used():
    assert gate_at(WISH, PERSON, BOOK, NOON, digest="abc").proposal_digest == "abc"


def test_nobody_else_can_make_a_permit():
    with pytest.raises(TypeError, match="only duewell"):
        values.Permit(1, NOON, NOON + timedelta(hours=1), "", 1, "", made_by=object())


def test_a_question_that_a_person_answered_with_yes_is_not_asked_again():
    vulnerable = PERSON._replace(flags=frozenset({"vulnerable"}))
    assert isinstance(gate_at(WISH, vulnerable, BOOK, NOON), Review)
    allowed = frozenset({"stops.vulnerable"})
    assert isinstance(gate_at(WISH, vulnerable, BOOK, NOON, allowed=allowed), Permit)
    night = NOON + timedelta(hours=10)
    assert isinstance(gate_at(WISH, vulnerable, BOOK, night, allowed=allowed), Refused)


def test_no_person_can_allow_what_the_law_refuses():
    deceased = PERSON._replace(flags=frozenset({"deceased"}))
    assert isinstance(gate_at(WISH, deceased, BOOK, NOON, allowed=frozenset({"stops.deceased"})), Refused)


@pytest.mark.parametrize("days", [-60, 400])
def test_an_instant_for_which_no_offset_is_known_is_an_error_not_an_answer(days):
    with pytest.raises(OutsideZone):
        gate_at(WISH, PERSON, BOOK, NOON + timedelta(days=days))
    with pytest.raises(OutsideZone):
        gate_on(WISH, PERSON, BOOK, NOON + timedelta(days=days), NOON + timedelta(days=days + 1))


def test_the_rest_of_a_day_can_be_planned():
    permit = gate_on(WISH, PERSON, BOOK, NOON, datetime(2026, 11, 4, 23, tzinfo=UTC))
    assert (permit.opens_at, permit.closes_at) == (NOON, datetime(2026, 11, 4, 19, tzinfo=UTC))
    evening = gate_on(WISH, PERSON, BOOK, NOON + timedelta(hours=9), datetime(2026, 11, 4, 23, tzinfo=UTC))
    assert isinstance(evening, Refused)
    assert evening.until == datetime(2026, 11, 5, 7, tzinfo=UTC)


def test_the_next_permitted_instant_is_none_where_the_offsets_end_first():
    brief = BERLIN._replace(ends=datetime(2026, 11, 9, tzinfo=UTC))
    saturday_night = datetime(2026, 11, 7, 20, tzinfo=UTC)
    assert next_permitted(PERSON._replace(zones=(brief,)), BOOK, saturday_night) is None
    assert next_permitted(PERSON, BOOK, saturday_night) == datetime(2026, 11, 9, 7, tzinfo=UTC)


def test_a_contact_that_comes_later_is_kept_where_it_stands_in_the_way():
    # Asked for a past instant: three contacts of the days after it are known already.
    friday, monday = datetime(2026, 11, 6, 21, tzinfo=UTC), datetime(2026, 11, 9, 9, tzinfo=UTC)
    later = PERSON._replace(contacts=tuple(Contact(monday - timedelta(minutes=n), "email") for n in range(3)))
    saturday = gate_at(WISH, later, BOOK, friday)
    assert saturday.until == datetime(2026, 11, 7, 7, tzinfo=UTC)
    sunday = gate_at(WISH, later, BOOK, friday + timedelta(days=2))
    assert {one.rule for one in sunday.refusals} == {"days.weekday", "hours", "frequency"}
    assert sunday.until == datetime(2026, 11, 16, 7, tzinfo=UTC)


def test_contacts_of_other_years_have_no_part_in_a_date_of_the_past():
    long_after = tuple(Contact(NOON + timedelta(days=3000 + n), "email") for n in range(5))
    long_before = tuple(Contact(NOON - timedelta(days=3000 + n), "email") for n in range(5))
    assert isinstance(gate_at(WISH, PERSON._replace(contacts=long_before + long_after), BOOK, NOON), Permit)


def test_a_contact_that_counts_and_cannot_be_dated_is_an_error():
    start = datetime(2026, 11, 3, tzinfo=UTC)
    known_too_late = BERLIN._replace(starts=(start,), offsets=(3600,))
    contacts = tuple(Contact(start - timedelta(hours=n), "email") for n in range(1, 4))
    with pytest.raises(OutsideZone):
        gate_at(WISH, PERSON._replace(zones=(known_too_late,), contacts=contacts), BOOK, NOON)


def test_every_refusal_says_its_rule_its_source_and_a_sentence():
    answer = gate_at(WISH, PERSON, BOOK, datetime(2026, 11, 8, 22, tzinfo=UTC))
    assert isinstance(answer, Refused)
    for refusal in answer.refusals:
        assert refusal.rule in BOOK.rules
        assert refusal.source.startswith("Rule book default: ")
        assert refusal.text.endswith(".")
