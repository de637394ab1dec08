"""What a killed or lost worker left behind is put in order before anything else is sent.

Before the closing mark nothing can have arrived, so the message is tried again. After it nobody can know, so
the attempt is unknown: settled by rule after some days, or by a person, and never blindly repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duewell.flows.failpoints import hit
from duewell.store import outcomes, sql
from duewell.store.marks import Mark, write
from duewell.store.releases import free


class Recovered(NamedTuple):
    """How many attempts were put in order, by what became of them."""

    again: int
    unknown: int


def recover(
    creditor: int, token: int, now: datetime, real_now: datetime, is_dead: Callable[[int], bool]
) -> Recovered:
    """Take over the attempts of workers that are dead or whose lease has ended."""
    rows = sql.fetch(
        "select id, message_id, account_id, person_id, state, token, lease_until from attempt"
        " where creditor_id = ? and state in ('released', 'started', 'closing') and lease_until is not null"
        " order by id",
        [creditor],
    )
    dead: dict[int, bool] = {}
    counts = {"started": 0, "closing": 0, "released": 0}
    for attempt, message, account, person, state, theirs, lease_until in rows:
        if theirs == token:
            continue
        if theirs not in dead:
            dead[theirs] = is_dead(theirs)
        if not dead[theirs] and lease_until >= sql.us(real_now):
            continue
        with sql.transaction.atomic():
            counts[state] += _take_over(creditor, token, (attempt, message, account, person, state, theirs), now)
            hit("send.recover.commit.before")
        hit("send.recover.commit.after")
    return Recovered(counts["started"], counts["closing"])


def settle_by_rule(creditor: int, token: int, days: int, now: datetime, day_of: Callable[[datetime], date]) -> int:
    """Unknown attempts older than the creditor's policy count as delivered: never is anything sent twice.

    Their receivables reached the stage on the day of the attempt, where the creditor is (`day_of`).
    """
    rows = sql.fetch(
        "select a.id, a.message_id, a.account_id, a.contacted_at from attempt a"
        " where a.creditor_id = ? and a.state = 'unknown' and a.contacted_at <= ? order by a.id",
        [creditor, sql.us(now - timedelta(days=days))],
    )
    for attempt, message, account, contacted_at in rows:
        with sql.transaction.atomic():
            day = day_of(sql.instant(contacted_at))
            settle(creditor, token, attempt, message, account, now, day, as_sent=True, by="rule", reason="")
            hit("send.settle.commit.before")
        hit("send.settle.commit.after")
    return len(rows)


def settle(
    creditor: int,
    token: int,
    attempt: int,
    message: str,
    account: int,
    now: datetime,
    today: date,
    *,
    as_sent: bool,
    by: str,
    reason: str,
) -> bool:
    """An unknown attempt is settled: it arrived, or it certainly did not. Inside a transaction of the caller.

    Returns whether this call settled it; somebody else may have been first.
    """
    state = "accepted" if as_sent else "refused"
    keeps = "" if as_sent else ", contacted_at = null"
    moved = sql.execute(
        f"update attempt set state = ?{keeps} where id = ? and state = 'unknown'", [state, attempt]
    )
    if not moved:
        return False
    told: dict[str, Any] = {"as_sent": as_sent, "by": by, "reason": reason}
    write(creditor, [Mark(attempt, message, account, "settled", token, told, {})], now)
    if as_sent:
        outcomes.arrived(creditor, message, account, outcomes.advances_of(attempt), now, today)
    else:
        free([(message, account)], "refused", "did_not_arrive", creditor, now)
    sql.execute(
        "update review_item set state = 'settled', decided_at = ?, decided_by = ?"
        " where kind = 'unknown' and subject = ? and state = 'open'",
        [sql.us(now), by, str(attempt)],
    )
    return True


def _take_over(creditor: int, token: int, row: tuple[Any, ...], now: datetime) -> int:
    attempt, message, account, person, state, theirs = row
    if sql.postgres():
        sql.fetch("select id from person where id = ? for update", [person])
        sql.fetch("select id from account where id = ? for update", [account])
    after = {"released": "released", "started": "deferred", "closing": "unknown"}[state]
    counts = "" if after == "unknown" else ", contacted_at = null"
    moved = sql.execute(
        f"update attempt set state = ?, token = ?, lease_until = null{counts}"
        " where id = ? and state = ? and token = ?",
        [after, token, attempt, state, theirs],
    )
    if not moved or state == "released":
        return moved
    text = (
        "the worker stopped before the final dot" if state == "started" else "the worker stopped at the final dot"
    )
    write(creditor, [Mark(attempt, message, account, after, token, {"text": text}, {})], now)
    sql.execute("update person set version = version + 1 where id = ?", [person])
    if after == "unknown":
        outcomes.unknown(creditor, attempt, message, account, text, now)
    else:
        sql.execute("update account set version = version + 1 where id = ?", [account])
        outcomes.again(attempt, sql.us(now))
    return moved
