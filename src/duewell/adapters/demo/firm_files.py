"""The files that the made-up wholesaler writes each morning: semicolons, commas, letters of Windows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from duewell.adapters.demo.exports import OPEN_ITEMS, PAYMENTS, day_text, sum_text, write
from duewell.adapters.demo.firm import Credited, Debt, Firm, Paid

_CREDITS = "Gutschriftnr;Kundennr;Zu Rechnung;Datum;Betrag;Währung".split(";")


def open_items(path: Path, told: Firm, debts: Iterable[Debt]) -> Path:
    """Write invoices with what is open of each."""
    return write(
        path,
        OPEN_ITEMS,
        (
            [
                debt.customer,
                told.customers[debt.customer].name,
                debt.number,
                day_text(debt.issued_on),
                day_text(debt.due_on),
                sum_text(debt.amount_minor),
                sum_text(debt.open_minor),
                debt.currency,
            ]
            for debt in debts
        ),
    )


def payments(path: Path, paid: Iterable[Paid]) -> Path:
    """Write money that came in."""
    return write(
        path,
        PAYMENTS,
        (
            [
                day_text(on),
                debt.customer,
                debt.number,
                sum_text(minor),
                debt.currency,
                f"Rechnung {debt.number}",
            ]
            for on, debt, minor in paid
        ),
    )


def credits(path: Path, notes: Iterable[Credited]) -> Path:
    """Write credit notes, each with the invoice it corrects."""
    return write(
        path,
        _CREDITS,
        (
            [number, debt.customer, debt.number, day_text(on), sum_text(minor), debt.currency]
            for number, on, debt, minor in notes
        ),
    )
