"""What a creditor's values are checked against: one table of zones, one of countries."""

from __future__ import annotations

import pytest

from duewell.adapters import world_checks


@pytest.mark.parametrize(
    ("text", "code"),
    [("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("Österreich", "AT"), ("USA", "US")],
)
def test_a_country_is_read_from_its_code_or_a_name(text: str, code: str):
    assert world_checks.country(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "ZZ", "276", "EU"])
def test_what_is_no_country_is_refused_with_what_to_write(text: str):
    with pytest.raises(ValueError, match="write its code"):
        world_checks.country(text)


def test_a_zone_is_one_of_the_package_and_belongs_to_a_place():
    assert world_checks.zone("Europe/Berlin") == "Europe/Berlin"
    for text in ("Europe/Bonn", "CET", "", "localtime", "../etc/passwd"):
        with pytest.raises(ValueError, match="not a time zone"):
            world_checks.zone(text)


def test_a_telephone_number_with_its_country_s_code_must_be_possible_there():
    assert world_checks.phone("+49  30 5550123") == "+49 30 5550123"
    assert world_checks.phone("030 5550123") == "030 5550123"
    for wrong in ("+49 30 12345678901234", "+1 555 01", "+999 123456"):
        with pytest.raises(ValueError, match="'\\+"):
            world_checks.phone(wrong)
