"""Situation: where one invoice stands, beside what is told to its account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duewell.core.agree.holds import Hold
from duewell.core.decide import ladder
from duewell.core.decide.choose import choose
from duewell.core.decide.ladder import as_date
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Case, Item, Rest
from duewell.core.decide.wording import amount, day
from duewell.core.ledger import statement
from duewell.core.ledger.entries import Entry
from duewell.core.units.ids import ReceivableId
from duewell.flows.coming import Flight
from duewell.flows.decide_accounts import World


class Booked(NamedTuple):
    """What one entry did to the invoice: above zero it became more, below zero less."""

    entry: int
    on: date
    kind: str
    amount_minor: int


class Situation(NamedTuple):
    """One invoice on a day. `next_stage` and `next_on` leave account, credit and minimum aside: they tell its own
    step; None where no step is left, or where only somebody can end what holds it.
    """

    item: Item
    is_open: bool
    next_stage: Stage | None
    next_on: date | None
    holds: tuple[Hold, ...]
    """Those of the invoice that are in force on the day."""
    claimed_by: str | None
    """The message that takes it to `item.claimed`."""
    entries: tuple[Booked, ...]
    text: str


def situation(world: World, case: Case, item: Item, flight: Flight | None, entries: Sequence[Entry]) -> Situation:
    """Where an invoice of the case stands on `world.as_of`.

    Args:
        item: as it stands in the case; where nothing is open, as it stands in the book.
        entries: those that moved it, oldest first.
    """
    on = world.as_of
    stage, next_on = _next(world, case, item, on) if item.open_minor > 0 else (None, None)
    holds = tuple([hold for hold in item.holds if hold.active_on(on)])
    claimed_by = flight.message if flight is not None and item.claimed is not None else None
    booked = tuple([_booked(entry, item.id) for entry in entries])
    text = " ".join(_sentences(item, stage, next_on, holds, claimed_by, on))
    return Situation(item, item.open_minor > 0, stage, next_on, holds, claimed_by, booked, text)


def _next(world: World, case: Case, item: Item, on: date) -> tuple[Stage | None, date | None]:
    strategy = choose(case, world.strategies, on)
    if isinstance(strategy, Rest):
        return None, None
    climb = ladder.ladder(case, strategy, on)
    today = on.toordinal()
    rung = ladder.next_rung(item, climb, today)
    if rung.step is None:
        return None, None
    if rung.has_come(today) and not ladder.is_held(item, on) and not ladder.is_claimed(item):
        return rung.step.stage, as_date(rung.day)
    falls = ladder.falls_on(item, climb, today)
    if falls is None:
        return rung.step.stage, None
    later = ladder.next_rung(item, climb, falls)
    assert later.step is not None, "a step falls due on that day"
    return later.step.stage, as_date(falls)


def _booked(entry: Entry, receivable: ReceivableId) -> Booked:
    sign = 1 if entry.to_receivable == receivable else -1
    return Booked(entry.id, entry.effective_on, statement.kind(entry), sign * entry.amount_minor)


def _sentences(
    item: Item, stage: Stage | None, next_on: date | None, holds: Sequence[Hold], claimed_by: str | None, on: date
) -> list[str]:
    if item.open_minor > 0:
        found = [f"Of {item.number}, due on {day(item.due_on)}, {amount(item.open_minor, item.currency)} is open."]
    else:
        found = [f"Nothing of {item.number}, due on {day(item.due_on)}, is open."]
    if item.reached and item.reached_on is not None:
        found.append(f"It reached the stage {item.reached.key} on {day(item.reached_on)}.")
    elif item.reached:
        found.append(f"It has reached the stage {item.reached.key}.")
    else:
        found.append("It has reached no stage.")
    for hold in holds:
        part = "It" if hold.amount_minor is None else f"{amount(hold.amount_minor, item.currency)} of it"
        free = hold.free_from()
        ends = f"until {day(free)}" if free is not None else "until a person ends it"
        found.append(f"{part} is held ({hold.kind.replace('_', ' ')}) {ends}: {hold.reason}")
    if claimed_by is not None and item.claimed is not None:
        found.append(f"A message under way takes it to {item.claimed.key}.")
    elif stage is not None and next_on is not None:
        fell = "fell" if next_on <= on else "falls"
        found.append(f"Its next step, {stage.key}, {fell} due on {day(next_on)}.")
    elif stage is not None:
        found.append(f"Its next step is {stage.key}, once somebody ends the hold.")
    elif item.open_minor > 0:
        found.append("No further step is left for it.")
    return found
