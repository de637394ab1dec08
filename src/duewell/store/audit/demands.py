"""Demands: each that left is held against what the account's own facts say was true when it started.

The facts of a stream have one order, so what came before the started mark is certain, down to the commit. What
was open, held and credited is counted up from the rows in the facts; neither the tables nor the rooms that
decide are asked.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from duewell.core.evidence.tables import TABLES
from duewell.flows.audit import Tally
from duewell.store.audit.reading import DayOf, Read

_RESUME = ("promise", "grace")


def no_demand_that_was_not_due(read: Read, day_of: DayOf, tally: Tally) -> None:
    """No demand for what was paid, credited, held or stopped at its start, nor after its permit had closed."""
    stops = _stops(read)
    # Who is really written to, and how, may have changed between plan and start; copies go to others.
    reached: dict[int, tuple[int, str]] = {
        attempt: (person, channel)
        for attempt, person, channel in read(
            "select a.id, a.person_id, a.channel from attempt a join message m on m.id = a.message_id"
            " where a.person_id <> m.person_id or a.channel <> m.channel"
        )
    }
    facts = read(
        "select id, stream, kind, body from fact where stream in"
        " (select stream from fact where kind = 'contact.started') order by stream, sequence"
    )
    for _, stream in groupby(facts, key=itemgetter(1)):
        account = _Account(stops, reached, day_of, tally)
        for fact, _, kind, body in stream:
            if b'"rows"' in body:
                account.hear(fact, kind, json.loads(bytes(body))["rows"])


class _Account:
    """One account as its facts tell it, one after the other."""

    def __init__(
        self,
        stops: dict[int, list[dict[str, Any]]],
        reached: dict[int, tuple[int, str]],
        day_of: DayOf,
        tally: Tally,
    ) -> None:
        self._stops, self._reached, self._day_of, self._tally = stops, reached, day_of, tally
        self._open: Counter[int] = Counter()
        self._currency: dict[int, str] = {}
        self._credit: Counter[str] = Counter()
        self._holds: dict[int, dict[str, Any]] = {}
        self._holds_on: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
        """By invoice; under None those of the whole account."""
        self._messages: dict[str, dict[str, Any]] = {}

    def hear(self, fact: int, kind: str, rows: dict[str, list[list[Any]]]) -> None:
        """Take in the rows of one fact."""
        for entry in _named("entry", rows):
            self._post(entry)
        for hold in _named("hold", rows):
            self._holds[hold["id"]] = hold
            self._holds_on[hold["receivable_id"]].append(hold)
        for end in _named("hold_end", rows):
            self._holds[end["hold_id"]]["ended_on"] = end["ended_on"]
        for message in _named("message", rows):
            self._messages[message["id"]] = message
        if kind == "contact.started":
            for mark in _named("mark", rows):
                message = self._messages[mark["message_id"]]
                if message["purpose"] == "demand":
                    self._judge(fact, mark, message)

    def _post(self, entry: dict[str, Any]) -> None:
        for end, sign in (("from", -1), ("to", 1)):
            receivable, amount = entry[f"{end}_receivable_id"], entry["amount_minor"]
            if receivable is not None:
                self._open[receivable] += sign * amount
                self._currency[receivable] = entry["currency"]
            elif entry[f"{end}_place"] == "credit":
                self._credit[entry["currency"]] -= sign * amount

    def _judge(self, fact: int, mark: dict[str, Any], message: dict[str, Any]) -> None:
        self._tally.look()
        told = json.loads(mark["body"])
        day = self._day_of(mark["creditor_id"], mark["at"]).isoformat()
        for problem in (
            *self._held(day),
            *self._sums(told, day),
            *self._advances(told, day),
            *self._stopped(fact, mark, message, told),
        ):
            self._tally.find(f"message {message['id']} started on {day} although {problem}")
        if mark["at"] >= told["closes_at"]:
            self._tally.find(f"message {message['id']} started after its permit had closed")

    def _held(self, day: str) -> Iterator[str]:
        for hold in self._holds_on[None]:
            if _active(hold, day):
                yield f"the account was held ({hold['kind']}, hold {hold['id']})"

    def _sums(self, told: dict[str, Any], day: str) -> Iterator[str]:
        asked: Counter[str] = Counter()
        for receivable, open_minor, held_minor in told["items"]:
            owed, held = self._open[receivable], self._held_of(receivable, day)
            if (open_minor, held_minor) != (owed, held):
                yield f"invoice {receivable} had {owed} open and {held} held, not {open_minor} and {held_minor}"
            asked[self._currency.get(receivable, "")] += owed - held
        for currency, asked_minor, credit_minor in told["nets"]:
            if asked_minor != asked[currency]:
                yield f"its items in {currency} add up to {asked[currency]} and not to {asked_minor}"
            credit = max(0, min(self._credit[currency], asked[currency]))
            if credit_minor != credit:
                yield f"credit of {credit} {currency} was to be set off, and not {credit_minor}"

    def _advances(self, told: dict[str, Any], day: str) -> Iterator[str]:
        nets = {currency: asked - credit for currency, asked, credit in told["nets"]}
        for receivable, _ in told["advances"]:
            if self._open[receivable] - self._held_of(receivable, day) <= 0:
                yield f"nothing of invoice {receivable} was to be asked for"
            elif nets.get(self._currency[receivable], 0) <= 0:
                yield f"credit covered everything in the currency of invoice {receivable}"

    def _held_of(self, receivable: int, day: str) -> int:
        held = 0
        for hold in self._holds_on.get(receivable, ()):
            if _active(hold, day):
                held += self._open[receivable] if hold["amount_minor"] is None else hold["amount_minor"]
        return min(held, self._open[receivable])

    def _stopped(
        self, fact: int, mark: dict[str, Any], message: dict[str, Any], told: dict[str, Any]
    ) -> Iterator[str]:
        person, channel = self._reached.get(mark["attempt_id"], (message["person_id"], message["channel"]))
        for stop in self._stops.get(person, ()):
            if (
                stop["told_by"] < fact < stop["ended_by"]
                and stop["starts_at"] <= mark["at"]
                and stop["creditor_id"] in (None, mark["creditor_id"])
                and stop["channel"] in ("", channel)
                and stop["point_id"] in (None, told.get("point", message["point_id"]))
            ):
                yield f"the person had said stop (stop {stop['id']})"


def _stops(read: Read) -> dict[int, list[dict[str, Any]]]:
    """Stops by person, each with the facts that told it and its end."""
    stops: dict[int, dict[str, Any]] = {}
    for fact, body in read(
        "select id, body from fact where kind in ('party.stopped', 'party.stop_ended') order by id"
    ):
        rows = json.loads(bytes(body)).get("rows", {})
        for stop in _named("stop", rows):
            stops[stop["id"]] = {**stop, "told_by": fact, "ended_by": 2**63}
        for end in _named("stop_end", rows):
            stops[end["stop_id"]]["ended_by"] = fact
    by_person: dict[int, list[dict[str, Any]]] = {}
    for stop in stops.values():
        by_person.setdefault(stop["person_id"], []).append(stop)
    return by_person


def _active(hold: dict[str, Any], day: str) -> bool:
    # Days are text here, and text of this form sorts as days do.
    free = [hold["until_on"]] if hold["kind"] in _RESUME and hold["until_on"] else []
    if hold.get("ended_on"):
        free.append(hold["ended_on"])
    return bool(hold["starts_on"] <= day and (not free or day < min(free)))


def _named(table: str, rows: dict[str, list[list[Any]]]) -> Iterator[dict[str, Any]]:
    for row in rows.get(table, ()):
        yield dict(zip(TABLES[table], row, strict=False))
