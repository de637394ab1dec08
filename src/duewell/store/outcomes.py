"""What follows from how an attempt ended: stages reached, claims freed, retries, questions to a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from duewell.flows.send import Finished
from duewell.flows.transport import Accepted, Deferred, Refused, Unknown
from duewell.store import ids, sql
from duewell.store.marks import Mark, write
from duewell.store.releases import free


def finish(creditor: int, token: int, finished: Sequence[Finished], now: datetime, today: date) -> None:
    """Write marks and consequences. Attempts that another worker took over are left alone."""
    for item in finished:
        delivery, outcome = item.draft.delivery, item.outcome
        if isinstance(outcome, Accepted):
            if _ends(delivery.attempt, token, "accepted"):
                told = {"code": outcome.code, "text": outcome.text}
                _mark(creditor, token, item, "accepted", told, now)
                advances = [(advance.receivable, int(advance.stage)) for advance in item.draft.proposal.advances]
                arrived(creditor, delivery.message, delivery.account, advances, now, today)
        elif isinstance(outcome, Unknown):
            if _ends(delivery.attempt, token, "unknown"):
                _mark(creditor, token, item, "unknown", {"text": outcome.text}, now)
                unknown(creditor, delivery.attempt, delivery.message, delivery.account, outcome.text, now)
        elif isinstance(outcome, Deferred) and item.retry_at is not None:
            if _ends(delivery.attempt, token, "deferred"):
                told = {"code": outcome.code, "text": outcome.text, "retry_at": sql.us(item.retry_at)}
                _mark(creditor, token, item, "deferred", told, now)
                _touch(delivery.account, delivery.person)
                again(delivery.attempt, sql.us(item.retry_at))
        elif _ends(delivery.attempt, token, "refused"):
            address = isinstance(outcome, Refused) and outcome.address
            _refused(creditor, token, item, outcome, now, address=address)


def arrived(
    creditor: int,
    message: str,
    account: int,
    advances: Sequence[tuple[int, int]],
    now: datetime,
    today: date,
) -> None:
    """A message counts as delivered: its receivables reach their stages; claims it did not use are freed."""
    sql.execute("update message_state set state = 'accepted', reason = '' where message_id = ?", [message])
    for receivable, stage in advances:
        sql.execute(
            "update receivable set reached = ?, reached_on = ? where id = ? and reached < ?",
            [stage, today, receivable, stage],
        )
    unused = [
        claim
        for claim, receivable, stage in sql.fetch(
            "select id, receivable_id, stage from claim where message_id = ? and not freed", [message]
        )
        if (receivable, stage) not in set(advances)
    ]
    for claim in unused:
        sql.execute("update claim set freed = ? where id = ?", [True, claim])
    sql.execute("update account set version = version + 1, last_message_on = ? where id = ?", [today, account])


def unknown(creditor: int, attempt: int, message: str, account: int, text: str, now: datetime) -> None:
    """Delivered or not, nobody can know: it counts as a contact, keeps its claim, and a person is asked."""
    sql.execute("update message_state set state = 'unknown', reason = 'unknown' where message_id = ?", [message])
    sql.execute("update account set version = version + 1 where id = ?", [account])
    ask(creditor, account, "unknown", str(attempt), f"The fate of a message is unknown: {text}", now)


def again(attempt: int, not_before: int) -> None:
    """A new attempt of the same message, to be made later."""
    sql.execute(
        "insert into attempt (id, creditor_id, message_id, account_id, person_id, point_id, channel, ordinal,"
        " state, not_before, token, lease_until, contacted_at)"
        " select ?, creditor_id, message_id, account_id, person_id, point_id, channel, ordinal + 1, 'released',"
        " ?, 0, null, null from attempt where id = ?",
        [ids.allocate("attempt")[0], not_before, attempt],
    )


def ask(creditor: int, account: int, kind: str, subject: str, text: str, now: datetime) -> None:
    """Put a question to a person; the same open question is not put twice."""
    sql.execute(
        "insert into review_item (id, creditor_id, account_id, kind, subject, text, state, opened_at, decided_at,"
        " decided_by) values (?, ?, ?, ?, ?, ?, 'open', ?, null, '') on conflict do nothing",
        [ids.allocate("review_item")[0], creditor, account, kind, subject, text, sql.us(now)],
    )


def advances_of(attempt: int) -> list[tuple[int, int]]:
    """What an attempt would advance, from its started mark."""
    row = sql.one("select body from mark where attempt_id = ? and kind = 'started' order by id desc", [attempt])
    if row is None:
        raise LookupError(f"attempt {attempt} never started")
    return [(receivable, stage) for receivable, stage in json.loads(row[0])["advances"]]


def _refused(creditor: int, token: int, item: Finished, outcome: Any, now: datetime, *, address: bool) -> None:
    delivery = item.draft.delivery
    told = {"code": outcome.code, "text": outcome.text, "address": address}
    _mark(creditor, token, item, "refused", told, now)
    if address:
        sql.execute("update contact_point set state = 'refused' where id = ?", [delivery.point])
    _touch(delivery.account, delivery.person)
    free([(delivery.message, delivery.account)], "refused", "refused", creditor, now)
    what = "The address was refused" if address else "The message was refused"
    if isinstance(outcome, Deferred):
        what = "The mail server put the message off too often"
    ask(creditor, delivery.account, "refused", str(delivery.attempt), f"{what}: {outcome.text}", now)


def _ends(attempt: int, token: int, state: str) -> bool:
    # Only an unknown or accepted attempt counts as a contact; of the others it is certain that none arrived.
    counts = ", contacted_at = contacted_at" if state in ("accepted", "unknown") else ", contacted_at = null"
    return bool(
        sql.execute(
            f"update attempt set state = ?, lease_until = null{counts}"
            " where id = ? and token = ? and state in ('started', 'closing')",
            [state, attempt, token],
        )
    )


def _touch(account: int, person: int) -> None:
    sql.execute("update person set version = version + 1 where id = ?", [person])
    sql.execute("update account set version = version + 1 where id = ?", [account])


def _mark(creditor: int, token: int, item: Finished, kind: str, told: dict[str, Any], now: datetime) -> None:
    delivery = item.draft.delivery
    write(creditor, [Mark(delivery.attempt, delivery.message, delivery.account, kind, token, told, {})], now)
