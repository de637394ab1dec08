"""Check what is told about a creditor before it is kept: a wrong IBAN in a letter sends money astray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from duewell.core.law.library import ROLES, STANCES

NEEDED = ("name", "country", "zone")
"""Without these there is no creditor."""
ALLOCATIONS = ("oldest_due", "newest_due", "largest", "smallest", "proportional")


class BadCreditor(ValueError):
    """Something told about a creditor cannot be right; the message names it and the remedy."""


class CreditorChecks(NamedTuple):
    """Checks that need tables of the world: each gives the tidy value or raises `ValueError` with a reason."""

    iban: Callable[[str], str]
    bic: Callable[[str], str]
    email: Callable[[str], str]
    country: Callable[[str], str]
    zone: Callable[[str], str]
    strategy: Callable[[str], str]
    language: Callable[[str], str]
    tone: Callable[[str], str]
    phone: Callable[[str], str]
    logo: Callable[[str], str]
    """From the path of a picture to the name under which the home keeps it."""
    law: Callable[[str], str]
    """A country that has a rule book, as its code."""


class CreditorBook(Protocol):
    """Where creditors are kept."""

    def add(self, key: str, given: Mapping[str, Any]) -> int:
        """Add one; returns its id."""
        ...

    def edit(self, creditor: int, given: Mapping[str, Any]) -> None:
        """Change some values."""
        ...


def add(book: CreditorBook, key: str, given: Mapping[str, Any], checks: CreditorChecks) -> int:
    """Add a creditor. Name, country and zone (`NEEDED`) must be given; the rest may follow.

    Raises:
        BadCreditor: a value is missing or cannot be right.
    """
    check_key(key)
    if lacking := [needed for needed in NEEDED if not given.get(needed)]:
        options = " ".join(f"--{needed}" for needed in lacking)
        raise BadCreditor(f"a creditor needs its {' and '.join(lacking)}: give {options}")
    try:
        return book.add(key, checked(given, checks))
    except BadCreditor:
        raise
    except ValueError as problem:
        raise BadCreditor(str(problem)) from problem


def check_key(key: str) -> str:
    """The key, where it can stand in commands and names of files. Raises `BadCreditor`."""
    if not key or not all(letter.isalnum() or letter in "-_" for letter in key):
        raise BadCreditor(f"{key!r} cannot be a key: letters, digits, - and _ only, such as `acme`")
    return key


def edit(book: CreditorBook, creditor: int, given: Mapping[str, Any], checks: CreditorChecks) -> None:
    """Change some values of a creditor. Raises `BadCreditor`."""
    if not given:
        raise BadCreditor("nothing to change: give at least one option, see --help")
    book.edit(creditor, checked(given, checks))


def checked(given: Mapping[str, Any], checks: CreditorChecks) -> dict[str, Any]:
    """The values in their tidy form. Raises `BadCreditor` for the first that cannot be right."""
    tidy: dict[str, Any] = {}
    for field, value in given.items():
        tidy[field] = _one(field, value, checks)
    return tidy


def _one(field: str, value: Any, checks: CreditorChecks) -> Any:
    by_field: dict[str, Callable[[str], str]] = {
        "iban": checks.iban,
        "bic": checks.bic,
        "email_from": checks.email,
        "reply_to": checks.email,
        "archive": checks.email,
        "country": checks.country,
        "zone": checks.zone,
        "language": checks.language,
        "tone": checks.tone,
        "phone": checks.phone,
        "logo": checks.logo,
    }
    try:
        if field in by_field:
            if not value and field in (*NEEDED, "language"):
                raise ValueError("cannot be empty")
            return by_field[field](value) if value else ""
        if field == "name" and not str(value).strip():
            raise ValueError("cannot be empty")
        if field == "strategies":
            return [checks.strategy(key) for key in value]
        if field == "policy":
            return _policy(value, checks)
    except BadCreditor:
        raise
    except ValueError as problem:
        raise BadCreditor(f"{field}: {problem}") from problem
    if isinstance(value, str) and any(ord(letter) < 32 for letter in value):
        raise BadCreditor(f"{field}: control characters and line breaks have no place in it")
    return value


def _policy(value: Mapping[str, Any], checks: CreditorChecks) -> dict[str, Any]:
    tidy = dict(value)
    if tidy.get("digest_to") not in (None, "", "nobody"):
        tidy["digest_to"] = checks.email(tidy["digest_to"])
    if "allocation" in tidy and tidy["allocation"] not in ALLOCATIONS:
        raise BadCreditor(f"allocation: one of {', '.join(ALLOCATIONS)}")
    if "acts_as" in tidy and tidy["acts_as"] not in ROLES:
        raise BadCreditor(f"acts_as: one of {', '.join(ROLES)}")
    if "law" in tidy:
        tidy["law"] = {checks.law(country): stance for country, stance in tidy["law"].items()}
    for country, stance in tidy.get("law", {}).items():
        if stance not in STANCES:
            raise BadCreditor(f"law of {country}: {stance!r} is none of {', '.join(STANCES)}")
    for days in ("books_max_age_days", "unknown_settles_days"):
        if days in tidy and not 0 <= tidy[days] <= 365:
            raise BadCreditor(f"{days}: between 0 and 365 days")
    if not 0 <= tidy.get("retention_days", 0) <= 36_500:
        raise BadCreditor("retention_days: between 0 (for good) and 36500 days")
    return tidy
