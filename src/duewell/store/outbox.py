"""The outbox: attempts are leased, started under a conditional update, closed, and finished.

A worker has a token. What it may do to an attempt hangs on the attempt still carrying that token, so a worker
that was away too long finds its work taken over and does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from duewell.core.contact.view import View
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.core.evidence.digests import salted
from duewell.flows.failpoints import hit
from duewell.flows.outbox import Aside, Delivery, Draft, Finished, Postponed, Question, Rerouted, Wanted
from duewell.store import claims, further, ids, locks, marks, outcomes, questions, sql
from duewell.store import views as viewing

_BEFORE_ALL = (-(1 << 62), 0)
# The condition of the index over living attempts, word for word: SQLite uses a partial index for nothing less.
LIVING = "state in ('released', 'started', 'closing')"


class Packed(NamedTuple):
    """A part as it is stored."""

    digest: bytes
    salt: bytes
    dictionary: int
    data: bytes


class Wires(NamedTuple):
    """What the outbox needs from the edge."""

    now: Callable[[], datetime]
    """The present instant; in a test home, what it takes for now."""
    real_now: Callable[[], datetime]
    """The machine's own clock: leases are about living processes, whatever a test home takes for now."""
    seconds: Callable[[], float]
    """A clock of the machine that only ever goes forward."""
    lease: timedelta
    """Longer than any conversation with the server may take."""
    day_of: Callable[[datetime], date]
    """The creditor's civil date of an instant."""
    pack: Callable[[bytes], Packed]
    languages: Collection[str]


