"""The made-up wholesaler over some months: what it bills, who pays, and what people do when mail reaches them.

Two worlds run side by side on the same invoices and people: one in which Duewell writes, and one in which nobody
says a word (`open_without`). Both follow from the seed; the first also from what really arrived.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from duewell.adapters.demo import habits
from duewell.adapters.demo.bank_days import working
from duewell.adapters.demo.crowd import crowd
from duewell.adapters.demo.habits import NEVER, Answer, Call, Deed, Habit
from duewell.adapters.demo.people import Customer

TERMS_DAYS: Final = 14
BEFORE_DAYS: Final = 80
"""What was billed earlier than so many days before the beginning has been settled."""
EVERY_DAYS: Final = 30
"""A customer gets an invoice about this often."""


@dataclass
class Debt:
    """One invoice in the world in which Duewell writes."""

    number: str
    customer: str
    issued_on: date
    due_on: date
    amount_minor: int
    currency: str
    alone_on: date
    """The day on which it would be paid if nobody said a word."""
    paid_minor: int = 0
    credited_minor: int = 0
    told: int = 0
    """How many messages about it have reached the customer since it fell due."""
    disputed: bool = False
    pays_on: date = NEVER
    """The day on which what is left will be paid; earlier of all reasons to pay."""

    @property
    def open_minor(self) -> int:
        """What is left to pay."""
        return self.amount_minor - self.paid_minor - self.credited_minor


class Paid(NamedTuple):
    """Money that came in."""

    on: date
    debt: Debt
    amount_minor: int


class Said(NamedTuple):
    """Something that a customer told the firm, by telephone or letter."""

    on: date
    what: Deed
    customer: str
    debt: Debt | None = None
    until: date = NEVER
    kept: bool = True


class Credited(NamedTuple):
    """A credit note."""

    number: str
    on: date
    debt: Debt
    amount_minor: int


@dataclass
class Firm:
    """The books of the wholesaler, day by day. Nothing here knows of Duewell: it bills, is paid and is rung up."""

    seed: int
    started_on: date
    days: int
    customers: dict[str, Customer]
    debts: list[Debt]
    """By date of issue."""
    reached: Counter[str] = field(default_factory=Counter)
    """By what messages made customers do."""
    _moves: dict[str, date] = field(default_factory=dict)
    _by_address: dict[str, str] = field(default_factory=dict)
    _halves: dict[date, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    _said: dict[date, list[Said]] = field(default_factory=lambda: defaultdict(list))
    _settling: dict[date, list[Said]] = field(default_factory=lambda: defaultdict(list))
    _told_once: set[tuple[str, Deed]] = field(default_factory=set)
    _by_number: dict[str, Debt] = field(default_factory=dict)
    _by_customer: dict[str, list[Debt]] = field(default_factory=lambda: defaultdict(list))
    _letters: Counter[str] = field(default_factory=Counter)
    _rung: Counter[str] = field(default_factory=Counter)
    _notes: int = 0

    def __post_init__(self) -> None:
        self._moves = {
            number: habits.moves_on(self.seed, number, self.started_on, self.days) for number in self.customers
        }
        self._by_address = {each.email: number for number, each in self.customers.items() if each.email}
        self._by_number = {debt.number: debt for debt in self.debts}
        for debt in self.debts:
            self._by_customer[debt.customer].append(debt)

    def issued(self, after: date, until: date) -> list[Debt]:
        """Invoices of the days after one, up to another, that are still open."""
        return [debt for debt in self.debts if after < debt.issued_on <= until and debt.open_minor > 0]

    def open_items(self, day: date) -> list[Debt]:
        """Everything that is open in the morning of a day."""
        return [debt for debt in self.debts if debt.issued_on <= day and debt.open_minor > 0]

    def open_without(self, day: date) -> Iterator[Debt]:
        """What would be open in the morning of a day if nobody had said a word."""
        return (debt for debt in self.debts if debt.issued_on <= day <= debt.alone_on)

    def pays(self, day: date) -> list[Paid]:
        """The money of one day."""
        paid = []
        for debt in self._halves.pop(day, []):
            paid += self._take(debt, day, min(debt.amount_minor // 2, debt.open_minor))
        for debt in self.debts:
            if debt.pays_on <= day and not debt.disputed:
                paid += self._take(debt, day, debt.open_minor)
        return paid

    def says(self, day: date) -> list[Said]:
        """What customers told on one day."""
        return self._said.pop(day, [])

    def settles(self, day: date) -> list[tuple[Said, Credited | None]]:
        """Disputes that the firm settles on one day: with a credit note, or by showing that all was right."""
        return [(said, self._settle(said, day)) for said in self._settling.pop(day, [])]

    def works(self, address: str, day: date) -> bool:
        """Whether mail to an address still arrives."""
        customer = self._by_address.get(address)
        return customer is not None and (address == _new_address(address) or day < self._moves[customer])

    def new_addresses(self, day: date) -> list[Customer]:
        """Customers whose new address the firm learns on a day, two weeks after the old one stopped working."""
        found = []
        for number, moved_on in self._moves.items():
            customer = self.customers[number]
            if moved_on != NEVER and moved_on + timedelta(days=14) == day and customer.email:
                self.customers[number] = customer._replace(email=_new_address(customer.email))
                self._by_address[self.customers[number].email] = number
                found.append(self.customers[number])
        return found

    def reads(self, numbers: Iterable[str], day: date) -> None:
        """A customer reads a message about these invoices, and does what they do."""
        for number in numbers:
            debt = self._by_number.get(number)
            if debt is None or debt.open_minor <= 0 or debt.disputed:
                continue
            was_due = debt.due_on < day
            debt.told += was_due
            habit = habits.habit_of(self.seed, debt.customer)
            answer = habits.answer(self.seed, number, habit, debt.told, day, was_due=was_due)
            self.reached[str(answer.deed)] += 1
            self._do(debt, habit, answer)

    def due_of(self, customer: str, day: date) -> list[str]:
        """The numbers of what a customer owes on a day, as far as it is due: what a letter would list."""
        return [
            debt.number
            for debt in self._by_customer.get(customer, [])
            if debt.issued_on <= day and debt.due_on < day and debt.open_minor > 0
        ]

    def returns(self, customer: str, day: date) -> bool:
        """Whether a letter of this day comes back: only from who has moved."""
        self._letters[customer] += 1
        return self._moves[customer] <= day and habits.letter_returns(self.seed, customer, self._letters[customer])

    def rings(self, customer: str, day: date) -> Call:
        """Somebody calls; what the customer says about all that is due, they do."""
        self._rung[customer] += 1
        habit = habits.habit_of(self.seed, customer)
        ended = habits.call(self.seed, customer, habit, self._rung[customer], day)
        for number in self.due_of(customer, day):
            debt = self._by_number[number]
            if not debt.disputed:
                debt.pays_on = min(debt.pays_on, ended.pays_on)
        return ended

    def _do(self, debt: Debt, habit: Habit, answer: Answer) -> None:
        match answer.deed:
            case Deed.PAYS:
                debt.pays_on = min(debt.pays_on, answer.on)
            case Deed.PAYS_HALF:
                self._halves[answer.on].append(debt)
            case Deed.PROMISES if self._first(debt.number, Deed.PROMISES):
                self._said[answer.on].append(Said(answer.on, Deed.PROMISES, debt.customer, debt, answer.until))
                if answer.kept:
                    debt.pays_on = min(debt.pays_on, answer.until - timedelta(days=1))
            case Deed.DISPUTES if self._first(debt.number, Deed.DISPUTES):
                said = Said(answer.on, Deed.DISPUTES, debt.customer, debt, kept=answer.kept)
                self._said[answer.on].append(said)
                debt.disputed = True
                settled_on = working(answer.on + timedelta(days=12 + int(debt.number[-2:]) % 13))
                self._settling[settled_on].append(said)
            case Deed.SAYS_STOP if self._first(debt.customer, Deed.SAYS_STOP):
                self._said[answer.on].append(Said(answer.on, Deed.SAYS_STOP, debt.customer))
            case _:
                pass

    def _first(self, whose: str, deed: Deed) -> bool:
        """Whether this is said for the first time; nobody says the same twice."""
        if (whose, deed) in self._told_once:
            return False
        self._told_once.add((whose, deed))
        return True

    def _settle(self, said: Said, day: date) -> Credited | None:
        debt = said.debt
        assert debt is not None, "a dispute is about an invoice"
        debt.disputed = False
        debt.pays_on = min(debt.pays_on, working(day + timedelta(days=4)))
        if said.kept:
            return None
        self._notes += 1
        half = debt.open_minor // 2
        debt.credited_minor += half
        return Credited(f"GS-{day.year}-{self._notes:04}", day, debt, half)

    def _take(self, debt: Debt, day: date, amount_minor: int) -> list[Paid]:
        if amount_minor <= 0:
            return []
        debt.paid_minor += amount_minor
        return [Paid(day, debt, amount_minor)]


def firm(seed: int, started_on: date, days: int, count: int) -> Firm:
    """The wholesaler at the beginning, with all that it will have billed by the end.

    Args:
        started_on: the first day told.
        days: how many are told.
        count: how many customers.
    """
    draw = Random(f"{seed}/firm")  # noqa: S311 (made-up people, no secrets)
    customers = {each.number: each for each in crowd(draw, count)}
    first = started_on - timedelta(days=BEFORE_DAYS)
    last = started_on + timedelta(days=days - 1)
    drafts = [
        (issued_on, number, draw.randrange(2_500, 40_000) * draw.choice((1, 1, 1, 2, 4)))
        for number in customers
        for issued_on in _issue_days(draw, first, last)
    ]
    debts = []
    for place, (issued_on, number, amount_minor) in enumerate(sorted(drafts), start=1):
        invoice, due_on = f"RE-{issued_on.year}-{place:05}", issued_on + timedelta(days=TERMS_DAYS)
        alone_on = habits.by_itself(seed, invoice, habits.habit_of(seed, number), due_on)
        if alone_on < started_on:
            continue  # Settled before anybody looked.
        currency = "GBP" if customers[number].country == "GB" else "EUR"
        debts.append(Debt(invoice, number, issued_on, due_on, amount_minor, currency, alone_on, pays_on=alone_on))
    return Firm(seed, started_on, days, customers, debts)


def _new_address(address: str) -> str:
    """The address of a customer who has moved; that of one who has is its own."""
    return address if "@new." in address else address.replace("@", "@new.")


def _issue_days(draw: Random, first: date, last: date) -> Iterator[date]:
    day = first + timedelta(days=draw.randrange(EVERY_DAYS))
    while day <= last:
        yield working(day)
        day += timedelta(days=draw.randrange(EVERY_DAYS // 2, EVERY_DAYS * 3 // 2))
