"""Countries and regions as exports write them."""

from __future__ import annotations

import pytest

from duewell.adapters.countries import country_code, region_code, regions
from duewell.adapters.zones import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" De ", "DE"),
        ("DEU", "DE"),
        ("Deutschland", "DE"),
        ("GERMANY", "DE"),
        ("Allemagne", "DE"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("U.S.A.", "US"),
        ("usa", "US"),
        ("Vereinigte Staaten", "US"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("Großbritannien", "GB"),
        ("Scotland", "GB"),
        ("EL", "GR"),
        ("Österreich", "AT"),
        ("Oesterreich", None),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("The Netherlands", "NL"),
        ("Niederlande", "NL"),
        ("Česko", "CZ"),
        ("Czech Republic", "CZ"),
        ("日本", "JP"),
        ("St. Lucia", "LC"),
        ("Kosovo", "XK"),
        ("", None),
        ("   ", None),
        ("Atlantis", None),
        ("ZZ", None),
        ("EU", None),
        ("SU", None),
        ("YUG", None),
        ("California", None),
    ],
)
def test_a_country_is_read_as_people_write_it(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["276", "818", "391", "0"])
def test_a_number_is_not_read_as_a_country(text):
    assert country_code(text) is None


def test_every_code_reads_as_itself():
    assert {code for code in countries() if country_code(code) != code} == set()


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "Bayern", "BY"),
        ("DE", "DE-BY", "BY"),
        ("DE", "by", "BY"),
        ("DE", "Baden-Württemberg", "BW"),
        ("US", "California", "CA"),
        ("US", "US-CA", "CA"),
        ("GB", "Scotland", "SCT"),
        ("DE", "Atlantis", None),
        ("DE", "", None),
        ("XK", "anything", None),
    ],
)
def test_a_region_is_read_within_its_country(country, text, code):
    assert region_code(country, text) == code


def test_a_region_with_a_country_code_of_its_own_is_left_out():
    assert {"CA", "GA", "DE"} <= set(regions("US"))
    assert not {"PR", "GU", "AS", "MP", "VI"} & set(regions("US"))
