"""The countries and zones that the intake knows: those of the rest of the house."""

from __future__ import annotations

from duewell.adapters.countries import country_code
from duewell.adapters.zones import is_zone
from duewell.core.intake import Places


def places() -> Places:
    """Names of countries in many languages and their codes; zones by their IANA names."""
    return Places(country_code, is_zone)
