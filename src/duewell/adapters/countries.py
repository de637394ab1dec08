"""Countries and regions as people write them, turned into codes. What is not certain is None, never a guess."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from duewell.adapters.zones import countries, country_names

_FIRST = ("en", "de")
_LATER = tuple("fr es it nl pt pl sv da nb fi cs sk hu ro bg el tr hr sl sr lt lv et ru uk ja zh ko ar hi".split())

# Names in common use that CLDR and the time zone database spell otherwise. EL is the European Union's own
# code for Greece (Interinstitutional Style Guide, 7.1.1).
_ALSO = {
    "el": "GR",
    "america": "US",
    "united states of america": "US",
    "vereinigte staaten von amerika": "US",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "grossbritannien": "GB",
    "holland": "NL",
    "the netherlands": "NL",
    "republic of ireland": "IE",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "russian federation": "RU",
    "republic of korea": "KR",
    "viet nam": "VN",
    "ivory coast": "CI",
    "burma": "MM",
    "macedonia": "MK",
    "hong kong": "HK",
    "macau": "MO",
    "macao": "MO",
    "turkey": "TR",
    "cabo verde": "CV",
    "swaziland": "SZ",
    "uae": "AE",
    "us virgin islands": "VI",
    "virgin islands u s": "VI",
    "united states minor outlying islands": "UM",
}


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The two-letter code of a country given as a two- or three-letter code or as a name; None if unsure.

    Names are read in English and German first, then in thirty other languages, as Unicode CLDR spells them.
    A number is not read: exports use numbers of their own that look like those of ISO 3166.
    """
    word = _plain(text)
    if not word or word.isdigit():
        return None
    if text.strip().upper() in countries():
        return text.strip().upper()
    upper = word.upper().replace(" ", "")
    if len(upper) in (2, 3) and upper in _aliases():
        return _aliases()[upper]
    return _ALSO.get(word) or _named(_FIRST).get(word) or _named(_LATER).get(word)


@lru_cache(maxsize=4096)
def region_code(country: str, text: str) -> str | None:
    """The code of a region within a country (by two-letter code) as the `holidays` package spells it, or None.

    Takes the code, with or without the country in front (`BY`, `DE-BY`), or a name that the package knows.
    """
    word = _plain(text)
    if not word:
        return None
    for code, names in regions(country).items():
        if word in (_plain(code), _plain(f"{country}-{code}"), *(_plain(name) for name in names)):
            return code
    return None


@cache
def regions(country: str) -> dict[str, tuple[str, ...]]:
    """The regions of a country for which the `holidays` package knows holidays: code and names.

    Regions that have a country code of their own, such as Puerto Rico, are left out: their people carry that code.
    """
    import holidays

    try:
        known = holidays.country_holidays(country, language="en_US")
    except NotImplementedError:
        return {}
    aliases = known.get_subdivision_aliases()
    found = {code: tuple(aliases.get(code, ())) for code in known.subdivisions}
    return {
        code: names
        for code, names in found.items()
        if not any(_own_code(name) in {code, *names} for name in names if len(name) > 3)
    }


def _own_code(name: str) -> str | None:
    """The country code of a region. The package spells such regions in English, German or French."""
    word = _plain(name)
    return _ALSO.get(word) or _named((*_FIRST, "fr")).get(word)


@cache
def _aliases() -> dict[str, str]:
    """Codes that CLDR knows as another way to write a country of today, three-letter codes among them."""
    from babel.core import get_global

    found = {
        alias: codes[0]
        for alias, codes in get_global("territory_aliases").items()
        if alias.isalpha() and len(codes) == 1 and codes[0] in countries()
    }
    # Codes of countries that are no more would be a guess about where somebody lives today.
    return {alias: code for alias, code in found.items() if len(alias) == 3 or alias == "UK"}


@cache
def _named(languages: tuple[str, ...]) -> dict[str, str]:
    """Names in these languages; where two languages use one name for two countries, the first one counts."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in languages:
        for code, name in Locale.parse(language).territories.items():
            if code in countries():
                found.setdefault(_plain(name), code)
    for code, name in country_names():
        found.setdefault(_plain(name), code)
    return found


def _plain(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces; `&` and "St." spelt out."""
    text = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("ß", "ss")).casefold()
    kept = "".join(" " if not mark.isalnum() else mark for mark in text if not unicodedata.combining(mark))
    words = ["saint" if word == "st" else word for word in kept.split()]
    # "U.S.A." has become single letters: they are one word.
    return "".join(words) if words and all(len(word) == 1 for word in words) else " ".join(words)
