"""Examine an installation: each check says what it found and, where something is amiss, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Finding(NamedTuple):
    """What one check found. The remedy is empty where all is well."""

    check: str
    ok: bool
    text: str
    remedy: str


Check = Callable[[], Finding]


def examine(checks: Iterable[Check]) -> list[Finding]:
    """Run every check in order; a check that itself fails is a finding, and the others still run."""
    found = []
    for check in checks:
        try:
            found.append(check())
        except Exception as problem:
            name = getattr(check, "__name__", "check").strip("_")
            found.append(
                Finding(name, False, f"could not be checked: {problem}", "mend what it says, then ask again")
            )
    return found
