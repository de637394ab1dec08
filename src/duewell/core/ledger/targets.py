"""Target balances: the entries that bring an account to what a list of open items shows, money counted once.

Payments before lists, lists before payments, and the same list again all end in the same balances: what is
already booked is read back from the entries, explained anew as a whole, and only the difference is booked.
Page: docs/algorithms/list-targets.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Policy
from duewell.core.ledger.correct import InForce, in_force
from duewell.core.ledger.entries import Entry, Move, Place
from duewell.core.ledger.explain import Explained, Fall, Shown, Sum, explain
from duewell.core.units.ids import AccountId, ReceivableId

_Key = TypeVar("_Key")

EARLIER_LIST = "list:earlier"
"""Cause of a fall that an earlier list showed and known money explained at once, so that none was booked then."""


class Item(NamedTuple):
    """One receivable of the account, closed ones too."""

    receivable: ReceivableId
    issued_on: date
    due_on: date
    disputed_minor: int
    shown_minor: int | None
    """What its latest list showed; None where no list ever did."""
    shown_on: date | None
    """The creditor's civil day of that list."""
    opened_on: date | None
    """The day of its first list where nobody told us the original amount."""
    new_minor: int = 0
    """What is being charged with this very import and is not among the entries yet."""


class Outcome(NamedTuple):
    """What is to be booked, and what the list already contained of each payment (by cause), as a whole."""

    moves: list[Move]
    in_list: dict[str, int]


def changes(
    account: AccountId,
    currency: str,
    items: Sequence[Item],
    money: Iterable[Sum],
    entries: Iterable[Entry],
    policy: Policy,
    rows: Mapping[ReceivableId, int] | None = None,
    list_on: date | None = None,
    cause: str = EARLIER_LIST,
) -> Outcome:
    """What a list, or a payment that a list may already contain, changes on one account and currency.

    The arrival of a new payment and the first charge of a new receivable are the caller's to book.

    Args:
        items: every receivable of the account in this currency, those that the list adds too.
        money: every payment and credit note of it, new ones too; `kept` and what was taken back are read from
            the entries.
        entries: every entry of the account; those in other currencies are passed over.
        policy: for payments that name nothing.
        rows: what the new list shows, at least zero; a list older than the latest of an item must leave it out.
        list_on: the creditor's civil day of the new list's hour.
        cause: of the entries that follow from the new list.
    """
    told = list(money)
    mine = [entry for entry in entries if entry.currency == currency]
    books = _Books(account, currency, mine, {sum_.key for sum_ in told})
    sums = books.present(told)
    shown = [books.show(item, rows or {}, list_on, cause) for item in items]
    found = explain(shown, sums, policy)
    books.book(found, sums, {item.receivable: item.issued_on for item in items})
    return Outcome(books.moves, found.in_list)


def _listed(
    account: AccountId, receivable: ReceivableId, currency: str, fall_minor: int, on: date, cause: str
) -> list[Move]:
    """A list shows so much less (or, below zero, more) than the one before it."""
    away = Move(account, currency, fall_minor, Place.RECEIVABLE, receivable, Place.CLEARING, None, on, cause)
    if fall_minor > 0:
        return [away]
    back = Move(account, currency, -fall_minor, Place.CLEARING, None, Place.RECEIVABLE, receivable, on, cause)
    return [back] if fall_minor < 0 else []


