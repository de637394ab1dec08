"""Explaining lists by money: which falls between lists are payments we know, and what no list has shown yet.

A list of open items says what is open at its hour. A fall from one list to the next is money; money we know
explains it, so that it counts once. Money that no list has shown yet is taken off what the list says.

    open = what the latest list shows - money that no list has shown yet

Everything here follows from the set of facts and not from the order in which they were learned, except that
money stays where it was put as long as it fits there. Page: docs/algorithms/list-targets.md.

An account may have many thousands of items and as many payments: no step walks over all of the one for each of
the other. Money goes through in the order of its days, so what one sum has used up or passed by is not looked at
again. (Only with the policy `proportional`, where each payment goes to every invoice, nothing can be spared.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from duewell.core.ledger.allocate import Claim, Policy, Queue
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
        work.find_missing(sum_)
    for sum_ in work.money:
        work.pay_named(sum_)
    # A credit note waits to be applied, a payment does not: what a list shows is rather the payment.
    notes = [sum_ for sum_ in work.money if not sum_.is_payment]
    payments = [sum_ for sum_ in work.money if sum_.is_payment]
    work.see_any(reversed(payments))
    work.see_any(reversed(notes))
    work.find_missing_unnamed()
    for sum_ in work.money:
        work.keep(sum_, policy)
    work.pay_by_policy(policy)
    for sum_ in work.money:
        work.leave_unnamed_in_list(sum_)
    return work.outcome()


class _Days:
    """Days with falls that are not used up, for money that is asked about from late to early."""

    def __init__(self, days: Iterable[date]) -> None:
        self._earlier = sorted(days)
        self._since: list[date] = []

    def since(self, on: date) -> list[date]:
        """The days from `on` on, the earliest last, where one that is used up is to be popped.

        `on` is never later than when last asked.
        """
        while self._earlier and self._earlier[-1] >= on:
            self._since.append(self._earlier.pop())
        return self._since


class _Work:
    """The state of one explanation while the phases above go over it."""

    def __init__(self, items: Sequence[Shown], money: Iterable[Sum]) -> None:
        self.items = {item.receivable: item for item in items}
        self.open = {item.receivable: item.shown_minor for item in items}
        oldest_first = sorted(items, key=lambda item: (item.due_on, item.receivable))
        self.falls: dict[ReceivableId, dict[date, int]] = {}
        self.fallen: dict[date, deque[ReceivableId]] = {}
        for item in oldest_first:
            for on, amount in sorted(item.falls):
                days = self.falls.setdefault(item.receivable, {})
                if on not in days:
                    self.fallen.setdefault(on, deque()).append(item.receivable)
                days[on] = days.get(on, 0) + amount
        self.days = {receivable: _Days(falls) for receivable, falls in self.falls.items()}
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
        if receivable in self.days:
            days = self.days[receivable].since(sum_.paid_on)
            while days and self.left[sum_.key]:
                self._see(sum_, receivable, days[-1])
                if self.left[sum_.key]:
                    days.pop()

    def see_any(self, latest_first: Iterable[Sum]) -> None:
        """Money explains falls of any receivable: of the earliest list first, there the oldest due."""
        falls = _Days(self.fallen)
        for sum_ in latest_first:
            days = falls.since(sum_.paid_on)
            while days and self.left[sum_.key]:
                fallen = self.fallen[days[-1]]
                while fallen and self.left[sum_.key]:
                    self._see(sum_, fallen[0], days[-1])
                    if self.left[sum_.key]:
                        fallen.popleft()
                if not fallen:
                    days.pop()

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

    def find_missing(self, sum_: Sum) -> None:
        """Money older than a first list that is, to the unit, what the list still shows was not in it yet.

        One sum for each receivable, the latest.
        """
        named = sum_.named
        if self.taken.isdisjoint(named) and any(self.before_its_list(sum_, each) for each in named):
            shown = sum(self.items[each].shown_minor for each in named if each in self.items)
            if shown == self.left[sum_.key] == sum_.amount_minor:
                self._was_missing(sum_, named)

    def find_missing_unnamed(self) -> None:
        """The same for payments that name nothing and are older than all we know: one item, or all of them."""
        alone: dict[int, deque[ReceivableId]] = {}
        for receivable in self.opened:
            alone.setdefault(self.items[receivable].shown_minor, deque()).append(receivable)
        together = sum(self.items[each].shown_minor for each in self.opened)
        untaken = self.taken.isdisjoint(self.opened)
        for sum_ in reversed(self.money):
            older = sum_.is_payment and not sum_.named and sum_.paid_on < self.known_from
            if not older or self.left[sum_.key] != sum_.amount_minor:
                continue
            alike = alone.get(sum_.amount_minor)
            while alike and alike[0] in self.taken:
                alike.popleft()
            if alike:
                self._was_missing(sum_, (alike[0],))
                untaken = False
            elif untaken and together == sum_.amount_minor:
                self._was_missing(sum_, self.opened)
                untaken = False

    def _was_missing(self, sum_: Sum, receivables: Iterable[ReceivableId]) -> None:
        self.missing.add(sum_.key)
        self.taken.update(receivables)

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

    def pay_by_policy(self, policy: Policy) -> None:
        """The rest goes the way of the creditor's policy; never to a disputed part."""
        unplaced = [sum_ for sum_ in self.money if sum_.is_payment and self.left[sum_.key]]
        if not unplaced or not self.items:
            return
        currency = next(iter(self.items.values())).currency
        everyone = Queue((self._claim(item) for item in self.items.values()), policy)
        # Most money may not go to items that only a later list opened: they enter this queue when their day comes.
        in_time = Queue((self._claim(item) for item in self.items.values() if not item.opened_on), policy)
        coming = deque(sorted((item.opened_on, item.receivable) for item in self.items.values() if item.opened_on))
        for sum_ in unplaced:
            while coming and coming[0][0] <= sum_.paid_on:
                in_time.enter(self._claim(self.items[coming.popleft()[1]]))
            queue = everyone if sum_.key in self.missing else in_time
            changed: list[Shown] = []
            for receivable, kept in dict(sum_.kept).items():
                item = self.items.get(receivable)
                if item and item.disputed_minor and not self.before_its_list(sum_, receivable):
                    # What lay there before the dispute does not leave because of it.
                    queue.enter(self._claim(item, kept))
                    changed.append(item)
            for receivable, amount in queue.allocate(Money(self.left[sum_.key], currency)).parts:
                self.pay(sum_, receivable, amount)
                changed.append(self.items[receivable])
            for item in changed:
                everyone.enter(self._claim(item))
                if not item.opened_on or item.opened_on <= sum_.paid_on:
                    in_time.enter(self._claim(item))

    def _claim(self, item: Shown, kept_minor: int = 0) -> Claim:
        disputed = max(0, item.disputed_minor - kept_minor)
        return Claim(item.receivable, item.due_on, item.currency, self.open[item.receivable], disputed)

    def outcome(self) -> Explained:
        """What the phases found."""
        unexplained = {
            receivable: amount for receivable, falls in self.falls.items() if (amount := sum(falls.values()))
        }
        return Explained(self.seen, self.put, self.in_list, unexplained)
