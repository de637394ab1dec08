"""Entries: every amount moves from one place to another, so the books balance by form.

The position of a place is what came to it minus what went from it:

    receivable   above zero: the customer owes it
    credit       below zero: money of the account that is not yet put against an invoice (unapplied)
    clearing     money on its way between the customer's payments and our bank, and what lists tell of it
    revenue, discount, write_off   what was charged, granted, given up

    invoice issued     revenue    -> receivable        payment arrives        credit     -> clearing
    money applied      receivable -> credit            credit note arrives    credit     -> revenue
    invoice lowered    receivable -> revenue           invoice raised         revenue    -> receivable
    written off        receivable -> write_off         discount granted       receivable -> discount

A mistake is put right by a further entry with the places swapped. Page: docs/algorithms/ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from duewell.core.units.ids import AccountId, CreditorId, ReceivableId


class BadEntry(ValueError):
    """The entry does not balance by form; a bug of whoever made it."""


class Place(StrEnum):
    """Where value can stand. The value is what stands in tables, facts and JSON."""

    RECEIVABLE = "receivable"
    CREDIT = "credit"
    CLEARING = "clearing"
    DISCOUNT = "discount"
    WRITE_OFF = "write_off"
    REVENUE = "revenue"


class Move(NamedTuple):
    """An entry before it has its id: what the core returns and the store records.

    `amount_minor` is above zero. A receivable stands beside a place exactly where the place is `receivable`.
    `cause` says what made it: `invoice:BATCH`, `payment:ID`, `credit:ID`, `list:BATCH`, `reversal:ENTRY` ...
    """

    account: AccountId
    currency: str
    amount_minor: int
    from_place: Place
    from_receivable: ReceivableId | None
    to_place: Place
    to_receivable: ReceivableId | None
    effective_on: date
    cause: str


class Entry(NamedTuple):
    """One recorded move. `effective_on` is when it counts, `recorded_at` when we learned it."""

    id: int
    creditor: CreditorId
    account: AccountId
    currency: str
    amount_minor: int
    from_place: Place
    from_receivable: ReceivableId | None
    to_place: Place
    to_receivable: ReceivableId | None
    effective_on: date
    recorded_at: datetime
    cause: str


def check(move: Move) -> Move:
    """The move itself, where it keeps its form.

    Raises:
        BadEntry: an amount that is not above zero, a place without its receivable, a receivable without its
            place, or a move from a place to itself.
    """
    if move.amount_minor <= 0:
        raise BadEntry(f"an entry moves an amount above zero, not {move.amount_minor}")
    for place, receivable in (
        (move.from_place, move.from_receivable),
        (move.to_place, move.to_receivable),
    ):
        if (place is Place.RECEIVABLE) != (receivable is not None):
            raise BadEntry(f"{place} and the receivable {receivable} do not go together")
    if (move.from_place, move.from_receivable) == (move.to_place, move.to_receivable):
        raise BadEntry(f"nothing moves from {move.from_place} to itself")
    return move


def charged(
    account: AccountId, receivable: ReceivableId, currency: str, amount_minor: int, on: date, cause: str
) -> Move:
    """An invoice is issued or raised: from revenue to the receivable."""
    return Move(account, currency, amount_minor, Place.REVENUE, None, Place.RECEIVABLE, receivable, on, cause)


def lowered(
    account: AccountId, receivable: ReceivableId, currency: str, amount_minor: int, on: date, cause: str
) -> Move:
    """An invoice turns out to be smaller: from the receivable back to revenue."""
    return Move(account, currency, amount_minor, Place.RECEIVABLE, receivable, Place.REVENUE, None, on, cause)


def arrived(account: AccountId, currency: str, amount_minor: int, on: date, cause: str) -> Move:
    """A payment: from the account's credit to clearing; it is unapplied until it is put against an invoice."""
    return Move(account, currency, amount_minor, Place.CREDIT, None, Place.CLEARING, None, on, cause)


def credited(account: AccountId, currency: str, amount_minor: int, on: date, cause: str) -> Move:
    """A credit note: from the account's credit to revenue; it is unapplied until it is put against an invoice."""
    return Move(account, currency, amount_minor, Place.CREDIT, None, Place.REVENUE, None, on, cause)


def applied(
    account: AccountId, receivable: ReceivableId, currency: str, amount_minor: int, on: date, cause: str
) -> Move:
    """Money is put against an invoice: from the receivable to the account's credit."""
    return Move(account, currency, amount_minor, Place.RECEIVABLE, receivable, Place.CREDIT, None, on, cause)


def reversal(entry: Entry, amount_minor: int | None = None, on: date | None = None) -> Move:
    """The move that takes an entry back, or a part of it: places swapped, its cause names the entry.

    Args:
        amount_minor: the part to take back; all of it by default.
        on: the day from which it counts; by default the entry's own, as though it had never been.

    Raises:
        BadEntry: the part is not above zero or more than the entry moved.
    """
    part = entry.amount_minor if amount_minor is None else amount_minor
    if not 0 < part <= entry.amount_minor:
        raise BadEntry(f"of {entry.amount_minor} one cannot take back {part}")
    return Move(
        entry.account,
        entry.currency,
        part,
        entry.to_place,
        entry.to_receivable,
        entry.from_place,
        entry.from_receivable,
        entry.effective_on if on is None else on,
        f"reversal:{entry.id}",
    )


def reversed_entry(cause: str) -> int | None:
    """The id of the entry that a reversal takes back; None for any other cause."""
    return int(cause.removeprefix("reversal:")) if cause.startswith("reversal:") else None


def receivable_balances(moves: Iterable[Move | Entry]) -> dict[ReceivableId, int]:
    """What is open on each receivable that a move touched, minor units of its currency."""
    balances: dict[ReceivableId, int] = {}
    for move in moves:
        if move.to_receivable is not None:
            balances[move.to_receivable] = balances.get(move.to_receivable, 0) + move.amount_minor
        if move.from_receivable is not None:
            balances[move.from_receivable] = balances.get(move.from_receivable, 0) - move.amount_minor
    return balances


def unapplied(moves: Iterable[Move | Entry]) -> dict[tuple[AccountId, str], int]:
    """Unapplied money per account and currency, above zero where the customer has some."""
    money: dict[tuple[AccountId, str], int] = {}
    for move in moves:
        if move.from_place == Place.CREDIT:
            key = (move.account, move.currency)
            money[key] = money.get(key, 0) + move.amount_minor
        if move.to_place == Place.CREDIT:
            key = (move.account, move.currency)
            money[key] = money.get(key, 0) - move.amount_minor
    return money


def positions(moves: Iterable[Move | Entry]) -> dict[tuple[Place, str], int]:
    """The position of every place per currency: to minus from. Over all places they add up to zero."""
    found: dict[tuple[Place, str], int] = {}
    for move in moves:
        for place, amount in ((move.to_place, move.amount_minor), (move.from_place, -move.amount_minor)):
            found[place, move.currency] = found.get((place, move.currency), 0) + amount
    return found
