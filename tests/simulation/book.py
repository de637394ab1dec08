"""The book the simulation keeps by itself: what each customer owes, and what may be said to whom.

A plain model of the whole house in one file: invoices with what is open on them, money on account, holds, the
stage each invoice has reached, and the one message under way per account. It never looks into the installation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.simulation.law import Place

STAGES = ("", "upcoming", "due", "first", "second", "firm", "final")


class Step(NamedTuple):
    """One step of the ladder, days from the due date."""

    stage: str
    offset: int
    business_days_only: bool = False


class Ladder(NamedTuple):
    """The strategy of the simulation, as `strategy.yaml` beside this file says it."""

    steps: tuple[Step, ...]
    grace_days: int
    least_gap_days: int
    minimum_minor: Mapping[str, int]


@dataclass
class Hold:
    """Why we wait: for an account, an invoice, or a part of one."""

    name: str
    kind: str
    amount_minor: int | None
    starts_on: date
    until_on: date | None
    """The first free day of a promise or of grace."""
    review_on: date | None
    ended_on: date | None = None
    answered_on: date | None = None
    """The day on which somebody last looked at it and kept it."""

    def stands_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        ends = [end for end in (self.until_on, self.ended_on) if end is not None]
        return self.starts_on <= day and not any(end <= day for end in ends)


@dataclass
class Invoice:
    """One invoice. `reached` is a word of `STAGES`."""

    number: str
    order: int
    """Invoices that came first have the lower one."""
    currency: str
    issued_on: date
    due_on: date
    amount_minor: int
    open_minor: int
    reached: str = ""
    reached_on: date | None = None
    holds: list[Hold] = field(default_factory=list)

    def held_minor(self, day: date) -> int:
        """What of it is held back on a day."""
        return self._kept([hold for hold in self.holds if hold.stands_on(day)])

    def disputed_minor(self, day: date) -> int:
        """What of it is disputed on a day."""
        return self._kept([hold for hold in self.holds if hold.kind == "dispute" and hold.stands_on(day)])

    def _kept(self, holds: list[Hold]) -> int:
        parts = [self.open_minor if hold.amount_minor is None else hold.amount_minor for hold in holds]
        return min(self.open_minor, sum(parts))


@dataclass
class Flight:
    """A message that was claimed: what it takes where, and when it may be tried."""

    order: int
    advances: dict[str, str]
    released: bool = False
    not_before: datetime | None = None
    tries: int = 0
    unknown_since: datetime | None = None
    arrived: bool = False
    """Of one whose fate nobody knows: what the mail server knows."""


class Arrival(NamedTuple):
    """A message that arrived, or counts as arrived, and where its invoices stood before."""

    at: datetime
    on: date
    before: dict[str, tuple[str, str, date | None]]
    """By invoice: the stage it took, and stage and day that it had."""


@dataclass
class Customer:
    """One account with its one person, who may have other accounts."""

    number: str
    person: str
    order: int
    email: str
    language: str
    place: Place
    reachable: bool = True
    stopped: bool = False
    invoices: dict[str, Invoice] = field(default_factory=dict)
    credit: dict[str, int] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    flight: Flight | None = None
    messaged_on: date | None = None
    arrivals: list[Arrival] = field(default_factory=list)
    questions: set[str] = field(default_factory=set)


class Demand(NamedTuple):
    """What is to be said to one account: the message in full, but for its words."""

    stage: str
    advances: dict[str, str]
    items: tuple[tuple[str, str, int, int], ...]
    """Invoice, currency, open, held; oldest due first."""
    pay: dict[str, int]
    credit: dict[str, int]


class Calendar(NamedTuple):
    """Business days of the creditor."""

    closed: frozenset[date]

    def open_on(self, day: date) -> bool:
        """Neither weekend nor holiday."""
        return day.weekday() < 5 and day not in self.closed


def demand(
    customer: Customer,
    ladder: Ladder,
    calendar: Calendar,
    day: date,
    *,
    books_too_old: bool,
    planned: Mapping[str, str] | None = None,
) -> Demand | str:
    """What to say to the customer on a day, or the word for saying nothing.

    Args:
        planned: the claims of the message that is about to leave: only these may advance, and no other message
            counts as under way.
    """
    due = [invoice for invoice in customer.invoices.values() if invoice.open_minor > 0]
    if not due:
        return "paid"
    if any(hold.stands_on(day) for hold in customer.holds):
        return "held"
    if customer.flight is not None and planned is None:
        return "in_flight"
    steps = {invoice.number: _next_step(invoice, ladder, day) for invoice in due}
    fallen = {number: step for number, (step, on) in steps.items() if step is not None and on <= day}
    asked = sorted(
        (
            invoice
            for invoice in due
            if invoice.open_minor > invoice.held_minor(day) and (invoice.due_on <= day or invoice.number in fallen)
        ),
        key=_oldest,
    )
    totals, credit, covered = _net(asked, customer.credit, day)
    enough = {
        currency for currency in totals if totals[currency] - credit[currency] >= ladder.minimum_minor[currency]
    }
    moving = {
        invoice.number: fallen[invoice.number]
        for invoice in asked
        if invoice.number in fallen and invoice.number not in covered and invoice.currency in enough
    }
    if planned is not None:
        moving = {number: step for number, step in moving.items() if planned.get(number) == step.stage}
    if not moving:
        return "nothing_moves" if fallen else "not_yet"
    step = max(moving.values(), key=lambda one: STAGES.index(one.stage))
    word = _gate(customer, ladder, calendar, step, day, books_too_old)
    if word:
        return word
    shown = _shown(asked, totals, credit, {customer.invoices[number].currency for number in moving}, day)
    return Demand(
        stage=step.stage,
        advances={number: one.stage for number, one in moving.items()},
        items=tuple(
            (invoice.number, invoice.currency, invoice.open_minor, invoice.held_minor(day))
            for invoice in asked
            if invoice.currency in shown
        ),
        pay={currency: totals[currency] - credit[currency] for currency in shown},
        credit={currency: credit[currency] for currency in shown if credit[currency]},
    )


def _next_step(invoice: Invoice, ladder: Ladder, day: date) -> tuple[Step | None, date]:
    """The first step above the one reached that is not dropped, and the day it falls due."""
    before = [step for step in ladder.steps if STAGES.index(step.stage) <= STAGES.index(invoice.reached)]
    for step in ladder.steps[len(before) :]:
        on = invoice.due_on + timedelta(days=step.offset)
        if before and invoice.reached_on is not None:
            on = max(on, invoice.reached_on + timedelta(days=step.offset - before[-1].offset))
        if step.offset > 0:
            on = max(on, invoice.due_on + timedelta(days=ladder.grace_days + 1))
        if step.offset < 0 and max(on, day) > invoice.due_on:
            continue
        return step, on
    return None, day


def _oldest(invoice: Invoice) -> tuple[date, int]:
    return invoice.due_on, invoice.order


def _net(
    asked: Iterable[Invoice], credits: Mapping[str, int], day: date
) -> tuple[dict[str, int], dict[str, int], set[str]]:
    """Per currency what is asked for and the credit set against it; and the invoices that credit covers."""
    left = dict(credits)
    totals: dict[str, int] = {}
    used: dict[str, int] = {}
    covered = set()
    for invoice in asked:
        wanted = invoice.open_minor - invoice.held_minor(day)
        part = min(wanted, left.get(invoice.currency, 0))
        left[invoice.currency] = left.get(invoice.currency, 0) - part
        totals[invoice.currency] = totals.get(invoice.currency, 0) + wanted
        used[invoice.currency] = used.get(invoice.currency, 0) + part
        if part == wanted:
            covered.add(invoice.number)
    return totals, used, covered


def _gate(
    customer: Customer, ladder: Ladder, calendar: Calendar, step: Step, day: date, books_too_old: bool
) -> str:
    gap = timedelta(days=max(1, ladder.least_gap_days))
    if customer.messaged_on is not None and day < customer.messaged_on + gap:
        return "least_gap"
    if step.business_days_only and not calendar.open_on(day):
        return "not_business_day"
    if not customer.reachable:
        return "no_address"
    if books_too_old:
        return "books_too_old"
    return "review_open" if customer.questions else ""


def _shown(
    asked: list[Invoice], totals: Mapping[str, int], credit: Mapping[str, int], moving: set[str], day: date
) -> list[str]:
    if len(totals) == 1:
        return list(totals)
    due = {invoice.currency for invoice in asked if invoice.due_on <= day}
    return [
        currency for currency in sorted(totals) if totals[currency] > credit[currency] and currency in moving | due
    ]


class Put(NamedTuple):
    """Where a sum went: so much to each invoice, the rest to the account."""

    parts: dict[str, int]
    credit_minor: int


def pay(customer: Customer, currency: str, amount_minor: int, named: Iterable[str], day: date) -> Put:
    """Money arrives: the invoices it names first, then the oldest due without what is disputed, then credit."""
    left = amount_minor
    parts: dict[str, int] = {}
    rest = [invoice for invoice in sorted(customer.invoices.values(), key=_oldest) if invoice.currency == currency]
    room = [(customer.invoices[number], 0) for number in named]
    room += [(invoice, invoice.disputed_minor(day)) for invoice in rest]
    for invoice, kept in room:
        part = max(0, min(left, invoice.open_minor - kept))
        invoice.open_minor -= part
        left -= part
        if part:
            parts[invoice.number] = parts.get(invoice.number, 0) + part
    customer.credit[currency] = customer.credit.get(currency, 0) + left
    return Put(parts, left)


def credit(customer: Customer, currency: str, amount_minor: int, invoice: str = "") -> Put:
    """A credit note arrives: put against the invoice it names; the rest stays on the account."""
    left = amount_minor
    parts = {}
    if invoice:
        parts[invoice] = min(left, customer.invoices[invoice].open_minor)
        customer.invoices[invoice].open_minor -= parts[invoice]
        left -= parts[invoice]
    customer.credit[currency] = customer.credit.get(currency, 0) + left
    return Put(parts, left)


def take_back(customer: Customer, currency: str, put: Put) -> None:
    """A sum had never arrived: what it paid is open again, at the stage where it was."""
    for number, part in put.parts.items():
        customer.invoices[number].open_minor += part
    customer.credit[currency] -= put.credit_minor


def aging(customers: Iterable[Customer], day: date) -> dict[str, dict[str, int]]:
    """What a report on aging must say of this book today."""
    names = ("current", "d1_30", "d31_60", "d61_90", "d91_plus", "disputed", "unapplied", "total")
    found: dict[str, dict[str, int]] = {}
    for customer in customers:
        for currency, minor in customer.credit.items():
            row = found.setdefault(currency, dict.fromkeys(names, 0))
            row["unapplied"] += minor
            row["total"] -= minor
        for invoice in customer.invoices.values():
            row = found.setdefault(invoice.currency, dict.fromkeys(names, 0))
            disputed = invoice.disputed_minor(day)
            row["disputed"] += disputed
            row[_bucket((day - invoice.due_on).days)] += invoice.open_minor - disputed
            row["total"] += invoice.open_minor
    return found


def _bucket(days_late: int) -> str:
    if days_late <= 0:
        return "current"
    for last, name in ((30, "d1_30"), (60, "d31_60"), (90, "d61_90")):
        if days_late <= last:
            return name
    return "d91_plus"
