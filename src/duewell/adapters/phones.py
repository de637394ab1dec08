"""Telephone numbers: read as people write them, and what a number says of where its owner may be.

Numbers are kept in the international form of ITU-T E.164, such as `+493012345678`; an extension follows as in RFC
3966 (`;ext=5`). The plans of all countries come from the `phonenumbers` package (libphonenumber).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

_WHY = {
    ValidationResult.TOO_SHORT: "it has too few digits",
    ValidationResult.TOO_LONG: "it has too many digits",
    ValidationResult.INVALID_LENGTH: "no number there has so many digits",
    ValidationResult.INVALID_COUNTRY_CODE: "no country has this code",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "its area code is missing",
}
# Whoever has one of these may be anywhere.
_ANYWHERE = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.PAGER,
    }
)
_DIVIDES = re.compile(r"\s*(?:[;|,\n]|/(?=\s*[+0])|\bor\b|\boder\b)\s*", re.IGNORECASE)
_LONGEST = 250


class BadNumber(ValueError):
    """This is no telephone number that can be dialled; the message says why."""


class NumberPlace(NamedTuple):
    """What a number says of where its owner may be. Nothing is known where both are empty."""

    country: str
    """Two-letter code."""
    zones: tuple[str, ...]


@lru_cache(maxsize=16_384)
def read(text: str, country: str) -> str:
    """A number in international form.

    Args:
        country: two-letter code of where it is dialled from; empty where nobody knows, then the number must begin
            with `+`.

    Raises:
        BadNumber: no number can be read, or it is impossible in its country, or costs whoever calls it extra.
    """
    shown = text.strip()
    if len(shown) > _LONGEST:
        raise BadNumber(f"{len(shown)} characters are no telephone number")
    try:
        number = phonenumbers.parse(shown, country or None)
    except NumberParseException as problem:
        if problem.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            why = "the country is not known: write it with the country's code in front, as +49 30 1234567"
        else:
            why = "no telephone number can be read in it"
        raise BadNumber(f"{shown!r}: {why}") from problem
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != ValidationResult.IS_POSSIBLE:
        raise BadNumber(f"{shown!r}: {_WHY.get(possible, 'it is not possible')}")
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise BadNumber(f"{shown!r}: a number that costs whoever calls it extra")
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{value};ext={number.extension}" if number.extension else value


def read_all(text: str, country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a cell, which may hold several, and why some could not be read. Arguments as in `read`."""
    if not text.strip():
        return (), ()
    try:
        return (read(text, country),), ()
    except BadNumber as problem:
        parts = [part for part in _DIVIDES.split(text.strip()[:_LONGEST]) if part]
        if len(parts) < 2:
            return (), (str(problem),)
    values, problems = [], []
    for part in parts:
        try:
            values.append(read(part, country))
        except BadNumber as problem:
            problems.append(str(problem))
    return tuple(dict.fromkeys(values)), tuple(problems)


@lru_cache(maxsize=65_536)
def place_of(value: str) -> NumberPlace:
    """Where the owner of a number may be, by its area or its country.

    Numbers that belong to no place, such as free ones, say nothing. A mobile number says its country, and its area
    where the country's plan has them (as in the United States).
    """
    from phonenumbers import timezone

    try:
        number = _parsed(value)
    except NumberParseException:
        # Written by an earlier version, before numbers were read.
        return NumberPlace("", ())
    country = phonenumbers.region_code_for_number(number) or ""
    if phonenumbers.number_type(number) in _ANYWHERE or len(country) != 2:
        return NumberPlace("", ())
    zones = timezone.time_zones_for_number(number)
    return NumberPlace(country, tuple(zone for zone in zones if zone != "Etc/Unknown"))


def shown(value: str, country: str) -> str:
    """A number as people of a country read it: in national form at home, in international form elsewhere."""
    number = _parsed(value)
    home = phonenumbers.region_code_for_number(number) == country
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _parsed(value: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.parse(value, None)
