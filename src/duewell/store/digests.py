"""What a digest tells of one creditor, read from the tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from duewell.core.decide.stages import STAGE_KEYS
from duewell.flows.digest import Listed, Money, Out, Waiting
from duewell.store import sql

_BATCH = 5_000
_SLACK = timedelta(hours=6)
"""Ids ascend with the hours in which rows were written, give or take what workers and clocks may differ."""


class StoredDigests:
    """Keeps the promise of `flows.digest.DigestBook`.

    Args:
        creditor: its id.
        hours: from a civil day to its first instant and the first of the next.
    """

    def __init__(self, creditor: int, hours: Callable[[date], tuple[datetime, datetime]]) -> None:
        self._creditor = creditor
        self._hours = hours

    def sent(self, day: date) -> Out:
        """Messages that a channel took over on the civil day."""
        rows = self._marks(day, ("accepted", "settled"))
        attempts = [attempt for attempt, kind, told in rows if kind == "accepted" or told["as_sent"]]
        stages: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for start in range(0, len(attempts), _BATCH):
            within, params = sql.ids_in("attempt_id", attempts[start : start + _BATCH])
            for (body,) in sql.fetch(f"select body from mark where {within} and kind = 'started'", params):
                told = json.loads(body)
                stages[STAGE_KEYS[told["stage"]]] += 1
                for currency, asked_minor, credit_minor in told["nets"]:
                    asked[currency] += asked_minor - credit_minor
        return Out(stages, {currency: minor for currency, minor in sorted(asked.items()) if minor})

    def ended(self, day: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Attempts that ended otherwise that day, and released messages that were withheld, by reason."""
        lost: Counter[str] = Counter()
        withheld: Counter[str] = Counter()
        for _, kind, told in self._marks(day, ("refused", "unknown", "deferred", "withheld")):
            if kind == "withheld":
                withheld[told["reason"]] += 1
            elif kind != "deferred" or told.get("counts", True):
                lost[kind] += 1
        return lost, withheld

    def came_in(self, day: date) -> Sequence[Money]:
        """Payments and credit notes that were recorded that day."""
        rows = sql.fetch(
            "select kind, currency, count(*), sum(amount_minor) from payment where id >= ? and creditor_id = ?"
            " and recorded_at >= ? and recorded_at < ? group by kind, currency order by kind desc, currency",
            [self._from("payment", "recorded_at", day), self._creditor, *self._instants(day)],
        )
        return [Money(kind, currency, count, int(minor)) for kind, currency, count, minor in rows]

    def listed(self, day: date) -> Sequence[Listed]:
        """Files that were imported that day."""
        rows = sql.fetch(
            "select kind, counts from import_batch where creditor_id = ? and recorded_at >= ? and recorded_at < ?"
            " and undone_at is null order by id",
            [self._creditor, *self._instants(day)],
        )
        found = [(kind, _plain(counts)) for kind, counts in rows]
        return [
            Listed(kind, counts.get("new", 0), counts.get("changed", 0), counts.get("rejected", 0))
            for kind, counts in found
            if counts
        ]

    def refused(self, day: date) -> Mapping[str, int]:
        """Accounts that the law refused in the latest run for that day, by rule."""
        row = sql.one(
            "select counts from run where creditor_id = ? and as_of = ? order by id desc limit 1",
            [self._creditor, day],
        )
        return dict(_plain(row[0]).get("refused", {})) if row else {}

    def questions(self) -> Mapping[str, int]:
        """Open questions by kind."""
        return dict(
            sql.fetch(
                "select kind, count(*) from review_item where state = 'open' and creditor_id = ? group by kind",
                [self._creditor],
            )
        )

    def waiting(self) -> Sequence[Waiting]:
        """Runs that wait for a release."""
        rows = sql.fetch(
            "select id, as_of, proposals from run where creditor_id = ? and state = 'waiting' and proposals > 0"
            " order by id",
            [self._creditor],
        )
        return [Waiting(run, sql.day(as_of), proposals) for run, as_of, proposals in rows]

    def lost_nights(self, day: date) -> Sequence[date]:
        """Nights of the week up to the day that were missed or failed, later than the latest that was done."""
        rows = sql.fetch(
            "select on_day from duty where creditor_id = ? and kind = 'night' and state <> 'done' and on_day > ?"
            " and on_day <= ? and on_day > coalesce((select max(on_day) from duty where creditor_id = ?"
            " and kind = 'night' and state = 'done'), '1970-01-01') order by on_day",
            [self._creditor, day - timedelta(days=7), day, self._creditor],
        )
        return [sql.day(row[0]) for row in rows]

    def claimed(self, day: date) -> Mapping[str, int] | None:
        """Messages by stage that the runs for a day claimed; None where there was no run for it."""
        rows = sql.fetch(
            "select counts from run where creditor_id = ? and as_of = ? and state <> 'withdrawn'",
            [self._creditor, day],
        )
        if not rows:
            return None
        total: Counter[str] = Counter()
        for (counts,) in rows:
            total.update(_plain(counts).get("proposals", {}))
        return total

    def latest_sent(self) -> date | None:
        """The day of the latest digest that was sent."""
        rows = sql.fetch(
            "select on_day, told from duty where creditor_id = ? and kind = 'digest' and state = 'done'"
            " order by on_day desc limit 60",
            [self._creditor],
        )
        return next((sql.day(day) for day, told in rows if _plain(told).get("sent")), None)

    def _marks(self, day: date, kinds: Sequence[str]) -> list[tuple[int, str, dict[str, Any]]]:
        places = ", ".join("?" * len(kinds))
        rows = sql.fetch(
            f"select attempt_id, kind, body from mark where id >= ? and creditor_id = ? and kind in ({places})"
            " and at >= ? and at < ? order by id",
            [self._from("mark", "at", day), self._creditor, *kinds, *self._instants(day)],
        )
        return [(attempt, kind, json.loads(body)) for attempt, kind, body in rows]

    def _instants(self, day: date) -> tuple[int, int]:
        start, end = self._hours(day)
        return sql.us(start), sql.us(end)

    def _from(self, table: str, column: str, day: date) -> int:
        """An id before which no row is of that day: a year of rows is not read for one day of it."""
        wanted = self._instants(day)[0] - int(_SLACK.total_seconds()) * 1_000_000
        newest = sql.one(f"select max(id) from {table}")
        low, high = 0, int((newest and newest[0]) or 0)
        while low < high:
            middle = (low + high) // 2
            row = sql.one(f'select id, "{column}" from {table} where id >= ? order by id limit 1', [middle])
            if row is None or row[1] >= wanted:
                high = middle
            else:
                low = int(row[0]) + 1
        return low


def _plain(value: Any) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str | bytes) else value
    return found if isinstance(found, dict) else {}
