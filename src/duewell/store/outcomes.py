"""What follows from how attempts ended: stages reached, claims freed, retries, questions to a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.flows.outbox import Finished
from duewell.flows.transport import Accepted, Deferred, Refused, Unknown
from duewell.store import archive_copies, claims, further, locks, questions, sql
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
    accepted = _accepted(creditor, ended.get("accepted", []), now, today)
    deferred = ended.get("deferred", [])
    over = ended.get("withdrawn", [])
    nexts = further.again(
        creditor, [(item.draft.attempt, sql.us(item.retry_at)) for item in deferred if item.retry_at]
    )
    refused, unknown = ended.get("refused", []), ended.get("unknown", [])
    archive_copies.owe(creditor, [mark.attempt for mark in accepted], now)
    elsewhere = further.on_the_next_channel(creditor, _messages(refused), now) if refused else {}
    written = accepted
    written += [
        _mark(item, "deferred", _put_off(item, retry_at=item.retry_at, next=nexts[item.draft.attempt]))
        for item in deferred
    ]
    written += [_mark(item, "deferred", _put_off(item, retry_at=None, next=None)) for item in over]
    written += [_mark(item, "refused", _turned_down(item, elsewhere)) for item in refused]
    written += [_mark(item, "unknown", {"text": _text(item)}) for item in unknown]
    write(creditor, token, written, now)
    _uncounted([*deferred, *over, *refused])
    claims.free(_messages(over), "withdrawn", "withdrawn", creditor, now)
    _refused(creditor, refused, elsewhere, now)
    in_the_dark(
        creditor,
        [Lost(*_delivered(item)[:3], _text(item)) for item in unknown if not item.draft.wanted.delivery.role],
        now,
    )


def arrived(creditor: int, arrivals: Sequence[Arrival], now: datetime) -> dict[str, dict[str, Any]]:
    """Messages count as delivered: their receivables reach their stages, claims they did not use are freed, and
    their copies may leave. None of them is itself a copy.

    Returns what the mark of each says of it: `freed`, the claims (receivable, stage, occurrence), and `copies`.
    """
    if not arrivals:
        return {}
    living = claims.Living([arrival.message for arrival in arrivals])
    follows: dict[str, dict[str, Any]] = {}
    unused: list[str] = []
    reached: list[tuple[int, int, date]] = []
    for message, _, advances, on in arrivals:
        taken = set(advances)
        idle = [claim for claim in living.of(message) if (claim.receivable, claim.stage) not in taken]
        unused += [claim.id for claim in idle]
        follows[message] = {"freed": [list(claim[1:]) for claim in idle]}
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
    pairs = [(arrival.message, arrival.account) for arrival in arrivals]
    for message, told in further.copies(creditor, pairs, now).items():
        follows[message]["copies"] = told
    return follows


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


def _withdrawn(deferred: Sequence[Finished]) -> frozenset[str]:
    if not deferred:
        return frozenset()
    return further.taken_back([item.draft.wanted.delivery.message for item in deferred])


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


def _accepted(creditor: int, items: Sequence[Finished], now: datetime, today: date) -> list[Mark]:
    follows = arrived(
        creditor,
        [
            Arrival(
                item.draft.wanted.delivery.message,
                item.draft.wanted.delivery.account,
                [(receivable, int(stage)) for receivable, stage in item.draft.wanted.proposal.advances],
                today,
            )
            for item in items
            if not item.draft.wanted.delivery.role
        ],
        now,
    )
    on = today.isoformat()
    found = []
    for item in items:
        assert isinstance(item.outcome, Accepted)
        told: dict[str, Any] = {"code": item.outcome.code, "text": _text(item)}
        delivery = item.draft.wanted.delivery
        if delivery.role:
            told["role"] = delivery.role
        else:
            told |= {"reached_on": on, **follows[delivery.message]}
        found.append(_mark(item, "accepted", told))
    return found


def _refused(creditor: int, items: Sequence[Finished], elsewhere: Mapping[str, int], now: datetime) -> None:
    """Nothing goes to this address again until a person says so or gives another.

    Where every channel has failed, the claims are free and a person is asked. A server that dislikes a message
    says nothing about the address: that stays as it is where the message goes on elsewhere.
    """
    if not items:
        return
    over = [item for item in items if _is_over(item, elsewhere)]
    bad = [
        item.draft.wanted.proposal.recipient.point
        for item in items
        if (isinstance(item.outcome, Refused) and item.outcome.address) or item in over
    ]
    within, params = sql.ids_in("id", bad)
    sql.execute(f"update contact_point set state = 'refused' where {within} and state = 'usable'", params)
    claims.free(_messages(over), "refused", "refused", creditor, now)
    asked = []
    for item in over:
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
    """Message and account of each, copies left out: what becomes of a copy means nothing to its message."""
    deliveries = [item.draft.wanted.delivery for item in items]
    return [(delivery.message, delivery.account) for delivery in deliveries if not delivery.role]


def _is_over(item: Finished, elsewhere: Mapping[str, int]) -> bool:
    delivery = item.draft.wanted.delivery
    return not delivery.role and delivery.message not in elsewhere


def _delivered(item: Finished) -> tuple[int, str, int]:
    delivery = item.draft.wanted.delivery
    return delivery.attempt, delivery.message, delivery.account


def _put_off(item: Finished, *, retry_at: datetime | None, next: int | None) -> dict[str, Any]:
    assert isinstance(item.outcome, Deferred)
    return {
        "code": item.outcome.code,
        "text": _text(item),
        "counts": item.counts,
        "retry_at": retry_at and sql.us(retry_at),
        "next": next,
    }


def _turned_down(item: Finished, elsewhere: Mapping[str, int]) -> dict[str, Any]:
    assert isinstance(item.outcome, Refused | Deferred)
    delivery = item.draft.wanted.delivery
    following = None if delivery.role else elsewhere.get(delivery.message)
    return {
        **({} if following is None else {"next": following}),
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