class StoredOutbox:
    """The outbox of one creditor on one channel as one worker sees it."""

    def __init__(self, creditor: int, token: int, wires: Wires, channel: str = "email", by: str = "") -> None:
        """`by` is the person who starts the attempts, where it is not the program."""
        self._channel = channel
        self._by = by
        self._creditor = creditor
        self._token = token
        self._wires = wires
        self._taken = _BEFORE_ALL

    def halted(self) -> bool:
        """Is the kill switch of the creditor on?"""
        return self._house()[0]

    def take(self, limit: int) -> list[Delivery]:
        """Lease up to `limit` attempts whose time has come, those that wait longest first; none twice."""
        real = self._wires.real_now()
        skip = " for update skip locked" if sql.postgres() else ""
        with sql.transaction.atomic():
            rows = sql.fetch(
                f"update attempt set token = ?, lease_until = ? where id in (select id from attempt where {LIVING}"
                " and state = 'released' and creditor_id = ? and (not_before, id) > (?, ?) and not_before <= ?"
                " and channel = ?"
                " and (lease_until is null or lease_until < ? or token = ?)"
                f" order by not_before, id limit ?{skip})"
                " returning not_before, id, message_id, account_id, person_id, point_id, ordinal, role, party_id",
                [
                    self._token,
                    sql.us(real + self._wires.lease),
                    self._creditor,
                    *self._taken,
                    sql.us(self._wires.now()),
                    self._channel,
                    sql.us(real),
                    self._token,
                    limit,
                ],
            )
            hit("send.take.commit.before")
        hit("send.take.commit.after")
        if not rows:
            return []
        rows.sort()
        self._taken = (rows[-1][0], rows[-1][1])
        tries = _tries([row[2] for row in rows if row[6] > 1], self._channel)
        living = claims.Living([row[2] for row in rows])
        return [
            Delivery(
                attempt,
                message,
                account,
                person,
                point,
                tries.get((message, party), 0),
                tuple(Advance(claim.receivable, _STAGES[claim.stage]) for claim in living.of(message)),
                self._channel,
                role,
                party,
            )
            for _, attempt, message, account, person, point, _, role, party in rows
        ]

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        with sql.transaction.atomic():
            sql.execute(
                f"update attempt set lease_until = null where {LIVING} and state = 'released' and creditor_id = ?"
                " and token = ? and lease_until is not null",
                [self._creditor, self._token],
            )
            hit("send.letgo.commit.before")
        hit("send.letgo.commit.after")

    def views(self, wanted: Sequence[Wanted]) -> dict[int, View]:
        """What the messages show besides their proposals."""
        return viewing.views(self._creditor, wanted, self._wires.languages)

    def start(self, drafts: Sequence[Draft]) -> set[int]:
        """Mark as started those whose account, person and creditor are unchanged and whose permit covers now.

        The rows that were compared stay locked until the commit, so whatever was committed before it has won.
        """
        with sql.transaction.atomic():
            locks.share_switch(self._creditor)
            halted, house = self._house()
            if halted:
                return set()
            persons = locks.persons({draft.wanted.known.standing.person for draft in drafts})
            accounts = locks.accounts({draft.wanted.delivery.account for draft in drafts})
            # Waiting for the locks may have taken a while: now is when they are held.
            now = self._wires.now()
            sound: dict[int, Draft] = {}
            for draft in drafts:
                wanted = draft.wanted
                case, standing = wanted.known.case, wanted.known.standing
                if (
                    persons.get(standing.person) == standing.version
                    and accounts.get(wanted.delivery.account) == case.version
                    and wanted.house == house
                    and wanted.permit.covers(now)
                    and wanted.proposal.as_of == self._wires.day_of(now)
                ):
                    sound[draft.attempt] = draft
                    # The next of the same person has to count this one first.
                    del persons[standing.person]
            started = self._move(sound, "released", "started", ", contacted_at = ?", [sql.us(now)])
            going = [draft for attempt, draft in sound.items() if attempt in started]
            self._readdress(going)
            locks.bump_persons({draft.wanted.known.standing.person for draft in going})
            marks.write(self._creditor, self._token, self._started(going), now)
            hit("send.start.commit.before")
        hit("send.start.commit.after")
        return started

    def closing(self, drafts: Sequence[Draft]) -> tuple[set[int], float]:
        """Mark as closing those this worker still holds, unless sending was halted or their permit has closed."""
        with sql.transaction.atomic():
            locks.share_switch(self._creditor)
            if self.halted():
                return set(), self._wires.seconds()
            locks.accounts({draft.wanted.delivery.account for draft in drafts})
            now = self._wires.now()
            open_still = {draft.attempt: draft for draft in drafts if draft.wanted.permit.covers(now)}
            held = self._move(open_still, "started", "closing")
            written = [
                _mark(draft.wanted.delivery, "closing", {})
                for attempt, draft in open_still.items()
                if attempt in held
            ]
            marks.write(self._creditor, self._token, written, now)
            marked_at = self._wires.seconds()
            hit("send.closing.commit.before")
        hit("send.closing.commit.after")
        return held, marked_at

    def finish(self, finished: Sequence[Finished]) -> None:
        """Write how attempts ended and what follows from it."""
        with sql.transaction.atomic():
            locks.persons({item.draft.wanted.known.standing.person for item in finished})
            locks.accounts({item.draft.wanted.delivery.account for item in finished})
            now = self._wires.now()
            outcomes.finish(self._creditor, self._token, finished, now, self._wires.day_of(now))
            hit("send.finish.commit.before")
        hit("send.finish.commit.after")

    def set_aside(self, items: Sequence[Aside]) -> None:
        """End, postpone or ask about attempts that do not go out now."""
        waiting = [item for item in items if isinstance(item, Postponed)]
        ending = {item.delivery.attempt: item for item in items if not isinstance(item, Postponed)}
        with sql.transaction.atomic():
            locks.accounts({item.delivery.account for item in items})
            now = self._wires.now()
            sql.update_many(
                "update attempt set lease_until = null, not_before = coalesce(?, not_before)"
                " where id = ? and state = 'released' and token = ?",
                [
                    (None if item.until is None else sql.us(item.until), item.delivery.attempt, self._token)
                    for item in waiting
                ],
            )
            ended = self._move(ending, "released", "withheld")
            gone = [item for attempt, item in ending.items() if attempt in ended]
            marks.write(self._creditor, self._token, [self._held_back(item, now) for item in gone], now)
            # What goes on elsewhere keeps its claims, and a copy has none.
            over = [item for item in gone if not isinstance(item, Rerouted) and not item.delivery.role]
            for reason in sorted({item.reason for item in over}):
                some = [(item.delivery.message, item.delivery.account) for item in over if item.reason == reason]
                claims.free(some, "withheld", reason, self._creditor, now)
            questions.ask(
                self._creditor,
                [
                    questions.Asked(
                        item.delivery.account, "law", f"{item.delivery.account}:{item.reason}", item.text
                    )
                    for item in gone
                    if isinstance(item, Question)
                ],
                now,
            )
            hit("send.aside.commit.before")
        hit("send.aside.commit.after")

    def _held_back(self, item: Aside, now: datetime) -> marks.Mark:
        told: dict[str, Any] = {"reason": item.reason, "text": item.text}
        if isinstance(item, Rerouted):
            delivery = item.delivery
            following = further.elsewhere(self._creditor, (delivery.message, delivery.account), item.to, now)
            told |= {"next": following, "channel": item.to.channel}
        return _mark(item.delivery, "withheld", told)

    def _house(self) -> tuple[bool, int]:
        row = sql.one("select halted, version from creditor where id = ?", [self._creditor])
        assert row is not None
        return bool(row[0]), row[1]

    def _move(
        self, attempts: Collection[int], before: str, after: str, more: str = "", params: Sequence[Any] = ()
    ) -> set[int]:
        """Those of the attempts that this worker still holds in the state `before`; they are in `after` now."""
        if not attempts:
            return set()
        within, listed = sql.ids_in("id", list(attempts))
        rows = sql.fetch(
            f"update attempt set state = ?, lease_until = ?{more}"
            f" where {within} and state = ? and token = ? returning id",
            [after, sql.us(self._wires.real_now() + self._wires.lease), *params, *listed, before, self._token],
        )
        return {row[0] for row in rows}

    def _readdress(self, drafts: Sequence[Draft]) -> None:
        """Person and address may have changed since the plan: the attempt says who is really contacted."""
        changed = [
            (wanted.known.standing.person, wanted.proposal.recipient.point, wanted.delivery.attempt)
            for wanted in (draft.wanted for draft in drafts)
            if (wanted.delivery.person, wanted.delivery.point)
            != (wanted.known.standing.person, wanted.proposal.recipient.point)
        ]
        if changed:
            sql.update_many("update attempt set person_id = ?, point_id = ? where id = ?", changed)

    def _started(self, drafts: Sequence[Draft]) -> list[marks.Mark]:
        packed = [[self._wires.pack(part) for part in draft.rendered.parts] for draft in drafts]
        # In one order, for two workers may store the same part.
        _keep([part for _, part in sorted({part.digest: part for parts in packed for part in parts}.items())])
        return [
            _mark(draft.wanted.delivery, "started", _told(draft, parts) | ({"by": self._by} if self._by else {}))
            for draft, parts in zip(drafts, packed, strict=True)
        ]


