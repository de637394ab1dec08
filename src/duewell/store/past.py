"""What was known at a past instant, beside what the facts of an account tell: books, questions, stops, runs."""

from __future__ import annotations

import json
from datetime import date, datetime

from duewell.core.law.values import Stop
from duewell.flows.ask_why import HouseThen, RunThen
from duewell.store import sql


def house_then(creditor: int, account: int, person: int, at: datetime) -> HouseThen:
    """The books, questions and stops as they stood at an instant."""
    now = sql.us(at)
    books = sql.one(
        "select max(books_as_of) from import_batch where creditor_id = ? and kind = 'invoices' and recorded_at < ?"
        " and (undone_at is null or undone_at >= ?) and cast(counts as text) <> '{}'",
        [creditor, now, now],
    )
    asked = sql.fetch(
        "select kind, subject, state, decided_at from review_item where account_id = ? and opened_at < ?"
        " order by id",
        [account, now],
    )
    living = sql.fetch(
        "select s.creditor_id, s.channel, s.point_id, s.starts_at, s.reason from stop s"
        " left join stop_end e on e.stop_id = s.id where s.person_id = ? and s.recorded_at < ?"
        " and (e.id is null or e.recorded_at >= ?) order by s.id",
        [person, now, now],
    )
    return HouseThen(
        books_as_of=None if books is None or books[0] is None else sql.instant(books[0]),
        reviews=tuple([kind for kind, _, _, decided in asked if decided is None or decided >= now]),
        allowed=frozenset(
            [
                subject.partition(":")[2]
                for kind, subject, state, decided in asked
                if kind == "law" and state == "allowed" and decided is not None and decided < now
            ]
        ),
        stops=tuple([Stop(row[0], row[1], row[2], sql.instant(row[3]), row[4]) for row in living]),
    )


def run_of(creditor: int, as_of: date) -> RunThen | None:
    """The latest run for a civil date."""
    row = sql.one(
        "select id, recorded_at, digests from run where creditor_id = ? and as_of = ? order by id desc limit 1",
        [creditor, as_of],
    )
    if row is None:
        return None
    digests = row[2] if isinstance(row[2], dict) else json.loads(row[2])
    return RunThen(row[0], sql.instant(row[1]), digests)
