"""One account can have twenty thousand invoices: what is asked of it costs in proportion, in every situation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.flows.coming import Flight
from duewell.flows.why import why
from tests.unit.flows.why_world import DAYS, KIND, dispute, item, known, promise, world

FEW, MANY = 150, 600
LATE = date(2026, 3, 1)
SOMEWHERE = date(2026, 2, 1)


def _spread(count: int) -> list[Any]:
    return [item(n, SOMEWHERE + timedelta(days=n % 60)) for n in range(1, count + 1)]


def _flight(count: int) -> Flight:
    """A released message that takes so many invoices to the first step."""
    advances = tuple(Advance(n, Stage.FIRST) for n in range(1, count + 1))
    return Flight("m", "released", Stage.FIRST, 1, advances, None, None)


SITUATIONS: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "due": lambda count: (known(*(item(n) for n in range(1, count + 1))),),
    "due on many days": lambda count: (known(*_spread(count)),),
    "not due": lambda count: (known(*(item(n, date(2026, 6, 1)) for n in range(1, count + 1))),),
    "reached": lambda count: (
        known(*(item(n, reached=Stage.FIRST, reached_on=date(2026, 3, 6)) for n in range(1, count + 1))),
    ),
    "done": lambda count: (
        known(*(item(n, reached=Stage.SECOND, reached_on=date(2026, 3, 6)) for n in range(1, count + 1))),
    ),
    "disputed": lambda count: (known(*(item(n, holds=(dispute(n),)) for n in range(1, count + 1))),),
    "disputed in part": lambda count: (known(*(item(n, holds=(dispute(n, 1),)) for n in range(1, count + 1))),),
    "promised": lambda count: (
        known(*(item(n, holds=(promise(LATE + timedelta(days=20 + n % 9), n),)) for n in range(1, count + 1))),
    ),
    "covered": lambda count: (known(*(item(n) for n in range(1, count + 1)), credits=(("EUR", 10**9),)),),
    "half covered": lambda count: (
        known(*(item(n) for n in range(1, count + 1)), credits=(("EUR", count * 50_00),)),
    ),
    "in flight": lambda count: (
        known(*(item(n, claimed=Stage.FIRST) for n in range(1, count + 1)), in_flight="m"),
        _flight(count),
    ),
    "in flight and paid in part": lambda count: (
        known(*(item(n, claimed=Stage.FIRST) for n in range(1, count // 2)), in_flight="m"),
        _flight(count),
    ),
    "in flight and promised": lambda count: (
        known(
            *(item(n, claimed=Stage.FIRST, holds=(promise(date(2026, 3, 14), n),)) for n in range(1, count + 1)),
            in_flight="m",
        ),
        _flight(count),
    ),
}
SMALL = KIND._replace(minimum_minor=(("EUR", 10**12),))


def _calls(account: Any, flight: Any = None, **around: Any) -> int:
    """How many functions, Python's own among them, an answer calls."""
    count = 0

    def seen(frame: Any, event: str, what: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    around_it = world(account, **around)
    sys.setprofile(seen)
    try:
        why(around_it, account, flight, DAYS)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("strategy", [KIND, SMALL], ids=["enough", "below the minimum"])
def test_why_costs_in_proportion_to_the_invoices(situation: str, strategy: Any) -> None:
    made = SITUATIONS[situation]
    few, many = (_calls(*made(count), strategies=(strategy,)) for count in (FEW, MANY))
    assert many < 1.2 * few * MANY / FEW, f"{few} calls for {FEW} invoices, {many} for {MANY}"
