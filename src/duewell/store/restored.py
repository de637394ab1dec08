"""A home that came back from a backup must not say anything twice.

What was about to leave when the backup was made may have left since, and nobody can know it from the tables. So
every creditor is halted, and every message that had not ended counts as unknown: it keeps its claims, rests its
account, and is a question to a person, as after a worker that was killed at the final dot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from duewell.store import creditors, locks, outcomes, recovery, sql
from duewell.store.marks import Mark, write

BATCH = 500
NO_WORKER = 0
TEXT = "the home was restored from a backup of {}: it may have left since"
_LEFT = "('planned', 'released', 'started', 'closing')"


def halt(made_at: str, now: datetime) -> int:
    """Throw the kill switch of every creditor; how many there are. Runs inside a transaction of the caller."""
    views = creditors.all_views()
    creditors.set_halted([view.id for view in views], True, f"restored from a backup of {made_at}", now)
    return len(views)


def doubt(made_at: str, now: datetime) -> dict[int, int]:
    """Let every message that had not ended be unknown; how many, by run. Safe to call again."""
    by_run: dict[int, int] = {}
    for (creditor,) in sql.fetch("select id from creditor order by id"):
        rows = sql.fetch(
            "select a.id, a.message_id, a.account_id, a.person_id, m.run_id, a.state, a.role from attempt a"
            f" join message m on m.id = a.message_id where a.creditor_id = ? and a.state in {_LEFT} order by a.id",
            [creditor],
        )
        for start in range(0, len(rows), BATCH):
            with sql.transaction.atomic():
                _doubt(creditor, rows[start : start + BATCH], TEXT.format(made_at), now)
        for row in rows:
            if not row[6]:
                by_run[row[4]] = by_run.get(row[4], 0) + 1
    return by_run


def _doubt(creditor: int, rows: Sequence[tuple[Any, ...]], text: str, now: datetime) -> None:
    locks.persons({row[3] for row in rows})
    locks.accounts({row[2] for row in rows})
    # Of a copy nothing hangs: it is not sent again, and its message stays as it is.
    claimed = _claimed({row[1] for row in rows if row[5] in ("planned", "released") and not row[6]})
    within, params = sql.ids_in("id", [row[0] for row in rows])
    # Whoever asks the law counts them: one that had not started, as if it had left at this moment.
    sql.execute(
        "update attempt set state = 'unknown', lease_until = null,"
        " contacted_at = case role when '' then coalesce(contacted_at, ?) else contacted_at end"
        f" where {within}",
        [sql.us(now), *params],
    )
    marks = []
    for attempt, message, account, *_, role in rows:
        told: dict[str, Any] = {"text": text}
        if message in claimed and not role:
            # It has no started mark that would say what it moves.
            told["advances"] = claimed[message]
        marks.append(Mark(attempt, message, account, "unknown", told))
    write(creditor, NO_WORKER, marks, now)
    locks.bump_persons({row[3] for row in rows})
    lost = [outcomes.Lost(row[0], row[1], row[2], text) for row in rows if not row[6]]
    outcomes.in_the_dark(creditor, lost, now)


def _claimed(messages: Collection[str]) -> dict[str, list[list[int]]]:
    within, params = sql.ids_in("message_id", sorted(messages))
    found: dict[str, list[list[int]]] = {message: [] for message in messages}
    for message, receivable, stage in sql.fetch(
        f"select message_id, receivable_id, stage from claim where {within} and not freed order by receivable_id",
        params,
    ):
        found[message].append([receivable, stage])
    return found


def unknown(creditor: int) -> list[tuple[int, str, int, int]]:
    """Attempts of unknown fate that a restore put in doubt: attempt, message, person, account."""
    rows = sql.fetch(
        "select a.id, a.message_id, a.person_id, a.account_id, k.body from attempt a join mark k"
        " on k.attempt_id = a.id and k.kind = 'unknown' where a.creditor_id = ? and a.state = 'unknown'"
        " and a.role = '' order by a.id",
        [creditor],
    )
    begins = TEXT.partition("{}")[0]
    return [row[:4] for row in rows if json.loads(row[4])["text"].startswith(begins)]


def settle(
    creditor: int, left: Collection[str], now: datetime, day_of: Callable[[datetime], date], by: str, reason: str
) -> tuple[int, int]:
    """Settle what a restore put in doubt: messages in `left` count as arrived, the others did not leave."""
    rows = unknown(creditor)
    counts = {True: 0, False: 0}
    for as_sent in (True, False):
        mine = [row for row in rows if (row[1] in left) is as_sent]
        for start in range(0, len(mine), BATCH):
            some = mine[start : start + BATCH]
            with sql.transaction.atomic():
                locks.persons({row[2] for row in some})
                locks.accounts({row[3] for row in some})
                counts[as_sent] += recovery.settle(
                    creditor,
                    NO_WORKER,
                    [row[0] for row in some],
                    now,
                    day_of,
                    as_sent=as_sent,
                    by=by,
                    reason=reason,
                )
    return counts[True], counts[False]
