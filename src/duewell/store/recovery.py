"""What a killed or lost worker left behind is put in order before anything else is sent.

Before the closing mark nothing can have arrived, so the message is tried again. After it nobody can know, so
the attempt is unknown: settled by rule after some days, or by a person, and never blindly repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duewell.flows.failpoints import hit
from duewell.store import archive_copies, claims, further, locks, outcomes, questions, sql
from duewell.store.marks import Mark, write
from duewell.store.outbox import LIVING

BATCH = 500
_BEFORE_THE_DOT = "the worker stopped before the final dot"
_AT_THE_DOT = "the worker stopped at the final dot"


class Recovered(NamedTuple):
    """How many attempts were put in order, by what became of them."""

    again: int
    unknown: int


class Left(NamedTuple):
    """An attempt that another worker leased."""

    attempt: int
    message: str
    account: int
    person: int
    state: str
    token: int
    lease_until: int
    role: str


def recover(
    creditor: int, token: int, now: datetime, real_now: datetime, is_dead: Callable[[int], bool]
) -> Recovered:
    """Take over the attempts of workers that are dead or whose lease has ended.

    Calls are held by people, not by workers (`store.calls`).
    """
    rows = sql.fetch(
        "select id, message_id, account_id, person_id, state, token, lease_until, role from attempt"
        f" where {LIVING} and channel <> 'call'"
        " and creditor_id = ? and lease_until is not null and token <> ? order by id",
        [creditor, token],
    )
    by_worker: dict[int, list[Left]] = {}
    for row in rows:
        left = Left(*row)
        by_worker.setdefault(left.token, []).append(left)
    counts = {"again": 0, "unknown": 0}
    for theirs, lefts in by_worker.items():
        dead = is_dead(theirs)
        due = [left for left in lefts if dead or left.lease_until < sql.us(real_now)]
        for start in range(0, len(due), BATCH):
            again, unknown = _take_over(creditor, token, theirs, due[start : start + BATCH], now)
            counts["again"] += again
            counts["unknown"] += unknown
    return Recovered(**counts)


def settle_by_rule(creditor: int, token: int, days: int, now: datetime, day_of: Callable[[datetime], date]) -> int:
    """Unknown attempts older than the creditor's policy count as delivered: never is anything sent twice.

    Their receivables reached the stage on the day of the attempt, where the creditor is (`day_of`).
    """
    rows = sql.fetch(
        "select a.id, a.person_id, a.account_id from message_state s join attempt a on a.message_id = s.message_id"
        " where s.state in ('planned', 'released', 'unknown') and s.state = 'unknown' and s.creditor_id = ?"
        " and a.state = 'unknown' and a.role = '' and a.contacted_at <= ? order by a.id",
        [creditor, sql.us(now - timedelta(days=days))],
    )
    settled = 0
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        with sql.transaction.atomic():
            locks.persons({row[1] for row in some})
            locks.accounts({row[2] for row in some})
            attempts = [row[0] for row in some]
            settled += settle(creditor, token, attempts, now, day_of, as_sent=True, by="rule", reason="")
            hit("send.settle.commit.before")
        hit("send.settle.commit.after")
    return settled


def settle(
    creditor: int,
    token: int,
    attempts: Sequence[int],
    now: datetime,
    day_of: Callable[[datetime], date],
    *,
    as_sent: bool,
    by: str,
    reason: str,
) -> int:
    """Unknown attempts are settled: they arrived, or they certainly did not.

    Must run inside a transaction that holds their persons and accounts. Returns how many this call settled:
    somebody else may have been first.
    """
    keeps = "" if as_sent else ", contacted_at = null"
    within, params = sql.ids_in("id", attempts)
    # What PostgreSQL hands back is the new row, so the instant is read before it is taken away.
    at = dict(sql.fetch(f"select id, contacted_at from attempt where {within} and state = 'unknown'", params))
    rows = sql.fetch(
        f"update attempt set state = ?{keeps} where {within} and state = 'unknown'"
        " returning id, message_id, account_id, person_id",
        ["accepted" if as_sent else "refused", *params],
    )
    if not rows:
        return 0
    follows: dict[str, dict[str, Any]] = {}
    reached_on: dict[int, date] = {}
    if as_sent:
        advances = outcomes.advances_of([row[0] for row in rows])
        reached_on = {row[0]: day_of(sql.instant(at[row[0]])) for row in rows}
        follows = outcomes.arrived(
            creditor,
            [outcomes.Arrival(row[1], row[2], advances[row[0]], reached_on[row[0]]) for row in rows],
            now,
        )
    else:
        locks.bump_persons({row[3] for row in rows})
    if as_sent:
        archive_copies.owe(creditor, [row[0] for row in rows], now)
    marks = [
        Mark(
            attempt,
            message,
            account,
            "settled",
            {
                "as_sent": as_sent,
                "by": by,
                "reason": reason,
                "reached_on": reached_on[attempt].isoformat() if as_sent else None,
                **follows.get(message, {"freed": []}),
            },
        )
        for attempt, message, account, _ in rows
    ]
    write(creditor, token, marks, now)
    if not as_sent:
        claims.free([(row[1], row[2]) for row in rows], "refused", "did_not_arrive", creditor, now)
    questions.settle("unknown", [str(row[0]) for row in rows], now, by)
    return len(rows)


def _take_over(creditor: int, token: int, theirs: int, lefts: Sequence[Left], now: datetime) -> tuple[int, int]:
    """Of one worker's attempts in one transaction: how many are tried again, and how many are unknown now."""
    with sql.transaction.atomic():
        locks.persons({left.person for left in lefts})
        locks.accounts({left.account for left in lefts})
        _take(token, theirs, [left for left in lefts if left.state == "released"], "released")
        started = _take(token, theirs, [left for left in lefts if left.state == "started"], "deferred")
        closing = _take(token, theirs, [left for left in lefts if left.state == "closing"], "unknown")
        _try_again(creditor, token, started, _BEFORE_THE_DOT, now)
        write(
            creditor,
            token,
            [Mark(one.attempt, one.message, one.account, "unknown", {"text": _AT_THE_DOT}) for one in closing],
            now,
        )
        outcomes.in_the_dark(
            creditor,
            [outcomes.Lost(one.attempt, one.message, one.account, _AT_THE_DOT) for one in closing if not one.role],
            now,
        )
        hit("send.recover.commit.before")
    hit("send.recover.commit.after")
    return len(started), len(closing)


