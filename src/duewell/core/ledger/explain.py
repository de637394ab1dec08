"""Explaining lists by money: which falls between lists are payments we know, and what no list has shown yet.

A list of open items says what is open at its hour. A fall from one list to the next is money; money we know
explains it, so that it counts once. Money that no list has shown yet is taken off what the list says.

    open = what the latest list shows - money that no list has shown yet

Everything here follows from the set of facts and not from the order in which they were learned, except that
money stays where it was put as long as it fits there. Page: docs/algorithms/list-targets.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from duewell.core.ledger.allocate import Claim, Policy, allocate
from duewell.core.units.ids import ReceivableId
from duewell.core.units.money import Money


class Fall(NamedTuple):
    """A list showed so much less than the one before, or than was charged."""

    on: date
    amount_minor: int


class Shown(NamedTuple):
    """One receivable, before any money that no list has shown yet."""

    receivable: ReceivableId
    due_on: date
    currency: str
    shown_minor: int
    """What the latest list shows; where none ever did, what was charged."""
    opened_on: date | None
    """The day of the list that first showed it, where nobody told us its original amount."""
    falls: tuple[Fall, ...]
    disputed_minor: int


class Sum(NamedTuple):
    """One payment or credit note. `key` is the cause of its entries: `payment:17` or `credit:4`."""

    key: str
    paid_on: date
    amount_minor: int
    named: tuple[ReceivableId, ...]
    kept: tuple[tuple[ReceivableId, int], ...] = ()
    """Where it was put before, beyond what a list has shown."""

    @property
    def is_payment(self) -> bool:
        """A credit note waits to be applied; only a payment is put against invoices that it does not name."""
        return self.key.startswith("payment:")


class Explained(NamedTuple):
    """Where every unit of the money is.

    `seen`: (money, receivable, day of the fall) to what the list already contains; `put`: (money, receivable)
    to what no list has shown; `in_list`: money to what went into items before their first list. The rest of
    each sum is credit of the account.
    """

    seen: dict[tuple[str, ReceivableId, date], int]
    put: dict[tuple[str, ReceivableId], int]
    in_list: dict[str, int]
    unexplained: dict[ReceivableId, int]


def explain(items: Sequence[Shown], money: Iterable[Sum], policy: Policy) -> Explained:
    """Find where the money of one account and currency belongs.

    Args:
        items: every receivable of the account in this currency.
        money: every payment and credit note of it; sums of zero (taken back) are passed over.
        policy: for payments that name nothing.
    """
    work = _Work(items, money)
    # Late money can explain the fewest falls, because a list knows nothing of what comes after it: it goes first.
    for sum_ in reversed(work.money):
        for receivable in sum_.named:
            work.see(sum_, receivable)
    for sum_ in reversed(work.money):
        work.find_missing(sum_, sum_.named)
    for sum_ in work.money:
        work.pay_named(sum_)
    # A credit note waits to be applied, a payment does not: what a list shows is rather the payment.
    notes = [sum_ for sum_ in work.money if not sum_.is_payment]
    payments = [sum_ for sum_ in work.money if sum_.is_payment]
    for sum_ in (*reversed(payments), *reversed(notes)):
        work.see_any(sum_)
    by_amount = work.shown_by_amount()
    for sum_ in reversed(work.money):
        work.find_missing_unnamed(sum_, by_amount)
    for sum_ in work.money:
        work.keep(sum_, policy)
    for sum_ in work.money:
        work.pay_by_policy(sum_, policy)
    for sum_ in work.money:
        work.leave_unnamed_in_list(sum_)
    return work.outcome()


class _Work:
    """The state of one explanation while the phases above go over it."""

    def __init__(self, items: Sequence[Shown], money: Iterable[Sum]) -> None:
        self.items = {item.receivable: item for item in items}
        self.open = {item.receivable: item.shown_minor for item in items}
        oldest_first = sorted(items, key=lambda item: (item.due_on, item.receivable))
        # Accounts may have many thousands of items: what is used up at the front of these is dropped.
        self.oldest_open = deque(item.receivable for item in oldest_first)
        self.falls: dict[ReceivableId, dict[date, int]] = {}
        self.fallen: dict[date, deque[ReceivableId]] = {}
        for item in oldest_first:
            for on, amount in sorted(item.falls):
                days = self.falls.setdefault(item.receivable, {})
                if on not in days:
                    self.fallen.setdefault(on, deque()).append(item.receivable)
                days[on] = days.get(on, 0) + amount
        self.fall_days = sorted(self.fallen)
        self.opened = [item.receivable for item in oldest_first if item.opened_on]
        # Before the first list of an account that we know from lists alone, everything is in that list.
        opened_on = [item.opened_on for item in items]
        self.known_from = date.min if None in opened_on else min(filter(None, opened_on), default=date.min)
        # Of two sums of one day the larger comes first; equal ones are alike but for their place.
        self.money = sorted(
            (sum_ for sum_ in money if sum_.amount_minor),
            key=lambda sum_: (sum_.paid_on, -sum_.amount_minor, sum_.named, sum_.key),
        )
        self.left = {sum_.key: sum_.amount_minor for sum_ in self.money}
        self.seen: dict[tuple[str, ReceivableId, date], int] = {}
        self.put: dict[tuple[str, ReceivableId], int] = {}
        self.in_list: dict[str, int] = {}
        self.missing: set[str] = set()
        self.taken: set[ReceivableId] = set()

    def see(self, sum_: Sum, receivable: ReceivableId) -> None:
        """This money explains falls of this receivable that a list of its day or later showed."""
        for on in self.falls.get(receivable, ()):
            if sum_.paid_on <= on:
                self._see(sum_, receivable, on)

    def see_any(self, sum_: Sum) -> None:
        """This money explains falls of any receivable, the oldest due first."""
        for on in self.fall_days[bisect_left(self.fall_days, sum_.paid_on) :]:
            fallen = self.fallen[on]
            while fallen and self.left[sum_.key]:
                self._see(sum_, fallen[0], on)
                if self.left[sum_.key]:
                    fallen.popleft()

    def _see(self, sum_: Sum, receivable: ReceivableId, on: date) -> None:
        part = min(self.left[sum_.key], self.falls[receivable][on])
        if part:
            self.falls[receivable][on] -= part
            self.left[sum_.key] -= part
            key = (sum_.key, receivable, on)
            self.seen[key] = self.seen.get(key, 0) + part

    def pay(self, sum_: Sum, receivable: ReceivableId, most: int) -> None:
        """This money is taken off what the list shows of this receivable."""
        part = min(self.left[sum_.key], self.open.get(receivable, 0), most)
        if part > 0:
            self.open[receivable] -= part
            key = (sum_.key, receivable)
            self.put[key] = self.put.get(key, 0) + part
            self.left[sum_.key] -= part

    def before_its_list(self, sum_: Sum, receivable: ReceivableId) -> bool:
        """Is the money in the list that first showed this receivable, original amount unknown?"""
        item = self.items.get(receivable)
        return (
            item is not None
            and item.opened_on is not None
            and sum_.paid_on < item.opened_on
            and sum_.key not in self.missing
        )

    def find_missing(self, sum_: Sum, receivables: Sequence[ReceivableId]) -> None:
        """Money older than a first list that is, to the unit, what the list still shows was not in it yet.

        One sum for each receivable, the latest.
        """
        if self.taken.isdisjoint(receivables) and any(self.before_its_list(sum_, each) for each in receivables):
            shown = sum(self.items[each].shown_minor for each in receivables if each in self.items)
            if shown == self.left[sum_.key] == sum_.amount_minor:
                self.missing.add(sum_.key)
                self.taken.update(receivables)

    def shown_by_amount(self) -> dict[int, list[ReceivableId]]:
        """Items first known from a list, by what is shown of them, oldest due first."""
        found: dict[int, list[ReceivableId]] = {}
        for receivable in self.opened:
            found.setdefault(self.items[receivable].shown_minor, []).append(receivable)
        return found

    def find_missing_unnamed(self, sum_: Sum, by_amount: dict[int, list[ReceivableId]]) -> None:
        """The same for payments that name nothing: one item, or all of them."""
        if sum_.named or not sum_.is_payment or sum_.paid_on >= self.known_from:
            return
        for receivable in by_amount.get(self.left[sum_.key], ()):
            if receivable not in self.taken:
                self.find_missing(sum_, [receivable])
                return
        self.find_missing(sum_, self.opened)

    def pay_named(self, sum_: Sum) -> None:
        """What the payer named, in that order; money that the first list of an item contains stays in it."""
        in_list = False
        for receivable in sum_.named:
            if self.before_its_list(sum_, receivable):
                in_list = True
            else:
                self.pay(sum_, receivable, sum_.amount_minor)
        if in_list:
            self._leave_in_list(sum_)

    def leave_unnamed_in_list(self, sum_: Sum) -> None:
        """What came before the account was known, and is not plainly missing from its first list, is in it."""
        if sum_.is_payment and sum_.paid_on < self.known_from and sum_.key not in self.missing:
            self._leave_in_list(sum_)

    def _leave_in_list(self, sum_: Sum) -> None:
        if self.left[sum_.key]:
            self.in_list[sum_.key] = self.left[sum_.key]
            self.left[sum_.key] = 0

    def keep(self, sum_: Sum, policy: Policy) -> None:
        """Money stays where it was put, as far as it fits there."""
        if policy is Policy.OLDEST_DUE and sum_.is_payment:
            # Oldest due first gives the same balances whichever payment comes first, so it can be followed anew:
            # then it does not matter either whether the list or the money was seen first.
            return
        for receivable, amount in sum_.kept:
            if not self.before_its_list(sum_, receivable):
                self.pay(sum_, receivable, amount - self.put.get((sum_.key, receivable), 0))

    def pay_by_policy(self, sum_: Sum, policy: Policy) -> None:
        """The rest goes the way of the creditor's policy; never to a disputed part."""
        left = self.left[sum_.key]
        if not left or not sum_.is_payment:
            return
        kept = dict(sum_.kept)
        claims = []
        room = 0
        while self.oldest_open and not self.open[self.oldest_open[0]]:
            self.oldest_open.popleft()
        for receivable in self.oldest_open:
            item = self.items[receivable]
            if self.open[receivable] and not self.before_its_list(sum_, receivable):
                # What lay there before the dispute does not leave because of it.
                disputed = max(0, item.disputed_minor - kept.get(receivable, 0))
                claims.append(Claim(receivable, item.due_on, item.currency, self.open[receivable], disputed))
                room += max(0, self.open[receivable] - disputed)
                if policy is Policy.OLDEST_DUE and room >= left:
                    break
        if claims:
            for part in allocate(Money(left, claims[0].currency), claims, (), policy).parts:
                self.pay(sum_, part.receivable, part.amount_minor)

    def outcome(self) -> Explained:
        """What the phases found."""
        unexplained = {
            receivable: amount for receivable, falls in self.falls.items() if (amount := sum(falls.values()))
        }
        return Explained(self.seen, self.put, self.in_list, unexplained)
