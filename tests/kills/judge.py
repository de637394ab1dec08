"""The judge: what the mail server received, held against what was planned and what the tables say of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.kills.house import PLAIN, PLANNED, House


class Judge:
    """Reads the log of the sink as it grows, and the tables through the open installation."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._at = 0
        self._received: Counter[tuple[str, str]] = Counter()
        self._ids: Counter[str] = Counter()

    def received(self, house: House) -> Counter[str]:
        """How many messages each customer got."""
        self._read_on()
        return Counter({name: self._received[house.view.key, name] for name in (*PLANNED, "waits")})

    def judge(self, house: House, kills: int, connections: int, *, before_closing: bool = False) -> int:
        """Nothing is lost and nothing is double; returns how many are unknown.

        Args:
            kills: how often a sender was killed.
            connections: K: a kill leaves at most so many unknown.
            before_closing: no kill came after a closing mark, so that nothing may be unknown.
        """
        received = self.received(house)
        assert not [message for message, count in self._ids.items() if count > 1], "a message arrived twice"
        assert not [name for name, count in received.items() if count > 1], received
        states = self._states(house)
        assert sorted(states) == sorted(PLANNED), "each planned message is there once"
        unknown = [name for name, state in states.items() if state == "unknown"]
        for name in PLAIN:
            assert states[name] in ("accepted", "unknown"), (name, states)
            assert received[name] == 1 or name in unknown, f"{name} was lost: {received}, {states}"
        assert (states["refused"], received["refused"]) == ("refused", 0), (states, received)
        assert (states["held"], received["held"]) == ("withheld", 0), (states, received)
        assert received["later"] == received["waits"] == 0
        assert states["later"] in ("released", "unknown"), states
        assert len(unknown) <= (0 if before_closing else kills * connections), (kills, unknown)
        self._claims(house, states)
        return len(unknown)

    def _read_on(self) -> None:
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._at)
            for line in log:
                entry = json.loads(line)
                (recipient,) = entry["recipients"]
                name, _, domain = recipient.partition("@")
                self._received[domain.removesuffix(".example"), name] += 1
                self._ids[entry["message_id"]] += 1
            self._at = log.tell()

    def _states(self, house: House) -> dict[str, str]:
        from duewell.store import sql

        rows = sql.fetch(
            "select a.number, s.state from message_state s join account a on a.id = s.account_id"
            " where s.creditor_id = ?",
            [house.view.id],
        )
        assert len(rows) == len({row[0] for row in rows}), f"an account has two messages: {rows}"
        return dict(rows)

    def _claims(self, house: House, states: dict[str, str]) -> None:
        """Claims live while their message may arrive or did, and stages are reached where it did for certain."""
        from duewell.store import sql

        rows = sql.fetch(
            "select a.number, c.freed, r.reached, c.stage from claim c join account a on a.id = c.account_id"
            " join receivable r on r.id = c.receivable_id where c.creditor_id = ?",
            [house.view.id],
        )
        assert Counter(row[0] for row in rows) == Counter([*PLANNED, "two"])
        for name, freed, reached, stage in rows:
            assert bool(freed) == (states[name] in ("refused", "withheld")), (name, states[name], freed)
            assert reached == (stage if states[name] == "accepted" else 0), (name, states[name], reached)
