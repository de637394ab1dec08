"""IBM's half: 1,267 invoices of 50 customers with the days on which they were paid, and plain sums over them.

The file says when each invoice was settled, so what is open on any day can be told from the file alone.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).resolve().parents[2]
FILE = (
    Path(os.environ.get("DUEWELL_SHARED", _ROOT / ".." / "shared"))
    / "data/ar_history/ibm-accounts-receivable/accounts-receivable-customers-odd.csv"
)


class Bill(NamedTuple):
    """One row of the file. It has no currency: USD is taken. Money came in full on one day."""

    number: str
    customer: str
    issued_on: date
    due_on: date
    minor: int
    disputed: bool
    settled_on: date

    def is_open(self, day: date) -> bool:
        """Is it issued and not yet settled at the end of the day?"""
        return self.issued_on <= day < self.settled_on

    def is_disputed(self, day: date) -> bool:
        """Disputed rows are held from the due date until they are settled."""
        return self.disputed and self.due_on <= day < self.settled_on


def bills() -> list[Bill]:
    """Every row, by issue date and number. Skips the test where the file is absent."""
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here: set DUEWELL_SHARED to the folder that holds data/ar_history")
    with FILE.open(newline="") as file:
        found = [_bill(row) for row in csv.DictReader(file)]
    return sorted(found, key=lambda bill: (bill.issued_on, bill.number))


def aging(of: Iterable[Bill], day: date) -> dict[str, int]:
    """The buckets of one day, straight from the rows."""
    sums = dict.fromkeys("current d1_30 d31_60 d61_90 d91_plus disputed unapplied total".split(), 0)
    for bill in of:
        if bill.is_open(day):
            late = (day - bill.due_on).days
            bucket = "current" if late <= 0 else "d1_30" if late <= 30 else "d31_60" if late <= 60 else "d61_90"
            assert late <= 90, "nobody in this file is that late"
            sums["disputed" if bill.is_disputed(day) else bucket] += bill.minor
            sums["total"] += bill.minor
    return sums


def by_day(of: Iterable[Bill], day_of: str) -> dict[date, list[Bill]]:
    """The rows by one of their days: `issued_on`, `due_on` or `settled_on`."""
    found: dict[date, list[Bill]] = defaultdict(list)
    for bill in of:
        found[getattr(bill, day_of)].append(bill)
    return found


def american(day: date) -> str:
    """A date as the file writes it: 2/25/2013."""
    return f"{day.month}/{day.day}/{day.year}"


def _bill(row: dict[str, str]) -> Bill:
    dollars, cents = row["InvoiceAmount"].split(".") if "." in row["InvoiceAmount"] else (row["InvoiceAmount"], "")
    return Bill(
        number=row["invoiceNumber"],
        customer=row["customerID"],
        issued_on=_day(row["InvoiceDate"]),
        due_on=_day(row["DueDate"]),
        minor=int(dollars) * 100 + int(f"{cents:0<2}"),
        disputed=row["Disputed"] == "Yes",
        settled_on=_day(row["SettledDate"]),
    )


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a civil date has no zone
