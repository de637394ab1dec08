"""Telephone numbers as people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from duewell.adapters.phones import BadNumber, NumberPlace, place_of, read, read_all, shown


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("+49 (0)30 / 123 45 67", "AT", "+49301234567"),
        ("00 49 30 1234567", "DE", "+49301234567"),
        ("0171-1234567", "DE", "+491711234567"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("(714) 555-CALL", "US", "+17145552255"),
        ("tel:+1-201-555-0123", "", "+12015550123"),
        ("+1 201 555 0123 ext. 5", "DE", "+12015550123;ext=5"),
        ("01 70 18 99 00", "FR", "+33170189900"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("０３-１２３４-５６７８", "JP", "+81312345678"),
    ],
)
def test_a_number_is_read_with_the_country_it_is_dialled_from(text, country, value):
    assert read(text, country) == value
    # What was read reads the same again, wherever.
    assert read(value, "") == value


@pytest.mark.parametrize(
    ("text", "country", "why"),
    [
        ("030 1234567", "", "the country is not known"),
        ("030 1234567", "XX", "the country is not known"),
        ("ring me", "DE", "no telephone number can be read"),
        ("", "DE", "no telephone number can be read"),
        ("+49 30 1234567890123456", "", "too many digits|no number there has so many digits|no telephone number"),
        ("1", "US", "no telephone number can be read"),
        ("5550123", "US", "its area code is missing"),
        ("+1 900 555 0123", "", "costs whoever calls it extra"),
        ("+999 1234567", "", "the country is not known"),
        ("1" * 300, "DE", "300 characters"),
        ("mail@example.com", "DE", "no telephone number can be read"),
        ("\x00\u202e0", "DE", "no telephone number can be read"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text, country, why):
    with pytest.raises(BadNumber, match=why):
        read(text, country)


def test_a_cell_may_hold_several_numbers_and_a_bad_one_spoils_no_other():
    assert read_all("030 1234567 / 0171 1234567", "DE") == (("+49301234567", "+491711234567"), ())
    assert read_all("030/1234567", "DE") == (("+49301234567",), ())
    values, problems = read_all("+1 212 555 0123; n/a", "DE")
    assert values == ("+12125550123",)
    assert len(problems) == 1
    assert read_all("", "DE") == ((), ())
    assert read_all("ask reception", "DE")[0] == ()


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_library_s_own_example_of_every_country_is_read_and_placed(country):
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE) or phonenumbers.example_number(
        country
    )
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    value = read(national, country)
    assert value == phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert place_of(value).zones


def test_a_number_says_area_or_country_and_a_free_one_says_nothing():
    assert place_of("+13105550123") == NumberPlace("US", ("America/Los_Angeles",))
    assert place_of("+491711234567") == NumberPlace("DE", ("Europe/Berlin",))
    assert place_of("+18005550123") == NumberPlace("", ())
    assert place_of("+881612345678") == NumberPlace("", ())
    assert place_of("030 1234567") == NumberPlace("", ())


def test_a_number_is_shown_as_at_home_or_with_its_country():
    assert shown("+12125550123", "US") == "(212) 555-0123"
    assert shown("+12125550123", "DE") == "+1 212-555-0123"
    assert shown("+12015550123;ext=5", "US") == "(201) 555-0123 ext. 5"
