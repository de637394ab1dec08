"""Past: an account as it was known at an instant, put together from its own facts.

What the facts do not tell (addresses, names, settings) is taken as it is today, and the answer says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.core.agree.holds import Hold, HoldKind
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Case, Item
from duewell.core.evidence.tables import TABLES
from duewell.core.units.ids import HoldId, MessageId, ReceivableId


class Learned(NamedTuple):
    """One fact, its body read."""

    stream: str
    sequence: int
    kind: str
    effective_on: date | None
    recorded_at: datetime
    hash: str
    """Hexadecimal."""
    body: Mapping[str, Any]


class Replay:
    """What the facts of one account add up to on a day: money, holds, stages, messages under way.

    Args:
        facts: of the account's stream, in the order of its sequence.
        as_of: entries that count later are left out.
        day_of: the creditor's civil date of an instant.
    """

    def __init__(self, facts: Iterable[Learned], as_of: date, day_of: Callable[[datetime], date]) -> None:
        self.open_minor: dict[int, int] = defaultdict(int)
        """By receivable; what is settled stands with 0."""
        self.credit_minor: dict[str, int] = defaultdict(int)
        """Unapplied money by currency."""
        self.holds: dict[int, Hold] = {}
        self.reached: dict[int, tuple[Stage, date]] = {}
        """By receivable, where a message moved it."""
        self.flying: dict[str, dict[int, Stage]] = {}
        """What each message claims that waits, is on its way or is unknown."""
        self.last_message_on: date | None = None
        self.due_on: dict[int, date] = {}
        """By receivable, where a list moved it: the due date that was known last."""
        self.first_due_on: dict[int, date] = {}
        """And the one it had before it was ever moved."""
        self._as_of = as_of.isoformat()
        self._day_of = day_of
        self._started: dict[int, tuple[date, dict[int, Stage]]] = {}
        self._claimed: dict[str, dict[int, Stage]] = {}
        self._arrivals: dict[str, date] = {}
        for fact in facts:
            self._hear(fact)

    def _hear(self, fact: Learned) -> None:
        for entry in rows_of(fact, "entry"):
            if entry["effective_on"] <= self._as_of:
                self._post(entry)
        for hold in rows_of(fact, "hold"):
            self.holds[hold["id"]] = _hold(hold)
        for end in rows_of(fact, "hold_end"):
            held = self.holds.get(end["hold_id"])
            if held is not None:
                self.holds[end["hold_id"]] = held._replace(ended_on=date.fromisoformat(end["ended_on"]))
        if fact.kind == "ledger.rescheduled":
            for receivable, before, now in fact.body["due_on"]:
                self.first_due_on.setdefault(receivable, date.fromisoformat(before))
                self.due_on[receivable] = date.fromisoformat(now)
        if fact.kind == "contact.claimed":
            for message in rows_of(fact, "message"):
                self.flying[message["id"]] = {row[0]: Stage(row[1]) for row in fact.body["claims"]}
                self._claimed[message["id"]] = self.flying[message["id"]]
        elif fact.kind == "contact.freed":
            self.flying.pop(fact.body["message"], None)
        for mark in rows_of(fact, "mark"):
            self._mark(mark, self._day_of(fact.recorded_at))

    def _post(self, entry: Mapping[str, Any]) -> None:
        for end, sign in (("from", -1), ("to", 1)):
            amount = sign * entry["amount_minor"]
            if entry[f"{end}_receivable_id"] is not None:
                self.open_minor[entry[f"{end}_receivable_id"]] += amount
            elif entry[f"{end}_place"] == "credit":
                self.credit_minor[entry["currency"]] -= amount

    def _mark(self, mark: Mapping[str, Any], day: date) -> None:
        message, attempt, told = mark["message_id"], mark["attempt_id"], json.loads(mark["body"])
        if told.get("role"):
            # A copy moves nothing.
            return
        if mark["kind"] == "started":
            self._started[attempt] = (day, {row[0]: Stage(row[1]) for row in told.get("advances", ())})
        elif mark["kind"] == "accepted":
            self._arrived(message, attempt, day)
        elif mark["kind"] == "settled" and told.get("as_sent"):
            # Nobody knows better than that it arrived when it was started.
            self._arrived(message, attempt, self._started[attempt][0] if attempt in self._started else day)
        elif mark["kind"] == "returned":
            self._came_back(message, told)
        elif mark["kind"] == "restored":
            self._arrived(message, attempt, date.fromisoformat(told["reached_on"]))

    def _arrived(self, message: str, attempt: int, day: date) -> None:
        self.flying.pop(message, None)
        self._arrivals[message] = day
        self.last_message_on = max(self._arrivals.values())
        for receivable, stage in self._started.get(attempt, (day, {}))[1].items():
            if receivable not in self.reached or self.reached[receivable][0] < stage:
                self.reached[receivable] = (stage, day)

    def _came_back(self, message: str, told: Mapping[str, Any]) -> None:
        """It was no notice: what it moved stands where it stood before, and it may go on by another channel."""
        self._arrivals.pop(message, None)
        self.last_message_on = max(self._arrivals.values(), default=None)
        if told.get("next") is not None:
            self.flying[message] = self._claimed.get(message, {})
        for receivable, stage, before, on in told["back"]:
            if self.reached.get(receivable, (Stage.NONE, None))[0] == stage:
                # Without a day it came with its stage, or no message had moved it.
                self.reached.pop(receivable)
                if on is not None:
                    self.reached[receivable] = (Stage(before), date.fromisoformat(on))

    def is_whole(self, case: Case) -> bool:
        """Do the facts account for every open amount and credit of the case, which is that of today?"""
        opened = {receivable: minor for receivable, minor in self.open_minor.items() if minor}
        credit = {currency: minor for currency, minor in self.credit_minor.items() if minor > 0}
        return opened == {item.id: item.open_minor for item in case.items} and credit == dict(case.credits)


def case_then(case: Case, then: Replay, today: Replay, items: Mapping[int, Item], reviews: Sequence[str]) -> Case:
    """The case as the facts of that day make it.

    Args:
        case: the account as it is today.
        then: what was known on the day.
        today: what is known today.
        items: every receivable with something open then, as it stands today.
        reviews: kinds of the questions that were open then.
    """
    claimed = {receivable: stage for claims in then.flying.values() for receivable, stage in claims.items()}
    holds: dict[int | None, list[Hold]] = defaultdict(list)
    for hold in sorted(then.holds.values(), key=lambda hold: hold.id):
        holds[hold.receivable].append(hold)
    listed = [
        item._replace(
            open_minor=then.open_minor[item.id],
            holds=tuple(holds[item.id]),
            claimed=claimed.get(item.id),
            due_on=then.due_on.get(item.id) or today.first_due_on.get(item.id, item.due_on),
            **_reached(item, then, today),
        )
        for item in items.values()
    ]
    return case._replace(
        items=tuple(listed),
        credits=tuple(sorted((currency, minor) for currency, minor in then.credit_minor.items() if minor > 0)),
        holds=tuple(holds[None]),
        in_flight=MessageId(next(iter(then.flying))) if then.flying else None,
        last_message_on=then.last_message_on,
        reviews=tuple(reviews),
    )


def rows_of(fact: Learned, table: str) -> Iterator[dict[str, Any]]:
    """The rows that a fact adds to a table, by the names of their columns."""
    for row in fact.body.get("rows", {}).get(table, ()):
        yield dict(zip(TABLES[table], row, strict=False))


def _reached(item: Item, then: Replay, today: Replay) -> dict[str, Any]:
    if item.id in then.reached:
        stage, day = then.reached[item.id]
        return {"reached": stage, "reached_on": day}
    if item.id in today.reached:
        return {"reached": Stage.NONE, "reached_on": None}
    # No message ever moved it: it came with its stage.
    return {}


def _hold(row: Mapping[str, Any]) -> Hold:
    def day(name: str) -> date | None:
        return None if row[name] is None else date.fromisoformat(row[name])

    receivable = row["receivable_id"]
    return Hold(
        HoldId(row["id"]),
        HoldKind(row["kind"]),
        None if receivable is None else ReceivableId(receivable),
        row["amount_minor"],
        date.fromisoformat(row["starts_on"]),
        day("until_on"),
        day("review_on"),
        None,
        row["reason"],
    )
