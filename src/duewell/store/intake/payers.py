"""Whose money it is where a file does not say, or says it wrongly: that of the account whose invoice it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from duewell.core.intake import CreditRow, InvoiceRow, PaymentRow, Rejected
from duewell.store import sql
from duewell.store.intake.customers import Customers, Known

MoneyRow = PaymentRow | CreditRow | InvoiceRow


class Payers(NamedTuple):
    """Rows by what is known of their payer."""

    of_row: dict[int, Known]
    """By the line of a row: the account that its invoices lead to, where its customer does not."""
    rejected: list[Rejected]
    """Rows that lead to nobody."""


def payers(creditor: int, rows: Sequence[MoneyRow], customers: Customers) -> Payers:
    """Find the account of each row that names no customer we know, by the invoices that it names.

    A row that names an unknown customer and no invoice of ours stays as it is: the customer is new. One that
    names nobody at all, or invoices of several accounts, is rejected.
    """
    known = customers.find([row.customer for row in rows if row.customer.key])
    strangers = [row for row in rows if row.customer.key not in known]
    owners = _owners(creditor, {number for row in strangers for number in invoices_of(row)})
    found = Payers({}, [])
    for row in strangers:
        accounts = {owner for number in invoices_of(row) for owner in owners.get(number, ())}
        if len(accounts) == 1:
            found.of_row[row.row] = accounts.pop()
        elif not row.customer.key:
            found.rejected.append(_nobodys(row, several=len(accounts) > 1))
    return found


def invoices_of(row: MoneyRow) -> tuple[str, ...]:
    """The invoice numbers that a row names."""
    if isinstance(row, PaymentRow):
        return row.invoices
    if isinstance(row, InvoiceRow):
        return (row.number,)
    return (row.invoice,) if row.invoice else ()


def _owners(creditor: int, numbers: Iterable[str]) -> Mapping[str, set[Known]]:
    within, params = sql.ids_in("r.number", sorted(numbers))
    owners: dict[str, set[Known]] = {}
    for number, party, person, account in sql.fetch(
        "select r.number, a.party_id, a.person_id, a.id from receivable r join account a on a.id = r.account_id"
        f" where r.creditor_id = ? and {within}",
        [creditor, *params],
    ):
        owners.setdefault(number, set()).add(Known(party, person, account))
    return owners


def _nobodys(row: MoneyRow, *, several: bool) -> Rejected:
    number = ", ".join(invoices_of(row))
    if several:
        reason = "no customer is given, and several customers have an invoice of this number"
    elif number:
        reason = "no customer is given, and no invoice has this number"
    else:
        reason = "neither a customer nor an invoice is given"
    return Rejected(row.row, "", number, reason, "Give the customer number, or the number of an open invoice.")
