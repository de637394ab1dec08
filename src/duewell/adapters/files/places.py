"""Names of countries and zones for the intake, from the Unicode CLDR and the zone database."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from duewell.core.intake.plan import Places

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")
_NO_COUNTRY = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))
# What people write and the CLDR does not hold.
_ALSO = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "vereinigte staaten von amerika": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "großbritannien": "GB",
    "holland": "NL",
    "the netherlands": "NL",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "bundesrepublik deutschland": "DE",
    "federal republic of germany": "DE",
    "brd": "DE",
    "republic of ireland": "IE",
    "korea, republic of": "KR",
    "russian federation": "RU",
    "the bahamas": "BS",
    "türkei": "TR",
    "turkey": "TR",
}


@cache
def places() -> Places:
    """Countries by their names in eight languages and by their two codes; zones by their IANA names."""
    english = _territories("en")
    codes = [code for code in english if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY]
    countries = {code.casefold(): code for code in codes}
    for language in _LANGUAGES:
        names = _territories(language)
        for code in codes:
            if code in names:
                countries.setdefault(names[code].casefold(), code)
    for alias, named in get_global("territory_aliases").items():
        # The CLDR keeps the codes of three letters as aliases of those of two.
        if len(alias) == 3 and alias.isalpha() and len(named) == 1:
            countries[alias.casefold()] = named[0]
    return Places({**countries, **_ALSO}, frozenset(available_timezones()) | {"UTC"})


def _territories(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}
