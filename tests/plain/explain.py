"""Explaining lists by money, plainly: each sum walks over every item and every day of the account.

Slow and short on purpose. It shares only the values with the core, none of its functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from duewell.core.ledger.allocate import Claim, Policy
from duewell.core.ledger.explain import Explained, Shown, Sum
from tests.plain.allocation import allocate


def explain(items: Sequence[Shown], money: Iterable[Sum], policy: Policy) -> Explained:
    """Where the money of one account and currency belongs."""
    book = _Book(items, money)
    early_first = book.money
    late_first = early_first[::-1]
    for sum_ in late_first:
        for id in sum_.named:
            for on in book.fall_days:
                book.see(sum_, id, on)
    for sum_ in late_first:
        book.find_missing(sum_, sum_.named)
    for sum_ in early_first:
        book.pay_named(sum_)
    for sum_ in sorted(late_first, key=lambda sum_: not sum_.is_payment):
        for on in book.fall_days:
            for id in book.oldest_first:
                book.see(sum_, id, on)
    for sum_ in late_first:
        if sum_.is_payment and not sum_.named and sum_.paid_on < book.known_from:
            alike = [id for id in book.opened if book.items[id].shown_minor == book.left[sum_.key]]
            free = [id for id in alike if id not in book.taken]
            book.find_missing(sum_, free[:1] or book.opened)
    for sum_ in early_first:
        # Oldest due first gives the same balances whichever payment comes first: it is followed anew.
        if not (sum_.is_payment and policy is Policy.OLDEST_DUE):
            for id, amount in sum_.kept:
                if not book.before_its_list(sum_, id):
                    book.pay(sum_, id, amount - book.put.get((sum_.key, id), 0))
    for sum_ in early_first:
        if sum_.is_payment and book.left[sum_.key]:
            for id, amount in allocate(book.left[sum_.key], book.claims(sum_), (), policy)[0]:
                book.pay(sum_, id, amount)
    for sum_ in early_first:
        if sum_.is_payment and sum_.paid_on < book.known_from and sum_.key not in book.missing:
            book.leave_in_list(sum_)
    unexplained = {id: amount for id, falls in book.falls.items() if (amount := sum(falls.values()))}
    return Explained(book.seen, book.put, book.in_list, unexplained)


class _Book:
    def __init__(self, items: Sequence[Shown], money: Iterable[Sum]) -> None:
        self.items = {item.receivable: item for item in items}
        self.oldest_first = [item.receivable for item in sorted(items, key=lambda i: (i.due_on, i.receivable))]
        self.opened = [id for id in self.oldest_first if self.items[id].opened_on]
        self.open = {item.receivable: item.shown_minor for item in items}
        self.fall_days = sorted({fall.on for item in items for fall in item.falls})
        self.falls: dict[int, dict[date, int]] = {}
        for id in self.oldest_first:
            for on, amount in sorted(self.items[id].falls):
                days = self.falls.setdefault(id, {})
                days[on] = days.get(on, 0) + amount
        days_of_lists = [item.opened_on for item in items]
        self.known_from = min(days_of_lists) if days_of_lists and None not in days_of_lists else date.min
        self.money = sorted(
            (sum_ for sum_ in money if sum_.amount_minor),
            key=lambda sum_: (sum_.paid_on, -sum_.amount_minor, sum_.named, sum_.key),
        )
        self.left = {sum_.key: sum_.amount_minor for sum_ in self.money}
        self.seen: dict[tuple[str, int, date], int] = {}
        self.put: dict[tuple[str, int], int] = {}
        self.in_list: dict[str, int] = {}
        self.missing: set[str] = set()
        self.taken: set[int] = set()

    def see(self, sum_: Sum, id: int, on: date) -> None:
        part = min(self.left[sum_.key], self.falls.get(id, {}).get(on, 0)) if sum_.paid_on <= on else 0
        if part:
            self.falls[id][on] -= part
            self.left[sum_.key] -= part
            self.seen[sum_.key, id, on] = self.seen.get((sum_.key, id, on), 0) + part

    def pay(self, sum_: Sum, id: int, most: int) -> None:
        part = min(self.left[sum_.key], self.open.get(id, 0), most)
        if part > 0:
            self.open[id] -= part
            self.left[sum_.key] -= part
            self.put[sum_.key, id] = self.put.get((sum_.key, id), 0) + part

    def before_its_list(self, sum_: Sum, id: int) -> bool:
        opened_on = self.items[id].opened_on if id in self.items else None
        return opened_on is not None and sum_.paid_on < opened_on and sum_.key not in self.missing

    def find_missing(self, sum_: Sum, ids: Sequence[int]) -> None:
        if not self.taken & set(ids) and any(self.before_its_list(sum_, id) for id in ids):
            shown = sum(self.items[id].shown_minor for id in ids if id in self.items)
            if shown == self.left[sum_.key] == sum_.amount_minor:
                self.missing.add(sum_.key)
                self.taken |= set(ids)

    def pay_named(self, sum_: Sum) -> None:
        for id in sum_.named:
            if not self.before_its_list(sum_, id):
                self.pay(sum_, id, sum_.amount_minor)
        if any(self.before_its_list(sum_, id) for id in sum_.named):
            self.leave_in_list(sum_)

    def leave_in_list(self, sum_: Sum) -> None:
        if self.left[sum_.key]:
            self.in_list[sum_.key] = self.left[sum_.key]
            self.left[sum_.key] = 0

    def claims(self, sum_: Sum) -> list[Claim]:
        """What this sum may pay. What lay on an item before a dispute does not leave because of it."""
        kept = dict(sum_.kept)
        return [
            Claim(id, item.due_on, item.currency, self.open[id], max(0, item.disputed_minor - kept.get(id, 0)))
            for id, item in self.items.items()
            if self.open[id] and not self.before_its_list(sum_, id)
        ]
