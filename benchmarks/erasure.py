"""How long it takes to erase one person of a book, and whether the person can be read in its file afterwards.

The book is that of the benchmark `upgrade`, brought up to date and paid; several persons are erased one after the
other, and the slowest counts.
"""

from __future__ import annotations

import argparse
import json
import mmap
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import measured, upgrade

PERSONS = 5


def run(size: str) -> dict[str, Any]:
    """Make the book, erase, look."""
    from django.core.management import call_command
    from django.db import connections

    from duewell import wiring, wiring_person
    from duewell.adapters.clock import SystemClock
    from duewell.adapters.home import make_home
    from duewell.flows.erase import Wanted

    invoices = upgrade.INVOICES[size]
    with tempfile.TemporaryDirectory(prefix="duewell-bench-") as directory:
        home = make_home(Path(directory) / "home", test=True)
        wiring.start(home.directory)
        # Only now are the tables known.
        from duewell.store import creditors, sql

        call_command("migrate", "store", upgrade.FIRST, verbosity=0, interactive=False)
        rows = upgrade.fill(invoices, open_minor=0)
        wiring.migrate()
        # The facts that made the book are sealed long ago.
        wiring.seal(home, SystemClock())
        if not sql.postgres():
            # What made the book is carried into its file first, as it would have been long ago.
            sql.fetch("pragma wal_checkpoint(truncate)")
        creditor = creditors.all_views()[0]
        step = invoices // 5 // PERSONS
        seconds = []
        numbers = [step * place + 17 for place in range(PERSONS)]
        for number in numbers:
            begun = time.perf_counter()
            wanted = Wanted(f"C-{number}", False, False, "measured", "benchmark")
            wiring_person.erase(home, creditor, SystemClock(), wanted)
            seconds.append(time.perf_counter() - begun)
        names = [f"c{number}@example.org" for number in numbers]
        if sql.postgres():
            readable = sum(
                (sql.one("select count(*) from contact_point where value = ?", [name]) or (0,))[0]
                for name in names
            )
        else:
            readable = _readable(home.directory / "duewell.db", names)
        connections["default"].close()
    return {
        "benchmark": "erasure",
        "size": size,
        "database": measured.database(),
        "invoices": invoices,
        "rows": sum(rows.values()),
        "slowest_s": round(max(seconds), 3),
        "fastest_s": round(min(seconds), 3),
        "readable_after": readable,
        **measured.machine(),
    }


def _readable(path: Path, names: list[str]) -> int:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return sum(whole.find(b"email" + name.encode()) >= 0 or whole.find(name.encode()) >= 0 for name in names)


def main() -> int:
    """One JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(upgrade.INVOICES), default="small")
    print(json.dumps(run(parser.parse_args().size)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
