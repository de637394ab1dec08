"""The gate, for one person at a time: microseconds for each question, by what is known. Prints one JSON line.

    python -m benchmarks.gate --size small|full

Asked is about a call to somebody in New York, and to somebody who may be in Los Angeles as well, with fifty
contacts behind them, under the default book with that of the United States and under the latter alone. The floor:
the same contacts dated by the clock of each zone and counted, with nothing else.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from benchmarks import measured
from duewell.adapters.files.rulebook_file import shipped_law
from duewell.adapters.zones import zone_value
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance, Line, Net, Proposal, Recipient
from duewell.core.law.gate import gate_at
from duewell.core.law.library import Law
from duewell.core.law.timetable import Windows
from duewell.core.law.values import Contact, Standing
from duewell.core.units.ids import AccountId, CreditorId, PartyId, PersonId, PointId, ReceivableId

ROUNDS = {"small": 500, "full": 20_000}
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
PLACES = {"one zone": ["America/New_York"], "two zones": ["America/New_York", "America/Los_Angeles"]}
PAST = {
    "long ago": (timedelta(days=3), "attempt"),
    "this week, busy": (timedelta(hours=4), "busy"),
    "this week, all used": (timedelta(hours=4), "attempt"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(ROUNDS), default="small")
    rounds = ROUNDS[parser.parse_args().size]
    laws = {"alone": shipped_law("agency", (("US", "country"),)), "with default": shipped_law("agency")}
    told = {}
    for where, names in PLACES.items():
        for past, (gap, kind) in PAST.items():
            standing = _standing(names, gap, kind)
            for name, law in laws.items():
                told[f"{where}, {past}, {name}"] = _measured(standing, law, rounds)
            told[f"{where}, {past}, floor"] = {"microseconds": _median(lambda s=standing: _floor(s), rounds)}
    print(json.dumps({"benchmark": "gate", **measured.machine(), "rounds": rounds, "questions": told}))
    return 0


def _standing(names: list[str], gap: timedelta, kind: str) -> Standing:
    contacts = tuple(
        Contact(NOW - timedelta(hours=1) - gap * number, "call", AccountId(1), kind if number % 7 else "attempt")
        for number in range(50)
    )
    return Standing(
        person=PersonId(1),
        version=1,
        zones=tuple(zone_value(name, date(2025, 12, 1), date(2027, 12, 31)) for name in names),
        holidays=frozenset(),
        contacts=contacts,
        stops=(),
        flags=frozenset(),
        places=("US-NY",),
    )


def _measured(standing: Standing, law: Law, rounds: int) -> dict[str, object]:
    windows = Windows()
    wish = _wish()
    answer = gate_at(wish, standing, law, NOW, windows, digest="x")
    median = _median(lambda: gate_at(wish, standing, law, NOW, windows, digest="x"), rounds)
    return {"answer": type(answer).__name__.lower(), "microseconds": median}


def _median(work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return round(statistics.median(took) * 1e6, 1)


def _floor(standing: Standing) -> int:
    return sum(
        zone.local(contact.at).date() >= date(2026, 11, 18)
        for zone in standing.zones
        for contact in standing.contacts
    )


def _wish() -> Proposal:
    return Proposal(
        account=AccountId(1),
        creditor=CreditorId(1),
        as_of=NOW.date(),
        stage=Stage.FIRST,
        purpose="demand",
        tone="kind",
        recipient=Recipient(PartyId(1), PersonId(1), PointId(1), "call", "en"),
        strategy="gentle",
        strategy_digest="0" * 64,
        lines=(Line(ReceivableId(1), "USD", NOW.date() - timedelta(days=9), 10_000, 0),),
        nets=(Net("USD", 10_000, 0),),
        advances=(Advance(ReceivableId(1), Stage.FIRST),),
        fell_due_on=NOW.date(),
    )


if __name__ == "__main__":
    sys.exit(main())
