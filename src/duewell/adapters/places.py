"""Where a person may be: zones and public holidays from what a party says of itself.

Nothing is guessed in favour of contact. A zone the customer named counts alone; otherwise every zone in use in
the region or country counts, and contact must be permitted in all of them. A customer without a readable country
is taken to be in the creditor's country, in any of its zones: a list without countries is nearly always that of
a firm that sells at home, and the zones of the whole world leave no common hour at all. A telephone number that
points elsewhere adds its zones, its country and its holidays.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache

from duewell.adapters import calendars, phones, zones
from duewell.adapters.countries import country_code, region_code
from duewell.adapters.regions import regions_of_zone, zones_of_region
from duewell.flows.ports import Places


class PlacesOfParties:
    """Finds places for one creditor, and remembers them: equal answers are the same object.

    Keeps the promise of `flows.ports.PlaceFinder`.
    """

    def __init__(self, home_country: str, home_zone: str) -> None:
        """`home_country` (code or name) and `home_zone` are the creditor's.

        Raises:
            UnknownZone: the creditor's zone is not in the database.
        """
        if not zones.is_zone(home_zone):
            raise zones.UnknownZone(
                f"{home_zone!r} is not a time zone of the IANA database, such as Europe/Berlin"
            )
        self._home_zone = home_zone
        self._home_country = country_code(home_country) or zones.country_of_zone(home_zone) or ""
        self._found: dict[tuple[str, str, str, int], Places] = {}
        self._beside: dict[tuple[int, frozenset[phones.NumberPlace], int], tuple[Places, Places]] = {}

    def __call__(self, country: str, region: str, zone: str, day: date) -> Places:
        """Every zone where the person may be and every public holiday there; empty text means not said.

        Both are known from a month before the year of `day` until the end of the next.
        """
        asked = (country, region, zone, day.year)
        places = self._found.get(asked)
        if places is None:
            code, part, names = self._where(country, region, zone)
            places = self._found[asked] = _places(code, part, names, day.year)
        return places

    def beside(self, places: Places, numbers: Collection[str], day: date) -> Places:
        """The places, and where a telephone number points elsewhere: somebody may be in either.

        A number whose clocks are those of one of the places agrees with them and adds nothing; one that belongs to
        no place says nothing. Equal answers are the same object.

        Args:
            numbers: in the form of `phones.read`.
        """
        told = frozenset([place for value in numbers if (place := phones.place_of(value)).zones])
        if not told:
            return places
        key = (id(places), told, day.year)
        known = self._beside.get(key)
        if known is None:
            found = places
            for value in sorted(numbers):
                found = _joined(found, value, day.year)
            # The places are kept beside the answer, so that their identity cannot pass on to others.
            known = self._beside[key] = (found, places)
        return known[1] if known[0] == places else known[0]

    def remarks_on(self, country: str, region: str, zone: str) -> tuple[str, ...]:
        """What was taken for granted about this place, for a person to put right."""
        found = []
        code, part, _ = self._where(country, region, zone)
        if country_code(country) is None and not (zone and zones.is_zone(zone)):
            said = f"the country {country!r} is not known" if country.strip() else "no country is given"
            found.append(f"{said}: taken to be {code or 'that of the creditor'}")
        if zone and not zones.is_zone(zone):
            found.append(f"the time zone {zone!r} is not known: every zone of the country counts")
        if region.strip() and part is None:
            found.append(f"the region {region!r} is not known in {code}")
        if code and (remark := calendars.remark_on(code, part)):
            found.append(remark)
        return tuple(found)

    def _where(self, country: str, region: str, zone: str) -> tuple[str, str | None, tuple[str, ...]]:
        """Country code, region code and zone names."""
        named = zone if zone and zones.is_zone(zone) else ""
        code = country_code(country) or (named and zones.country_of_zone(named)) or self._home_country
        part = region_code(code, region) if code else None
        if named:
            return code, part, (named,)
        names = zones_of_country(code, part)
        if code == self._home_country and country_code(country) is None and self._home_zone not in names:
            names = (*names, self._home_zone)
        return code, part, names or (self._home_zone,)


def zones_of_country(country: str, region: str | None) -> tuple[str, ...]:
    """The zones in use in a region or, where no table narrows it, in all of the country (two-letter code)."""
    return (zones_of_region(country, region) if region else ()) or zones.zones_in(country)


def _joined(places: Places, value: str, year: int) -> Places:
    """The places, with that of a number where it does not agree with them."""
    told = phones.place_of(value)
    if not told.zones:
        return places
    first, last = date(year - 1, 12, 1), date(year + 1, 12, 31)
    values = [zones.zone_value(name, first, last) for name in told.zones if zones.is_zone(name)]
    clocks = {(zone.starts, zone.offsets) for zone in places.zones}
    if any((zone.starts, zone.offsets) in clocks for zone in values):
        return places
    # A number tells its region by its zone alone: any region with such clocks may be the one.
    regions = {region for zone in values for region in regions_of_zone(told.country, zone.name)}
    either: list[str | None] = [*sorted(regions)] or [None]
    elsewhere = [_places(told.country, region, (), year) for region in either]
    return Places(
        (*places.zones, *values),
        places.holidays.union(*(each.holidays for each in elsewhere)),
        tuple(sorted({*places.codes, *(code for each in elsewhere for code in each.codes)})),
    )


@cache
def _places(country: str, region: str | None, names: tuple[str, ...], year: int) -> Places:
    first, last = date(year - 1, 12, 1), date(year + 1, 12, 31)
    return Places(
        tuple(zones.zone_value(name, first, last) for name in names),
        calendars.holidays_for(country, region, (year - 1, year, year + 1)) if country else frozenset(),
        ((f"{country}-{region}" if region else country),) if country else (),
    )
