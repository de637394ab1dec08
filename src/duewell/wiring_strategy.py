"""What the tools for strategies stand on: the world of a plan, and nothing that writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from duewell import wiring

if TYPE_CHECKING:
    from duewell.core.decide.values import Strategy
    from duewell.core.units.ids import AccountId
    from duewell.flows.habits import Habits
    from duewell.flows.ports import CreditorView
    from duewell.flows.simulate import Debtor

TEACHERS_MAX: Final = 3000
"""So many accounts of the book teach what customers do."""
HISTORY: Final = timedelta(days=730)
"""What was paid earlier than this says little of today."""


def either(
    creditor: CreditorView, as_of: date, present: Sequence[Strategy], changed: Sequence[Strategy]
) -> list[AccountId]:
    """The accounts on which two choices of strategies may say something different, ascending."""
    from duewell.portfolio.narrow import narrow_either

    return narrow_either(wiring.columns_of(creditor, as_of), present, changed, as_of)


def habits(
    creditor: CreditorView, chosen: Sequence[Debtor], as_of: date, tell: Callable[[str, int, int], None]
) -> Habits:
    """What is known of how customers pay: of those chosen, and of others spread over the whole book."""
    from duewell.flows.habits import learn
    from duewell.store import habits as records

    wanted = [debtor.account for debtor in chosen]
    accounts = sorted({*wanted, *records.some_accounts(creditor.id, TEACHERS_MAX)})
    tell("reading payments", 0, len(accounts))
    found = learn(
        records.paid(accounts, as_of - HISTORY),
        records.still_open(accounts),
        records.segments(accounts),
        as_of,
        set(wanted),
    )
    tell("reading payments", len(accounts), len(accounts))
    return found


def debtors(creditor: CreditorView) -> list[Debtor]:
    """Every account with something open."""
    from duewell.store import habits as records

    return records.debtors(creditor.id)
