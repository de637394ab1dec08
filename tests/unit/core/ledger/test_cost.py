"""One account can have many thousands of items and payments: money costs in proportion to both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from duewell.core.ledger.allocate import Claim, Policy, Queue
from duewell.core.ledger.explain import Fall, Shown, Sum, explain
from duewell.core.units.money import Money
from tests.steps import Id, steps

FEW, MANY = 2000, 4000
# `proportional` puts each payment on every invoice: what comes out is itself payments times invoices.
IN_TURN = [policy for policy in Policy if policy is not Policy.PROPORTIONAL]
DAY_ONE = date(2020, 1, 1)

Account = tuple[list[Shown], list[Sum]]


def on(day: int) -> date:
    return DAY_ONE + timedelta(days=day)


def item(id: int, opened: int | None = None, falls: tuple[Fall, ...] = (), disputed: int = 0) -> Shown:
    opened_on = None if opened is None else on(opened)
    return Shown(Id(id), on(id * 7 % 200), "EUR", 100 + id % 10, opened_on, falls, disputed)


def paid(id: int, day: int, amount: int = 95, *, named: tuple[int, ...] = (), kept: tuple[int, ...] = ()) -> Sum:
    kept_there = tuple((Id(receivable), amount) for receivable in kept)
    return Sum(f"payment:{id}", on(day), amount, tuple(map(Id, named)), kept_there)


def _open(count: int) -> Account:
    return [item(id) for id in range(count)], [paid(id, id % 90) for id in range(count)]


def _disputed(count: int) -> Account:
    return [item(id, disputed=id % 3 * 60) for id in range(count)], [paid(id, id % 90) for id in range(count)]


def _disputed_later(count: int) -> Account:
    items = [item(id, disputed=100 + id % 10) for id in range(count)]
    return items, [paid(id, id % 90, 40, kept=(id, (id + 1) % count)) for id in range(count)]


def _fallen_on_many_days(count: int) -> Account:
    items = [item(id, falls=(Fall(on(id), 50),)) for id in range(count)]
    return items, [paid(id, id * 7 % count) for id in range(count)]


def _fallen_on_one_day(count: int) -> Account:
    return [item(id, falls=(Fall(on(9), 50),)) for id in range(count)], [paid(id, id % 9) for id in range(count)]


def _one_item_fallen_often(count: int) -> Account:
    falls = tuple(Fall(on(day), 30) for day in range(count))
    return [item(0, falls=falls)], [paid(id, id * 7 % count, 31, named=(0,)) for id in range(count)]


def _named(count: int) -> Account:
    items = [item(id, opened=50, falls=(Fall(on(60), 40),)) for id in range(count)]
    return items, [paid(id, id % 90, named=(id, (id + 1) % count)) for id in range(count)]


def _known_from_one_list(count: int) -> Account:
    return [item(id, opened=50) for id in range(count)], [paid(id, id % 40, 105) for id in range(count)]


def _known_from_many_lists(count: int) -> Account:
    items = [item(id, opened=id % 500 if id else None, disputed=id % 3 * 60) for id in range(count)]
    return items, [paid(id, id * 7 % 500) for id in range(count)]


def _each_would_pay_everything(count: int) -> Account:
    items = [item(id, opened=50) for id in range(count)]
    whole = sum(each.shown_minor for each in items)
    last = paid(count, 41, items[-1].shown_minor, named=(count - 1,))
    return items, [last, *(paid(id, id % 40, whole) for id in range(count))]


def _more_than_was_missing(count: int) -> Account:
    # What was plainly not in the first list of what it names may go to items that were known only later.
    known = [item(id) for id in range(0, count, 2)]
    later = [item(id, opened=500) for id in range(1, count, 2)]
    others = [item(count + id, opened=500 + id % 500, disputed=id % 3 * 60) for id in range(count)]
    money = [paid(each.receivable, 100, 50, named=(each.receivable,)) for each in known]
    for one, other in zip(known, later, strict=True):
        named = (one.receivable, other.receivable)
        money.append(paid(other.receivable, 200, one.shown_minor + other.shown_minor, named=named))
    return [*known, *later, *others], money


SITUATIONS: dict[str, Callable[[int], Account]] = {
    "open": _open,
    "disputed": _disputed,
    "disputed after they were paid": _disputed_later,
    "fallen on many days": _fallen_on_many_days,
    "fallen on one day": _fallen_on_one_day,
    "one item fallen often": _one_item_fallen_often,
    "named": _named,
    "known from one list": _known_from_one_list,
    "known from many lists": _known_from_many_lists,
    "each would pay everything": _each_would_pay_everything,
    "more than was missing": _more_than_was_missing,
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_explaining_costs_in_proportion_to_items_and_money(situation):
    made = SITUATIONS[situation]
    few, many = (_cost_of_explaining(*made(count), Policy.OLDEST_DUE) for count in (FEW, MANY))
    assert many < 2.5 * few


@pytest.mark.parametrize("policy", IN_TURN[1:])
def test_explaining_costs_in_proportion_with_every_policy(policy):
    few, many = (_cost_of_explaining(*_known_from_many_lists(count), policy) for count in (FEW, MANY))
    assert many < 2.5 * few


@pytest.mark.parametrize("policy", IN_TURN)
def test_a_queue_costs_in_proportion_to_invoices_and_sums(policy):
    few, many = (_cost_of_allocating(count, policy) for count in (FEW, MANY))
    assert many < 2.5 * few


def _cost_of_explaining(items: list[Shown], money: list[Sum], policy: Policy) -> int:
    return steps(lambda: explain(items, money, policy))


def _cost_of_allocating(count: int, policy: Policy) -> int:
    claims = [Claim(Id(id), on(id * 7 % 200), "EUR", 100 + id % 10, id % 3 * 60) for id in range(count)]

    def act() -> None:
        queue = Queue(claims, policy)
        for id in range(count):
            queue.allocate(Money(45, "EUR"), (Id(id),) if id % 10 == 0 else ())

    return steps(act)
