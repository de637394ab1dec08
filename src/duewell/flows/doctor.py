"""Examine an installation: each check says what it found and, where something is amiss, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Answer(NamedTuple):
    """What a check answers; the remedy counts only where something is amiss."""

    ok: bool
    text: str
    remedy: str


class Finding(NamedTuple):
    """What one check found. The remedy is empty where all is well."""

    check: str
    ok: bool
    text: str
    remedy: str


class Check(NamedTuple):
    """A question with the name under which it is answered."""

    name: str
    ask: Callable[[], Answer]


def examine(checks: Iterable[Check]) -> list[Finding]:
    """Run every check in order; a check that itself fails is a finding, and the others still run."""
    found = []
    for check in checks:
        try:
            answer = check.ask()
        except Exception as problem:
            answer = Answer(False, f"could not be checked: {problem}", "mend what it says, then ask again")
        found.append(Finding(check.name, answer.ok, answer.text, "" if answer.ok else answer.remedy))
    return found
