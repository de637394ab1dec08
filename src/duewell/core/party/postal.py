"""Postal addresses: read from their canonical form, complete for their country, written as its post wants them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from duewell.core.party.address_formats import DEFAULT, FORMATS, REGION_CODES, Format

_FIELDS = ("street", "postcode", "city", "region")
_LINES_MAX = 5
"""Lines under the name; a window shows six in all, and the country may need one."""


class BadAddress(ValueError):
    """The stored value is not a postal address."""


class PostalAddress(NamedTuple):
    """Where a letter goes. Either whole `lines` as somebody wrote them, or parts. Empty text means: not given."""

    country: str
    """ISO 3166 alpha-2."""
    street: str = ""
    """Street and number, or a post office box."""
    postcode: str = ""
    city: str = ""
    region: str = ""
    """State or province, as a code or a name."""
    lines: tuple[str, ...] = ()
    """Lines without the name and without the country; they win over the parts."""


def read(value: str) -> PostalAddress:
    """The address that a contact point of the channel `letter` holds as canonical JSON.

    Raises:
        BadAddress: another shape, or a country that is no two-letter code.
    """
    try:
        told = json.loads(value)
    except ValueError as problem:
        raise BadAddress("a postal address is a JSON object") from problem
    if not isinstance(told, dict):
        raise BadAddress("a postal address is a JSON object")
    country = told.get("country", "")
    lines = told.get("lines", [])
    texts = [told.get(field, "") for field in _FIELDS]
    if not isinstance(country, str) or not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise BadAddress("the country of a postal address is a two-letter code")
    if not isinstance(lines, list) or not all(isinstance(text, str) for text in (*lines, *texts)):
        raise BadAddress("the parts of a postal address are texts")
    street, postcode, city, region = texts
    whole = tuple(line for line in lines if line.strip())
    return PostalAddress(country.upper(), street, postcode, city, region, whole)


def canonical(address: PostalAddress) -> str:
    """The form that a contact point keeps: parts that are not given are left out."""
    told: dict[str, Any] = {"country": address.country}
    if address.lines:
        told["lines"] = list(address.lines)
    else:
        told.update((field, text) for field in _FIELDS if (text := getattr(address, field)))
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def missing(address: PostalAddress) -> tuple[str, ...]:
    """Which parts the post of the country cannot do without and nobody gave; empty for a complete address."""
    if address.lines:
        return () if len(address.lines) >= 2 else ("lines",)
    form = _format(address.country)
    return tuple(field for field in form.needed if not getattr(address, field).strip())


def street_line(road: str, number: str, country: str) -> str:
    """Road and house number in the order of the country: `Rue Lepic`, `7` is `7 Rue Lepic` in France."""
    if not road or not number:
        return road or number
    return _format(country).street.format(road=road, number=number)


def lines(address: PostalAddress) -> tuple[str, ...]:
    """The lines under the name, without the country: at most five, none empty.

    A postcode gets the gaps that its country writes, a region its code where the country's post uses codes.
    """
    if address.lines:
        return address.lines[:_LINES_MAX]
    form = _format(address.country)
    values = {
        "street": address.street.strip(),
        "postcode": _gapped(address.postcode.strip(), form.postcode),
        "city": address.city.strip(),
        "region": region_code(address.region.strip(), address.country),
    }
    if values["region"] == values["city"]:
        values["region"] = ""
    return tuple(line for pattern in form.lines if (line := _filled(pattern, values)))


def region_code(region: str, country: str) -> str:
    """The code of a state or province where its country's post has one for the name; else the text as it is."""
    codes = REGION_CODES.get(country, {})
    return codes.get(region.casefold(), region)


def _format(country: str) -> Format:
    return FORMATS.get(country.upper(), DEFAULT)


def _gapped(postcode: str, mask: str) -> str:
    """`41134` for `### ##` is `411 34`; a postcode of another length stays as it is."""
    bare = "".join(character for character in postcode if character.isalnum()).upper()
    if not mask or len(bare) != mask.count("#"):
        return postcode
    characters = iter(bare)
    return "".join(next(characters) if place == "#" else place for place in mask)


def _filled(pattern: tuple[tuple[str, str], ...], values: Mapping[str, str]) -> str:
    """The parts that are given; what stands before a part appears only between two of them."""
    line = ""
    for before, field in pattern:
        if values[field]:
            line += (before if line else "") + values[field]
    return line
