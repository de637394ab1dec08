"""Audit: the sentences that are always true, each asked of a live database.

The sentences are those of docs/explanation/what-is-always-true.md. A checker computes in its own plain way what
the program computes elsewhere, so that a mistake has to be made twice to go unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

SENTENCES = {
    1: "Balances and aging equal the entries, to the minor unit.",
    2: "No demand goes to an account that is paid, credited, held or stopped when it starts.",
    3: "There is at most one message for each claim, and none is lost.",
    4: "One account has one message at a time.",
    5: "Stages are climbed in their order and never forgotten.",
    6: "The preview is the run.",
    7: "Every silence has its reason.",
    8: "A hold has a reason, a limit, and an end or a review.",
    9: "Every fact verifies, and the tables are what the facts tell.",
    10: "A bad row stops only itself and stands on a list with its remedy.",
    11: "Equal payments count as often as they came.",
    12: "A kept message is, byte for byte, the one that left.",
}
"""What is always true, in the order and the words of the page."""
SHOWN_MAX = 20


class Tally:
    """What one checker looked at and what it found; `findings` keeps the first twenty."""

    def __init__(self) -> None:
        self.checked = 0
        self.found = 0
        self.findings: list[str] = []

    def look(self, count: int = 1) -> None:
        """Count what was looked at, so that an empty check does not pass for a good one."""
        self.checked += count

    def find(self, text: str) -> None:
        """Note that the sentence is not true here."""
        self.found += 1
        if len(self.findings) < SHOWN_MAX:
            self.findings.append(text)


Checker = Callable[[Tally], None]


class Verdict(NamedTuple):
    """One sentence and what came of checking it."""

    number: int
    text: str
    checked: int
    found: int
    findings: tuple[str, ...]


def audit(checkers: Mapping[int, Sequence[Checker]], tell: Callable[[int], None]) -> list[Verdict]:
    """Check every sentence, in order. `tell` hears the number of the one that comes next.

    A checker that fails is a finding, and the others still run.

    Raises:
        LookupError: a sentence has no checker; silence would pass for truth.
    """
    verdicts = []
    for number, text in SENTENCES.items():
        tell(number)
        tally = Tally()
        for check in checkers[number]:
            try:
                check(tally)
            except Exception as problem:
                # Where somebody wrote into the tables, anything may stand there; the others are still asked.
                tally.find(f"could not be checked to its end: {problem!r}")
        verdicts.append(Verdict(number, text, tally.checked, tally.found, tuple(tally.findings)))
    return verdicts
