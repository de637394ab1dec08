"""The outbox: where messages, attempts, claims and stages stand is what the facts of their accounts say.

These tables change under way, so no fact carries their rows. They are projections: each is counted up here from
the facts alone, account by account, and laid beside what is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from duewell.core.evidence.tables import TABLES
from duewell.flows.audit import Tally
from duewell.store.audit.reading import Read, as_text, by_account, side_by_side

_WAITING = ("planned", "released")
_FACTS = (
    "select cast(substr(stream, 9) as bigint), kind, body from fact"
    " where stream like 'account:%' and kind like 'contact.%' order by 1, sequence"
)
_KEPT = {
    "message": "select account_id, message_id, state, reason from message_state order by account_id",
    "claim": "select account_id, receivable_id, stage, occurrence, message_id, freed from claim"
    " order by account_id",
    "attempt": "select account_id, id, message_id, state, contacted_at from attempt order by account_id",
    "invoice": "select account_id, id, reached, reached_on from receivable where reached > 0 order by account_id",
}


def follows_from_facts(read: Read, tally: Tally) -> None:
    """Message states, attempts, claims and reached stages are those that the facts add up to."""
    released = {
        json.loads(bytes(body))["run"] for (body,) in read("select body from fact where kind = 'contact.released'")
    }
    kept_streams = [by_account(read(query)) for query in _KEPT.values()]
    for account, told, *kept in side_by_side(by_account(read(_FACTS)), *kept_streams):
        rebuilt = _Account(released)
        for kind, body in told:
            rebuilt.hear(kind.partition(".")[2], json.loads(bytes(body)))
        for what, rows in zip(_KEPT, kept, strict=True):
            _compare(account, what, getattr(rebuilt, what), _AS_KEPT[what](rows), tally)


class _Account:
    """One account as its facts tell it, one after the other."""

    def __init__(self, released: set[int]) -> None:
        self._released = released
        self.message: dict[str, tuple[str, str]] = {}
        self.claim: dict[tuple[int, int, int], tuple[str, bool]] = {}
        self.attempt: dict[int, tuple[str, str, int | None]] = {}
        self.invoice: dict[int, tuple[int, str | None]] = {}
        self._copies: set[int] = set()
        self._advances: dict[int, list[list[int]]] = {}

    def hear(self, kind: str, told: dict[str, Any]) -> None:
        """Take in one fact."""
        if kind == "claimed":
            self._claimed(told)
        elif kind == "freed":
            self._freed(told)
        elif "rows" in told:
            for row in told["rows"]["mark"]:
                mark = dict(zip(TABLES["mark"], row, strict=False))
                self._marked(
                    mark["kind"], mark["attempt_id"], mark["message_id"], mark["at"], json.loads(mark["body"])
                )

    def _claimed(self, told: dict[str, Any]) -> None:
        message = dict(zip(TABLES["message"], told["rows"]["message"][0], strict=False))
        state = "released" if message["run_id"] in self._released else "planned"
        self.message[message["id"]] = (state, "")
        self.attempt[told["attempt"]] = (message["id"], state, None)
        for receivable, stage, occurrence in told["claims"]:
            self.claim[receivable, stage, occurrence] = (message["id"], False)

    def _freed(self, told: dict[str, Any]) -> None:
        message = told["message"]
        self.message[message] = (told["state"], told["reason"])
        self._let_go(told["claims"])
        for attempt, (of, state, at) in self.attempt.items():
            if of == message and state in _WAITING and attempt not in self._copies:
                self.attempt[attempt] = (of, told["state"], at)

    def _marked(self, kind: str, attempt: int, message: str, at: int, told: dict[str, Any]) -> None:
        contacted_at = self.attempt.get(attempt, (message, "", None))[2]
        is_copy = attempt in self._copies
        state = kind
        if "advances" in told:
            # Of what a restore put in doubt before it started, the mark `unknown` says what it moves.
            contacted_at, self._advances[attempt] = at, told["advances"]
        elif kind == "settled":
            state = "accepted" if told["as_sent"] else "refused"
        elif kind == "restored":
            state, contacted_at = "accepted", told["at"]
        # A call that reached nobody may count as a contact all the same.
        if state in ("deferred", "refused", "returned") and not told.get("contact"):
            contacted_at = None
        self.attempt[attempt] = (message, state, contacted_at)
        if told.get("next") is not None:
            self.attempt[told["next"]] = (message, "released", None)
            if is_copy:
                self._copies.add(told["next"])
        if is_copy:
            return
        if kind == "restored":
            self._restored(message, told)
        elif state == "returned":
            self._returned(message, told)
        elif state == "unknown":
            self.message[message] = ("unknown", "unknown")
        elif state == "accepted":
            self.message[message] = ("accepted", "")
            self._let_go(told["freed"])
            for receivable, stage in self._advances[attempt]:
                if stage > self.invoice.get(receivable, (0, ""))[0]:
                    self.invoice[receivable] = (stage, told["reached_on"])
            for copy, *_ in told.get("copies", ()):
                self.attempt[copy] = (message, "released", None)
                self._copies.add(copy)

    def _returned(self, message: str, told: dict[str, Any]) -> None:
        """It was no notice: what it moved stands where it stood before."""
        if told["next"] is not None:
            self.message[message] = ("released", "")
        for receivable, stage, before, on in told["back"]:
            if self.invoice.get(receivable, (0, None))[0] == stage:
                self.invoice[receivable] = (before, on)

    def _restored(self, message: str, told: dict[str, Any]) -> None:
        self.message[message] = ("accepted", "")
        if told["ends"] is not None:
            self.attempt[told["ends"]] = (message, "withdrawn", None)
        for receivable, stage in told["reached"]:
            if stage > self.invoice.get(receivable, (0, None))[0]:
                self.invoice[receivable] = (stage, told["reached_on"])
        for receivable, stage, occurrence in told["held"]:
            self.claim[receivable, stage, occurrence] = (message, False)

    def _let_go(self, claims: list[list[int]]) -> None:
        for receivable, stage, occurrence in claims:
            self.claim[receivable, stage, occurrence] = (self.claim[receivable, stage, occurrence][0], True)


_AS_KEPT: dict[str, Callable[[list[tuple[Any, ...]]], dict[Any, Any]]] = {
    "message": lambda rows: {row[0]: (row[1], row[2]) for row in rows},
    "claim": lambda rows: {(row[0], row[1], row[2]): (row[3], bool(row[4])) for row in rows},
    "attempt": lambda rows: {row[0]: (row[1], row[2], row[3]) for row in rows},
    "invoice": lambda rows: {row[0]: (row[1], as_text(row[2])) for row in rows},
}


def _compare(account: int, what: str, told: dict[Any, Any], kept: dict[Any, Any], tally: Tally) -> None:
    for key in told.keys() | kept.keys():
        tally.look()
        if what == "invoice" and (key not in told or told[key][0] == 0):
            # A first import may say how far an invoice had come before; no message did.
            continue
        if told.get(key) != kept.get(key):
            tally.find(f"account {account}, {what} {key}: kept as {kept.get(key)}, the facts say {told.get(key)}")
