"""Aging, plainly: one receivable at a time, its whole history anew for each day, and a list of edges.

Slow and short on purpose. It shares only the values with the core, none of its functions.
"""

from __future__ import annotations

from datetime import date, datetime

from duewell.core.ledger.aging import Debt, Dispute
from duewell.core.ledger.entries import Entry


def totals(
    debts: list[Debt], entries: list[Entry], disputes: list[Dispute], as_of: date, known_at: datetime | None
) -> dict[str, dict[str, int]]:
    """Per currency, the buckets of the report with its total; currencies without anything are left out."""
    found: dict[str, dict[str, int]] = {}

    def add(currency: str, name: str, amount: int) -> None:
        names = ["current", "d1_30", "d31_60", "d61_90", "d91_plus", "disputed", "unapplied", "total"]
        line = found.setdefault(currency, dict.fromkeys(names, 0))
        line[name] += amount

    def counts(effective_on: date, recorded_at: datetime) -> bool:
        return effective_on <= as_of and (known_at is None or recorded_at <= known_at)

    not_there_yet = [debt.receivable for debt in debts if debt.issued_on > as_of]
    seen = [
        entry
        for entry in entries
        if counts(entry.effective_on, entry.recorded_at)
        and entry.from_receivable not in not_there_yet
        and entry.to_receivable not in not_there_yet
    ]
    for entry in seen:
        for place, sign in ((entry.from_place, 1), (entry.to_place, -1)):
            if place == "credit":
                add(entry.currency, "unapplied", sign * entry.amount_minor)
                add(entry.currency, "total", -sign * entry.amount_minor)
    for debt in debts:
        open_minor = 0
        for entry in seen:
            if entry.to_receivable == debt.receivable:
                open_minor += entry.amount_minor
            if entry.from_receivable == debt.receivable:
                open_minor -= entry.amount_minor
        under_dispute = 0
        for dispute in disputes:
            mine = dispute.receivable == debt.receivable or (
                dispute.receivable is None and dispute.account == debt.account
            )
            begun = counts(dispute.starts_on, dispute.recorded_at)
            over = (
                dispute.ended_on is not None
                and dispute.end_recorded_at is not None
                and counts(dispute.ended_on, dispute.end_recorded_at)
            )
            if mine and begun and not over:
                under_dispute += open_minor if dispute.amount_minor is None else dispute.amount_minor
        under_dispute = max(0, min(under_dispute, open_minor))
        late = as_of.toordinal() - debt.due_on.toordinal()
        if late >= 91:
            name = "d91_plus"
        elif late >= 61:
            name = "d61_90"
        elif late >= 31:
            name = "d31_60"
        elif late >= 1:
            name = "d1_30"
        else:
            name = "current"
        if open_minor:
            add(debt.currency, "disputed", under_dispute)
            add(debt.currency, name, open_minor - under_dispute)
            add(debt.currency, "total", open_minor)
    return found
