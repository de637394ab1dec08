"""The files that the made-up wholesaler writes each morning: semicolons, commas, letters of Windows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from duewell.adapters.demo.exports import day_text, sum_text
from duewell.adapters.demo.firm import Credited, Debt, Firm, Paid

_OPEN_ITEMS = "Kundennr;Kunde;Rechnungsnr;Rechnungsdatum;Fällig am;Rechnungsbetrag;Offener Betrag;Währung".split(
    ";"
)
_PAYMENTS = "Zahlungsdatum Kundennr Rechnungsnr Betrag Währung Verwendungszweck".split()
_CREDITS = "Gutschriftnr;Kundennr;Zu Rechnung;Datum;Betrag;Währung".split(";")


def open_items(path: Path, told: Firm, debts: Iterable[Debt]) -> Path:
    """Write invoices with what is open of each."""
    return _write(
        path,
        _OPEN_ITEMS,
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
    return _write(
        path,
        _PAYMENTS,
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
    return _write(
        path,
        _CREDITS,
        (
            [number, debt.customer, debt.number, day_text(on), sum_text(minor), debt.currency]
            for number, on, debt, minor in notes
        ),
    )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with open(path, "w", encoding="cp1252", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
