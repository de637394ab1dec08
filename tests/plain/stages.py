"""Stages, plainly: each rule of the page on stages as a yes or no about one day, days walked one by one.

Slow and short on purpose. It shares only the values with the core, none of its functions.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from duewell.core.agree.holds import RESUMES_BY_ITSELF, Hold, HoldKind
from duewell.core.decide.values import Case, Condition, Item, Step, Strategy

ONE_DAY = timedelta(days=1)
GRAVEST_FIRST = (
    (HoldKind.DEATH, "deceased"),
    (HoldKind.INSOLVENCY, "insolvent"),
    (HoldKind.REPRESENTATION, "represented"),
    (HoldKind.HARDSHIP, "hardship"),
    (HoldKind.DISPUTE, "disputed"),
    (HoldKind.MISSING_FROM_EXPORT, "missing_from_export"),
    (HoldKind.OTHER, "held"),
    (HoldKind.PROMISE, "promised"),
    (HoldKind.GRACE, "grace"),
)


def holds_on(hold: Hold, day: date) -> bool:
    """Does this hold stand on the day? Ends are first free days."""
    if hold.starts_on > day or (hold.ended_on is not None and day >= hold.ended_on):
        return False
    return not (hold.kind in RESUMES_BY_ITSELF and hold.until_on is not None and day >= hold.until_on)


def asked_of(item: Item, day: date) -> int:
    """What of an item may be asked for on the day."""
    asked = item.open_minor
    for hold in item.holds:
        if holds_on(hold, day):
            asked -= item.open_minor if hold.amount_minor is None else hold.amount_minor
    return max(0, asked)


def balance(case: Case, currency: str, day: date) -> int:
    """What is due in a currency, credits taken off."""
    due = sum(asked_of(item, day) for item in case.items if item.currency == currency and item.due_on <= day)
    return max(0, due - sum(minor for named, minor in case.credits if named == currency))


def is_for(condition: Condition | None, case: Case, day: date) -> bool:
    """Does the condition hold for the case on the day?"""
    if condition is None:
        return True
    for wanted, own in (
        (condition.kinds, case.kind),
        (condition.countries, case.country),
        (condition.segments, case.segment),
    ):
        if wanted is not None and own not in wanted:
            return False
    reaches = [balance(case, currency, day) >= minor for currency, minor in condition.balance_at_least]
    if reaches and True not in reaches:
        return False
    return False not in [balance(case, currency, day) < minor for currency, minor in condition.balance_below]


def has_come(item: Item, step: Step, strategy: Strategy, day: date) -> bool:
    """Has this step of the item fallen due by the day, holds aside?"""
    if (day - item.due_on).days < step.offset_days:
        return False
    if step.offset_days > 0 and (day - item.due_on).days <= strategy.grace_days:
        return False
    before = [other for other in strategy.steps if other.stage <= item.reached]
    if before and item.reached_on is not None:
        return (day - item.reached_on).days >= step.offset_days - before[-1].offset_days
    return True


def next_step(item: Item, case: Case, strategy: Strategy, day: date) -> Step | None:
    """The step that counts on the day: the first above the one reached that is for the case and not dropped."""
    for step in strategy.steps:
        if step.stage > item.reached and is_for(step.condition, case, day):
            landing = max(day, item.due_on + timedelta(days=step.offset_days))
            while not has_come(item, step, strategy, landing):
                landing += ONE_DAY
            if step.offset_days < 0 and landing > item.due_on:
                continue
            return step
    return None


def decide(case: Case, strategy: Strategy, day: date) -> dict[str, Any]:
    """`{"rule": word}` for a rest; else the stage, what advances, the lines and the sums."""
    if not case.items:
        return {"rule": "paid"}
    for kind, word in GRAVEST_FIRST:
        if any(hold.kind == kind and holds_on(hold, day) for hold in case.holds):
            return {"rule": word}
    if case.in_flight is not None:
        return {"rule": "in_flight"}

    steps = {item.id: next_step(item, case, strategy, day) for item in case.items}
    came = [item for item in case.items if (step := steps[item.id]) and has_come(item, step, strategy, day)]
    claimed = [item for item in case.items if item.claimed is not None and item.claimed > item.reached]
    asked = [item for item in case.items if asked_of(item, day) > 0]
    falling = [item for item in came if item in asked and item not in claimed]
    if not falling:
        return {"rule": _why_nothing_falls(case, strategy, day, steps, came, [i for i in claimed if i in asked])}

    listed = sorted(
        (item for item in asked if item.due_on <= day or item in falling), key=lambda item: (item.due_on, item.id)
    )
    credit = dict(case.credits)
    sums: dict[str, list[int]] = {}
    uncovered = []
    for item in listed:
        total = sums.setdefault(item.currency, [0, 0])
        part = min(credit.get(item.currency, 0), asked_of(item, day))
        credit[item.currency] = credit.get(item.currency, 0) - part
        total[0] += asked_of(item, day)
        total[1] += part
        if part < asked_of(item, day):
            uncovered.append(item)
    least = dict(strategy.minimum_minor)
    enough = [currency for currency, (all, paid) in sums.items() if all - paid >= max(1, least.get(currency, 1))]
    moving = [item for item in falling if item in uncovered and item.currency in enough]
    if not moving:
        poor = any(
            item.currency not in enough and sums[item.currency][0] > sums[item.currency][1] for item in falling
        )
        return {"rule": "below_minimum" if poor else "credited"}

    message = max((steps[item.id] for item in moving), key=lambda step: step.stage)  # type: ignore[union-attr]
    assert message is not None
    if case.last_message_on is not None and (day - case.last_message_on).days < max(1, strategy.least_gap_days):
        return {"rule": "least_gap"}
    if message.business_days_only and (day.weekday() in case.calendar.weekend or day in case.calendar.holidays):
        return {"rule": "not_business_day"}
    reachable = [channel for channel in message.channels if channel in [one.channel for one in case.recipients]]
    if not reachable:
        return {"rule": "no_address"}
    if case.books_too_old:
        return {"rule": "books_too_old"}
    if case.reviews:
        return {"rule": "review_open"}
    if case.missing:
        return {"rule": "missing_" + case.missing[0].replace(".", "_")}
    moves_in = {item.currency for item in moving}
    due_in = {item.currency for item in listed if item.due_on <= day}
    shown = {currency for currency, (all, paid) in sums.items() if all > paid and currency in moves_in | due_in}
    return {
        "stage": message.stage,
        "tone": message.tone,
        "channel": reachable[0],
        "others": reachable[1:],
        "copies": copies(case, message),
        "advances": {item.id: steps[item.id].stage for item in moving},  # type: ignore[union-attr]
        "lines": [(item.id, asked_of(item, day)) for item in listed if item.currency in shown],
        "nets": {currency: tuple(sums[currency]) for currency in shown},
    }


def copies(case: Case, step: Step) -> list[tuple[str, int, str]]:
    """Role, party and channel of everybody who gets the message too."""
    told: list[tuple[str, int, str]] = []
    for role in step.copies:
        for participant in case.participants:
            (party,) = {one.party for one in participant.recipients}
            if participant.role != role or party in [case.recipients[0].party, *(seen for _, seen, _ in told)]:
                continue
            readable = [channel for channel in step.channels if channel != "call"]
            reached = [
                channel for channel in readable if channel in [one.channel for one in participant.recipients]
            ]
            if reached:
                told.append((role, party, reached[0]))
    return told


def _why_nothing_falls(
    case: Case,
    strategy: Strategy,
    day: date,
    steps: dict[Any, Step | None],
    came: list[Item],
    claimed: list[Item],
) -> str:
    for kind, word in GRAVEST_FIRST:
        if any(hold.kind == kind and holds_on(hold, day) for item in _held(came, day) for hold in item.holds):
            return word
    if claimed:
        return "in_flight"
    waiting = [item for item in case.items if steps[item.id] is not None]
    if any(_only_grace_stands_between(item, steps[item.id], strategy, day) for item in waiting):
        return "grace"
    if waiting:
        return "not_yet"
    for item in case.items:
        above = [
            step for step in strategy.steps if step.stage > item.reached and is_for(step.condition, case, day)
        ]
        if above:
            return "upcoming_passed"
    return "ladder_done"


def _held(items: list[Item], day: date) -> list[Item]:
    return [item for item in items if asked_of(item, day) == 0]


def _only_grace_stands_between(item: Item, step: Step | None, strategy: Strategy, day: date) -> bool:
    """The offset has come, and the grace days end later than the distance to the step before."""
    assert step is not None
    if (day - item.due_on).days < step.offset_days or has_come(item, step, strategy, day):
        return False
    without_grace = strategy._replace(grace_days=0)
    last_day_of_grace = item.due_on + timedelta(days=strategy.grace_days)
    return step.offset_days > 0 and has_come(item, step, without_grace, last_day_of_grace)
