"""The law, plainly: may this person be contacted at this instant? One question, answered by looking at the clock.

Local hours 08:00 to 20:00 in every zone where the person may be, no Sunday and no public holiday there, at most
three contacts in seven local dates. It shares nothing with the gate it judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

_OWN_COUNTRY_CODE = frozenset("AS GU MP PR UM VI".split())
"""Parts of the United States whose people carry a country code of their own."""
QUARTER = timedelta(minutes=15)
"""No zone is off by less than a quarter of an hour, so what is permitted changes at quarters."""


class Place(NamedTuple):
    """Where a person may be: country, region (empty if unknown) and every zone."""

    country: str
    region: str
    zones: tuple[str, ...]


def permitted(places: Sequence[Place], contacts: Sequence[datetime], at: datetime) -> bool:
    """May the person be contacted at this instant? Somebody with several places may be in any of them."""
    return all(_in_zone(places, ZoneInfo(zone), contacts, at) for place in places for zone in place.zones)


def first_permitted(places: Sequence[Place], contacts: Sequence[datetime], after: datetime) -> datetime | None:
    """The first instant at or after this one at which the person may be contacted, within sixty days."""
    found = (at for at in _quarters(after, after + timedelta(days=60)) if permitted(places, contacts, at))
    return next(found, None)


def opens_at(
    places: Sequence[Place], contacts: Sequence[datetime], since: datetime, until: datetime
) -> datetime | None:
    """The start of the longest stretch between two instants that is permitted; the earliest of equal ones."""
    best: tuple[timedelta, datetime] | None = None
    start: datetime | None = None
    for at in [*_quarters(since, until), until]:
        if at < until and permitted(places, contacts, at):
            start = start or at
        elif start is not None:
            if best is None or at - start > best[0]:
                best = at - start, start
            start = None
    return None if best is None else best[1]


def day_in(zone: str, day: date) -> tuple[datetime, datetime]:
    """The first instant of a civil date and the first after it."""
    start = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return start, datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


@cache
def closed_days_of_country(country: str, year: int) -> frozenset[date]:
    """The public holidays that a whole country keeps: no business is done on them."""
    return frozenset(holidays.country_holidays(country, years=year, expand=False, language="en_US"))


def _in_zone(places: Iterable[Place], zone: ZoneInfo, contacts: Iterable[datetime], at: datetime) -> bool:
    local = at.astimezone(zone)
    if not 8 <= local.hour < 20 or local.isoweekday() == 7:
        return False
    # A holiday of any of the places is kept by the date of each of their zones.
    if any(local.date() in _holidays(place.country, place.region, local.year) for place in places):
        return False
    first = local.date() - timedelta(days=6)
    return sum(first <= contact.astimezone(zone).date() <= local.date() for contact in contacts) < 3


def _quarters(since: datetime, until: datetime) -> Iterable[datetime]:
    at = since
    while at < until:
        yield at
        at = at - timedelta(seconds=at.timestamp() % 900) + QUARTER


@cache
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    known = holidays.list_supported_countries().get(country)
    if known is None:
        return frozenset()
    regions = [region] if region else [None, *(one for one in known if one not in _OWN_COUNTRY_CODE)]
    return frozenset(
        day
        for each in regions
        for day in holidays.country_holidays(country, subdiv=each, years=year, expand=False, language="en_US")
    )
