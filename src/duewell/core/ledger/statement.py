"""A statement: what a customer owes, entry by entry, with the balance after each.

Amounts are seen from the customer's debt: above zero they owe more, below zero less. Money that only changes
from unapplied to applied changes no debt and shows as a line of zero with its invoice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from duewell.core.ledger.entries import Entry, Place
from duewell.core.units.ids import ReceivableId

_DEBT = (Place.RECEIVABLE, Place.CREDIT)


class Line(NamedTuple):
    """One line. `kind` is a key of texts: invoice, correction, payment, applied, list ..."""

    entry: int
    effective_on: date
    kind: str
    receivable: ReceivableId | None
    currency: str
    amount_minor: int
    moved_minor: int
    """The amount of the entry itself, where it changes no debt."""
    balance_minor: int
    """What is owed in this currency after the line: open invoices minus unapplied money."""


def lines(entries: Iterable[Entry], since: date | None = None, until: date | None = None) -> list[Line]:
    """The statement of one account, by effective date and then in the order of recording.

    Args:
        entries: every entry of the account, any order, any currency.
        since: lines before this day only count into the balance.
        until: the last day that counts.
    """
    owed: dict[str, int] = {}
    shown = []
    for entry in sorted(entries, key=lambda entry: (entry.effective_on, entry.id)):
        if until is not None and entry.effective_on > until:
            break
        change = entry.amount_minor * ((entry.to_place in _DEBT) - (entry.from_place in _DEBT))
        owed[entry.currency] = owed.get(entry.currency, 0) + change
        if since is None or entry.effective_on >= since:
            receivable = entry.to_receivable if entry.to_receivable is not None else entry.from_receivable
            shown.append(
                Line(
                    entry.id,
                    entry.effective_on,
                    kind(entry),
                    receivable,
                    entry.currency,
                    change,
                    0 if change else entry.amount_minor,
                    owed[entry.currency],
                )
            )
    return shown


def kind(entry: Entry) -> str:
    """What the entry was, in one word that texts can be found by."""
    made_by = entry.cause.partition(":")[0]
    places = (Place(entry.from_place), Place(entry.to_place))
    if made_by in ("reversal", "list", "seen", "in_list"):
        return made_by
    return _KINDS.get(places, "moved")


_KINDS = {
    (Place.REVENUE, Place.RECEIVABLE): "invoice",
    (Place.RECEIVABLE, Place.REVENUE): "lowered",
    (Place.CREDIT, Place.CLEARING): "payment",
    (Place.CREDIT, Place.REVENUE): "credit_note",
    (Place.RECEIVABLE, Place.CREDIT): "applied",
    (Place.CREDIT, Place.RECEIVABLE): "released",
    (Place.CLEARING, Place.CREDIT): "refund",
    (Place.RECEIVABLE, Place.DISCOUNT): "discount",
    (Place.RECEIVABLE, Place.WRITE_OFF): "write_off",
}
