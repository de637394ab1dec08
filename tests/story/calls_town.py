"""A town whose strategy calls, and what its collectors do."""

from __future__ import annotations

from typing import Any

from tests.town import Town

LADDER = """
strategy: ring
title: Call first, then write
least_gap_days: 1
steps:
  - stage: first
    offset_days: 7
    channels: [call, email]
    tone: kind
  - stage: second
    offset_days: 21
    channels: [call, email]
    tone: formal
"""
ANNA = "anna@berg.example"
BERLIN = {"customer_number": "C-1", "name": "Anna Berg", "email": ANNA, "phone": "030 1234567", "country": "DE"}
NEW_YORK = {**BERLIN, "phone": "(212) 555-0123", "country": "US", "region": "NY", "zone": "America/New_York"}
INVOICES = """
    number  customer  issued      due         amount
    INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
    INV-2   C-1       2026-02-02  2026-03-02  50.00 EUR
"""
NINE = "2026-03-10T08:00Z"
"""A Tuesday, nine o'clock in Berlin."""


def settle(town: Town, **customer: str) -> None:
    """Anna has a telephone and a mailbox, and owes a hundred and fifty; on 10 March a call is released."""
    (town.home / "strategies").mkdir(exist_ok=True)
    (town.home / "strategies" / "ring.yaml").write_text(LADDER, encoding="utf-8")
    town.command("creditor", "edit", "light", "--strategy", "ring", at="2026-02-02T08:00Z")
    town.takes("customers", [{**BERLIN, **customer}])
    town.invoices(INVOICES)
    town.night("2026-03-10")


def calls(town: Town, at: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.command("calls", "list", at=at)["calls"]
    return found


def start(town: Town, at: str, by: str = "kim", fails: int = 0) -> dict[str, Any]:
    """The first call of the list is begun."""
    return town.command("calls", "start", str(calls(town, at)[0]["call"]), "--by", by, fails=fails)


def done(town: Town, outcome: str, *words: str, at: str = "", by: str = "kim", fails: int = 0) -> dict[str, Any]:
    """The call that is under way ended like this."""
    (under_way,) = town.records.rows("select id from attempt where state = 'started'")
    return town.command(
        "calls", "done", str(under_way[0]), "--by", by, "--outcome", outcome, *words, at=at, fails=fails
    )


def reached(town: Town) -> list[int]:
    return [row[0] for row in town.records.rows("select reached from receivable order by id")]


def attempts(town: Town) -> list[tuple[str, str]]:
    """Channel and state of every attempt, in their order."""
    return town.records.rows("select channel, state from attempt order by ordinal, id")


def sound(town: Town) -> None:
    town.command("audit")
