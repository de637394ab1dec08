"""Files as the made-up billing program writes them: semicolons, decimal commas, letters of Windows (cp1252)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from duewell.adapters.demo.billing import Billing, Invoice, Receipt
from duewell.adapters.demo.people import Customer

_CUSTOMERS = "Kundennr Firma Anrede Vorname Nachname E-Mail Straße PLZ Ort Land Sprache Telefon".split()
OPEN_ITEMS = "Kundennr;Kunde;Rechnungsnr;Rechnungsdatum;Fällig am;Rechnungsbetrag;Offener Betrag;Währung".split(
    ";"
)
PAYMENTS = "Zahlungsdatum Kundennr Rechnungsnr Betrag Währung Verwendungszweck".split()


def customers_file(path: Path, customers: Iterable[Customer]) -> Path:
    """Write every customer with their address; returns the path."""
    return write(path, _CUSTOMERS, (list(each) for each in customers))


def open_items_file(path: Path, told: Billing, day: date, *, misprint: bool = False) -> Path:
    """Write what is open in the morning of a day.

    Args:
        misprint: one row names a due date that no calendar has, as somebody may have typed it.
    """
    names = {each.number: each.name for each in told.customers}
    rows = [_open_item(each, names[each.customer], day) for each in told.open_items(day)]
    if misprint:
        rows[-1][4] = "31.02.2026"
    return write(path, OPEN_ITEMS, rows)


def payments_file(path: Path, receipts: Iterable[tuple[Invoice, Receipt]]) -> Path:
    """Write money that came in."""
    rows = (
        [
            day_text(receipt.on),
            each.customer,
            each.number,
            sum_text(receipt.amount_minor),
            each.currency,
            f"Rechnung {each.number}",
        ]
        for each, receipt in receipts
    )
    return write(path, PAYMENTS, rows)


def _open_item(invoice: Invoice, name: str, day: date) -> list[str]:
    return [
        invoice.customer,
        name,
        invoice.number,
        day_text(invoice.issued_on),
        day_text(invoice.due_on),
        sum_text(invoice.amount_minor),
        sum_text(invoice.open_minor(day)),
        invoice.currency,
    ]


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write one file in the form of the billing program; returns the path."""
    with open(path, "w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def day_text(day: date) -> str:
    """As in `03.03.2026`."""
    return day.strftime("%d.%m.%Y")


def sum_text(amount_minor: int) -> str:
    """1234567 as `12.345,67`."""
    whole, cents = divmod(amount_minor, 100)
    return f"{whole:,}".replace(",", ".") + f",{cents:02}"
