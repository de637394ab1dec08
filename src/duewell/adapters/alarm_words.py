"""What the operator reads when a night did not happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class LostNight(NamedTuple):
    """A night that failed or was missed; `problem` is the kind of error, empty where there was none."""

    creditor: str
    on_day: date
    state: str
    problem: str


def alarm(nights: Sequence[LostNight]) -> tuple[str, str]:
    """Subject and text."""
    count = len(nights)
    subject = f"Duewell: {'a night' if count == 1 else f'{count} nights'} did not happen"
    lines = []
    for night in nights:
        why = "the night was not run at all: was `duewell work` down?"
        if night.state == "failed":
            why = f"the night failed and fails still ({night.problem})"
        lines.append(f"- {night.creditor}, {night.on_day.isoformat()}: {why}")
    text = "\n".join(
        [
            "Nobody was reminded by these nights:",
            "",
            *lines,
            "",
            "Nothing is lost: the next night decides for everything that is due by then.",
            "`duewell doctor` says what is wrong now, the log says more about each failure.",
            "By hand, one night of today: duewell run, then duewell release.",
        ]
    )
    return subject, text
