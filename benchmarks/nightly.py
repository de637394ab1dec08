"""A nightly run: narrow, decide, ask the law, claim. Prints one JSON line.

    python -m benchmarks.nightly --size small|full [--invoices N] [--due 0.1|1.0] [--growth]

The floor in the same process kind: the open receivables are read and as many rows of the same tables are written,
with nothing in between. On PostgreSQL, with the memory that such a book is given:

    python -m tests.postgres --collation bytes --set shared_buffers=1GB --set max_wal_size=4GB -- \\
        python -m benchmarks.nightly --size full
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import book, measured

SIZES = {"small": 20_000, "full": 1_000_000}
GROWTH = {"small": (5_000, 20_000, 50_000), "full": (100_000, 1_000_000, 3_000_000)}


def main() -> int:
    options = _options()
    if options.worker:
        print(json.dumps(_worker(options)))
        return 0
    sizes = GROWTH[options.size] if options.growth else (options.invoices or SIZES[options.size],)
    found = [_measured(invoices, options.due) for invoices in sizes]
    told: dict[str, Any] = {
        "benchmark": "nightly",
        "database": measured.database(),
        **measured.machine(),
        "due_share": options.due,
        "sizes": found,
    }
    if options.growth:
        told["growth_per_invoice"] = _growth(found)
    print(json.dumps(told))
    return 0


def _measured(invoices: int, due: float) -> dict[str, Any]:
    with measured.home() as folder:
        if measured.database() == "postgresql":
            _empty()
        print(f"building a book of {invoices:,} open invoices ...", file=sys.stderr)
        built = book.build(invoices, due_share=due)
        _let_go()
        ran = measured.in_own_process("benchmarks.nightly", "--worker", "run", "--home", str(folder))
        floor = measured.in_own_process(
            "benchmarks.nightly", "--worker", "floor", "--home", str(folder), "--rows", str(ran["claimed"])
        )
    return {
        **built._asdict(),
        **ran,
        "floor_seconds": floor["seconds"],
        "ratio_to_floor": round(ran["seconds"] / floor["seconds"], 2),
    }


def _growth(found: list[dict[str, Any]]) -> list[float]:
    """Seconds per invoice, start-up excluded, as a multiple of the smallest size."""
    per = [(size["seconds"] - size["start_up_seconds"]) / size["open_invoices"] for size in found]
    return [round(each / per[0], 2) for each in per]


def _worker(options: argparse.Namespace) -> dict[str, Any]:
    if options.worker == "floor":
        return _floor(options)
    import time

    start = time.perf_counter()
    from duewell import wiring
    from duewell.adapters.clock import FixedClock

    home = wiring.start(options.home)
    from duewell.flows.run import run
    from duewell.store import creditors

    creditor = creditors.all_views()[0]
    clock = FixedClock(book.NOW)
    world = wiring.world(home, creditor, book.AS_OF, clock)
    # The first places and holidays are looked up once, however large the book.
    for country, zone, _ in book.PLACES:
        world.cases._places(country, "", zone, book.AS_OF)  # type: ignore[attr-defined]
    started = round(time.perf_counter() - start, 2)

    def work() -> dict[str, Any]:
        ran = run(world, wiring.runs(creditor, clock, "bench"), confirmed=True)
        return {"claimed": ran.claimed, "accounts_counted": ran.planned.accounts, "rests": ran.planned.rests}

    told = measured.measure(work)
    told["start_up_seconds"] = started
    told["seconds"] = round(told["seconds"] + started, 2)
    return told


def _floor(options: argparse.Namespace) -> dict[str, Any]:
    from duewell import wiring

    wiring.start(options.home)
    from duewell.store import columns, sql

    def work() -> dict[str, Any]:
        read = columns.open_receivables(1)
        with sql.transaction.atomic():
            for table, width in (("m", 12), ("s", 5), ("c", 8), ("a", 13), ("f", 9)):
                names = [f"c{n}" for n in range(width)]
                text = "text" if sql.postgres() else ""
                sql.execute(f"create table floor_{table} ({', '.join(f'{name} {text}' for name in names)})")
                row = tuple("0123456789abcdef" * (20 if n == width - 2 else 1) for n in range(width))
                rows = options.rows * (3 if table == "c" else 1)
                sql.insert(f"floor_{table}", names, (row for _ in range(rows)))
                sql.execute(f"drop table floor_{table}")
        return {"read": read.height, "written": options.rows}

    return measured.measure(work)


def _empty() -> None:
    from duewell.store import sql

    tables = [row[0] for row in sql.fetch("select tablename from pg_tables where schemaname = 'public'")]
    kept = {"django_migrations", "tree_state", "sequence"}
    for table in tables:
        if table not in kept:
            sql.execute(f'alter table "{table}" disable trigger all')
            sql.execute(f'delete from "{table}"')
            sql.execute(f'alter table "{table}" enable trigger all')
    for (name,) in sql.fetch("select sequencename from pg_sequences where schemaname = 'public'"):
        sql.execute(f'alter sequence "{name}" restart')


def _let_go() -> None:
    from django.db import connection

    connection.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--invoices", type=int)
    parser.add_argument("--due", type=float, default=0.1)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--worker", choices=["run", "floor"], help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
