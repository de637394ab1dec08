"""Simulated: what came out of a simulation as plain values, each total with how sure it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, TypeVar

from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.learn.estimate import Estimate, Sampled, estimate
from duewell.core.ledger.aging import BUCKETS
from duewell.flows.habits import Habits
from duewell.flows.simulate import BEFORE, CASH, LEFT, MESSAGE, REFUSED, REVIEW, Key, Simulated, Totals

_Name = TypeVar("_Name")

REGULAR: Final = 100
"""Up to this strength, in hundredths of an invoice, one paid invoice of its own tells more than all others do."""

NO_EFFECT: Final = (
    "A reminder changes nothing about when a customer pays. Reminders go to those who are late, so past payments"
    " alone cannot tell what a reminder did; cash is therefore the same under both strategies."
)
ASSUMED: Final = (
    NO_EFFECT,
    "Customers pay as they did: each like its own past, and the less is known of it the more like its segment and"
    " the book.",
    "Each invoice is paid on one day and in full, and by itself: nobody pays a part, or several together.",
    "What is held for a dispute or another reason that no day ends is not paid and not asked for.",
    "No new invoices come, no new promises, disputes or stops, and the lists of open items keep coming.",
    "Every message leaves on its day and is accepted; questions to a person stay unanswered.",
    "Nothing is expected of an invoice that is more than a year late.",
)


def told(found: Simulated, sampled: Sampled, as_of: date, days: int) -> dict[str, Any]:
    """Both sides of a simulation, amounts in minor units by currency.

    Args:
        sampled: persons looked at, of how many.
    """
    start: dict[str, dict[str, int]] = {}
    for (_, currency, of_age), minor in sorted(found.start.items()):
        line = start.setdefault(currency, dict.fromkeys(BUCKETS, 0))
        line[of_age] = round(minor * sampled.scale)
    for line in start.values():
        line["total"] = sum(line.values())
    named = [(as_of + timedelta(days=number)).isoformat() for number in range(days)]
    return {
        "open_today": start,
        "present": _side(found.present, sampled, start, named),
        "changed": _side(found.changed, sampled, start, named),
    }


def habits_told(habits: Habits) -> dict[str, Any]:
    """What was learned, as data: strengths are in hundredths of an invoice."""
    return {
        "customers": habits.customers,
        "invoices": habits.invoices,
        "regular_percent": sum(share for strength, share in habits.mixture.items() if strength <= REGULAR),
        "mixture": {str(strength): share for strength, share in habits.mixture.items()},
        "segment_strength_hundredths": habits.segment_strength,
        "segments": len(habits.of_segment),
    }


def adding_up(parts: dict[_Name, int], whole: int) -> dict[_Name, int]:
    """The parts, with what rounding left over in the largest of them, so that they add up to the whole."""
    left = whole - sum(parts.values())
    if not left or not parts:
        return parts
    largest = max(parts, key=lambda name: parts[name])
    return {**parts, largest: parts[largest] + left}


def _side(totals: Totals, sampled: Sampled, start: dict[str, dict[str, int]], days: list[str]) -> dict[str, Any]:
    messages = _estimate(totals, (MESSAGE,), sampled)
    of_steps = [key for key in totals.sums if key[0] == MESSAGE and len(key) > 1]
    by_step = {key[2:]: _estimate(totals, key, sampled) for key in sorted(of_steps) if not key[1]}
    means = adding_up({step: found.mean for step, found in by_step.items()}, messages.mean)
    messages_on: dict[str, dict[str, dict[str, int]]] = {}
    for step, whole in means.items():
        of_days = {key[1]: _estimate(totals, key, sampled).mean for key in of_steps if key[1] and key[2:] == step}
        for day, count in adding_up(of_days, whole).items():
            messages_on.setdefault(day, {}).setdefault(step[0], {})[step[1]] = count
    cash: dict[str, dict[str, int]] = {}
    cash_on: dict[str, dict[str, int]] = {}
    at_end: dict[str, dict[str, int]] = {}
    for currency, line in start.items():
        found = _estimate(totals, (CASH, "", currency), sampled)
        before = _estimate(totals, (BEFORE, currency), sampled).mean
        cash[currency] = {**found._asdict(), "before_any_message": before, "after_a_message": found.mean - before}
        of_days = {
            key[1]: _estimate(totals, key, sampled).mean
            for key in totals.sums
            if key[0] == CASH and key[1] and key[2] == currency
        }
        for day, minor in adding_up(of_days, found.mean).items():
            cash_on.setdefault(day, {})[currency] = minor
        left = line["total"] - found.mean
        ages = {age: _estimate(totals, (LEFT, currency, age), sampled).mean for age in BUCKETS}
        at_end[currency] = {**adding_up(ages, left), "total": left}
    return {
        "messages": {
            "total": messages._asdict(),
            "by_stage": {
                stage: {
                    channel: by_step[named, channel]._replace(mean=means[named, channel])._asdict()
                    for named, channel in by_step
                    if named == stage
                }
                for stage in STAGE_KEYS.values()
                if any(named == stage for named, _ in by_step)
            },
        },
        "refused": _by_rule(totals, REFUSED, sampled),
        "review": _by_rule(totals, REVIEW, sampled),
        "cash": cash,
        "open_at_end": at_end,
        "days": [
            {"on": day, "messages": messages_on.get(day, {}), "cash": cash_on.get(day, {})}
            for day in days
            if day in messages_on or day in cash_on
        ],
    }


def _by_rule(totals: Totals, kind: str, sampled: Sampled) -> dict[str, dict[str, int]]:
    keys = sorted(key for key in totals.sums if key[0] == kind and len(key) > 1)
    return {key[1]: _estimate(totals, key, sampled)._asdict() for key in keys}


def _estimate(totals: Totals, key: Key, sampled: Sampled) -> Estimate:
    if key not in totals.sums:
        return Estimate(0, 0, 0, 0)
    whole, squares = totals.units[key]
    draws = totals.draws
    return estimate(totals.sums[key], whole / draws, squares / draws**2, sampled)
