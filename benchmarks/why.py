"""Why, in a large book, in process: milliseconds for each question. Prints one JSON line.

    python -m benchmarks.why --size small|full [--invoices N] [--questions N]

A night is run first, so that there are messages, claims and facts. Asked are accounts of every sort (due, held,
waiting), half by their own number and half by that of an invoice, and apart from them the account with a fiftieth
of all open invoices. The floor: the rows of the same accounts are read with nothing in between. On PostgreSQL:

    python -m tests.postgres --collation bytes -- python -m benchmarks.why
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import book, measured

SIZES = {"small": 20_000, "full": 1_000_000}
BIG = 1
"""The account with the many invoices."""


def main() -> int:
    options = _options()
    if options.worker:
        print(json.dumps(_worker(options)))
        return 0
    invoices = options.invoices or SIZES[options.size]
    with measured.home() as folder:
        print(f"building a book of {invoices:,} open invoices ...", file=sys.stderr)
        built = book.build(invoices)
        _run(folder)
        told = measured.in_own_process(
            "benchmarks.why",
            *("--worker", "--home", str(folder), "--questions", str(options.questions)),
            *("--accounts", str(built.accounts)),
        )
    print(
        json.dumps(
            {
                "benchmark": "why",
                "database": measured.database(),
                **measured.machine(),
                **built._asdict(),
                **told,
            }
        )
    )
    return 0


def _run(folder: Path) -> None:
    from django.db import connection

    from duewell import wiring
    from duewell.adapters.clock import FixedClock
    from duewell.flows.run import run
    from duewell.store import creditors

    home, creditor, clock = wiring.start(folder), creditors.all_views()[0], FixedClock(book.NOW)
    run(
        wiring.world(home, creditor, book.AS_OF, clock),
        wiring.runs(creditor, clock, "bench"),
        confirmed=True,
    )
    connection.close()


def _worker(options: argparse.Namespace) -> dict[str, Any]:
    from duewell import wiring
    from duewell.adapters.clock import FixedClock
    from duewell.cli.why import told
    from duewell.flows.ask_why import ask

    home, clock = wiring.start(options.home), FixedClock(book.NOW)
    from duewell.store import creditors, sql
    from duewell.store import why as records

    def question(number: str) -> dict[str, Any]:
        creditor = creditors.all_views()[0]
        found = records.find([creditor.id], number)[0]
        page = ask(wiring.why(home, creditor, clock), found, book.NOW, acts_max=20)
        return told(page, creditor, number)

    drawn = random.Random(7)
    accounts = [drawn.randrange(2, options.accounts + 1) for _ in range(options.questions)]
    numbers = []
    for place, account in enumerate(accounts):
        number = sql.one("select number from account where id = ?", [account])
        if place % 2:
            number = sql.one("select number from receivable where account_id = ? order by id limit 1", [account])
        assert number is not None
        numbers.append(number[0])
    # What is looked up once for a place, however many questions follow: calendars, zones, texts, rule book.
    start = time.perf_counter()
    question(numbers[0])
    first = time.perf_counter() - start
    for country, zone, _ in book.PLACES:
        wiring.world(home, creditors.all_views()[0], book.AS_OF, clock).cases._places(  # type: ignore[attr-defined]
            country, "", zone, book.AS_OF
        )
    decisions: dict[str, int] = {}

    def counted(number: str) -> None:
        decision = question(number)["rule"]
        decisions[decision] = decisions.get(decision, 0) + 1

    asked = _milliseconds(counted, numbers)
    floor = _milliseconds(_rows, accounts)
    big = _milliseconds(question, [f"C{BIG:08}"] * 5)
    return {
        "questions": len(numbers),
        "decisions": decisions,
        "first_ms": round(first * 1000, 1),
        "median_ms": _at(asked, 0.5),
        "p99_ms": _at(asked, 0.99),
        "longest_ms": _at(asked, 1),
        "floor_median_ms": _at(floor, 0.5),
        "ratio_to_floor": round(_at(asked, 0.5) / _at(floor, 0.5), 1),
        "big_account_ms": _at(big, 0.5),
        "big_account_floor_ms": _at(_milliseconds(_rows, [BIG] * 5), 0.5),
    }


def _milliseconds(work: Callable[[Any], object], each: list[Any]) -> list[float]:
    found = []
    for one in each:
        start = time.perf_counter()
        work(one)
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def _at(sorted_ms: list[float], share: float) -> float:
    return round(sorted_ms[min(len(sorted_ms) - 1, int(len(sorted_ms) * share))], 2)


def _rows(account: int) -> None:
    from duewell.store import sql

    one = [account]
    sql.fetch("select * from account a join party p on p.id = a.party_id where a.id = ?", one)
    sql.fetch(
        "select * from receivable where creditor_id = 1 and account_id = ? and not (open_minor = 0)",
        one,
    )
    sql.fetch("select * from hold h left join hold_end e on e.hold_id = h.id where h.account_id = ?", one)
    sql.fetch("select * from account_credit where account_id = ?", one)
    sql.fetch("select * from contact_point where party_id = ?", one)
    sql.fetch("select * from message where account_id = ?", one)
    sql.fetch(
        "select * from fact where stream = ? order by sequence desc limit 21",
        [f"account:{account}"],
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--invoices", type=int)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--accounts", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
