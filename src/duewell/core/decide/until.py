"""Until: the first day on which a rest can change if nothing else happens.

Between two events of the receivables (a due date, a step, the start or end of a hold) nothing about them
changes, so asking again on the days of the events is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from duewell.core.decide import conditions, gates, ladder, netting, selection
from duewell.core.decide.ladder import Ladder, as_date
from duewell.core.decide.selection import Selection
from duewell.core.decide.values import Case, Item, Strategy

# One question costs time in proportion to the items, so a large account is asked on fewer days. The day at which
# asking stops is still a true answer: before it nothing changes.
_ITEMS_ASKED_MAX = 20_000
_DAYS_ASKED_MIN = 4


def something_falls(case: Case, strategy: Strategy, chosen: Selection) -> date | None:
    """The first later day on which a step has fallen due for a receivable that is neither held nor claimed."""
    if conditions.steps_read_balances(strategy):
        return _ask(case, strategy, chosen.on, lambda later: bool(later.fallen))
    today = chosen.on.toordinal()
    days = [
        falls
        for standings in (chosen.waiting, chosen.held)
        for item, _ in standings
        if (falls := ladder.falls_on(item, chosen.ladder, today)) is not None
    ]
    return as_date(min(days)) if days else None


def something_moves(case: Case, strategy: Strategy, on: date) -> date | None:
    """The first later day on which a receivable advances, credits and minimum considered."""
    credits = dict(case.credits)
    open_minor: dict[str, int] = {}
    for item in case.items:
        open_minor[item.currency] = open_minor.get(item.currency, 0) + max(0, item.open_minor)
    if all(
        minor - max(0, credits.get(currency, 0)) < netting.minimum(strategy, currency)
        for currency, minor in open_minor.items()
    ):
        # Even if everything that is open were due: credit covers it, or it is too little.
        return None
    return _ask(case, strategy, on, lambda later: bool(later.moving))


def somebody_is_reached(case: Case, strategy: Strategy, on: date) -> date | None:
    """The first later day on which the step of the message has a channel with a usable address."""
    return _ask(
        case, strategy, on, lambda later: bool(later.moving) and gates.recipient(case, later.step) is not None
    )


def step_may_go(case: Case, strategy: Strategy, on: date) -> date | None:
    """The next business day, or an earlier day on which the message has a step that needs none."""
    business = gates.next_business_day(case.calendar, on)
    other = _ask(
        case, strategy, on, lambda later: bool(later.moving) and not later.step.business_days_only, before=business
    )
    return other or business


def balances_change(case: Case, on: date, changed: Callable[[date], bool]) -> date | None:
    """The first later day on which something is different that hangs on what is due."""
    days: set[int] = set()
    for item in case.items:
        days.add(item.due_on.toordinal())
        _add_holds(item, days)
    return _first(case, days, on, changed)


def _ask(
    case: Case, strategy: Strategy, on: date, changed: Callable[[Selection], bool], before: date | None = None
) -> date | None:
    days: set[int] = set()
    every_step = conditions.steps_read_balances(strategy)
    climb = ladder.ladder(case, strategy, on)
    for item in case.items:
        _add_steps(item, strategy, climb, every_step, days)
        _add_holds(item, days)
    return _first(case, days, on, lambda day: changed(selection.select(case, strategy, day)), before)


def _first(
    case: Case, days: set[int], on: date, changed: Callable[[date], bool], before: date | None = None
) -> date | None:
    today = on.toordinal()
    end = (before or date.max).toordinal()
    left = max(_DAYS_ASKED_MIN, _ITEMS_ASKED_MAX // max(1, len(case.items)))
    for ordinal in sorted([day for day in days if today < day < end]):
        day = date.fromordinal(ordinal)
        left -= 1
        if left < 0 or changed(day):
            return day
    return None


def _add_steps(item: Item, strategy: Strategy, climb: Ladder, every_step: bool, days: set[int]) -> None:
    """The due date, the day after it (steps before it are dropped), and the day of each step that may be next."""
    due = item.due_on.toordinal()
    days.add(due)
    days.add(due + 1)
    if every_step:
        # Which step is next hangs on balances: each may be.
        for step in strategy.steps:
            days.add(ladder.next_rung(item, climb._replace(steps=(step,)), 0).day)
    else:
        days.add(ladder.next_rung(item, climb, 0).day)
        days.add(ladder.next_rung(item, climb, due + 1).day)


def _add_holds(item: Item, days: set[int]) -> None:
    for hold in item.holds:
        days.add(hold.starts_on.toordinal())
        free = hold.free_from()
        if free is not None:
            days.add(free.toordinal())
