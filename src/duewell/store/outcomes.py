"""What follows from how attempts ended: stages reached, claims freed, retries, questions to a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.flows.outbox import Finished
from duewell.flows.transport import Accepted, Deferred, Refused, Unknown
from duewell.store import archive_copies, claims, ids, locks, questions, sql
from duewell.store.marks import Mark, reply, write


class Arrival(NamedTuple):
    """A message that counts as delivered, what it advances, and the day from which the next step counts."""

    message: str
    account: int
    advances: Sequence[tuple[int, int]]
    """Receivable and stage."""
    on: date


class Lost(NamedTuple):
    """An attempt of which nobody can know whether it arrived."""

    attempt: int
    message: str
    account: int
    text: str


def finish(creditor: int, token: int, finished: Sequence[Finished], now: datetime, today: date) -> None:
    """Write marks and what follows. Attempts that another worker took over are left alone.

    Must run inside a transaction that holds persons and accounts.
    """
    withdrawn = _withdrawn([item for item in finished if isinstance(item.outcome, Deferred)])
    by_end: dict[str, list[Finished]] = {}
    for item in finished:
        by_end.setdefault(_end_of(item, withdrawn), []).append(item)
    ended = {end: _still_ours(end, items, token) for end, items in by_end.items()}
    accepted = _accepted(ended.get("accepted", []), today)
    deferred = ended.get("deferred", [])
    over = ended.get("withdrawn", [])
    nexts = again([(item.draft.attempt, sql.us(item.retry_at)) for item in deferred if item.retry_at])
    refused, unknown = ended.get("refused", []), ended.get("unknown", [])
    archive_copies.owe(creditor, [mark.attempt for mark in accepted], now)
    written = accepted
    written += [
        _mark(item, "deferred", _put_off(item, retry_at=item.retry_at, next=nexts[item.draft.attempt]))
        for item in deferred
    ]
    written += [_mark(item, "deferred", _put_off(item, retry_at=None, next=None)) for item in over]
    written += [_mark(item, "refused", _turned_down(item)) for item in refused]
    written += [_mark(item, "unknown", {"text": _text(item)}) for item in unknown]
    write(creditor, token, written, now)
    _uncounted([*deferred, *over, *refused])
    claims.free(_messages(over), "withdrawn", "withdrawn", creditor, now)
    _refused(creditor, refused, now)
    in_the_dark(creditor, [Lost(*mark[:3], mark.told["text"]) for mark in written if mark.kind == "unknown"], now)


def arrived(arrivals: Sequence[Arrival]) -> dict[str, list[list[int]]]:
    """Messages count as delivered: their receivables reach their stages, and claims they did not use are freed.

    Returns the freed claims of each message as (receivable, stage, occurrence).
    """
    if not arrivals:
        return {}
    living = claims.Living([arrival.message for arrival in arrivals])
    freed: dict[str, list[list[int]]] = {}
    unused: list[str] = []
    reached: list[tuple[int, int, date]] = []
    for message, _, advances, on in arrivals:
        taken = set(advances)
        idle = [claim for claim in living.of(message) if (claim.receivable, claim.stage) not in taken]
        unused += [claim.id for claim in idle]
        freed[message] = [list(claim[1:]) for claim in idle]
        reached += [(receivable, stage, on) for receivable, stage in advances]
    claims.let_go(unused)
    within, params = sql.ids_in("message_id", [arrival.message for arrival in arrivals])
    sql.execute(f"update message_state set state = 'accepted', reason = '' where {within}", params)
    _reach(reached)
    by_day: dict[date, list[int]] = {}
    for arrival in arrivals:
        by_day.setdefault(arrival.on, []).append(arrival.account)
    for on, accounts in by_day.items():
        within, params = sql.ids_in("id", accounts)
        sql.execute(f"update account set version = version + 1, last_message_on = ? where {within}", [on, *params])
    return freed


def in_the_dark(creditor: int, lost: Sequence[Lost], now: datetime) -> None:
    """Delivered or not, nobody can know: each counts as a contact, keeps its claims, and a person is asked."""
    if not lost:
        return
    within, params = sql.ids_in("message_id", [one.message for one in lost])
    sql.execute(f"update message_state set state = 'unknown', reason = 'unknown' where {within}", params)
    locks.bump_accounts({one.account for one in lost})
    questions.ask(
        creditor,
        [
            questions.Asked(account, "unknown", str(attempt), f"The fate of a message is unknown: {text}")
            for attempt, _, account, text in lost
        ],
        now,
    )


def again(attempts: Sequence[tuple[int, int]]) -> dict[int, int]:
    """New attempts of the same messages, from `(attempt, not before)`; the new attempt of each old one."""
    if not attempts:
        return {}
    nexts = dict(zip((attempt for attempt, _ in attempts), ids.allocate("attempt", len(attempts)), strict=True))
    sql.update_many(
        "insert into attempt (id, creditor_id, message_id, account_id, person_id, point_id, channel, ordinal,"
        " state, not_before, token, lease_until, contacted_at)"
        " select ?, creditor_id, message_id, account_id, person_id, point_id, channel, ordinal + 1, 'released',"
        " ?, 0, null, null from attempt where id = ?",
        [(nexts[attempt], not_before, attempt) for attempt, not_before in attempts],
    )
    return nexts


def advances_of(attempts: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """What attempts would advance: from their started marks, or from that of a restore that put them in doubt."""
    within, params = sql.ids_in("attempt_id", attempts)
    rows = sql.fetch(
        f"select attempt_id, body from mark where {within} and kind in ('started', 'unknown') order by id", params
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for attempt, body in rows:
        advances = json.loads(body).get("advances")
        if advances is not None:
            found[attempt] = [(receivable, stage) for receivable, stage in advances]
    return found


def withdrawn_messages(messages: Sequence[str]) -> frozenset[str]:
    """Those of the messages whose run was taken back."""
    within, params = sql.ids_in("m.id", messages)
    rows = sql.fetch(
        f"select m.id from message m join run r on r.id = m.run_id where {within} and r.state = 'withdrawn'",
        params,
    )
    return frozenset(row[0] for row in rows)


def _withdrawn(deferred: Sequence[Finished]) -> frozenset[str]:
    if not deferred:
        return frozenset()
    return withdrawn_messages([item.draft.wanted.delivery.message for item in deferred])


def _end_of(item: Finished, withdrawn: frozenset[str]) -> str:
    outcome = item.outcome
    if isinstance(outcome, Accepted):
        return "accepted"
    if isinstance(outcome, Unknown):
        return "unknown"
    if isinstance(outcome, Refused) or item.retry_at is None:
        return "refused"
    # A run that was taken back while the message was on its way is not taken up again.
    return "withdrawn" if item.draft.wanted.delivery.message in withdrawn else "deferred"


def _still_ours(end: str, items: Sequence[Finished], token: int) -> list[Finished]:
    """Those of the attempts that this worker still holds; they have ended now."""
    # Only an accepted or unknown attempt counts as a contact; of the others it is certain that none arrived.
    uncounted = "" if end in ("accepted", "unknown") else ", contacted_at = null"
    within, params = sql.ids_in("id", [item.draft.attempt for item in items])
    rows = sql.fetch(
        f"update attempt set state = ?, lease_until = null{uncounted}"
        f" where {within} and token = ? and state in ('started', 'closing') returning id",
        ["deferred" if end == "withdrawn" else end, *params, token],
    )
    ours = {row[0] for row in rows}
    return [item for item in items if item.draft.attempt in ours]


def _accepted(items: Sequence[Finished], today: date) -> list[Mark]:
    freed = arrived(
        [
            Arrival(
                item.draft.wanted.delivery.message,
                item.draft.wanted.delivery.account,
                [(receivable, int(stage)) for receivable, stage in item.draft.wanted.proposal.advances],
                today,
            )
            for item in items
        ]
    )
    on = today.isoformat()
    found = []
    for item in items:
        assert isinstance(item.outcome, Accepted)
        told = {
            "code": item.outcome.code,
            "text": _text(item),
            "reached_on": on,
            "freed": freed[item.draft.wanted.delivery.message],
        }
        found.append(_mark(item, "accepted", told))
    return found


def _refused(creditor: int, items: Sequence[Finished], now: datetime) -> None:
    """The claims are free, and nothing goes to this address again until a person says so or gives another."""
    if not items:
        return
    within, params = sql.ids_in("id", [item.draft.wanted.proposal.recipient.point for item in items])
    sql.execute(f"update contact_point set state = 'refused' where {within} and state = 'usable'", params)
    claims.free(_messages(items), "refused", "refused", creditor, now)
    asked = []
    for item in items:
        what = "The message was refused"
        if isinstance(item.outcome, Deferred):
            what = "The mail server put the message off too often"
        elif isinstance(item.outcome, Refused) and item.outcome.address:
            what = "The address was refused"
        delivery = item.draft.wanted.delivery
        text = f"{what}: {_text(item)}"
        asked.append(questions.Asked(delivery.account, "refused", str(delivery.attempt), text))
    questions.ask(creditor, asked, now)


def _reach(reached: Sequence[tuple[int, int, date]]) -> None:
    if sql.postgres():
        receivables, stages, days = (list(column) for column in zip(*reached, strict=True))
        sql.execute(
            "update receivable r set reached = v.stage, reached_on = v.day"
            " from unnest(?::bigint[], ?::smallint[], ?::date[]) as v(id, stage, day)"
            " where r.id = v.id and r.reached < v.stage",
            [receivables, stages, days],
        )
    else:
        sql.update_many(
            "update receivable set reached = ?, reached_on = ? where id = ? and reached < ?",
            ((stage, day, receivable, stage) for receivable, stage, day in reached),
        )


def _uncounted(items: Sequence[Finished]) -> None:
    """What did not arrive is no contact: whoever was refused because of it may ask again."""
    locks.bump_persons({item.draft.wanted.known.standing.person for item in items})
    locks.bump_accounts({item.draft.wanted.delivery.account for item in items})


def _messages(items: Sequence[Finished]) -> list[tuple[str, int]]:
    return [(item.draft.wanted.delivery.message, item.draft.wanted.delivery.account) for item in items]


def _put_off(item: Finished, *, retry_at: datetime | None, next: int | None) -> dict[str, Any]:
    assert isinstance(item.outcome, Deferred)
    return {
        "code": item.outcome.code,
        "text": _text(item),
        "counts": item.counts,
        "retry_at": retry_at and sql.us(retry_at),
        "next": next,
    }


def _turned_down(item: Finished) -> dict[str, Any]:
    assert isinstance(item.outcome, Refused | Deferred)
    return {
        "code": item.outcome.code,
        "text": _text(item),
        "address": isinstance(item.outcome, Refused) and item.outcome.address,
        "point": item.draft.wanted.proposal.recipient.point,
    }


def _text(item: Finished) -> str:
    return reply(item.outcome.text, item.draft.rendered.envelope.recipient)


def _mark(item: Finished, kind: str, told: dict[str, Any]) -> Mark:
    delivery = item.draft.wanted.delivery
    return Mark(delivery.attempt, delivery.message, delivery.account, kind, told)
