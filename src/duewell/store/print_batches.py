"""Print batches in the tables: letters get into one with their marks, and leave it handed over or cancelled.

Nothing is held while type is set. Who adds a letter to a batch holds its row, so that positions are given once and
a file that is ready has every letter of its batch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from duewell.core.contact.post import Post
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.core.evidence.canonical import canonical
from duewell.flows.failpoints import hit
from duewell.flows.outbox import Delivery, Draft, Wanted
from duewell.flows.print_batches import BatchView, Kept, LetterView, Merged
from duewell.store import claims, facts, ids, locks, marks, outcomes, posts, recovery, returns, sql
from duewell.store.outbox import LIVING, StoredOutbox, Wires

BATCH = 200
LETTER = "attempt_id creditor_id batch_id position digest".split()
CANCELLED = "the batch was cancelled before it was printed"
_NO_WORKER = 0
_STAGES = {int(stage): stage for stage in Stage}

Unpack = Callable[[int, bytes], bytes]
"""From the version of the dictionary and the stored bytes to a part of a message."""


class PrintOutbox(StoredOutbox):
    """The letters of one creditor that are to be printed."""

    def __init__(self, creditor: int, token: int, wires: Wires) -> None:
        super().__init__(creditor, token, wires, "letter")
        self._batch = 0

    def posts(self, wanted: Sequence[Wanted]) -> Mapping[int, Post]:
        """The two ends of each letter, by attempt."""
        return posts.of_letters(
            self._creditor,
            [(one.delivery.attempt, one.delivery.account, one.proposal.recipient) for one in wanted],
        )

    def start_in(self, batch: int, drafts: Sequence[Draft]) -> set[int]:
        """Put those into the batch whose account and person are as they were read, with marks and bytes."""
        self._batch = batch
        return self.start(drafts)

    def _started(self, drafts: Sequence[Draft]) -> list[marks.Mark]:
        made = super()._started(drafts)
        lock = " for update" if sql.postgres() else ""
        row = sql.one(f"select state from print_batch where id = ?{lock}", [self._batch])
        assert row is not None and row[0] == "making", "a batch that has ended takes no letter"
        first = (sql.one("select max(position) from print_letter where batch_id = ?", [self._batch]) or (0,))[
            0
        ] or 0
        rows = []
        for position, (draft, mark) in enumerate(zip(drafts, made, strict=True), first + 1):
            digest = sha256(draft.rendered.envelope.data).hexdigest()
            mark.told.update(batch=self._batch, position=position)
            rows.append((draft.attempt, self._creditor, self._batch, position, digest))
        sql.insert("print_letter", LETTER, rows)
        # From here on it belongs to the batch and to no worker.
        within, params = sql.ids_in("id", [draft.attempt for draft in drafts])
        sql.execute(f"update attempt set lease_until = null where {within}", params)
        return made


class StoredBatches:
    """Keeps the promise of `flows.print_batches.Batches` for one creditor."""

    def __init__(
        self,
        creditor: int,
        now: Callable[[], datetime],
        day_of: Callable[[datetime], date],
        by: str,
        unpack: Unpack,
    ) -> None:
        self._creditor = creditor
        self._now = now
        self._day_of = day_of
        self._by = by
        self._unpack = unpack

    def unfinished(self) -> int | None:
        """The batch that was left half-way, if there is one."""
        row = sql.one(
            "select min(id) from print_batch where creditor_id = ? and state = 'making'", [self._creditor]
        )
        return row[0] if row else None

    def waiting(self) -> int:
        """How many letters could be printed now."""
        row = sql.one(
            f"select count(*) from attempt where {LIVING} and state = 'released' and creditor_id = ?"
            " and channel = 'letter' and not_before <= ?",
            [self._creditor, sql.us(self._now())],
        )
        return row[0] if row else 0

    def open(self) -> int:
        """Save a new batch; its number."""
        with sql.transaction.atomic():
            batch = ids.allocate("print_batch")[0]
            sql.insert(
                "print_batch",
                ["id", "creditor_id", "state", "digest", "manifest", "made_at", "made_by", "ended_by"],
                [(batch, self._creditor, "making", "", "", sql.us(self._now()), self._by, "")],
            )
            self._tell(batch, "making", {})
            hit("print.open.commit.before")
        hit("print.open.commit.after")
        return batch

    def all(self, after: int, limit: int) -> list[BatchView]:
        """Batches below the number `after` (0: all), newest first."""
        below = "and b.id < ?" if after else "and ? = 0"
        return self._views(f"{below} order by b.id desc limit ?", [after, limit])

    def view(self, batch: int) -> BatchView | None:
        """The batch, or None where this creditor has none with that number."""
        found = self._views("and b.id = ?", [batch])
        return found[0] if found else None

    def listed(self, batch: int) -> list[LetterView]:
        """The letters of a batch, in the order of the file."""
        return [
            LetterView(*row)
            for row in sql.fetch(
                "select l.attempt_id, c.number, p.name, a.state, l.digest from print_letter l"
                " join attempt a on a.id = l.attempt_id join account c on c.id = a.account_id"
                " join contact_point t on t.id = a.point_id join party p on p.id = t.party_id"
                " where l.batch_id = ? and l.creditor_id = ? order by l.position",
                [batch, self._creditor],
            )
        ]

    def letters(self, batch: int) -> Iterator[Kept]:
        """The letters of a batch as they were set, in their order, few in memory at once."""
        rows = sql.fetch(
            "select l.attempt_id, c.number, t.value, l.digest, k.body from print_letter l"
            " join attempt a on a.id = l.attempt_id join account c on c.id = a.account_id"
            " join contact_point t on t.id = a.point_id"
            " join mark k on k.attempt_id = l.attempt_id and k.kind = 'started'"
            " where l.batch_id = ? and l.creditor_id = ? order by l.position",
            [batch, self._creditor],
        )
        for attempt, account, value, digest, body in rows:
            (part,) = json.loads(body)["parts"]
            kept = sql.one("select dictionary, data from part where digest = ?", [bytes.fromhex(part)])
            pdf = b"" if kept is None else self._unpack(kept[0], bytes(kept[1]))
            assert sha256(pdf).hexdigest() == digest, (
                f"the letter of attempt {attempt} is not the one that was set"
            )
            yield Kept(attempt, account, json.loads(value).get("country", ""), pdf)

    def ready(self, batch: int, merged: Merged, letters: int) -> bool:
        """The file is there; False where letters were added meanwhile, or the batch has ended."""
        with sql.transaction.atomic():
            lock = " for update" if sql.postgres() else ""
            row = sql.one(f"select state from print_batch where id = ?{lock}", [batch])
            count = sql.one("select count(*) from print_letter where batch_id = ?", [batch])
            if row is None or row[0] != "making" or count is None or count[0] != letters:
                return False
            sql.execute(
                "update print_batch set state = 'ready', digest = ?, manifest = ?, ready_at = ? where id = ?",
                [merged.digest, merged.manifest, sql.us(self._now()), batch],
            )
            self._tell(batch, "ready", {"letters": letters, "digest": merged.digest, "manifest": merged.manifest})
            hit("print.ready.commit.before")
        hit("print.ready.commit.after")
        return True

    def end_empty(self, batch: int) -> None:
        """Nothing was left to be printed."""
        self._end(batch, "cancelled", "making", {"letters": 0, "reason": ""})

    def under_way(self, batch: int) -> list[Delivery]:
        """The letters of the batch that are neither handed over nor put back, in the order of the file."""
        rows = sql.fetch(
            "select a.id, a.message_id, a.account_id, a.person_id, a.point_id, a.role, a.party_id"
            " from print_letter l join attempt a on a.id = l.attempt_id"
            " where l.batch_id = ? and l.creditor_id = ? and a.state = 'started' order by l.position",
            [batch, self._creditor],
        )
        living = claims.Living([row[1] for row in rows])
        return [
            Delivery(
                attempt,
                message,
                account,
                person,
                point,
                0,
                tuple(Advance(claim.receivable, _STAGES[claim.stage]) for claim in living.of(message)),
                "letter",
                role,
                party,
            )
            for attempt, message, account, person, point, role, party in rows
        ]

    def nets(self, batch: int) -> dict[int, dict[str, int]]:
        """What each letter of the batch asks to be paid, in minor units by currency, by attempt."""
        rows = sql.fetch(
            "select l.attempt_id, k.body from print_letter l"
            " join mark k on k.attempt_id = l.attempt_id and k.kind = 'started'"
            " where l.batch_id = ? and l.creditor_id = ?",
            [batch, self._creditor],
        )
        return {
            attempt: {currency: asked - credit for currency, asked, credit in json.loads(body)["nets"]}
            for attempt, body in rows
        }

    def take_out(self, batch: int, attempts: Collection[int], reason: str) -> int:
        """Those letters certainly do not leave with the batch: each waits again; how many this call moved."""
        moved = 0
        for some in self._living(batch):
            out = [left for left in some if left.attempt in attempts]
            if not out:
                continue
            with sql.transaction.atomic():
                locks.persons({left.person for left in out})
                locks.accounts({left.account for left in out})
                moved += recovery.put_back(self._creditor, _NO_WORKER, out, reason, self._now())
                hit("print.takeout.commit.before")
            hit("print.takeout.commit.after")
        return moved

    def hand_over(self, batch: int) -> int:
        """Every letter of it counts as delivered today; how many this call moved."""
        moved = 0
        for some in self._living(batch):
            with sql.transaction.atomic():
                moved += self._handed_over(batch, some)
                hit("print.handover.commit.before")
            hit("print.handover.commit.after")
        self._end(batch, "handed_over", "ready", {})
        return moved

    def cancel(self, batch: int, reason: str) -> int:
        """No letter of it left: each waits again; how many this call moved."""
        moved = 0
        for some in self._living(batch):
            with sql.transaction.atomic():
                locks.persons({left.person for left in some})
                locks.accounts({left.account for left in some})
                moved += recovery.put_back(self._creditor, _NO_WORKER, some, CANCELLED, self._now())
                hit("print.cancel.commit.before")
            hit("print.cancel.commit.after")
        for state in ("making", "ready"):
            self._end(batch, "cancelled", state, {"letters": moved, "reason": reason})
        return moved

    def came_back(self, attempt: int, reason: str) -> str | None:
        """A letter came back: the channel on which its message goes on, or empty; None: it is no such letter."""
        row = sql.one(
            "select person_id, account_id from attempt where id = ? and creditor_id = ? and channel = 'letter'"
            " and state in ('accepted', 'unknown')",
            [attempt, self._creditor],
        )
        if row is None:
            return None
        with sql.transaction.atomic():
            locks.persons([row[0]])
            locks.accounts([row[1]])
            back = returns.came_back(
                self._creditor, _NO_WORKER, [attempt], reason, self._by, self._now(), "letter"
            )
            hit("print.returned.commit.before")
        hit("print.returned.commit.after")
        if not back:
            return None
        goes_on = back[0].next and sql.one("select channel from attempt where id = ?", [back[0].next])
        return goes_on[0] if goes_on else ""

    def _living(self, batch: int) -> Iterator[list[recovery.Left]]:
        """The letters of the batch that are neither handed over nor put back, some at a time."""
        rows = sql.fetch(
            "select a.id, a.message_id, a.account_id, a.person_id, a.state, a.token, 0, a.role from print_letter l"
            " join attempt a on a.id = l.attempt_id where l.batch_id = ? and l.creditor_id = ?"
            " and a.state = 'started' order by l.position",
            [batch, self._creditor],
        )
        for start in range(0, len(rows), BATCH):
            yield [recovery.Left(*row) for row in rows[start : start + BATCH]]

    def _handed_over(self, batch: int, some: Sequence[recovery.Left]) -> int:
        locks.persons({left.person for left in some})
        locks.accounts({left.account for left in some})
        now = self._now()
        today = self._day_of(now)
        within, params = sql.ids_in("id", [left.attempt for left in some])
        taken = {
            row[0]
            for row in sql.fetch(
                f"update attempt set state = 'accepted' where {within} and state = 'started' returning id", params
            )
        }
        gone = [left for left in some if left.attempt in taken]
        own = [left for left in gone if not left.role]
        advances = outcomes.advances_of([left.attempt for left in own])
        follows = outcomes.arrived(
            self._creditor,
            [outcomes.Arrival(left.message, left.account, advances[left.attempt], today) for left in own],
            now,
        )
        written = []
        for left in gone:
            told: dict[str, Any] = {"code": 0, "text": "handed over", "batch": batch, "by": self._by}
            told |= (
                {"role": left.role} if left.role else {"reached_on": today.isoformat(), **follows[left.message]}
            )
            written.append(marks.Mark(left.attempt, left.message, left.account, "accepted", told))
        marks.write(self._creditor, _NO_WORKER, written, now)
        return len(gone)

    def _end(self, batch: int, state: str, before: str, told: dict[str, Any]) -> None:
        with sql.transaction.atomic():
            moved = sql.execute(
                "update print_batch set state = ?, ended_at = ?, ended_by = ?"
                " where id = ? and creditor_id = ? and state = ?",
                [state, sql.us(self._now()), self._by, batch, self._creditor, before],
            )
            if moved:
                self._tell(batch, state, told)
            hit("print.end.commit.before")
        hit("print.end.commit.after")

    def _tell(self, batch: int, state: str, told: dict[str, Any]) -> None:
        body = canonical({"batch": batch, "state": state, "by": self._by, **told})
        facts.append([facts.Draft(f"house:{self._creditor}", "contact.printed", None, self._now(), body)])

    def _views(self, condition: str, params: Sequence[Any]) -> list[BatchView]:
        def iso(at: int | None) -> str:
            return "" if at is None else sql.instant(at).isoformat()

        rows = sql.fetch(
            "select b.id, b.state, (select count(*) from print_letter l where l.batch_id = b.id), b.digest,"
            " b.made_at, b.made_by, b.ended_at, b.ended_by from print_batch b"
            f" where b.creditor_id = ? {condition}",
            [self._creditor, *params],
        )
        return [
            BatchView(number, state, letters, digest, iso(made), made_by, iso(ended), ended_by)
            for number, state, letters, digest, made, made_by, ended, ended_by in rows
        ]
