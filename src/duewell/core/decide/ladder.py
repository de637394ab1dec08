"""The ladder: which step is next for one receivable, and the day on which it falls due.

Page: docs/algorithms/stages.md.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duewell.core.agree.holds import held_minor
from duewell.core.decide import conditions
from duewell.core.decide.values import Case, Item, Step, Strategy

OFFSET = "offset"
SPACING = "spacing"
GRACE = "grace"
DONE = "done"

# Lists use 31 December 9999 for "never": a step after it has no date.
_LATEST = date.max.toordinal()


class Ladder(NamedTuple):
    """The steps of a strategy as they stand for one case on one day."""

    rungs: tuple[tuple[int, int], ...]
    """Stage and offset of every step, whatever its condition: they say which step came before."""
    steps: tuple[Step, ...]
    """The steps whose condition holds."""
    grace_days: int


class Rung(NamedTuple):
    """Where one receivable stands: its next step and the day that step falls due, holds left aside.

    A day is a proleptic Gregorian ordinal (`date.toordinal`), which is what the arithmetic is done in.
    """

    step: Step | None
    """None where no step is left."""
    day: int
    because: str
    """Which rule set the day: `offset` from the due date, `spacing` from the step before, `grace`; or `done`."""
    dropped: tuple[Step, ...]
    """Steps before the due date that would land after it."""

    def has_come(self, today: int) -> bool:
        """Has the step fallen due by this day?"""
        return self.step is not None and self.day <= today


def ladder(case: Case, strategy: Strategy, day: date) -> Ladder:
    """The ladder of a case on a day: a step whose condition fails is left out, and the next one counts."""
    steps = strategy.steps
    if any(step.condition is not None for step in steps):
        due = conditions.due_balances(case, day) if conditions.steps_read_balances(strategy) else {}
        steps = tuple(
            [step for step in steps if step.condition is None or conditions.is_for(step.condition, case, due)]
        )
    return Ladder(tuple([(step.stage, step.offset_days) for step in strategy.steps]), steps, strategy.grace_days)


def next_rung(item: Item, ladder: Ladder, today: int) -> Rung:
    """The next step of one receivable and its day, as things stand on `today`.

    The first step above the stage reached falls due on the latest of

    * the due date and its offset,
    * the day the stage was reached and the distance to the step before (the highest one not above the stage),
    * for a step after the due date, the first day after the grace days.

    A step before the due date whose day, or today, is after the due date is dropped, and the next one counts.
    Days of holds are the caller's: see `falls_on`.
    """
    reached = item.reached
    due = item.due_on.toordinal()
    distance: int | None = None
    if item.reached_on is not None:
        for stage, offset in ladder.rungs:
            if stage > reached:
                break
            distance = item.reached_on.toordinal() - offset
    dropped: tuple[Step, ...] = ()
    for step in ladder.steps:
        if step.stage <= reached:
            continue
        offset = step.offset_days
        day, because = due + offset, OFFSET
        if distance is not None and distance + offset > day:
            day, because = distance + offset, SPACING
        if offset < 0:
            if day > due or today > due:
                dropped += (step,)
                continue
        elif offset > 0 and due + ladder.grace_days >= day:
            day, because = due + ladder.grace_days + 1, GRACE
        return Rung(step, day, because, dropped)
    return Rung(None, 0, DONE, dropped)


def falls_on(item: Item, ladder: Ladder, today: int) -> int | None:
    """The first day after `today` on which a step has fallen due and the receivable is not held as a whole.

    The ladder is taken to stay as it is. None where no step is left, a living claim stands in the way, or a
    hold has no known end.
    """
    if is_claimed(item):
        return None
    due = item.due_on.toordinal()
    day = today + 1
    while True:
        rung = next_rung(item, ladder, day)
        if rung.step is None:
            return None
        start = max(day, rung.day)
        if start > _LATEST:
            return None
        free = _free_from(item, start)
        if free is None:
            return None
        if rung.step.offset_days >= 0 or free <= due:
            return free
        # Held until after the due date: the step before it is dropped, the next one counts.
        day = free


def as_date(day: int) -> date:
    """The date of an ordinal; one beyond the calendar becomes its first or last day."""
    return date.fromordinal(min(max(day, 1), _LATEST))


def is_claimed(item: Item) -> bool:
    """Does a living claim already hold a stage above the one reached? It cannot be claimed twice."""
    return item.claimed is not None and item.claimed > item.reached


def is_held(item: Item, day: date) -> bool:
    """Is nothing of the receivable left to ask for on this day?"""
    return bool(item.holds) and held_minor(item.holds, item.open_minor, day) >= item.open_minor


def _free_from(item: Item, start: int) -> int | None:
    """The first day from `start` on which something of the receivable is not held."""
    if not item.holds:
        return start
    day = date.fromordinal(start)
    while is_held(item, day):
        ends = [free for hold in item.holds if hold.active_on(day) and (free := hold.free_from()) is not None]
        if not ends:
            return None
        day = min(ends)
    return day.toordinal()