def put_back(creditor: int, token: int, lefts: Sequence[Left], text: str, now: datetime) -> int:
    """Started attempts certainly did not leave: each is tried again, as another. How many were still so.

    Must run inside a transaction that holds their persons and accounts.
    """
    within, params = sql.ids_in("id", [left.attempt for left in lefts])
    rows = sql.fetch(
        "update attempt set state = 'deferred', lease_until = null, contacted_at = null"
        f" where {within} and state = 'started' returning id",
        params,
    )
    taken = {row[0] for row in rows}
    _try_again(creditor, token, [left for left in lefts if left.attempt in taken], text, now)
    return len(taken)


def _try_again(creditor: int, token: int, started: Sequence[Left], text: str, now: datetime) -> None:
    """Nothing had arrived, and nothing was learned about the message: it is no try, and may go at once."""
    if not started:
        return
    withdrawn = further.taken_back([one.message for one in started])
    going = [one for one in started if one.message not in withdrawn]
    over = [(one.message, one.account) for one in started if one.message in withdrawn and not one.role]
    nexts = further.again(creditor, [(one.attempt, sql.us(now)) for one in going])
    retry_at = sql.us(now)
    marks = [
        Mark(
            one.attempt,
            one.message,
            one.account,
            "deferred",
            {
                "code": 0,
                "text": text,
                "counts": False,
                "retry_at": retry_at if one.attempt in nexts else None,
                "next": nexts.get(one.attempt),
            },
        )
        for one in started
    ]
    write(creditor, token, marks, now)
    locks.bump_persons({one.person for one in started})
    locks.bump_accounts({one.account for one in started})
    claims.free(over, "withdrawn", "withdrawn", creditor, now)


def _take(token: int, theirs: int, lefts: Sequence[Left], after: str) -> list[Left]:
    """Those that are still as they were left; they are ours and in the state `after` now."""
    if not lefts:
        return []
    uncounted = ", contacted_at = null" if after == "deferred" else ""
    within, params = sql.ids_in("id", [left.attempt for left in lefts])
    rows = sql.fetch(
        f"update attempt set state = ?, token = ?, lease_until = null{uncounted}"
        f" where {within} and state = ? and token = ? returning id",
        [after, token, *params, lefts[0].state, theirs],
    )
    taken = {row[0] for row in rows}
    return [left for left in lefts if left.attempt in taken]
