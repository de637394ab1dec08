"""What the tools for strategies stand on: the world of a plan, and nothing that writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from duewell import wiring

if TYPE_CHECKING:
    from duewell.core.decide.values import Strategy
    from duewell.core.units.ids import AccountId
    from duewell.flows.ports import CreditorView


def either(
    creditor: CreditorView, as_of: date, present: Sequence[Strategy], changed: Sequence[Strategy]
) -> list[AccountId]:
    """The accounts on which two choices of strategies may say something different, ascending."""
    from duewell.portfolio.narrow import narrow_either

    return narrow_either(wiring.columns_of(creditor, as_of), present, changed, as_of)
