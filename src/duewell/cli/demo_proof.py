"""The end of the demo: the books held against each other, and a changed byte that shows."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from duewell.adapters.demo import Billing
from duewell.cli.demo_stage import Stage


def proof(stage: Stage, books: Billing) -> dict[str, Any]:
    """Ask why, age the books, verify, and change a byte in a copy to see it noticed."""
    cast = books.cast
    stage.heading("Afterwards")
    stage.say("What do these two customers hear, and why?")
    stage.play("why", cast.owes_often, at="12:00", show=28)
    stage.play("why", cast.says_stop, at="12:00")
    stage.say("What is owed, by age:")
    aging = stage.play("report", "aging", at="12:00")
    same = _statements(stage, books) == {
        currency: columns["total"] for currency, columns in aging.data["totals"].items()
    }
    stage.say(
        f"The statements of all {len(books.customers)} customers, added up entry by entry, "
        + ("give the same totals." if same else "give OTHER totals.")
    )
    stage.say("Each sentence that is always true is asked of this very database:")
    audit = stage.play("audit", clock=False)
    stage.say(
        "Every step left a fact. They are chained, sealed under signed heads, and checked by one plain file:"
    )
    verified = stage.play("verify", clock=False)
    found = _changed(stage)
    return {
        "aging": dict(aging.data["totals"]),
        "aging_equals_statements": same,
        "audit_ok": audit.data["ok"],
        "verified": {key: verified.data[key] for key in ("facts", "sealed", "ok")},
        "changed_byte_found": found,
        "ok": same and bool(audit.data["ok"]) and bool(verified.data["ok"]) and found,
    }


def _statements(stage: Stage, books: Billing) -> dict[str, int]:
    """What every customer owes, by currency, from the statements."""
    owed: dict[str, int] = {}
    for customer in books.customers:
        told = stage.play("statement", customer.number, at="12:00", show=0)
        for currency, balance in told.data["balances"].items():
            owed[currency] = owed.get(currency, 0) + balance
    return owed


def _changed(stage: Stage) -> bool:
    """Change a digit in a copy of the home, verify it, and say whether that was found."""
    copy = stage.home.with_name("changed-copy")
    shutil.copytree(stage.home, copy, ignore=shutil.ignore_patterns("duewell.db*", "locks"))
    # A backup brings what still lies in the journal beside the file.
    with closing(sqlite3.connect(stage.home / "duewell.db")) as source:
        with closing(sqlite3.connect(copy / "duewell.db")) as target:
            source.backup(target)
        (body,) = source.execute("select body from fact where kind = 'ledger.posted' order by id desc").fetchone()
    at = _change_digit(copy / "duewell.db", bytes(body))
    stage.say(f"Now somebody changes one digit in a copy of the database: byte {at:,} of the file.")
    told = stage.play("verify", "--home", copy, code=1, clock=False)
    return not told.data["ok"]


def _change_digit(database: Path, body: bytes) -> int:
    """Change one digit of a fact where it lies in the file; returns the place."""
    data = bytearray(database.read_bytes())
    start = data.find(body[:64])
    place = next(number for number in range(start, start + 64) if chr(data[number]).isdigit())
    data[place] = ord("1") if data[place] != ord("1") else ord("2")
    database.write_bytes(data)
    return place
