"""Taking an import back: by further entries, never by deleting."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.store import booking, facts, posting, sql
from duewell.store.intake.holds import Holds
from duewell.store.intake.payments import post
from duewell.store.models import ImportBatch

BATCH = 2000


class CannotUndo(Exception):
    """There is no such import, or it was taken back before."""


def undo(creditor: int, batch: int, now: datetime, today: date, by: str) -> dict[str, Any]:
    """Reverse every entry an import caused and end the holds it made. Customers stay.

    Messages that have left stay sent; what was owed before the import is owed again.
    """
    with sql.transaction.atomic():
        found = ImportBatch.objects.select_for_update().filter(id=batch, creditor_id=creditor).first()
        if found is None:
            raise CannotUndo(f"there is no import {batch}")
        if found.undone_at is not None:
            raise CannotUndo(f"import {batch} was taken back before")
        sums = sql.fetch("select id, kind, account_id from payment where batch = ?", [batch])
        causes = [f"{kind}:{number}" for number, kind, _ in sums] + [f"invoice:{batch}", f"list:{batch}"]
        accounts = {account for _, _, account in sums}
        accounts |= {
            row[0]
            for row in sql.fetch(
                "select distinct account_id from entry where creditor_id = ? and cause in (?, ?)",
                [creditor, f"invoice:{batch}", f"list:{batch}"],
            )
        }
        entries = 0
        wanted = sorted(accounts)
        posting.lock(wanted)
        undone = booking.all_causes(causes)
        for start in range(0, len(wanted), BATCH):
            moves = booking.undo(wanted[start : start + BATCH], undone)
            entries += len(moves)
            post(creditor, moves, now, batch)
        within, params = sql.ids_in("receivable_id", [row[0] for row in _receivables(batch)])
        holds = sql.fetch(
            "select h.id, h.account_id from hold h left join hold_end e on e.hold_id = h.id"
            f" where {within} and h.recorded_by = 'import' and e.id is null",
            params,
        )
        Holds(creditor, now, today).end(holds, f"import {batch} was taken back")
        found.undone_at = now
        found.save(update_fields=["undone_at"])
        told = {"batch": batch, "entries": entries, "holds": len(holds), "by": by}
        facts.append([facts.Draft(f"house:{creditor}", "intake.undone", None, now, canonical(told))])
    return told


def _receivables(batch: int) -> list[tuple[int]]:
    return sql.fetch("select id from receivable where batch = ?", [batch])
