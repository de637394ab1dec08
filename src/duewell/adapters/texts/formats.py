"""Dates and sums as people of a language and country write them, by Unicode CLDR through Babel.

Babel is exact and slow: it writes one sample per locale and currency, and further sums copy the sample's
signs and places. Spaces in numbers and sums are U+00A0, so that no line ends inside a sum: CLDR has narrow and
figure spaces too, for which many screens and fonts have no glyph. Spaces in dates are ordinary ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from unicodedata import bidirectional

from babel import Locale, UnknownLocaleError, dates, numbers

from duewell.core.units import money as units

# Countries and territories where English dates start with the month.
_MONTH_FIRST = frozenset("US AS GU MP PR UM VI".split())
_GERMAN = {"AT": "de_AT", "CH": "de_CH", "LI": "de_LI"}
NO_BREAK = "\u00a0"
_SPACES = re.compile(r"[ \u00a0\u2007\u2009\u202f]")
_TO_THE_LEFT = "\u200f"
_SAMPLE = re.compile(r"(?P<before>\D*)1(?P<group>\D*)234\D*567(?:(?P<point>\D)0+)?(?P<after>\D*)")


class _Signs(NamedTuple):
    """What stands around and between the digits of a sum."""

    before: str
    group: str
    point: str
    after: str
    exponent: int


@lru_cache(maxsize=1024)
def locale(language: str, country: str) -> str:
    """The locale for a language of ours and the country of the reader, which may be empty or any."""
    if language == "de":
        return _GERMAN.get(country, "de_DE")
    if language == "en":
        return "en_US" if country in _MONTH_FIRST else "en_GB"
    if country:
        try:
            return str(Locale.parse(f"{language}_{country}"))
        except (UnknownLocaleError, ValueError):
            pass  # CLDR knows no such pair: a French customer in Japan reads as French is written anywhere.
    return language


def money(minor: int, currency: str, locale: str) -> str:
    """A sum from zero up: `€1,234.50`, `1.234,50 €`, `CHF 5.00`.

    Raises:
        UnknownCurrency: not a code of ISO 4217.
        ValueError: below zero; signs belong to the words around a sum.
    """
    if minor < 0:
        raise ValueError(f"a sum on a message is never below zero: {minor}")
    signs = _signs(currency, locale)
    if signs.exponent:
        major, rest = divmod(minor, 10**signs.exponent)
        digits = f"{major:,}".replace(",", signs.group) + signs.point + str(rest).zfill(signs.exponent)
    else:
        digits = f"{minor:,}".replace(",", signs.group)
    return signs.before + digits + signs.after


@lru_cache(maxsize=1024)
def _signs(currency: str, locale: str) -> _Signs:
    exponent = units.exponent(currency)
    # CLDR's own decimals of a currency are those of daily life (none for IQD); money here follows ISO 4217.
    places = "0." + "0" * exponent if exponent else "0"
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.replace("0.00", places)
    sample = numbers.format_currency(Decimal(1234567), currency, pattern, locale=locale, currency_digits=False)
    found = _SAMPLE.fullmatch(_SPACES.sub(NO_BREAK, sample))
    assert found, f"{locale} writes {currency} as {sample!r}, which has an unknown shape"
    before, after = found["before"], found["after"]
    if before == _TO_THE_LEFT and any(bidirectional(sign) == "L" for sign in after):
        # CLDR turns every Arabic sum to the left, which would show `US$` as `$US`.
        before = ""
    # CLDR currencySpacing, which Babel leaves out: letters keep a space from digits (`KWD 1.000`, `US$1.00`).
    if before and before[-1].isalpha():
        before += NO_BREAK
    if after and after[0].isalpha():
        after = NO_BREAK + after
    return _Signs(before, found["group"], found["point"] or "", after, exponent)


@lru_cache(maxsize=8192)
def long_date(day: date, locale: str) -> str:
    """For sentences: `3 March 2026`, `March 3, 2026`, `3. März 2026`, `1er mars 2026`."""
    return _first(_SPACES.sub(" ", dates.format_date(day, "long", locale=locale)), day, locale)


@lru_cache(maxsize=8192)
def the_date(day: date, locale: str) -> str:
    """`long_date` with its article where that depends on the day: `il 3 marzo 2026`, `l'8 marzo 2026`."""
    written = long_date(day, locale)
    if not locale.startswith("it"):
        return written
    # Otto and undici begin with a vowel.
    return f"l’{written}" if day.day in (8, 11) else f"il {written}"


@lru_cache(maxsize=8192)
def short_date(day: date, locale: str) -> str:
    """For tables, never ambiguous: `3 Mar 2026`, `Mar 3, 2026`, `03.03.2026`."""
    if "/" in dates.get_date_format("medium", locale=locale).pattern:
        # Day and month could be mixed up (`03/04/2026`), so the month is a word.
        written = dates.format_skeleton("yMMMd", day, locale=locale)
        if "/" in written:
            written = dates.format_date(day, "d MMM y", locale=locale)
    else:
        written = dates.format_date(day, "medium", locale=locale)
    return _first(_SPACES.sub(" ", written), day, locale)


def _first(written: str, day: date, locale: str) -> str:
    """The first of a month is an ordinal in French and Italian; CLDR writes all days alike."""
    ordinal = {"fr": "1er", "it": "1º"}.get(locale[:2])
    return ordinal + written[1:] if ordinal and day.day == 1 else written


@lru_cache(maxsize=4096)
def count(number: int, locale: str) -> str:
    """A number of things: `3`, `20,000`, `20.000`."""
    return _SPACES.sub(NO_BREAK, numbers.format_decimal(number, locale=locale))


def listed(parts: Sequence[str], separator: str, last: str) -> str:
    """`a`, `a and b`, `a, b and c`, with the words of the language in `separator` and `last`."""
    if len(parts) < 2:
        return "".join(parts)
    return separator.join(parts[:-1]) + last + parts[-1]
