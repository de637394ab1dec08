"""Holds and stops in the tables: each with its fact, each moving the version that a decision has read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from duewell.core.agree.holds import Hold, HoldKind
from duewell.core.evidence.rows import body
from duewell.core.units.ids import AccountId, HoldId, PersonId
from duewell.flows.hold import HoldView, Target
from duewell.flows.stop import StopView, since
from duewell.store import facts, ids, posting, sql, words

HOLD = (
    "id creditor_id account_id receivable_id kind amount_minor starts_on until_on review_on reason recorded_at"
    " recorded_by"
).split()
HOLD_END = "id creditor_id hold_id ended_on reason recorded_at recorded_by".split()
STOP = "id person_id creditor_id channel point_id reason starts_at recorded_at recorded_by".split()
STOP_END = "id stop_id ended_at reason recorded_at recorded_by".split()


class Holds:
    """The holds of one creditor."""

    def __init__(self, creditor: int, now: datetime, by: str = "") -> None:
        self._creditor = creditor
        self._now = now
        self._by = by

    def targets(self, number: str) -> list[Target]:
        """The account and the invoices that bear this number."""
        accounts = sql.fetch(
            "select id, number from account where creditor_id = ? and number = ?", [self._creditor, number]
        )
        invoices = sql.fetch(
            "select r.account_id, a.number, r.id, r.number, r.currency, r.open_minor from receivable r"
            " join account a on a.id = r.account_id where r.creditor_id = ? and r.number = ? order by r.id",
            [self._creditor, number],
        )
        return [Target(row[0], row[1], None, "", "", 0) for row in accounts] + [
            Target._make(row) for row in invoices
        ]

    def open_invoices(self, account: AccountId) -> tuple[Target, list[Target]]:
        """The account, and its open invoices, oldest due first."""
        row = sql.one("select number from account where id = ? and creditor_id = ?", [account, self._creditor])
        assert row is not None
        rows = sql.fetch(
            "select account_id, id, number, currency, open_minor from receivable where creditor_id = ?"
            " and account_id = ? and not (open_minor = 0) and open_minor > 0 order by due_on, id",
            [self._creditor, account],
        )
        whole = Target(account, row[0], None, "", "", 0)
        return whole, [Target(account, row[0], *one[1:]) for one in rows]

    def add(self, account: AccountId, hold: Hold) -> HoldId:
        """Keep one hold, with its fact."""
        return self.add_many([(account, hold)])[0]

    def add_many(self, holds: Sequence[tuple[AccountId, Hold]]) -> list[HoldId]:
        """Keep many holds, one fact each; for imports that find disputes or missing items."""
        with sql.transaction.atomic():
            accounts = {account for account, _ in holds}
            posting.lock(accounts)
            now = sql.us(self._now)
            rows: list[tuple[Any, ...]] = [
                (
                    number,
                    self._creditor,
                    account,
                    hold.receivable,
                    str(hold.kind),
                    hold.amount_minor,
                    _text(hold.starts_on),
                    _text(hold.until_on),
                    _text(hold.review_on),
                    hold.reason,
                    now,
                    self._by,
                )
                for number, (account, hold) in zip(ids.allocate("hold", len(holds)), holds, strict=True)
            ]
            told = words.insert("hold", HOLD, rows)
            facts.append(
                [
                    facts.Draft(
                        f"account:{row[2]}", "agree.held", hold.starts_on, self._now, body({"hold": [row]})
                    )
                    for row, (_, hold) in zip(told, holds, strict=True)
                ]
            )
            posting.bump(accounts)
        return [HoldId(row[0]) for row in rows]

    def find(self, hold: int) -> tuple[AccountId, Hold] | None:
        """A hold with its account, or None where this creditor has none with that number."""
        row = sql.one(
            "select h.account_id, h.id, h.kind, h.receivable_id, h.amount_minor, h.starts_on, h.until_on,"
            " h.review_on, e.ended_on, h.reason from hold h left join hold_end e on e.hold_id = h.id"
            " where h.creditor_id = ? and h.id = ?",
            [self._creditor, hold],
        )
        if row is None:
            return None
        days = [None if value is None else sql.day(value) for value in row[5:9]]
        assert days[0] is not None
        found = Hold(row[1], HoldKind(row[2]), row[3], row[4], days[0], days[1], days[2], days[3], row[9])
        return row[0], found

    def end(self, account: AccountId, hold: HoldId, ended_on: date, reason: str) -> bool:
        """Keep the end of a hold with its fact; a question that was open about it is answered by it."""
        with sql.transaction.atomic():
            posting.lock([account])
            if sql.one("select 1 from hold_end where hold_id = ?", [hold]):
                return False
            now = sql.us(self._now)
            row = (
                ids.allocate("hold_end")[0],
                self._creditor,
                hold,
                _text(ended_on),
                reason,
                now,
                self._by,
            )
            told_rows = words.insert("hold_end", HOLD_END, [row])
            drafts = [
                facts.Draft(
                    f"account:{account}", "agree.hold_ended", ended_on, self._now, body({"hold_end": told_rows})
                )
            ]
            for (question,) in sql.fetch(
                "select id from review_item where creditor_id = ? and kind = 'hold' and subject = ?"
                " and state = 'open'",
                [self._creditor, str(hold)],
            ):
                sql.execute(
                    "update review_item set state = 'allowed', decided_at = ?, decided_by = ? where id = ?",
                    [now, self._by, question],
                )
                told = body(
                    question=question, kind="hold", subject=str(hold), allowed=True, by=self._by, reason=reason
                )
                drafts.append(facts.Draft(f"account:{account}", "review.decided", None, self._now, told))
            facts.append(drafts)
            posting.bump([account])
        return True

    def living(self, day: date, after: int, limit: int) -> list[HoldView]:
        """Holds above id `after` that nobody has ended by a day, in the order of their ids."""
        rows = sql.fetch(
            "select h.id, a.number, coalesce(r.number, ''), h.kind, h.amount_minor, coalesce(r.currency, ''),"
            " h.starts_on, h.until_on, h.review_on, e.ended_on, h.reason from hold h"
            " join account a on a.id = h.account_id left join receivable r on r.id = h.receivable_id"
            " left join hold_end e on e.hold_id = h.id where h.creditor_id = ? and h.id > ?"
            " and (e.id is null or e.ended_on > ?)"
            " and (h.kind not in ('promise', 'grace') or h.until_on > ?) order by h.id limit ?",
            [self._creditor, after, day, day, limit],
        )
        return [
            HoldView._make((*row[:6], *("" if value is None else str(value) for value in row[6:10]), row[10]))
            for row in rows
        ]


class Stops:
    """The stops of the persons behind one creditor's customers."""

    def __init__(self, creditor: int, now: datetime, by: str = "") -> None:
        self._creditor = creditor
        self._now = now
        self._by = by

    def person(self, party: str) -> PersonId | None:
        """The person behind the customer with this number, or None."""
        row = sql.one("select person_id from party where creditor_id = ? and number = ?", [self._creditor, party])
        return None if row is None else PersonId(row[0])

    def living(self, person: PersonId) -> list[StopView]:
        """Stops of a person that have not ended and that this creditor must know."""
        rows = sql.fetch(
            "select s.id, coalesce(c.key, ''), s.channel, s.reason, s.starts_at from stop s"
            " left join creditor c on c.id = s.creditor_id left join stop_end e on e.stop_id = s.id"
            " where s.person_id = ? and e.id is null and (s.creditor_id is null or s.creditor_id = ?)"
            " order by s.id",
            [person, self._creditor],
        )
        return [StopView._make((*row[:4], since(sql.instant(row[4])))) for row in rows]

    def add(self, person: PersonId, channel: str, reason: str, *, everybody: bool) -> int:
        """Keep a stop with its fact."""
        with sql.transaction.atomic():
            _lock(person)
            now = sql.us(self._now)
            row = (
                ids.allocate("stop")[0],
                person,
                None if everybody else self._creditor,
                channel,
                None,
                reason,
                now,
                now,
                self._by,
            )
            told = words.insert("stop", STOP, [row])
            self._record(person, "party.stopped", {"stop": told})
        return row[0]

    def end(self, person: PersonId, stops: Sequence[int], reason: str) -> int:
        """Keep the ends of some stops with one fact; those that somebody ended meanwhile are passed over."""
        with sql.transaction.atomic():
            _lock(person)
            within, params = sql.ids_in("stop_id", list(stops))
            ended = {row[0] for row in sql.fetch(f"select stop_id from stop_end where {within}", params)}
            ending = [stop for stop in stops if stop not in ended]
            now = sql.us(self._now)
            rows = [
                (number, stop, now, reason, now, self._by)
                for number, stop in zip(ids.allocate("stop_end", len(ending)), ending, strict=True)
            ]
            if rows:
                told = words.insert("stop_end", STOP_END, rows)
                self._record(person, "party.stop_ended", {"stop_end": told})
        return len(rows)

    def _record(self, person: PersonId, kind: str, rows: dict[str, list[list[Any]]]) -> None:
        facts.append([facts.Draft(f"person:{person}", kind, None, self._now, body(rows))])
        # Whoever is about to start a message to this person looks again.
        sql.execute("update person set version = version + 1 where id = ?", [person])


def _lock(person: PersonId) -> None:
    if sql.postgres():
        sql.fetch("select id from person where id = ? for update", [person])


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
