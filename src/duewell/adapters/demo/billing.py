"""The billing program of the made-up wholesaler: its invoices, and who pays which of them when.

Everything is settled beforehand by the seed. Some customers have a part in the story (`Cast`): what they owe on
the first day makes their part possible, whatever the seed. The others pay on time, late or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from duewell.adapters.demo import people
from duewell.adapters.demo.bank_days import working
from duewell.adapters.demo.people import Customer

TERMS_DAYS: Final = 14
CUSTOMERS_MIN: Final = 16


class Receipt(NamedTuple):
    """Money that came in for one invoice. `apart` where it comes in a file of its own, by that name.

    `bounced_on`: the day on which the bank takes it back.
    """

    on: date
    amount_minor: int
    apart: str = ""
    bounced_on: date | None = None

    def counts(self, day: date) -> bool:
        """Whether the billing program knows of it, and knows nothing else, in the morning of a day."""
        return self.on < day and (self.bounced_on is None or day <= self.bounced_on)


class Invoice(NamedTuple):
    """One invoice. `cancelled_on`: from then on the billing program no longer lists it, though nobody paid."""

    number: str
    customer: str
    issued_on: date
    due_on: date
    amount_minor: int
    currency: str
    receipts: tuple[Receipt, ...] = ()
    cancelled_on: date | None = None

    def open_minor(self, day: date) -> int:
        """What the billing program takes for open in the morning of a day."""
        if self.cancelled_on is not None and day >= self.cancelled_on:
            return 0
        return self.amount_minor - sum(receipt.amount_minor for receipt in self.receipts if receipt.counts(day))


class Cast(NamedTuple):
    """Who has a part in the story: numbers of customers."""

    disputes: str
    promises: str
    says_stop: str
    pays_in_time: str
    """Pays after a reminder was released and before it is sent."""
    pays_and_bounces: str
    pays_half: str
    has_no_address: str
    owes_little: str
    owes_in_two_currencies: str
    owes_often: str
    is_cancelled: str
    """An invoice of theirs vanishes from the list although nobody paid it."""


class Billing(NamedTuple):
    """All that happens at the wholesaler, whether somebody looks or not."""

    started_on: date
    customers: tuple[Customer, ...]
    invoices: tuple[Invoice, ...]
    cast: Cast

    def open_items(self, day: date) -> list[Invoice]:
        """The open items in the morning of a day, oldest first."""
        return [each for each in self.invoices if each.issued_on <= day and each.open_minor(day) > 0]

    def receipts(self, days: frozenset[date], apart: str = "") -> list[tuple[Invoice, Receipt]]:
        """The money that came in on these days: for one file that comes apart, or for all the rest."""
        return [
            (invoice, receipt)
            for invoice in self.invoices
            for receipt in invoice.receipts
            if receipt.on in days and receipt.apart == apart
        ]

    def customer(self, number: str) -> Customer:
        """The customer with this number."""
        return next(each for each in self.customers if each.number == number)

    def invoice_of(self, customer: str) -> Invoice:
        """The oldest invoice of a customer."""
        return next(each for each in self.invoices if each.customer == customer)


class _Draft(NamedTuple):
    customer: str
    due_on: date
    amount_minor: int
    currency: str = "EUR"
    receipts: tuple[Receipt, ...] = ()
    cancelled_on: date | None = None


def billing(started_on: date, days: int, count: int, seed: int) -> Billing:
    """The wholesaler's books from the first day of the story to its last.

    Args:
        started_on: a Monday; later events fall on days that are counted from it.
        count: of customers, at least `CUSTOMERS_MIN`.
    """
    draw = Random(seed)  # noqa: S311 (made-up people, no secrets)
    found = people.customers(draw, count)
    firms = [each.number for each in found if each.firm and each.country == "DE"]
    cast = Cast(*firms[: len(Cast._fields)])
    known = {each.number: each for each in found}
    known[cast.owes_in_two_currencies] = people.swiss(known[cast.owes_in_two_currencies])
    known[cast.has_no_address] = known[cast.has_no_address]._replace(email="")
    drafts = [*_of_cast(cast, started_on, draw)]
    for customer in known:
        if customer not in cast:
            drafts += _of_others(customer, started_on, days, draw)
    drafts.sort(key=lambda draft: (draft.due_on, draft.customer, draft.amount_minor))
    invoices = [
        Invoice(
            f"RE-{draft.due_on.year}-{number:04}",
            draft.customer,
            draft.due_on - timedelta(days=TERMS_DAYS),
            draft.due_on,
            draft.amount_minor,
            draft.currency,
            draft.receipts,
            draft.cancelled_on,
        )
        for number, draft in enumerate(drafts, start=101)
    ]
    return Billing(started_on, tuple(known.values()), tuple(invoices), cast)


def _of_cast(cast: Cast, start: date, draw: Random) -> Iterator[_Draft]:
    def day(offset: int) -> date:
        return start + timedelta(days=offset)

    def sum_() -> int:
        return draw.randrange(9_000, 240_000)

    yield _Draft(cast.disputes, day(-20), sum_())
    yield _Draft(cast.promises, day(-12), sum_())
    yield _Draft(cast.says_stop, day(-15), sum_())
    in_time = sum_()
    yield _Draft(cast.pays_in_time, day(-10), in_time, receipts=(Receipt(day(9), in_time, "noon"),))
    bounced = sum_()
    yield _Draft(cast.pays_and_bounces, day(-9), bounced, receipts=(Receipt(day(3), bounced, "debit", day(15)),))
    half = 2 * sum_()
    yield _Draft(cast.pays_half, day(-11), half, receipts=(Receipt(day(4), half // 2),))
    yield _Draft(cast.has_no_address, day(-8), sum_())
    yield _Draft(cast.owes_little, day(-30), 390)
    yield _Draft(cast.owes_in_two_currencies, day(-13), sum_())
    yield _Draft(cast.owes_in_two_currencies, day(-6), sum_(), "CHF")
    for offset in (-48, -41, -34, -20, -6, 2):
        yield _Draft(cast.owes_often, day(offset), sum_())
    yield _Draft(cast.is_cancelled, day(-7), sum_(), cancelled_on=day(7))


def _of_others(customer: str, start: date, days: int, draw: Random) -> Iterator[_Draft]:
    """One to three invoices, due from six weeks before the story to its end; what was paid before is not told."""
    habit = draw.choice(("prompt", "prompt", "slow", "slow", "slow", "never"))
    for _ in range(draw.randrange(1, 4)):
        due_on = start + timedelta(days=draw.randrange(-42, max(days, 1)))
        amount = draw.randrange(2_000, 180_000)
        late = {"prompt": draw.randrange(-3, 3), "slow": draw.randrange(4, 40), "never": 10_000}[habit]
        paid_on = working(due_on + timedelta(days=late))
        if habit == "never":
            yield _Draft(customer, due_on, amount)
        elif paid_on > start:
            yield _Draft(customer, due_on, amount, receipts=(Receipt(paid_on, amount),))