def worker_token() -> int:
    """A token that no other worker has or had."""
    with sql.transaction.atomic():
        token = ids.allocate("token")[0]
        hit("send.token.commit.before")
    hit("send.token.commit.after")
    return token


def _told(draft: Draft, parts: Sequence[Packed]) -> dict[str, Any]:
    """What the started mark keeps: the digests of what leaves, to whom, what it asks for and what it advances."""
    envelope, (_, _, proposal, permit, _) = draft.rendered.envelope, draft.wanted
    salt = parts[0].salt
    moving = {advance.receivable for advance in proposal.advances}
    return {
        "parts": [part.digest.hex() for part in parts],
        "bytes": salted(salt, sha256(envelope.data).digest()).hex(),
        "recipient": salted(salt, envelope.recipient).hex(),
        "point": proposal.recipient.point,
        "stage": int(proposal.stage),
        "strategy": proposal.strategy_digest,
        "book": permit.book_digest,
        "closes_at": sql.us(permit.closes_at),
        "items": [[line.receivable, line.open_minor, line.held_minor] for line in proposal.lines],
        "nets": [[net.currency, net.asked_minor, net.credit_minor] for net in proposal.nets],
        "advances": [[advance.receivable, int(advance.stage)] for advance in proposal.advances],
        **({"role": proposal.role} if proposal.role else {}),
        # Where it has to be taken back because the message comes back.
        "before": [
            [item.id, int(item.reached), item.reached_on and item.reached_on.isoformat()]
            for item in draft.wanted.known.case.items
            if item.reached and item.id in moving
        ],
    }


def _mark(delivery: Delivery, kind: str, told: dict[str, Any]) -> marks.Mark:
    return marks.Mark(delivery.attempt, delivery.message, delivery.account, kind, told)


def _keep(parts: Sequence[Packed]) -> None:
    """Store parts; one that is stored already stays as it is."""
    into = "insert into part (digest, salt, dictionary, data)"
    if sql.postgres():
        sql.execute(
            f"{into} select * from unnest(?::bytea[], ?::bytea[], ?::smallint[], ?::bytea[])"
            " on conflict do nothing",
            [list(column) for column in zip(*parts, strict=True)] or [[], [], [], []],
        )
    else:
        sql.update_many(f"{into} values (?, ?, ?, ?) on conflict do nothing", parts)


def _tries(messages: Sequence[str], channel: str) -> dict[tuple[str, int | None], int]:
    """How often these messages have been put off on a channel, tries that tell nothing about them left out.

    By message, and for a copy by whoever gets it.
    """
    if not messages:
        return {}
    within, params = sql.ids_in("a.message_id", messages)
    found: dict[tuple[str, int | None], int] = {}
    for message, party, body in sql.fetch(
        "select a.message_id, a.party_id, k.body from attempt a join mark k on k.attempt_id = a.id"
        f" where {within} and a.channel = ? and a.state = 'deferred' and k.kind = 'deferred'",
        [*params, channel],
    ):
        found[message, party] = found.get((message, party), 0) + bool(json.loads(body)["counts"])
    return found


_STAGES = {int(stage): stage for stage in Stage}
