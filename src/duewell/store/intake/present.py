"""What is known of the invoices that a file tells of, and the rows that contradict it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duewell.core.intake import InvoiceRow
from duewell.store import sql


class Present(NamedTuple):
    """A receivable that is in the tables."""

    id: int
    account: int
    currency: str
    issued_on: date
    due_on: date
    open_minor: int
    listed_minor: int | None
    listed_at: int | None
    reference: str
    charged_minor: int | None
    gone: bool
    """The import that added it was taken back."""
    account_number: str


class Clash(NamedTuple):
    """A row that contradicts what is known of its invoice."""

    row: InvoiceRow
    column: str
    value: str
    reason: str
    remedy: str
    known: tuple[int, ...] = ()
    """The receivables it speaks of."""


def known_invoices(
    creditor: int, accounts: Sequence[int], numbers: set[str], *, own: bool
) -> tuple[dict[tuple[int, str], Present], dict[str, Present]]:
    """Known invoices of these numbers: those of the accounts, and those open on any account by number.

    Args:
        own: the numbers are the creditor's own; otherwise other accounts are not looked at.
    """
    within, params = sql.ids_in("r.number", sorted(numbers))
    if not own:
        mine, more = sql.ids_in("r.account_id", accounts)
        within, params = f"{within} and {mine}", [*params, *more]
    asked = set(accounts)
    found: dict[tuple[int, str], Present] = {}
    elsewhere: dict[str, Present] = {}
    for row in sql.fetch(
        "select r.account_id, r.number, r.id, r.currency, r.issued_on, r.due_on, r.open_minor, r.listed_minor,"
        " r.listed_at, r.reference, r.charged_minor, b.undone_at, a.number"
        " from receivable r join account a on a.id = r.account_id left join import_batch b on b.id = r.batch"
        f" where r.creditor_id = ? and {within}",
        [creditor, *params],
    ):
        known = Present(
            row[2],
            row[0],
            row[3],
            sql.day(row[4]),
            sql.day(row[5]),
            row[6],
            row[7],
            row[8],
            row[9],
            row[10],
            row[11] is not None,
            row[12],
        )
        if known.account in asked:
            found[known.account, row[1]] = known
        if known.open_minor:
            elsewhere[row[1]] = known
    return found, elsewhere


def in_another_currency(row: InvoiceRow, known: Present) -> Clash:
    """The invoice was charged in another currency."""
    reason = f"invoice {row.number} is in {known.currency} so far"
    remedy = "Correct the currency, or give the invoice another number."
    return Clash(row, "currency", row.currency, reason, remedy, (known.id,))


def of_another(row: InvoiceRow, other: Present) -> Clash:
    """The invoice is open on another account: it is asked for once."""
    reason = f"this invoice is open on account {other.account_number} already"
    remedy = (
        "Correct the customer or the number; or, where customers have own numbers, use --numbers per_customer."
    )
    return Clash(row, "number", row.number, reason, remedy, (other.id,))


def twice(row: InvoiceRow, first: InvoiceRow) -> str | Clash:
    """A further row for an invoice of this file: the same again says nothing new."""
    if row._replace(row=first.row, customer=first.customer, records=first.records) == first:
        return "unchanged"
    return Clash(
        row,
        "number",
        row.number,
        f"row {first.row} tells something else of the same invoice",
        "Keep the row that is right.",
    )
