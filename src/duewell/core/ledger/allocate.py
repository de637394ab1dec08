"""Allocation: sums of money are put against the open invoices of an account.

First the invoices that the payer named, in the order named; then by the creditor's policy; the rest is credit.
Page with worked examples: docs/algorithms/allocation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from heapq import heapify, heappop, heappush
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
    """An open invoice as allocation sees it. Only what is open beyond `disputed_minor` is served by a policy."""

    receivable: ReceivableId
    due_on: date
    currency: str
    open_minor: int
    disputed_minor: int = 0

    @property
    def room_minor(self) -> int:
        """How much a policy may put here."""
        return max(0, self.open_minor - self.disputed_minor)


class Part(NamedTuple):
    """So much goes to this invoice."""

    receivable: ReceivableId
    amount_minor: int


class Allocation(NamedTuple):
    """Parts and credit add up to the money, to the minor unit."""

    parts: tuple[Part, ...]
    credit_minor: int


class Queue:
    """The open invoices of one account and currency, in the order in which a policy serves them.

    It is kept from one sum to the next, so that many sums for many invoices cost in proportion to both and not
    to their product. `proportional` is the exception: there each sum goes to every invoice.
    """

    def __init__(self, claims: Iterable[Claim], policy: Policy) -> None:
        """Args:

        claims: in any order, each invoice once.

        Raises:
            CurrencyMismatch: they are not all in one currency.
        """
        self._policy = policy
        self._claims: dict[ReceivableId, Claim] = {}
        self._currency: str | None = None
        # Made for the first sum that names nothing: most accounts never need it.
        self._turns: list[_Turn] | None = None
        for claim in claims:
            self.enter(claim)

    def enter(self, claim: Claim) -> None:
        """An invoice takes its place, instead of the one it had; one that is paid leaves.

        Raises:
            CurrencyMismatch: the others are in another currency.
        """
        self._check(claim.currency)
        self._currency = claim.currency
        if claim.open_minor:
            self._claims[claim.receivable] = claim
            if self._turns is not None and claim.room_minor:
                heappush(self._turns, self._turn(claim))
        else:
            self._claims.pop(claim.receivable, None)

    def allocate(self, money: Money, named: Sequence[ReceivableId] = (), *, by_policy: bool = True) -> Allocation:
        """Split one sum over the open invoices; what is left open on them is there for the next sum.

        A named invoice is served up to all that is open on it: who names a disputed invoice pays it. Without a
        name, only undisputed parts are served.

        Args:
            money: above zero, in the currency of every invoice.
            named: invoices the payer named, in that order; one that is not open gets nothing.
            by_policy: does the policy place what the names leave? With a credit note it stays credit.

        Raises:
            ValueError: the money is not above zero.
            CurrencyMismatch: the invoices are in another currency.

        Source: 12 CFR 1006.30(c)(1): a payment must not be applied to a disputed debt.
        """
        if money.minor <= 0:
            raise ValueError(f"there is nothing to allocate in {money.minor}")
        self._check(money.currency)
        left = money.minor
        parts = []
        for receivable in named:
            wanted = self._claims.get(receivable)
            if wanted is not None and left:
                part = min(left, wanted.open_minor)
                left -= part
                parts.append(self._serve(wanted, part))
        if left and by_policy:
            served = self._in_proportion(left) if self._policy is Policy.PROPORTIONAL else self._in_turn(left)
            left -= sum(part.amount_minor for part in served)
            parts += served
        return Allocation(tuple(parts), left)

    def _check(self, currency: str) -> None:
        if self._currency not in (None, currency):
            raise CurrencyMismatch(f"{currency} does not go together with invoices in {self._currency}")

    def _serve(self, claim: Claim, part: int) -> Part:
        self.enter(claim._replace(open_minor=claim.open_minor - part))
        return Part(claim.receivable, part)

    def _turn(self, claim: Claim) -> _Turn:
        return *_ORDERS[self._policy](claim), claim.room_minor

    def _in_turn(self, left: int) -> list[Part]:
        """One after the other, each as much as there is room."""
        if self._turns is None:
            self._turns = [self._turn(claim) for claim in self._claims.values() if claim.room_minor]
            heapify(self._turns)
        parts = []
        while left and self._turns:
            turn = self._turns[0]
            claim = self._claims.get(turn[2])
            if claim is None or turn != self._turn(claim):
                # It has been served or has moved since it took this turn.
                heappop(self._turns)
            else:
                part = min(left, claim.room_minor)
                left -= part
                parts.append(self._serve(claim, part))
        return parts

    def _in_proportion(self, left: int) -> list[Part]:
        """Each its share rounded down; the missing units go one each to the largest remainders (Hamilton)."""
        open_ones = [claim for claim in self._claims.values() if claim.room_minor]
        claims = sorted(open_ones, key=_ORDERS[Policy.PROPORTIONAL])
        whole = sum(claim.room_minor for claim in claims)
        if left >= whole:
            return [self._serve(claim, claim.room_minor) for claim in claims]
        shares = [divmod(left * claim.room_minor, whole) for claim in claims]
        missing = left - sum(share for share, _ in shares)
        # `sorted` is stable: among equal remainders the oldest due comes first.
        favoured = set(sorted(range(len(claims)), key=lambda index: -shares[index][1])[:missing])
        return [
            self._serve(claim, share + (index in favoured))
            for index, (claim, (share, _)) in enumerate(zip(claims, shares, strict=True))
            if share + (index in favoured)
        ]


_Order = Callable[[Claim], tuple[int, int, ReceivableId]]
_Turn = tuple[int, int, ReceivableId, int]
"""Where an invoice stands in the order, and the room that it had when it took the place."""

# Ties are broken by the due date and then by the id, so that every computer gives the same answer.
_ORDERS: dict[Policy, _Order] = {
    Policy.OLDEST_DUE: lambda claim: (0, claim.due_on.toordinal(), claim.receivable),
    Policy.NEWEST_DUE: lambda claim: (0, -claim.due_on.toordinal(), claim.receivable),
    Policy.LARGEST: lambda claim: (-claim.room_minor, claim.due_on.toordinal(), claim.receivable),
    Policy.SMALLEST: lambda claim: (claim.room_minor, claim.due_on.toordinal(), claim.receivable),
    Policy.PROPORTIONAL: lambda claim: (0, claim.due_on.toordinal(), claim.receivable),
}
