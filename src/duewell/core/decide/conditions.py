"""For whom: does a condition hold for a case, and what is due on a day."""

from __future__ import annotations

from datetime import date

from duewell.core.agree.holds import held_minor
from duewell.core.decide.values import Case, Condition, Strategy


def due_balances(case: Case, day: date) -> dict[str, int]:
    """What is due on a day, per currency in minor units.

    Open amounts of the items due by that day, without the parts that are held, less the credits; never below 0.
    A currency in which nothing is due is left out.
    """
    sums: dict[str, int] = {}
    for item in case.items:
        if item.due_on <= day and item.open_minor > 0:
            asked = item.open_minor
            if item.holds:
                asked -= held_minor(item.holds, asked, day)
            sums[item.currency] = sums.get(item.currency, 0) + asked
    for currency, credit_minor in case.credits:
        if currency in sums:
            sums[currency] = max(0, sums[currency] - credit_minor)
    return sums


def is_for(condition: Condition, case: Case, due: dict[str, int]) -> bool:
    """Do all parts of the condition hold?

    `balance_at_least` holds when the balance reaches the amount in any of the named currencies,
    `balance_below` when it stays below in all of them: with the same amounts one is the opposite of the other.

    Args:
        due: what `due_balances` says of the day; may be empty where `reads_balances` is False.
    """
    if condition.kinds is not None and case.kind not in condition.kinds:
        return False
    if condition.countries is not None and case.country not in condition.countries:
        return False
    if condition.segments is not None and case.segment not in condition.segments:
        return False
    if condition.balance_at_least and not any(
        due.get(currency, 0) >= minor for currency, minor in condition.balance_at_least
    ):
        return False
    return all(due.get(currency, 0) < minor for currency, minor in condition.balance_below)


def reads_balances(condition: Condition | None) -> bool:
    """Does the answer hang on what is due, so that it can change with the days?"""
    return condition is not None and bool(condition.balance_at_least or condition.balance_below)


def steps_read_balances(strategy: Strategy) -> bool:
    """Is there a step whose condition can change with the days?"""
    return any(reads_balances(step.condition) for step in strategy.steps)
