"""Calls in the tables: tasks in the outbox, leased and started like a message, ended by a person.

A started call has no worker behind it that could die: its collector holds it until an outcome is told, or until
the end of the creditor's day. Every end is one transaction with what follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from duewell.core.contact.outcome import MEANING, NUMBER_FAILS, TRIES_MAX, UNANSWERED, Outcome
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.core.units.ids import AccountId
from duewell.flows.calls import NoSuchCall, Waiting
from duewell.flows.failpoints import hit
from duewell.flows.outbox import Delivery
from duewell.store import claims, further, locks, outcomes, questions, returns, sql
from duewell.store.marks import Mark, write
from duewell.store.outbox import LIVING, StoredOutbox, Wires

CHANNEL = "call"
_STAGES = {int(stage): stage for stage in Stage}
_TASK = (
    "select a.id, a.message_id, a.account_id, a.person_id, a.point_id, a.state, a.not_before, a.contacted_at,"
    " a.token, c.value, k.number, p.name, p.country, m.stage, m.run_id from attempt a"
    " join contact_point c on c.id = a.point_id join account k on k.id = a.account_id"
    " join party p on p.id = k.party_id join message m on m.id = a.message_id"
)


class Ended(NamedTuple):
    """How a call ended in the tables."""

    state: str
    account: AccountId
    account_number: str
    again_at: datetime | None
    """When it is called again, if it is."""
    following: int | None
    """The attempt that follows, on this or the next channel."""
    channel: str
    """Of that attempt."""
    holds: tuple[int, ...] = ()


class StoredCalls:
    """The calls of one creditor, as one collector sees them; keeps the promise of `flows.calls.CallOutbox`."""

    def __init__(self, creditor: int, token: int, wires: Wires, by: str = "") -> None:
        outbox = StoredOutbox(creditor, token, wires, CHANNEL, by)
        self._wires = wires
        self._mine = creditor, token
        self.halted = outbox.halted
        self.views = outbox.views
        self.start = outbox.start
        self.set_aside = outbox.set_aside
        self.let_go = outbox.let_go

    def waiting(self, account: str = "", stage: int | None = None) -> list[Waiting]:
        """Every task that is released or started, by id; only those of an account (by number), or of a stage."""
        creditor, _ = self._mine
        more = (" and k.number = ?" if account else "") + (" and m.stage = ?" if stage is not None else "")
        params = [value for value in (account, stage) if value not in ("", None)]
        return self._read(
            f"where a.{LIVING} and a.creditor_id = ? and a.channel = ? and a.role = ''"
            f" and a.state <> 'closing'{more} order by a.id",
            [creditor, CHANNEL, *params],
        )

    def take(self, task: int) -> Waiting | None:
        """Lease one task that is released and that nobody else has; None where that cannot be."""
        creditor, token = self._mine
        real = self._wires.real_now()
        hit("calls.take.before")
        taken = sql.execute(
            "update attempt set token = ?, lease_until = ? where id = ? and creditor_id = ? and channel = ?"
            " and role = '' and state = 'released' and not_before <= ?"
            " and (lease_until is null or lease_until < ? or token = ?)",
            [
                token,
                sql.us(real + self._wires.lease),
                task,
                creditor,
                CHANNEL,
                sql.us(self._wires.now()),
                sql.us(real),
                token,
            ],
        )
        hit("calls.take.after")
        found = self._read("where a.id = ?", [task]) if taken else []
        return found[0] if found else None

    def why_not(self, task: int) -> str:
        """Why a task cannot be taken now."""
        creditor, _ = self._mine
        found = self._read("where a.id = ? and a.creditor_id = ? and a.channel = ?", [task, creditor, CHANNEL])
        if not found:
            return f"there is no call {task}: duewell calls list shows those there are"
        one = found[0]
        if one.state == "started":
            return f"call {task} is with {one.started_by} since {one.started_at:%Y-%m-%d %H:%M} UTC"
        if one.state != "released":
            return f"call {task} is over, it is {one.state}"
        if one.not_before > self._wires.now():
            return f"call {task} was put off until {one.not_before:%Y-%m-%d %H:%M} UTC"
        return f"somebody else is about to start call {task}"

    def end(
        self,
        task: int,
        outcome: Outcome,
        by: str,
        again_at: datetime | None,
        also: Callable[[AccountId], dict[str, Any]] = lambda account: {},
    ) -> Ended:
        """Write how a started call ended and what follows, all or nothing.

        Args:
            again_at: when to call again, where the outcome says so.
            also: what else is saved in the same transaction, such as a hold; what it gives stands in the mark.

        Raises:
            NoSuchCall: the call is not started, or somebody else started it.
        """
        meaning = MEANING[outcome]
        with sql.transaction.atomic():
            one = self._held(task, by)
            now = self._wires.now()
            told: dict[str, Any] = {"outcome": str(outcome), "by": by, "text": meaning.says}
            if meaning.state == "accepted":
                ended = self._accepted(one, told, now, also)
            elif meaning.state == "refused" or (outcome in UNANSWERED and one.delivery.tries + 1 >= TRIES_MAX):
                ended = self._failed(one, outcome, told, now)
            else:
                ended = self._put_off(one, outcome, told, again_at, now)
            locks.bump_persons({one.delivery.person})
            locks.bump_accounts({one.delivery.account})
            hit("calls.end.commit.before")
        hit("calls.end.commit.after")
        return ended

    def give_back(self, task: int, by: str) -> Ended:
        """A call that was started and not made goes back to the list: nothing happened. Raises `NoSuchCall`."""
        with sql.transaction.atomic():
            one = self._held(task, by)
            now = self._wires.now()
            told = {"by": by, "text": "it was not called", "counts": False}
            ended = self._put_off(one, None, told, now, now)
            locks.bump_persons({one.delivery.person})
            locks.bump_accounts({one.delivery.account})
            hit("calls.end.commit.before")
        hit("calls.end.commit.after")
        return ended

    def _held(self, task: int, by: str) -> Waiting:
        """A started task of this collector, its person and account held until the commit."""
        creditor, _ = self._mine
        row = sql.one(
            "select person_id, account_id from attempt where id = ? and creditor_id = ? and channel = ?",
            [task, creditor, CHANNEL],
        )
        if row is None:
            raise NoSuchCall(f"there is no call {task}: duewell calls list")
        locks.persons([row[0]])
        locks.accounts([row[1]])
        one = self._read("where a.id = ?", [task])[0]
        if one.state == "unknown":
            raise NoSuchCall(
                f"nobody told in time how call {task} ended: it is a question now (duewell review list)"
            )
        if one.state != "started":
            raise NoSuchCall(
                f"call {task} is not under way, it is {one.state}: start it first (duewell calls start)"
            )
        if one.started_by != by:
            raise NoSuchCall(f"call {task} is with {one.started_by}, who speaks for it (--by {one.started_by})")
        return one

    def _accepted(
        self, one: Waiting, told: dict[str, Any], now: datetime, also: Callable[[AccountId], dict[str, Any]]
    ) -> Ended:
        creditor, token = self._mine
        delivery, today = one.delivery, self._wires.day_of(now)
        self._move(one, "accepted")
        advances = outcomes.advances_of([delivery.attempt])[delivery.attempt]
        follows = outcomes.arrived(
            creditor, [outcomes.Arrival(delivery.message, delivery.account, advances, today)], now
        )
        kept = also(AccountId(delivery.account))
        told |= {"reached_on": today.isoformat(), **kept, **follows[delivery.message]}
        write(creditor, token, [_mark(one, "accepted", told)], now)
        holds = tuple(kept.get("holds", ()))
        return Ended("accepted", AccountId(delivery.account), one.account, None, None, "", holds)

    def _put_off(
        self,
        one: Waiting,
        outcome: Outcome | None,
        told: dict[str, Any],
        again_at: datetime | None,
        now: datetime,
    ) -> Ended:
        """It is called again later, unless its run was taken back meanwhile."""
        creditor, token = self._mine
        delivery = one.delivery
        counts = outcome is not None and MEANING[outcome].counts
        self._move(one, "deferred", counted=counts)
        withdrawn = delivery.message in further.taken_back([delivery.message])
        after = now + (MEANING[outcome].again_after or timedelta(0)) if outcome is not None else now
        at = None if withdrawn else again_at or after
        following = None
        if at is not None:
            following = further.again(creditor, [(delivery.attempt, sql.us(at))])[delivery.attempt]
        told = {
            "code": 0,
            "counts": outcome in UNANSWERED,
            "contact": counts,
            "retry_at": None if at is None else sql.us(at),
            "next": following,
            **told,
        }
        write(creditor, token, [_mark(one, "deferred", told)], now)
        if withdrawn:
            claims.free([(delivery.message, delivery.account)], "withdrawn", "withdrawn", creditor, now)
        return Ended("deferred", AccountId(delivery.account), one.account, at, following, CHANNEL)

    def _failed(self, one: Waiting, outcome: Outcome, told: dict[str, Any], now: datetime) -> Ended:
        """Not on this number again: another number, else the next channel of the step, else a person is asked."""
        creditor, token = self._mine
        delivery = one.delivery
        counts = MEANING[outcome].counts
        self._move(one, "refused", counted=counts)
        pair = (delivery.message, delivery.account)
        following = None
        if outcome in NUMBER_FAILS:
            returns.give_up([delivery.point], str(outcome), now)
            following = self._other_number(one, now)
        channel = CHANNEL
        if following is None:
            following = further.on_the_next_channel(creditor, [pair], now).get(delivery.message)
            channel = _channel_of(following)
        told = {
            "code": 0,
            "contact": counts,
            "address": outcome in NUMBER_FAILS,
            "point": delivery.point,
            **({} if following is None else {"next": following}),
            **told,
        }
        write(creditor, token, [_mark(one, "refused", told)], now)
        if following is None:
            claims.free([pair], "refused", "refused", creditor, now)
            what = "Nobody answered the calls" if outcome in UNANSWERED else "The call failed"
            text = f"{what}: {MEANING[outcome].says}"
            questions.ask(
                creditor, [questions.Asked(delivery.account, "refused", str(delivery.attempt), text)], now
            )
        return Ended("refused", AccountId(delivery.account), one.account, None, following, channel)

    def _other_number(self, one: Waiting, now: datetime) -> int | None:
        """A further attempt on another usable number of the same customer that was not tried yet."""
        creditor, _ = self._mine
        delivery = one.delivery
        if further.taken_back([delivery.message]):
            return None
        row = sql.one(
            "select c.id from contact_point c where c.channel = ? and c.state = 'usable'"
            " and c.party_id = (select party_id from contact_point where id = ?)"
            " and c.id not in (select point_id from attempt where message_id = ? and channel = ?)"
            " order by c.rank, c.id limit 1",
            [CHANNEL, delivery.point, delivery.message, CHANNEL],
        )
        if row is None:
            return None
        wish = further.Wish(delivery.message, delivery.account, delivery.person, row[0], CHANNEL, sql.us(now))
        return further.add(creditor, [wish])[0]

    def _move(self, one: Waiting, after: str, *, counted: bool = True) -> None:
        uncounted = "" if counted else ", contacted_at = null"
        moved = sql.execute(
            f"update attempt set state = ?, lease_until = null{uncounted} where id = ? and state = 'started'",
            [after, one.delivery.attempt],
        )
        if not moved:
            raise NoSuchCall(f"call {one.delivery.attempt} was ended by somebody else")

    def _read(self, where: str, params: Sequence[Any]) -> list[Waiting]:
        rows = sql.fetch(f"{_TASK} {where}", list(params))
        if not rows:
            return []
        living = claims.Living([row[1] for row in rows])
        starters, tries = _started_by([row[0] for row in rows]), _tries([row[1] for row in rows])
        return [
            Waiting(
                Delivery(
                    row[0],
                    row[1],
                    row[2],
                    row[3],
                    row[4],
                    tries.get(row[1], 0),
                    tuple(Advance(claim.receivable, _STAGES[claim.stage]) for claim in living.of(row[1])),
                    CHANNEL,
                ),
                number=row[9],
                account=row[10],
                customer=row[11],
                country=row[12],
                stage=row[13],
                run=row[14],
                state=row[5],
                not_before=sql.instant(row[6]),
                started_at=None if row[7] is None else sql.instant(row[7]),
                started_by=starters.get(row[0], ""),
            )
            for row in rows
        ]


def forgotten(creditor: int, token: int, now: datetime, day_of: Callable[[datetime], date]) -> int:
    """Calls that were started on an earlier day, and of which nobody told the outcome, become questions."""
    rows = sql.fetch(
        f"select id, message_id, account_id, person_id, contacted_at from attempt where {LIVING}"
        " and state = 'started' and creditor_id = ? and channel = ? order by id",
        [creditor, CHANNEL],
    )
    today = day_of(now)
    left = {row[0]: row[1:4] for row in rows if day_of(sql.instant(row[4])) < today}
    if not left:
        return 0
    with sql.transaction.atomic():
        locks.persons({person for _, _, person in left.values()})
        locks.accounts({account for _, account, _ in left.values()})
        within, params = sql.ids_in("id", list(left))
        moved = sql.fetch(
            f"update attempt set state = 'unknown', lease_until = null where {within} and state = 'started'"
            " returning id",
            params,
        )
        starters = _started_by([row[0] for row in moved])
        gone = [
            outcomes.Lost(
                attempt,
                left[attempt][0],
                left[attempt][1],
                f"{starters[attempt]} started the call and told no outcome",
            )
            for (attempt,) in sorted(moved)
        ]
        marks = [Mark(one.attempt, one.message, one.account, "unknown", {"text": one.text}) for one in gone]
        write(creditor, token, marks, now)
        outcomes.in_the_dark(creditor, gone, now)
        hit("calls.forgotten.commit.before")
    hit("calls.forgotten.commit.after")
    return len(gone)


def _mark(one: Waiting, kind: str, told: dict[str, Any]) -> Mark:
    delivery = one.delivery
    return Mark(delivery.attempt, delivery.message, delivery.account, kind, told)


def _channel_of(attempt: int | None) -> str:
    row = None if attempt is None else sql.one("select channel from attempt where id = ?", [attempt])
    return "" if row is None else str(row[0])


def _started_by(attempts: Sequence[int]) -> dict[int, str]:
    within, params = sql.ids_in("attempt_id", list(attempts))
    rows = sql.fetch(f"select attempt_id, body from mark where {within} and kind = 'started'", params)
    return {attempt: json.loads(body).get("by", "") for attempt, body in rows}


def _tries(messages: Sequence[str]) -> dict[str, int]:
    """How many calls for each message nobody answered."""
    within, params = sql.ids_in("a.message_id", sorted(set(messages)))
    found: dict[str, int] = {}
    for message, body in sql.fetch(
        "select a.message_id, k.body from attempt a join mark k on k.attempt_id = a.id"
        f" where {within} and a.channel = ? and a.state = 'deferred' and k.kind = 'deferred'",
        [*params, CHANNEL],
    ):
        found[message] = found.get(message, 0) + bool(json.loads(body)["counts"])
    return found
