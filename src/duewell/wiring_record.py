"""Wiring of what a person records by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duewell import wiring
from duewell.flows.ports import Clock, CreditorView

if TYPE_CHECKING:
    from duewell.store.by_hand import ByHand


def by_hand(creditor: CreditorView, clock: Clock, by: str) -> ByHand:
    """The books of one creditor, for one person and one act."""
    from duewell.core.ledger.allocate import Policy
    from duewell.store import creditors
    from duewell.store.by_hand import ByHand

    policy = Policy(creditors.details(creditor.id)["policy"]["allocation"])
    return ByHand(creditor.id, clock.now(), policy, wiring.day_of(creditor), by)