class _Books:
    """What the entries say of one account and currency, sorted by what made them; and the moves to come."""

    def __init__(self, account: AccountId, currency: str, entries: Sequence[Entry], keys: Collection[str]) -> None:
        self.keys = keys
        self.account = account
        self.currency = currency
        self.moves: list[Move] = []
        self.charged: dict[ReceivableId, int] = defaultdict(int)
        self.falls: dict[ReceivableId, list[Fall]] = defaultdict(list)
        self.rises: dict[ReceivableId, int] = defaultdict(int)
        self.risen_on: dict[ReceivableId, date] = {}
        self.arrived: dict[str, int] = {entry.cause: 0 for entry in entries if entry.from_place == Place.CREDIT}
        self.applied: dict[tuple[str, ReceivableId], list[InForce]] = defaultdict(list)
        self.seen: dict[tuple[str, ReceivableId, date], list[InForce]] = defaultdict(list)
        self.in_list: dict[str, list[InForce]] = defaultdict(list)
        for each in in_force(entries):
            self._sort(each)

    def _sort(self, each: InForce) -> None:
        entry, left = each
        kind, _, name = entry.cause.partition(":")
        to, away = entry.to_receivable, entry.from_receivable
        if kind in ("payment", "credit") and entry.from_place == Place.CREDIT:
            self.arrived[entry.cause] += left
        elif entry.cause in self.keys and away is not None and entry.to_place == Place.CREDIT:
            self.applied[entry.cause, away].append(each)
        elif kind == "seen" and to is not None:
            self.seen[name, to, entry.effective_on].append(each)
        elif kind == "in_list":
            self.in_list[name].append(each)
        elif kind == "list" and away is not None and entry.to_place == Place.CLEARING:
            self.falls[away].append(Fall(entry.effective_on, left))
        elif kind == "list" and to is not None and entry.from_place == Place.CLEARING:
            self.rises[to] += left
            self.risen_on[to] = max(entry.effective_on, self.risen_on.get(to, entry.effective_on))
        else:
            # Charges, and whatever else was done to the invoice: a discount, a write-off, money that stays put.
            if to is not None:
                self.charged[to] += left
            if away is not None:
                self.charged[away] -= left

    def present(self, money: Iterable[Sum]) -> list[Sum]:
        """The sums as they stand: what is left of each, and where it was put. A new one is whole and nowhere."""
        put = {place: sum(each.left_minor for each in puts) for place, puts in self.applied.items()}
        for (key, receivable, _), seen in self.seen.items():
            # What a list showed follows that list; only what none has shown has a place to keep.
            put[key, receivable] = put.get((key, receivable), 0) - sum(each.left_minor for each in seen)
        kept: dict[str, list[tuple[ReceivableId, int]]] = defaultdict(list)
        for (key, receivable), amount in put.items():
            if amount > 0:
                kept[key].append((receivable, amount))
        return [
            sum_._replace(amount_minor=self.arrived.get(sum_.key, sum_.amount_minor), kept=tuple(kept[sum_.key]))
            for sum_ in money
        ]

    def show(self, item: Item, rows: Mapping[ReceivableId, int], list_on: date | None, cause: str) -> Shown:
        """The receivable without any money, brought to the new list where that shows it."""
        receivable = item.receivable
        booked = self.charged[receivable] + item.new_minor + self.rises[receivable]
        booked -= sum(fall.amount_minor for fall in self.falls[receivable])
        if item.shown_minor is not None and item.shown_on is not None:
            booked = self._fall(receivable, booked, item.shown_minor, item.shown_on, EARLIER_LIST)
        if receivable in rows and list_on is not None:
            booked = self._fall(receivable, booked, rows[receivable], list_on, cause)
        return Shown(
            receivable,
            item.due_on,
            self.currency,
            booked,
            item.opened_on,
            tuple(self.falls[receivable]),
            item.disputed_minor,
        )

    def _fall(self, receivable: ReceivableId, before: int, after: int, on: date, cause: str) -> int:
        self.moves += _listed(self.account, receivable, self.currency, before - after, on, cause)
        if before > after:
            self.falls[receivable].append(Fall(on, before - after))
        elif before < after:
            self.risen_on[receivable] = on
        return after

    def book(self, found: Explained, sums: Sequence[Sum], issued: Mapping[ReceivableId, date]) -> None:
        """Book the difference between what the entries say and what was found."""
        account, currency = self.account, self.currency
        paid_on = {sum_.key: sum_.paid_on for sum_ in sums}
        wanted: dict[tuple[str, ReceivableId], int] = dict(found.put)
        for (key, receivable, _), amount in found.seen.items():
            wanted[key, receivable] = wanted.get((key, receivable), 0) + amount

        def applied(key: tuple[str, ReceivableId], amount: int) -> Move:
            # Money cannot lie on an invoice before there was one, nor before a list raised it so far.
            on = max(paid_on[key[0]], issued[key[1]], self.risen_on.get(key[1], date.min))
            return ledger.applied(account, key[1], currency, amount, on, key[0])

        def seen(key: tuple[str, ReceivableId, date], amount: int) -> Move:
            # Back from clearing, because the money itself is booked on the same receivable.
            cause = f"seen:{key[0]}"
            return Move(account, currency, amount, Place.CLEARING, None, Place.RECEIVABLE, key[1], key[2], cause)

        def left_in_list(key: str, amount: int) -> Move:
            cause = f"in_list:{key}"
            return Move(account, currency, amount, Place.CLEARING, None, Place.CREDIT, None, paid_on[key], cause)

        self._differ(self.seen, found.seen, seen)
        self._differ(self.applied, wanted, applied)
        self._differ(self.in_list, found.in_list, left_in_list)

    def _differ(
        self, booked: Mapping[_Key, list[InForce]], wanted: Mapping[_Key, int], make: Callable[[_Key, int], Move]
    ) -> None:
        """Take back what is too much, the latest first, and add what is missing."""
        for key, kept in booked.items():
            surplus = sum(each.left_minor for each in kept) - wanted.get(key, 0)
            for entry, left in reversed(kept):
                if surplus > 0:
                    self.moves.append(ledger.reversal(entry, min(left, surplus)))
                    surplus -= left
        for key, amount in wanted.items():
            missing = amount - sum(each.left_minor for each in booked.get(key, ()))
            if missing > 0:
                self.moves.append(make(key, missing))
