"""One account can have many thousands of invoices and payments: booking them costs in proportion to both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duewell.core.ledger.allocate import Claim, Policy
from tests.steps import Id, steps

FEW, MANY = 2000, 4000
DAY_ONE = date(2020, 1, 1)
KINDS = {
    "payments": lambda id: (f"payment:{id}", ""),
    "payments with a name": lambda id: (f"payment:{id}", f"INV-{id * 7 % 5000}\nINV-{id}"),
    "credit notes": lambda id: (f"credit:{id}", ""),
}


@pytest.mark.parametrize("kind", KINDS)
def test_fresh_money_costs_in_proportion(kind, monkeypatch):
    few, many = (_cost(count, kind, Policy.OLDEST_DUE, monkeypatch) for count in (FEW, MANY))
    assert many < 2.5 * few


@pytest.mark.parametrize("policy", [Policy.NEWEST_DUE, Policy.LARGEST, Policy.SMALLEST])
def test_fresh_money_costs_in_proportion_with_every_policy(policy, monkeypatch):
    # But for `proportional`, which puts each payment on every invoice.
    few, many = (_cost(count, "payments", policy, monkeypatch) for count in (FEW, MANY))
    assert many < 2.5 * few


def _cost(count: int, kind: str, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of booking so many sums where the database knows so many open invoices, some of them disputed."""
    from duewell.store import booking, books

    claims = {
        Id(id): Claim(Id(id), DAY_ONE + timedelta(days=id * 7 % 200), "EUR", 100 + id % 10, id % 3 * 60)
        for id in range(count)
    }
    known = books.Open(
        {(1, "EUR"): claims}, dict.fromkeys(claims, DAY_ONE), {}, {1: {f"INV-{id}": id for id in claims}}
    )
    monkeypatch.setattr(books, "open_claims", lambda accounts, as_of: known)
    arrived = []
    for id in range(count):
        key, named = KINDS[kind](id)
        arrived.append(booking.Arrived(key, 1, "EUR", 95, DAY_ONE + timedelta(days=id % 90), named))
    return steps(lambda: booking.money(arrived, policy, lambda at: at.date(), DAY_ONE))
