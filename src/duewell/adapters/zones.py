"""Time zones at the edge: names by country, and offsets as values for the core.

Everything comes from the `tzdata` package and nothing from the machine, so that the version a run records is the
version it used. Sources: the files `zone.tab`, `iso3166.tab` and `tzdata.zi` of the IANA time zone database
(public domain).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from zoneinfo import ZoneInfo

from duewell.core.units.zones import Zone

_FOLDER = resources.files("tzdata") / "zoneinfo"
# Offsets are compared this far apart. No zone changed its clocks twice within hours since 1970.
_STRIDE = timedelta(hours=6)
_SECOND = timedelta(seconds=1)


class UnknownZone(LookupError):
    """The name is not in the IANA time zone database."""


@lru_cache(maxsize=2048)
def zone_value(name: str, from_day: date, until_day: date) -> Zone:
    """The zone from the start of one UTC day until the start of another, with every change of clocks between.

    Raises:
        UnknownZone: the name is not in the database.
    """
    zone = _zone(name)
    since = datetime.combine(from_day, time(0), UTC)
    ends = datetime.combine(until_day, time(0), UTC)
    starts, offsets = [since], [_offset(zone, since)]
    instant = since
    while instant < ends:
        following = min(instant + _STRIDE, ends - _SECOND)
        if following <= instant:
            break
        if _offset(zone, following) != offsets[-1]:
            changed = _change(zone, instant, following)
            starts.append(changed)
            offsets.append(_offset(zone, changed))
            following = changed
        instant = following
    return Zone(name, tuple(starts), tuple(offsets), ends)


def civil_day(name: str, day: date) -> tuple[datetime, datetime]:
    """The first instant of a date in the zone, and the first of the next: 23 to 25 hours apart as a rule.

    Raises:
        UnknownZone: the name is not in the database.
    """
    zone = zone_value(name, day - timedelta(days=3), day + timedelta(days=4))
    return zone.first_at_or_after(day, time(0)), zone.first_at_or_after(day + timedelta(days=1), time(0))


def civil_date(name: str, now: datetime) -> date:
    """The date in the zone at an instant. Raises `UnknownZone`."""
    return civil_time(name, now).date()


def civil_time(name: str, now: datetime) -> datetime:
    """What a clock in the zone shows at an instant, aware. Raises `UnknownZone`."""
    return now.astimezone(_zone(name))


def is_zone(name: str) -> bool:
    """Is this the name of a zone in the database?"""
    return name in _names()


@cache
def zones_in(country: str) -> tuple[str, ...]:
    """The zones of a country by its two-letter code, as `zone.tab` lists them; empty where it lists none."""
    # Kosovo has a code of common use, not of ISO 3166, and keeps the time of Belgrade.
    code = {"XK": "RS"}.get(country, country)
    return tuple(name for listed, name in _table() if listed == code)


@cache
def country_of_zone(name: str) -> str | None:
    """The two-letter code of the country whose zone this is; None for names that belong to no single country."""
    return next((code for code, listed in _table() if listed == name), None)


@cache
def countries() -> frozenset[str]:
    """Every two-letter code of ISO 3166-1, and XK."""
    return frozenset(code for code, _ in country_names()) | {"XK"}


@cache
def country_names() -> tuple[tuple[str, str], ...]:
    """Two-letter codes and the English names the database uses."""
    return tuple((row[0], row[1]) for row in _rows("iso3166.tab"))


@cache
def version() -> str:
    """The version of the database and a digest of its rules, such as `2026f sha256:…`."""
    rules = (_FOLDER / "tzdata.zi").read_bytes() + (_FOLDER / "zone.tab").read_bytes()
    name = rules.split(b"\n", 1)[0].decode().removeprefix("# version ").strip()
    return f"{name} sha256:{sha256(rules).hexdigest()}"


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _SECOND


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second at which the offset is no longer that of `before`, between two instants, by bisection."""
    old = _offset(zone, before)
    low, high = 0, (after - before) // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + middle * _SECOND) == old:
            low = middle
        else:
            high = middle
    return before + high * _SECOND


@cache
def _zone(name: str) -> ZoneInfo:
    if not is_zone(name):
        raise UnknownZone(f"{name!r} is not a time zone of the IANA database, such as Europe/Berlin")
    with (_FOLDER.joinpath(*name.split("/"))).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def _names() -> frozenset[str]:
    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def _table() -> tuple[tuple[str, str], ...]:
    return tuple((row[0], row[2]) for row in _rows("zone.tab"))


def _rows(file: str) -> Iterator[list[str]]:
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
