"""Where a person may be, from what a party says of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from duewell.adapters import zones
from duewell.adapters.countries import regions
from duewell.adapters.places import PlacesOfParties, zones_of_country
from duewell.adapters.regions import zones_of_region

DAY = date(2026, 11, 2)


@pytest.fixture
def places():
    return PlacesOfParties("DE", "Europe/Berlin")


def _names(found):
    return {zone.name for zone in found.zones}


def test_a_country_with_one_zone_is_that_zone(places):
    assert _names(places("Österreich", "", "", DAY)) == {"Europe/Vienna"}


def test_a_zone_the_customer_named_counts_alone(places):
    assert _names(places("US", "MA", "America/Denver", DAY)) == {"America/Denver"}


def test_a_wide_country_is_all_of_its_zones(places):
    assert _names(places("United States", "", "", DAY)) == set(zones.zones_in("US"))


def test_a_region_narrows_a_wide_country(places):
    assert _names(places("US", "California", "", DAY)) == {"America/Los_Angeles"}
    assert _names(places("US", "TX", "", DAY)) == {"America/Chicago", "America/Denver"}


def test_a_customer_without_a_country_is_anywhere_in_the_creditor_s_country():
    places = PlacesOfParties("US", "America/Chicago")
    assert _names(places("", "", "", DAY)) == set(zones.zones_in("US"))
    assert places("", "", "", DAY).holidays == places("US", "", "", DAY).holidays
    assert _names(places("Atlantis", "", "", DAY)) == set(zones.zones_in("US"))


def test_a_zone_tells_the_country_where_none_is_given(places):
    found = places("", "", "Pacific/Honolulu", DAY)
    assert _names(found) == {"Pacific/Honolulu"}
    assert date(2026, 11, 26) in found.holidays, "Thanksgiving"


def test_a_zone_that_is_none_leaves_the_whole_country(places):
    assert _names(places("Portugal", "", "Europe/Atlantis", DAY)) == set(zones.zones_in("PT"))


def test_holidays_are_those_of_the_region(places):
    assert date(2026, 6, 4) in places("DE", "Bayern", "", DAY).holidays
    assert date(2026, 6, 4) not in places("DE", "Berlin", "", DAY).holidays


def test_what_is_known_reaches_from_the_month_before_the_year_to_the_end_of_the_next(places):
    zone = places("DE", "", "", date(2026, 12, 31)).zones[0]
    assert zone.starts[0] == datetime(2025, 12, 1, tzinfo=UTC)
    assert zone.ends == datetime(2027, 12, 31, tzinfo=UTC)
    assert date(2027, 12, 25) in places("DE", "", "", date(2026, 1, 1)).holidays


def test_persons_in_one_place_share_the_same_objects(places):
    first, second = places("DE", "Bayern", "", DAY), places("Germany", "BY", "", date(2026, 3, 1))
    assert first.zones is second.zones
    assert first.holidays is second.holidays


def test_what_was_taken_for_granted_is_said(places):
    assert places.remarks_on("DE", "Bayern", "") == ()
    assert places.remarks_on("", "", "")[0] == "no country is given: taken to be DE"
    assert "Atlantis" in places.remarks_on("Atlantis", "", "")[0]
    assert any("time zone" in text for text in places.remarks_on("DE", "BY", "Mars/Olympus"))
    assert any("region" in text for text in places.remarks_on("DE", "Narnia", ""))


def test_a_creditor_s_zone_must_be_one():
    with pytest.raises(zones.UnknownZone):
        PlacesOfParties("DE", "Europe/Atlantis")


@pytest.mark.parametrize("country", ["US", "CA", "AU"])
def test_the_regions_of_a_wide_country_cover_its_zones_and_no_others(country):
    covered = {name for region in regions(country) for name in zones_of_region(country, region)}
    assert covered == set(zones.zones_in(country))
    without = {region for region in regions(country) if not zones_of_region(country, region)}
    assert without <= {"UM", "NSW Western"}, "no state, province or territory is left out"


def test_a_region_without_a_table_is_the_whole_country():
    assert zones_of_country("ES", "CN") == zones.zones_in("ES")


def test_the_places_whose_law_may_hold_are_the_country_or_the_region_where_it_is_known(places):
    assert places("US", "", "", DAY).codes == ("US",)
    assert places("US", "California", "", DAY).codes == ("US-CA",)
    assert places("", "", "", DAY).codes == ("DE",)
    assert places("", "", "America/Denver", DAY).codes == ("US",)


def test_a_number_that_points_elsewhere_adds_its_zones_holidays_and_regions(places):
    boston = places("US", "MA", "", DAY)
    found = places.beside(boston, ["+13105550123"], DAY)
    assert _names(found) == {"America/New_York", "America/Los_Angeles"}
    assert {"US-MA", "US-CA"} <= set(found.codes)
    # Cesar Chavez Day is kept in California and not in Massachusetts.
    chavez = date(2026, 3, 31)
    assert chavez in found.holidays
    assert chavez not in boston.holidays


def test_a_number_that_agrees_with_the_address_adds_nothing(places):
    boston = places("US", "MA", "", DAY)
    assert places.beside(boston, ["+16175550123", "+12125550123", "+18005550123"], DAY) is boston
    berlin = places("DE", "", "", DAY)
    assert places.beside(berlin, ["+491711234567"], DAY) is berlin
    assert places.beside(berlin, [], DAY) is berlin


def test_a_number_abroad_adds_the_country_and_its_law(places):
    found = places.beside(places("DE", "BE", "", DAY), ["+12125550123"], DAY)
    assert "America/New_York" in _names(found)
    assert {"DE-BE", "US-NY"} <= set(found.codes)


def test_a_zone_that_the_customer_named_is_joined_by_a_number_that_points_elsewhere(places):
    found = places.beside(places("US", "MA", "America/Denver", DAY), ["+13105550123"], DAY)
    assert _names(found) == {"America/Denver", "America/Los_Angeles"}


def test_persons_with_numbers_in_one_place_share_the_same_objects(places):
    boston = places("US", "MA", "", DAY)
    assert places.beside(boston, ["+13105550123"], DAY) is places.beside(boston, ["+13105550199"], DAY)
