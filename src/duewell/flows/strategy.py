"""Strategy: check a file, and say in words and as data what a strategy does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from duewell.core.decide.values import Condition, Step, Strategy
from duewell.core.decide.wording import amount, days


class Finding(NamedTuple):
    """Something wrong in a file, by line and column (from 1), and what to do."""

    file: str
    line: int
    column: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.problem}: {self.remedy}"


Read = Callable[[bytes, str], Strategy | Sequence[Finding]]
"""From the bytes of a file and its name to the strategy, or to what is wrong with it."""


class Checked(NamedTuple):
    """What a check found. With findings there is no strategy; remarks are no reason not to use it."""

    strategy: Strategy | None
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]


def check(content: bytes, file: str, read: Read) -> Checked:
    """Read a strategy file and say everything that is wrong with it, or what may surprise."""
    found = read(content, file)
    if isinstance(found, Strategy):
        return Checked(found, (), tuple(remarks(found)))
    return Checked(None, tuple(found), ())


def remarks(strategy: Strategy) -> list[str]:
    """What the numbers of a strategy do to one another, where it may surprise."""
    said = []
    for step in strategy.steps:
        if 0 < step.offset_days <= strategy.grace_days:
            said.append(
                f"{step.stage.key} is set {days(step.offset_days)} after the due date, but the "
                f"{days(strategy.grace_days)} of grace let it come after {days(strategy.grace_days + 1)}"
            )
    for before, after in pairwise(strategy.steps):
        distance = after.offset_days - before.offset_days
        if distance < strategy.least_gap_days:
            said.append(
                f"{after.stage.key} follows {before.stage.key} after {days(distance)}, but the least gap between "
                f"messages lets it come after {days(strategy.least_gap_days)}"
            )
    return said


def told(strategy: Strategy) -> dict[str, object]:
    """The strategy as data: the fields of its file, amounts in minor units."""
    return {
        "strategy": strategy.key,
        "title": strategy.title,
        "digest": strategy.digest,
        "for": _condition(strategy.condition),
        "grace_days": strategy.grace_days,
        "minimum": dict(strategy.minimum_minor),
        "least_gap_days": strategy.least_gap_days,
        "steps": [
            {
                "stage": step.stage.key,
                "offset_days": step.offset_days,
                "channels": list(step.channels),
                "tone": step.tone,
                "business_days_only": step.business_days_only,
                "for": None if step.condition is None else _condition(step.condition),
            }
            for step in strategy.steps
        ],
    }


def lines(strategy: Strategy) -> list[str]:
    """The strategy in words, one line a step."""
    least = ", ".join(amount(minor, currency) for currency, minor in strategy.minimum_minor) or "any amount"
    return [
        f"{strategy.key}: {strategy.title}",
        f"  for          {_for(strategy.condition)}",
        f"  grace        {days(strategy.grace_days)} after the due date",
        f"  minimum      {least}",
        f"  least gap    {days(strategy.least_gap_days)} between messages",
        *(f"  {step.stage.key:<12} {_step(step)}" for step in strategy.steps),
    ]


def _condition(condition: Condition) -> dict[str, object]:
    def words(given: frozenset[str] | None) -> list[str] | None:
        return None if given is None else sorted(given)

    return {
        "kinds": words(condition.kinds),
        "countries": words(condition.countries),
        "segments": words(condition.segments),
        "balance_at_least": dict(condition.balance_at_least),
        "balance_below": dict(condition.balance_below),
    }


def _for(condition: Condition) -> str:
    parts = [
        f"{name} {' or '.join(sorted(given))}"
        for name, given in (
            ("kind", condition.kinds),
            ("country", condition.countries),
            ("segment", condition.segments),
        )
        if given is not None
    ]
    if condition.balance_at_least:
        parts.append(
            "at least " + " or ".join(amount(minor, currency) for currency, minor in condition.balance_at_least)
        )
    if condition.balance_below:
        parts.append(
            "below " + " and ".join(amount(minor, currency) for currency, minor in condition.balance_below)
        )
    return "; ".join(parts) or "every account"


def _step(step: Step) -> str:
    offset = step.offset_days
    when = (
        "on the due date" if not offset else f"{days(abs(offset))} {'before' if offset < 0 else 'after'} it is due"
    )
    parts = [
        when,
        "by " + ", else ".join(step.channels),
        f"{step.tone} words" if step.tone else "words in the creditor's tone",
    ]
    if step.business_days_only:
        parts.append("on business days")
    if step.condition is not None:
        parts.append(f"for {_for(step.condition)}")
    return ", ".join(parts)
