"""Import of a CSV of open items, one row in a hundred bad, all of them listed. Prints one JSON line.

    python -m benchmarks.importing --size small|full [--rows N]

The floor: the same file read by the csv module and as many rows written into one table, nothing in between.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import book, measured

SIZES = {"small": 20_000, "full": 1_000_000}
HEADER = ["Customer No", "Customer", "Email", "Country", "Invoice No", "Date", "Due", "Currency", "Open amount"]
BAD = ["12.345", "n/a", "1O0.00", ""]


def write_file(path: Path, rows: int) -> int:
    """A file of open items; returns how many of its rows are bad."""
    made = random.Random(11)
    bad = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for n in range(rows):
            customer = n % max(rows // 5, 1)
            currency = book.CURRENCIES[customer % 4]
            issued = book.AS_OF - timedelta(days=30 + n % 90)
            amount = f"{made.randrange(500, 500_000) / 100:.2f}"
            if n % 100 == 99:
                amount = BAD[(n // 100) % len(BAD)]
                bad += 1
            out.writerow(
                [
                    f"C{customer:07}",
                    f"Customer {customer}",
                    f"c{customer}@example.org",
                    book.PLACES[customer % 3][0],
                    f"INV-{n:08}",
                    issued.isoformat(),
                    (issued + timedelta(days=30)).isoformat(),
                    currency,
                    amount,
                ]
            )
    return bad


def main() -> int:
    options = _options()
    if options.worker:
        print(json.dumps(_worker(options)))
        return 0
    rows = options.rows or SIZES[options.size]
    with measured.home() as folder, tempfile.TemporaryDirectory() as place:
        from duewell.store import creditors

        given = {"name": "Bench Ltd", "country": "DE", "zone": "Europe/Berlin", "email_from": "a@example.org"}
        creditors.add("bench", {**given, "iban": "DE02120300000000202051"}, book.NOW)
        path = Path(place) / "open-items.csv"
        bad = write_file(path, rows)
        common = ("--home", str(folder), "--file", str(path), "--rows", str(rows))
        took = measured.in_own_process("benchmarks.importing", "--worker", "import", *common)
        floor = measured.in_own_process("benchmarks.importing", "--worker", "floor", *common)
    print(
        json.dumps(
            {
                "benchmark": "import",
                "database": measured.database(),
                **measured.machine(),
                "bad_rows": bad,
                **took,
                "floor_seconds": floor["seconds"],
                "ratio_to_floor": round(took["seconds"] / floor["seconds"], 2),
            }
        )
    )
    return 0 if took["rejected"] == bad else 1


def _worker(options: argparse.Namespace) -> dict[str, Any]:
    from duewell import wiring, wiring_intake
    from duewell.adapters.clock import FixedClock

    home = wiring.start(options.home)
    if options.worker == "floor":
        return measured.measure(lambda: _floor(options.file))
    from duewell.core.intake import Mapping
    from duewell.store import creditors

    creditor = creditors.all_views()[0]

    def work() -> dict[str, Any]:
        reading = wiring_intake.reading(options.file, "invoices", Mapping(), creditor, book.NOW)
        outcome = wiring_intake.import_file(
            home,
            creditor,
            FixedClock(book.NOW),
            reading,
            options.file,
            book.NOW,
            full=False,
            dry_run=False,
            by="bench",
            tell=lambda what, done, total: None,
        )
        return {"rows": outcome.rows, "new": outcome.new, "rejected": len(outcome.rejected)}

    return measured.measure(work)


def _floor(path: Path) -> dict[str, Any]:
    from duewell.store import sql

    with open(path, newline="", encoding="utf-8") as file, sql.transaction.atomic():
        rows = csv.reader(file)
        names = [f"c{n}" for n, _ in enumerate(next(rows))]
        text = "text" if sql.postgres() else ""
        sql.execute(f"create table floor_import ({', '.join(f'{name} {text}' for name in names)})")
        sql.insert("floor_import", names, rows)
    sql.execute("drop table floor_import")
    return {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--worker", choices=["import", "floor"], help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
