"""Allocation: one sum of money is put against the open invoices of an account.

First the invoices that the payer named, in the order named; then by the creditor's policy; the rest is credit.
Page with worked examples: docs/algorithms/allocation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from duewell.core.units.ids import ReceivableId
from duewell.core.units.money import CurrencyMismatch, Money


class Policy(StrEnum):
    """Which invoices money serves that names none. The value is what stands in the creditor's policy."""

    OLDEST_DUE = "oldest_due"
    NEWEST_DUE = "newest_due"
    LARGEST = "largest"
    SMALLEST = "smallest"
    PROPORTIONAL = "proportional"


class Claim(NamedTuple):
    """An open invoice as allocation sees it. `disputed_minor` is the part under dispute, at most what is open."""

    receivable: ReceivableId
    due_on: date
    currency: str
    open_minor: int
    disputed_minor: int = 0


class Part(NamedTuple):
    """So much goes to this invoice."""

    receivable: ReceivableId
    amount_minor: int


class Allocation(NamedTuple):
    """Parts and credit add up to the money, to the minor unit."""

    parts: tuple[Part, ...]
    credit_minor: int


def allocate(
    money: Money, claims: Sequence[Claim], named: Sequence[ReceivableId] = (), policy: Policy | None = None
) -> Allocation:
    """Split one sum over the open invoices of an account.

    A named invoice is served up to all that is open on it: who names a disputed invoice pays it. Without a
    name, only undisputed parts are served.

    Args:
        money: above zero, in the currency of every claim.
        claims: open invoices in any order, each once; not changed.
        named: invoices the payer named, in that order; one that is not open gets nothing.
        policy: for what the names leave; None leaves it as credit, as with a credit note.

    Raises:
        ValueError: the money is not above zero.
        CurrencyMismatch: a claim is in another currency.

    Source: 12 CFR 1006.30(c)(1): a payment must not be applied to a disputed debt.
    """
    if money.minor <= 0:
        raise ValueError(f"there is nothing to allocate in {money.minor}")
    for claim in claims:
        if claim.currency != money.currency:
            raise CurrencyMismatch(f"{money.currency} cannot be put against an invoice in {claim.currency}")
    left = money.minor
    given: dict[ReceivableId, int] = {}
    if named:
        by_id = {claim.receivable: claim for claim in claims}
        for receivable in named:
            wanted = by_id.get(receivable)
            if wanted is not None and left:
                part = min(left, wanted.open_minor - given.get(receivable, 0))
                left -= part
                given[receivable] = given.get(receivable, 0) + part
    if left and policy is not None:
        room = [
            _Room(claim, room)
            for claim in claims
            if (room := claim.open_minor - claim.disputed_minor - given.get(claim.receivable, 0)) > 0
        ]
        for receivable, part in _by_policy(left, room, policy):
            given[receivable] = given.get(receivable, 0) + part
            left -= part
    return Allocation(tuple(Part(receivable, part) for receivable, part in given.items() if part), left)


class _Room(NamedTuple):
    claim: Claim
    minor: int


_Order = Callable[[_Room], tuple[int, int, int]]

# Ties are broken by the due date and then by the id, so that every computer gives the same answer.
_ORDERS: dict[Policy, _Order] = {
    Policy.OLDEST_DUE: lambda room: (0, room.claim.due_on.toordinal(), room.claim.receivable),
    Policy.NEWEST_DUE: lambda room: (0, -room.claim.due_on.toordinal(), room.claim.receivable),
    Policy.LARGEST: lambda room: (-room.minor, room.claim.due_on.toordinal(), room.claim.receivable),
    Policy.SMALLEST: lambda room: (room.minor, room.claim.due_on.toordinal(), room.claim.receivable),
    Policy.PROPORTIONAL: lambda room: (0, room.claim.due_on.toordinal(), room.claim.receivable),
}


def _by_policy(left: int, rooms: list[_Room], policy: Policy) -> list[tuple[ReceivableId, int]]:
    rooms = sorted(rooms, key=_ORDERS[policy])
    if policy is Policy.PROPORTIONAL:
        return _in_proportion(left, rooms)
    parts = []
    for room in rooms:
        if not left:
            break
        part = min(left, room.minor)
        left -= part
        parts.append((room.claim.receivable, part))
    return parts


def _in_proportion(left: int, rooms: list[_Room]) -> list[tuple[ReceivableId, int]]:
    """Each its share rounded down; the missing units go one each to the largest remainders (Hamilton)."""
    whole = sum(room.minor for room in rooms)
    if left >= whole:
        return [(room.claim.receivable, room.minor) for room in rooms]
    shares = [divmod(left * room.minor, whole) for room in rooms]
    missing = left - sum(share for share, _ in shares)
    # `sorted` is stable: among equal remainders the oldest due comes first.
    favoured = set(sorted(range(len(rooms)), key=lambda index: -shares[index][1])[:missing])
    return [
        (room.claim.receivable, share + (index in favoured))
        for index, (room, (share, _)) in enumerate(zip(rooms, shares, strict=True))
        if share + (index in favoured)
    ]
