"""Choose: which of the creditor's strategies is for a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duewell.core.decide import conditions, rules, until
from duewell.core.decide.values import Case, Reason, Rest, Strategy


def choose(case: Case, strategies: Sequence[Strategy], as_of: date) -> Strategy | Rest:
    """The strategy the account was given by hand, else the first whose condition holds, else a `Rest`.

    Args:
        strategies: those of the creditor in its order; a strategy given by hand must be among them, and its own
            condition is not asked.
    """
    if case.strategy:
        for strategy in strategies:
            if strategy.key == case.strategy:
                return strategy
        return _no_strategy(
            case, f"The account was given the strategy {case.strategy}, which its creditor does not have.", None
        )
    reads_balances = any(conditions.reads_balances(strategy.condition) for strategy in strategies)
    due = conditions.due_balances(case, as_of) if reads_balances else {}
    for strategy in strategies:
        if conditions.is_for(strategy.condition, case, due):
            return strategy
    names = ", ".join(strategy.key for strategy in strategies) or "it has none"
    return _no_strategy(
        case,
        f"None of the creditor's strategies is for this account: {names}.",
        changes_on(case, strategies, as_of),
    )


def changes_on(case: Case, strategies: Sequence[Strategy], as_of: date) -> date | None:
    """The first later day on which another strategy is chosen if nothing else happens; None where none is.

    Kind, country and segment do not change by themselves, but what is due does.
    """
    if case.strategy or not any(conditions.reads_balances(strategy.condition) for strategy in strategies):
        return None
    present = _first(case, strategies, as_of)
    return until.balances_change(case, as_of, lambda day: _first(case, strategies, day) is not present)


def _first(case: Case, strategies: Sequence[Strategy], on: date) -> Strategy | None:
    due = conditions.due_balances(case, on)
    return next((strategy for strategy in strategies if conditions.is_for(strategy.condition, case, due)), None)


def _no_strategy(case: Case, text: str, changes: date | None) -> Rest:
    return Rest(case.account, (Reason(rules.NO_STRATEGY, text, "creditor, strategies", changes),))
