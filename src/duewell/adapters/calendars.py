"""Public holidays and business days at the edge, from the `holidays` package.

Two uses, two functions, on purpose: `holidays_for` bars contact and takes every day that may be one, while
`calendar_for` counts the creditor's business days and takes the country's own days only.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata, resources

from duewell.adapters import zones
from duewell.adapters.countries import country_code, regions
from duewell.core.decide.values import Calendar

_SATURDAY_AND_SUNDAY = frozenset({5, 6})


@lru_cache(maxsize=4096)
def holidays_for(country: str, region: str | None, years: tuple[int, ...]) -> frozenset[date]:
    """The public holidays on which a person in this place may be at rest, substitute days among them.

    Where the region is not known, a holiday of any region of the country counts. `country` is a two-letter code,
    `region` a code of `countries.region_code`. A country that the package does not know has none (`remark_on`).
    """
    places = (region,) if region else (None, *regions(country))
    return frozenset().union(*(_days(country, place, years) for place in places))


def remark_on(country: str, region: str | None) -> str | None:
    """What a person should know about the holidays of this place; None where all is well."""
    if not _known(country):
        return f"no public holidays are known for {country}: only closed weekdays are kept"
    if region is None and (count := len(regions(country))):
        return f"the region in {country} is not known: public holidays of all its {count} regions are kept"
    return None


@lru_cache(maxsize=256)
def calendar_for(country: str, day: date) -> Calendar:
    """The creditor's business days from the year before `day` until two years after it.

    `country` is a code or a name. Where it is not known, Saturday and Sunday are free and nothing else is.
    """
    code = country_code(country)
    if code is None or not _known(code):
        return Calendar(_SATURDAY_AND_SUNDAY, frozenset())
    return Calendar(_weekend(code), _days(code, None, years_around(day)))


def years_around(day: date) -> tuple[int, ...]:
    """The years for which holidays are looked up for a day: from the one before until two after."""
    return tuple(range(day.year - 1, day.year + 3))


@cache
def data_digests() -> dict[str, str]:
    """Version and digest of the data behind zones and calendars, for the record of a run."""
    total = sha256()
    for file in sorted(
        (file for file in (resources.files("holidays") / "countries").iterdir() if file.name.endswith(".py")),
        key=lambda file: file.name,
    ):
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return {
        "calendars": f"holidays {metadata.version('holidays')} sha256:{total.hexdigest()}",
        "zones": f"tzdata {zones.version()}",
    }


@lru_cache(maxsize=8192)
def _days(country: str, region: str | None, years: tuple[int, ...]) -> frozenset[date]:
    import holidays

    if not _known(country):
        return frozenset()
    # The language is named because the package would otherwise look at the machine for one.
    found = holidays.country_holidays(
        country, subdiv=region, years=years, expand=False, categories=("public",), language="en_US"
    )
    return frozenset(day for day in found if day.year in years)


@cache
def _known(country: str) -> bool:
    import holidays

    try:
        holidays.country_holidays(country, language="en_US")
    except NotImplementedError:
        return False
    return True


@cache
def _weekend(country: str) -> frozenset[int]:
    import holidays

    return frozenset(holidays.country_holidays(country, language="en_US").weekend)
