"""What had been accepted came back: a letter was returned, a mail bounced. And where it had not after all.

It was no notice, so the stage reached is taken back, and the message goes on with the next channel of its step.
Both must run inside a transaction that holds the persons and accounts. Page: docs/algorithms/channels.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.digests import salted
from duewell.store import claims, facts, further, locks, outcomes, questions, sql
from duewell.store.marks import Mark, write


class Returned(NamedTuple):
    """One attempt that came back; `next` is the attempt on the next channel, where there is one."""

    attempt: int
    message: str
    account: int
    channel: str
    role: str
    next: int | None


class _Back(NamedTuple):
    attempt: int
    message: str
    account: int
    person: int
    point: int
    channel: str
    role: str


_UNDER_WAY = "state in ('planned', 'released', 'unknown')"
Move = tuple[int, int, int, str | None]
"""A receivable, the stage it had reached, and stage and day before."""


def came_back(
    creditor: int, token: int, attempts: Sequence[int], reason: str, by: str, now: datetime, kind: str
) -> list[Returned]:
    """Attempts that count as arrived, or of which nobody knew, certainly did not; others are left alone.

    Args:
        kind: what came back, for the question to a person: `letter`, `mail`.
    """
    within, params = sql.ids_in("id", attempts)
    rows = sql.fetch(
        "update attempt set state = 'returned', contacted_at = null"
        f" where {within} and state in ('accepted', 'unknown')"
        " returning id, message_id, account_id, person_id, point_id, channel, role",
        params,
    )
    back = [_Back(*row) for row in sorted(rows)]
    if not back:
        return []
    give_up([one.point for one in back], reason, now)
    own = [one for one in back if not one.role]
    moves = _taken_back(own)
    lasting = [one for one in own if moves[one.message] and not _other_in_flight(one)]
    nexts = further.on_the_next_channel(creditor, [(one.message, one.account) for one in lasting], now)
    within, params = sql.ids_in("message_id", sorted(nexts))
    sql.execute(f"update message_state set state = 'released', reason = '' where {within}", params)
    over = [one for one in own if one.message not in nexts]
    write(
        creditor,
        token,
        [
            Mark(
                one.attempt,
                one.message,
                one.account,
                "returned",
                {
                    "reason": reason,
                    "by": by,
                    "point": one.point,
                    "back": [] if one.role else [list(move) for move in moves[one.message]],
                    **({"role": one.role} if one.role else {"next": nexts.get(one.message)}),
                },
            )
            for one in back
        ],
        now,
    )
    claims.free([(one.message, one.account) for one in over], "refused", "returned", creditor, now)
    _latest_messages({one.account for one in own})
    locks.bump_persons({one.person for one in back})
    locks.bump_accounts({one.account for one in back})
    questions.settle("unknown", [str(one.attempt) for one in back], now, by)
    questions.ask(
        creditor,
        [
            questions.Asked(one.account, "refused", str(one.attempt), f"The {kind} came back: {reason}")
            for one in over
        ],
        now,
    )
    return [
        Returned(one.attempt, one.message, one.account, one.channel, one.role, nexts.get(one.message))
        for one in back
    ]


def not_after_all(creditor: int, attempt: int, reason: str, by: str, now: datetime) -> str:
    """The attempt did not come back: everything is as before. Empty, or why it is too late for that."""
    row = sql.one(
        "select a.message_id, a.account_id, a.person_id, a.point_id, a.role, s.at, s.body, r.body"
        " from attempt a join mark s on s.attempt_id = a.id and s.kind = 'started'"
        " join mark r on r.attempt_id = a.id and r.kind = 'returned'"
        " where a.id = ? and a.creditor_id = ? and a.state = 'returned' order by r.id desc",
        [attempt, creditor],
    )
    if row is None:
        return f"attempt {attempt} is not one that came back"
    message, account, person, point, role, at, _, returned = row
    told = json.loads(returned)
    back, following = told["back"], told.get("next")
    freed = _freed(account, message, attempt) if not role and following is None else []
    reached_on = _reached_on(attempt)
    if not role and reached_on is None:
        return f"nobody knew of attempt {attempt} whether it had arrived: there is nothing to go back to"
    problem = "" if role else _too_late(message, account, following, freed)
    if problem:
        return problem
    if following is not None:
        sql.execute("update attempt set state = 'withdrawn', lease_until = null where id = ?", [following])
    sql.execute("update attempt set state = 'accepted', contacted_at = ? where id = ?", [at, attempt])
    sql.execute("update contact_point set state = 'usable' where id = ? and state = 'refused'", [point])
    if not role:
        held = "false" if sql.postgres() else "0"
        sql.update_many(
            f"update claim set freed = {held} where receivable_id = ? and stage = ? and occurrence = ?", freed
        )
        sql.execute("update message_state set state = 'accepted', reason = '' where message_id = ?", [message])
        sql.update_many(
            "update receivable set reached = ?, reached_on = ? where id = ? and reached < ?",
            [(stage, reached_on, receivable, stage) for receivable, stage, _, _ in back],
        )
        _latest_messages({account})
    mark = {
        "reason": reason,
        "by": by,
        "reached": [[receivable, stage] for receivable, stage, _, _ in back],
        "reached_on": reached_on and reached_on.isoformat(),
        "held": freed,
        "ends": following,
        "at": at,
    }
    if role:
        mark = {"reason": reason, "by": by, "role": role, "at": at, "ends": None}
    write(creditor, 0, [Mark(attempt, message, account, "restored", mark)], now)
    locks.bump_persons([person])
    locks.bump_accounts([account])
    questions.settle("refused", [str(attempt)], now, by)
    return ""


def give_up(points: Collection[int], reason: str, now: datetime) -> int:
    """Nothing goes to these contact points again; how many were usable until now. Their accounts are held."""
    within, params = sql.ids_in("id", sorted(points))
    rows = sql.fetch(
        f"update contact_point set state = 'refused' where {within} and state = 'usable'"
        " returning id, party_id, value, salt",
        params,
    )
    drafts = []
    for point, party, value, salt in sorted(rows):
        told = {
            "party": party,
            "point": point,
            "state": "refused",
            "digest": salted(bytes(salt), value).hex(),
            "reason": reason,
        }
        for (account,) in sql.fetch("select id from account where party_id = ? order by id", [party]):
            drafts.append((f"account:{account}", "party.contact_point", None, now, canonical(told)))
    facts.append(drafts)
    return len(rows)


def _taken_back(own: Sequence[_Back]) -> dict[str, list[Move]]:
    """What the messages moved and nothing has moved since goes back to where it stood before."""
    within, params = sql.ids_in("attempt_id", [one.attempt for one in own])
    started = {
        attempt: json.loads(body)
        for attempt, body in sql.fetch(
            f"select attempt_id, body from mark where {within} and kind = 'started'", params
        )
    }
    advances = outcomes.advances_of([one.attempt for one in own])
    within, params = sql.ids_in("id", sorted({move[0] for some in advances.values() for move in some}))
    reached = dict(sql.fetch(f"select id, reached from receivable where {within}", params))
    found: dict[str, list[Move]] = {}
    for one in own:
        told = started[one.attempt]
        before = {row[0]: (row[1], row[2]) for row in told["before"]} if "before" in told else _earlier(one)
        found[one.message] = [
            (receivable, stage, *before.get(receivable, (0, None)))
            for receivable, stage in advances[one.attempt]
            if reached[receivable] <= stage
        ]
    sql.update_many(
        "update receivable set reached = ?, reached_on = ? where id = ? and reached = ?",
        [
            (earlier, on and date.fromisoformat(on), receivable, stage)
            for moves in found.values()
            for receivable, stage, earlier, on in moves
        ],
    )
    return found


def _earlier(one: _Back) -> dict[int, tuple[int, str | None]]:
    """How far other messages had taken the invoices, where the mark does not say it: it is an old one."""
    found: dict[int, tuple[int, str | None]] = {}
    for receivable, stage, attempt in sql.fetch(
        "select e.receivable_id, e.stage, a.id from claim c"
        " join claim e on e.receivable_id = c.receivable_id and e.stage < c.stage and not e.freed"
        " join attempt a on a.message_id = e.message_id and a.state = 'accepted' and a.role = ''"
        " where c.message_id = ? order by e.stage",
        [one.message],
    ):
        on = _reached_on(attempt)
        found[receivable] = (stage, None if on is None else on.isoformat())
    return found


def _other_in_flight(one: _Back) -> bool:
    """One account, one message: where the next one is under way, this one goes nowhere any more."""
    rows = sql.fetch(f"select message_id from message_state where account_id = ? and {_UNDER_WAY}", [one.account])
    return any(row[0] != one.message for row in rows)


def _latest_messages(accounts: Collection[int]) -> None:
    """The day of the latest demand that arrived, as the marks have it."""
    latest: dict[int, str] = {}
    within, params = sql.ids_in("m.account_id", sorted(accounts))
    for account, body in sql.fetch(
        "select m.account_id, k.body from message m join attempt a on a.message_id = m.id"
        " join mark k on k.attempt_id = a.id"
        f" where {within} and a.state = 'accepted' and a.role = '' and k.kind in ('accepted', 'settled')",
        params,
    ):
        on = json.loads(body).get("reached_on")
        if on is not None and on > latest.get(account, ""):
            latest[account] = on
    sql.update_many(
        "update account set last_message_on = ? where id = ?",
        [
            (date.fromisoformat(latest[account]) if account in latest else None, account)
            for account in sorted(accounts)
        ],
    )


def _reached_on(attempt: int) -> date | None:
    for (body,) in sql.fetch(
        "select body from mark where attempt_id = ? and kind in ('accepted', 'settled') order by id desc",
        [attempt],
    ):
        on = json.loads(body).get("reached_on")
        if on is not None:
            return date.fromisoformat(on)
    return None


def _freed(account: int, message: str, attempt: int) -> list[list[int]]:
    """The claims that went free when the attempt came back."""
    for (body,) in sql.fetch(
        "select body from fact where stream = ? and kind = 'contact.freed' order by sequence desc",
        [f"account:{account}"],
    ):
        told = json.loads(bytes(body))
        if told["message"] == message:
            freed: list[list[int]] = told["claims"]
            return freed
    return []


def _too_late(message: str, account: int, following: int | None, freed: Sequence[Sequence[int]]) -> str:
    if following is not None:
        waits = sql.one(
            "select 1 from attempt where id = ? and state = 'released' and lease_until is null", [following]
        )
        return "" if waits else f"attempt {following} on the next channel has left or was ended meanwhile"
    for receivable, stage, _ in freed:
        living = "not freed"
        if sql.one(f"select 1 from claim where receivable_id = ? and stage = ? and {living}", [receivable, stage]):
            return "another message has taken its place meanwhile"
    other = sql.one(
        f"select message_id from message_state where account_id = ? and {_UNDER_WAY} and message_id <> ?",
        [account, message],
    )
    return "another message of the account is under way" if other else ""
