"""Check what is told about a creditor before it is kept: a wrong IBAN in a letter sends money astray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

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


class CreditorBook(Protocol):
    """Where creditors are kept."""

    def add(self, key: str, given: Mapping[str, Any]) -> int:
        """Add one; returns its id."""
        ...

    def edit(self, creditor: int, given: Mapping[str, Any]) -> None:
        """Change some values."""
        ...


def add(book: CreditorBook, key: str, given: Mapping[str, Any], checks: CreditorChecks) -> int:
    """Add a creditor. Name, country and zone are needed; the rest may follow.

    Raises:
        BadCreditor: a value is missing or cannot be right.
    """
    if not key or not all(letter.isalnum() or letter in "-_" for letter in key):
        raise BadCreditor(f"{key!r} cannot be a key: letters, digits, - and _ only, such as `acme`")
    for needed in ("name", "country", "zone"):
        if not given.get(needed):
            raise BadCreditor(f"a creditor needs its {needed}: give --{needed}")
    try:
        return book.add(key, checked(given, checks))
    except BadCreditor:
        raise
    except ValueError as problem:
        raise BadCreditor(str(problem)) from problem


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
        "country": checks.country,
        "zone": checks.zone,
    }
    try:
        if field in by_field:
            return by_field[field](value) if value else ""
        if field == "strategies":
            return [checks.strategy(key) for key in value]
        if field == "policy":
            return _policy(value)
    except BadCreditor:
        raise
    except ValueError as problem:
        raise BadCreditor(f"{field}: {problem}") from problem
    if isinstance(value, str) and any(ord(letter) < 32 for letter in value):
        raise BadCreditor(f"{field}: control characters and line breaks have no place in it")
    return value


def _policy(value: Mapping[str, Any]) -> dict[str, Any]:
    tidy = dict(value)
    if "allocation" in tidy and tidy["allocation"] not in ALLOCATIONS:
        raise BadCreditor(f"allocation: one of {', '.join(ALLOCATIONS)}")
    for days in ("books_max_age_days", "unknown_settles_days"):
        if days in tidy and not 0 <= tidy[days] <= 365:
            raise BadCreditor(f"{days}: between 0 and 365 days")
    return tidy
