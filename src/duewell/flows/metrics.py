"""Metrics: a few numbers by which somebody can tell from outside whether an installation does its work.

They hold no personal data: labels are keys of creditors, states and kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple, Protocol


class Sample(NamedTuple):
    """One number, under its labels."""

    labels: tuple[tuple[str, str], ...]
    value: float


class Metric(NamedTuple):
    """A family of numbers; the name and what it means stand in docs/reference/metrics.md."""

    name: str
    kind: str
    """`gauge`: all of them can fall."""
    help: str
    samples: Sequence[Sample]


FAMILIES: Final[dict[str, tuple[str, str]]] = {
    "duewell_info": ("gauge", "The version that answers; always 1."),
    "duewell_working": ("gauge", "1 while `duewell work` runs for this home."),
    "duewell_halted": ("gauge", "1 while the kill switch of the creditor is on."),
    "duewell_nights": ("gauge", "Nights of a creditor by what became of them: done, failed, missed."),
    "duewell_night_latest_seconds": ("gauge", "When the latest night of the creditor was done, as Unix time."),
    "duewell_night_missing": ("gauge", "1 where the latest night that was due is not done."),
    "duewell_messages": ("gauge", "Messages by state, as they stand."),
    "duewell_queue_messages": ("gauge", "Released messages whose time has come."),
    "duewell_queue_oldest_seconds": ("gauge", "For how long the oldest of them could have gone."),
    "duewell_runs_waiting": ("gauge", "Runs that wait for a release."),
    "duewell_questions_open": ("gauge", "Questions that wait for a person, by kind."),
    "duewell_archive_copies": ("gauge", "Copies for the archive by state."),
    "duewell_facts_sealed": ("gauge", "Facts that have been sealed."),
    "duewell_facts_unsealed": ("gauge", "Facts that wait for their seal."),
    "duewell_facts_unsealed_oldest_seconds": ("gauge", "For how long the oldest of them has waited."),
    "duewell_alarms": ("gauge", "What somebody should look at now: nights that are missing."),
}
"""Every family: its kind and what it says, in the order in which they are told."""


class Counts(Protocol):
    """What is counted in the tables, by creditor."""

    def nights(self) -> Mapping[tuple[int, str], int]:
        """Nights by creditor and state."""
        ...

    def latest_nights(self) -> Mapping[int, datetime]:
        """When the latest night was done."""
        ...

    def messages(self) -> Mapping[tuple[int, str], int]:
        """Messages by creditor and state."""
        ...

    def queue(self, now: datetime) -> Mapping[int, tuple[int, datetime]]:
        """Released messages whose time has come, and since when the oldest could have gone."""
        ...

    def runs_waiting(self) -> Mapping[int, int]:
        """Runs that wait."""
        ...

    def questions(self) -> Mapping[tuple[int, str], int]:
        """Open questions by creditor and kind."""
        ...

    def copies(self) -> Mapping[tuple[int, str], int]:
        """Copies for the archive by creditor and state."""
        ...

    def sealing(self) -> tuple[int, int, datetime | None]:
        """Facts that are sealed, facts that wait, and since when the oldest of these."""
        ...


class Seen(NamedTuple):
    """What is known besides the tables."""

    version: str
    now: datetime
    working: bool
    keys: Mapping[int, str]
    """The key of each creditor."""
    halted: frozenset[int]
    missing: Mapping[int, date]
    """Creditors whose latest night that was due is not done, and its day."""


def metrics(counts: Counts, seen: Seen) -> list[Metric]:
    """Every family with its numbers."""
    sealed, unsealed, oldest = counts.sealing()
    queue = counts.queue(seen.now)

    def of(creditor: int, **labels: str) -> tuple[tuple[str, str], ...]:
        return (("creditor", seen.keys[creditor]), *labels.items())

    def by(found: Mapping[tuple[int, str], int], label: str) -> list[Sample]:
        return [
            Sample(of(creditor, **{label: word}), count)
            for (creditor, word), count in sorted(found.items())
            if creditor in seen.keys
        ]

    everyone = sorted(seen.keys)
    waiting = counts.runs_waiting()
    latest = counts.latest_nights()
    told: dict[str, list[Sample]] = {
        "duewell_info": [Sample((("version", seen.version),), 1)],
        "duewell_working": [Sample((), int(seen.working))],
        "duewell_halted": [Sample(of(one), int(one in seen.halted)) for one in everyone],
        "duewell_nights": by(counts.nights(), "state"),
        "duewell_night_latest_seconds": [
            Sample(of(one), latest[one].timestamp()) for one in everyone if one in latest
        ],
        "duewell_night_missing": [Sample(of(one), int(one in seen.missing)) for one in everyone],
        "duewell_messages": by(counts.messages(), "state"),
        "duewell_queue_messages": [Sample(of(one), queue[one][0] if one in queue else 0) for one in everyone],
        "duewell_queue_oldest_seconds": [
            Sample(of(one), max(0.0, (seen.now - queue[one][1]).total_seconds()) if one in queue else 0)
            for one in everyone
        ],
        "duewell_runs_waiting": [Sample(of(one), waiting.get(one, 0)) for one in everyone],
        "duewell_questions_open": by(counts.questions(), "kind"),
        "duewell_archive_copies": by(counts.copies(), "state"),
        "duewell_facts_sealed": [Sample((), sealed)],
        "duewell_facts_unsealed": [Sample((), unsealed)],
        "duewell_facts_unsealed_oldest_seconds": [
            Sample((), 0 if oldest is None else max(0.0, (seen.now - oldest).total_seconds()))
        ],
        "duewell_alarms": [Sample((), len(seen.missing))],
    }
    return [Metric(name, kind, help, told[name]) for name, (kind, help) in FAMILIES.items()]
