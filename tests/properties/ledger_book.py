"""A small book of one account in memory: it imports what an importer would, through the core alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from duewell.core.ledger import entries as ledger
from duewell.core.ledger import targets
from duewell.core.ledger.allocate import Claim, Policy, Queue
from duewell.core.ledger.entries import Entry, Move
from duewell.core.ledger.explain import Sum
from duewell.core.units.money import Money

ACCOUNT = 1
DAY_ONE = date(2026, 1, 1)


def on(day: int) -> date:
    """Day 0 is 1 January 2026."""
    return DAY_ONE + timedelta(days=day)


class Invoice(NamedTuple):
    """An invoice with its original amount."""

    id: int
    amount_minor: int
    issued: int
    due: int


class Paid(NamedTuple):
    """A payment, or a credit note where `note` is set."""

    id: int
    amount_minor: int
    day: int
    named: tuple[int, ...] = ()
    note: bool = False

    @property
    def key(self) -> str:
        return f"{'credit' if self.note else 'payment'}:{self.id}"


class OpenList(NamedTuple):
    """What is open on a day; items that nobody knew yet are opened by it."""

    id: int
    day: int
    rows: tuple[tuple[int, int], ...]
    issued: int = 0


class Book:
    """One account in one currency."""

    def __init__(
        self,
        policy: Policy = Policy.OLDEST_DUE,
        always_settle: bool = False,
        quick_lists: bool = False,
        module: Any = targets,
    ) -> None:
        self.module = module
        self.quick_lists = quick_lists
        self.policy = policy
        self.always_settle = always_settle
        self.entries: list[Entry] = []
        self.items: dict[int, targets.Item] = {}
        self.money: dict[str, Sum] = {}

    def take(self, event: Invoice | Paid | OpenList) -> Book:
        """Import one thing."""
        if isinstance(event, Invoice):
            self.record(
                [
                    ledger.charged(
                        ACCOUNT, event.id, "EUR", event.amount_minor, on(event.issued), f"invoice:{event.id}"
                    )
                ]
            )
            self.items[event.id] = targets.Item(event.id, on(event.issued), on(event.due), 0, None, None, None)
        elif isinstance(event, Paid):
            self._pay(event)
        else:
            self._list(event)
        return self

    def _pay(self, paid: Paid) -> None:
        arrive = ledger.credited if paid.note else ledger.arrived
        self.record([arrive(ACCOUNT, "EUR", paid.amount_minor, on(paid.day), paid.key)])
        self.money[paid.key] = Sum(paid.key, on(paid.day), paid.amount_minor, paid.named)
        if self.always_settle or any(
            item.shown_on and on(paid.day) <= item.shown_on for item in self.items.values()
        ):
            self.settle()
            return
        balances = self.balances()
        claims = [Claim(i.receivable, i.due_on, "EUR", balances[i.receivable]) for i in self.items.values()]
        queue = Queue(claims, self.policy)
        for part in queue.allocate(Money(paid.amount_minor, "EUR"), paid.named, by_policy=not paid.note).parts:
            day = max(on(paid.day), self.items[part.receivable].issued_on)
            self.record([ledger.applied(ACCOUNT, part.receivable, "EUR", part.amount_minor, day, paid.key)])

    def _list(self, listed: OpenList) -> None:
        rows, known = {}, set(self.items)
        for id, shown in listed.rows:
            item = self.items.get(id)
            if item is None:
                self.record([ledger.charged(ACCOUNT, id, "EUR", shown, on(listed.issued), f"list:{listed.id}")])
                self.items[id] = targets.Item(
                    id, on(listed.issued), on(listed.issued + 10 + id), 0, shown, on(listed.day), on(listed.day)
                )
                rows[id] = shown
            elif item.shown_on is None or item.shown_on <= on(listed.day):
                rows[id] = shown
        balances = self.balances()
        says_nothing_new = all(balances[id] == shown for id, shown in rows.items())
        later = any(entry.effective_on > on(listed.day) for entry in self.entries)
        # As in the database: a list that shows what we know is only remembered.
        if not (self.quick_lists and says_nothing_new and not later and rows.keys() <= known):
            self.settle(rows, on(listed.day), f"list:{listed.id}")
        for id, shown in rows.items():
            self.items[id] = self.items[id]._replace(shown_minor=shown, shown_on=on(listed.day))

    def settle(self, rows: dict[int, int] | None = None, day: date | None = None, cause: str = "list:0") -> None:
        self.record(
            self.module.changes(
                ACCOUNT,
                "EUR",
                list(self.items.values()),
                self.money.values(),
                self.entries,
                self.policy,
                rows,
                day,
                cause,
            ).moves
        )

    def record(self, moves: list[Move]) -> None:
        """Append entries."""
        at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=len(self.entries))
        for move in moves:
            ledger.check(move)
            self.entries.append(Entry(len(self.entries) + 1, 1, *move[:8], at, move.cause))

    def balances(self) -> dict[int, int]:
        found = ledger.receivable_balances(self.entries)
        return {id: found.get(id, 0) for id in self.items}

    def credit(self) -> int:
        return ledger.unapplied(self.entries).get((ACCOUNT, "EUR"), 0)

    def owed(self) -> int:
        return sum(self.balances().values()) - self.credit()

    def outcome(self) -> tuple[dict[int, int], int]:
        return dict(sorted(self.balances().items())), self.credit()
