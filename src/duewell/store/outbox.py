"""The outbox: attempts are leased, started under a conditional update, closed, and finished.

A worker has a token. What it may do to an attempt hangs on the attempt still carrying that token, so a worker
that was away too long finds its work taken over and does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from duewell.core.contact.view import Addressee, Document, View
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.core.evidence.digests import salted
from duewell.core.units.ids import ReceivableId
from duewell.flows.failpoints import hit
from duewell.flows.ports import CreditorView, Known
from duewell.flows.send import Delivery, Draft, Finished, Postponed, Question, Withheld
from duewell.store import creditors, ids, outcomes, sql
from duewell.store.marks import Mark, write
from duewell.store.releases import free

LEASE = timedelta(seconds=120)


class Packed(NamedTuple):
    """A part as it is stored."""

    digest: bytes
    salt: bytes
    dictionary: int
    data: bytes


class Wires(NamedTuple):
    """What the outbox needs from the edge."""

    real_now: Callable[[], datetime]
    """The machine's own clock: leases are about living processes, whatever a test home takes for now."""
    pack: Callable[[bytes], Packed]
    languages: frozenset[str]


class StoredOutbox:
    """The outbox of one creditor as one worker sees it."""

    def __init__(
        self, creditor: CreditorView, token: int, wires: Wires, day_of: Callable[[datetime], Any]
    ) -> None:
        self._creditor = creditor
        self._token = token
        self._wires = wires
        self._day_of = day_of

    def halted(self) -> bool:
        """Is the kill switch of the creditor on?"""
        row = sql.one("select halted from creditor where id = ?", [self._creditor.id])
        return bool(row and row[0])

    def take(self, limit: int, now: datetime, after: int) -> list[Delivery]:
        """Lease up to `limit` attempts above id `after` whose time has come."""
        real = self._wires.real_now()
        skip = " for update skip locked" if sql.postgres() else ""
        with sql.transaction.atomic():
            rows = sql.fetch(
                "update attempt set token = ?, lease_until = ? where id in (select id from attempt"
                " where creditor_id = ? and state = 'released' and not_before <= ? and id > ?"
                f" and (lease_until is null or lease_until < ? or token = ?) order by id limit ?{skip})"
                " returning id, message_id, account_id, person_id, point_id, ordinal",
                [
                    self._token,
                    sql.us(real + LEASE),
                    self._creditor.id,
                    sql.us(now),
                    after,
                    sql.us(real),
                    self._token,
                    limit,
                ],
            )
            hit("send.take.commit.before")
        hit("send.take.commit.after")
        claims = self._claims([row[1] for row in rows])
        return [Delivery(*row, tuple(claims.get(row[1], ()))) for row in sorted(rows)]

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        sql.execute(
            "update attempt set lease_until = null where creditor_id = ? and token = ? and state = 'released'"
            " and lease_until is not null",
            [self._creditor.id, self._token],
        )

    def views(self, deliveries: Sequence[Delivery], known: dict[int, Known]) -> dict[str, View]:
        """What the messages show besides their proposals."""
        if not deliveries:
            return {}
        within, params = sql.ids_in("a.id", [delivery.account for delivery in deliveries])
        parties = {
            row[0]: row[1:]
            for row in sql.fetch(
                "select a.id, a.number, p.kind, p.name, p.given_name, p.family_name, p.salutation, p.country"
                f" from account a join party p on p.id = a.party_id where {within}",
                params,
            )
        }
        points = {known[item.account].case.recipients[0].point for item in deliveries}
        within, params = sql.ids_in("id", sorted(points))
        addresses = dict(sql.fetch(f"select id, value from contact_point where {within}", params))
        sender = creditors.sender(self._creditor.id)
        views = {}
        for delivery in deliveries:
            case = known[delivery.account].case
            number, *rest = parties[delivery.account]
            address = next(addresses[item.point] for item in case.recipients if item.channel == "email")
            documents = {ReceivableId(item.id): Document(item.number, item.issued_on) for item in case.items}
            views[delivery.message] = View(
                sender, Addressee(address, *rest), number, documents, self._wires.languages
            )
        return views

    def start(self, drafts: Sequence[Draft], now: datetime) -> set[int]:
        """Mark as started those whose account and person are unchanged and whose permit covers `now`."""
        started: set[int] = set()
        marks: list[Mark] = []
        with sql.transaction.atomic():
            if self.halted():
                return started
            persons, accounts = self._lock([draft.delivery for draft in drafts])
            for draft in drafts:
                delivery = draft.delivery
                unchanged = (
                    persons[delivery.person] == draft.known.standing.version
                    and accounts[delivery.account] == draft.known.case.version
                    and draft.permit.covers(now)
                )
                if unchanged and self._move(delivery.attempt, "released", "started", contacted_at=sql.us(now)):
                    started.add(delivery.attempt)
                    marks.append(self._started(draft))
            self._bump_persons([draft.delivery.person for draft in drafts if draft.delivery.attempt in started])
            write(self._creditor.id, marks, now)
            hit("send.start.commit.before")
        hit("send.start.commit.after")
        return started

    def closing(self, drafts: Sequence[Draft], now: datetime) -> set[int]:
        """Mark as closing those this worker still holds."""
        held: set[int] = set()
        with sql.transaction.atomic():
            marks = []
            for draft in drafts:
                delivery = draft.delivery
                if self._move(delivery.attempt, "started", "closing"):
                    held.add(delivery.attempt)
                    marks.append(self._mark(delivery, "closing", {}))
            write(self._creditor.id, marks, now)
            hit("send.closing.commit.before")
        hit("send.closing.commit.after")
        return held

    def finish(self, finished: Sequence[Finished], now: datetime) -> None:
        """Write how attempts ended and what follows from it."""
        with sql.transaction.atomic():
            self._lock([item.draft.delivery for item in finished])
            outcomes.finish(self._creditor.id, self._token, finished, now, self._day_of(now))
            hit("send.finish.commit.before")
        hit("send.finish.commit.after")

    def set_aside(self, items: Sequence[Withheld | Postponed | Question], now: datetime) -> None:
        """End, postpone or ask about attempts that do not go out now."""
        with sql.transaction.atomic():
            self._lock([item.delivery for item in items])
            for item in items:
                if isinstance(item, Postponed):
                    until = None if item.until is None else sql.us(item.until)
                    sql.execute(
                        "update attempt set lease_until = null, not_before = coalesce(?, not_before)"
                        " where id = ? and state = 'released' and token = ?",
                        [until, item.delivery.attempt, self._token],
                    )
                    continue
                if not self._move(item.delivery.attempt, "released", "withheld"):
                    continue
                if isinstance(item, Question):
                    outcomes.ask(
                        self._creditor.id,
                        item.delivery.account,
                        "law",
                        f"{item.delivery.account}:{item.reason}",
                        item.text,
                        now,
                    )
                told = {"reason": item.reason, "text": item.text}
                write(self._creditor.id, [self._mark(item.delivery, "withheld", told)], now)
                free(
                    [(item.delivery.message, item.delivery.account)],
                    "withheld",
                    item.reason,
                    self._creditor.id,
                    now,
                )
            hit("send.aside.commit.before")
        hit("send.aside.commit.after")

    def _claims(self, messages: Sequence[str]) -> dict[str, list[Advance]]:
        within, params = sql.ids_in("message_id", list(messages))
        claims: dict[str, list[Advance]] = {}
        for message, receivable, stage in sql.fetch(
            f"select message_id, receivable_id, stage from claim where {within} and not freed"
            " order by receivable_id",
            params,
        ):
            claims.setdefault(message, []).append(Advance(receivable, Stage(stage)))
        return claims

    def _lock(self, deliveries: Sequence[Delivery]) -> tuple[dict[int, int], dict[int, int]]:
        # Persons before accounts, each by ascending id: the one order everybody locks in.
        persons = self._locked("person", {delivery.person for delivery in deliveries})
        return persons, self._locked("account", {delivery.account for delivery in deliveries})

    def _locked(self, table: str, wanted: set[int]) -> dict[int, int]:
        within, params = sql.ids_in("id", sorted(wanted))
        lock = " for update" if sql.postgres() else ""
        return dict(sql.fetch(f"select id, version from {table} where {within} order by id{lock}", params))

    def _move(self, attempt: int, before: str, after: str, contacted_at: int | None = None) -> bool:
        if contacted_at is not None:
            return bool(
                sql.execute(
                    "update attempt set state = ?, contacted_at = ?, lease_until = ?"
                    " where id = ? and state = ? and token = ?",
                    [after, contacted_at, self._lease(), attempt, before, self._token],
                )
            )
        return bool(
            sql.execute(
                "update attempt set state = ?, lease_until = ? where id = ? and state = ? and token = ?",
                [after, self._lease(), attempt, before, self._token],
            )
        )

    def _lease(self) -> int:
        return sql.us(self._wires.real_now() + LEASE)

    def _bump_persons(self, persons: list[int]) -> None:
        within, params = sql.ids_in("id", persons)
        sql.execute(f"update person set version = version + 1 where {within}", params)

    def _started(self, draft: Draft) -> Mark:
        parts = [self._wires.pack(part) for part in draft.rendered.parts]
        for part in parts:
            sql.execute(
                "insert into part (digest, salt, dictionary, data) values (?, ?, ?, ?) on conflict do nothing",
                [part.digest, part.salt, part.dictionary, part.data],
            )
        proposal = draft.proposal
        recipient = draft.rendered.envelope.recipient
        told = {
            "parts": [part.digest.hex() for part in parts],
            "bytes": salted(parts[0].salt, sha256(draft.rendered.envelope.data).digest()).hex(),
            "recipient": salted(parts[0].salt, recipient).hex(),
            "stage": int(proposal.stage),
            "strategy": proposal.strategy_digest,
            "book": draft.permit.book_digest,
            "closes_at": sql.us(draft.permit.closes_at),
            "items": [[line.receivable, line.open_minor, line.held_minor] for line in proposal.lines],
            "nets": [[net.currency, net.asked_minor, net.credit_minor] for net in proposal.nets],
            "advances": [[advance.receivable, int(advance.stage)] for advance in proposal.advances],
        }
        return self._mark(draft.delivery, "started", told)

    def _mark(self, delivery: Delivery, kind: str, told: dict[str, Any]) -> Mark:
        return Mark(delivery.attempt, delivery.message, delivery.account, kind, self._token, told, {})


def worker_token() -> int:
    """A token that no other worker has or had."""
    with sql.transaction.atomic():
        return ids.allocate("token")[0]


def rebuild(message: str) -> list[dict[str, Any]]:
    """The started marks of a message, oldest first, as plain values: what left, part by part."""
    rows = sql.fetch("select body from mark where message_id = ? and kind = 'started' order by id", [message])
    return [json.loads(row[0]) for row in rows]
