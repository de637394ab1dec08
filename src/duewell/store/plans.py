"""Plans that nobody will hold a run to any more."""

from __future__ import annotations

from datetime import datetime

from duewell.store import sql


def forget_old(creditor: int, before: datetime) -> int:
    """Remove plans made before an instant whose run does not wait; how many. What a run claimed stays with it."""
    with sql.transaction.atomic():
        return sql.execute(
            "delete from plan where creditor_id = ? and recorded_at < ? and hash not in"
            " (select plan from run where creditor_id = ? and state = 'waiting')",
            [creditor, sql.us(before), creditor],
        )
