"""Runs that wait, are let go, or are taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.flows.failpoints import hit
from duewell.flows.ports import CreditorView
from duewell.flows.release import RunView
from duewell.store import claims, facts, locks, marks, sql

BATCH = 5000


class Releases:
    """The runs of one creditor."""

    def __init__(self, creditor: CreditorView, now: datetime) -> None:
        self._creditor = creditor
        self._now = now

    def view(self, run: int) -> RunView | None:
        """The run, or None where this creditor has no such run."""
        rows = self._views("id = ?", [run])
        return rows[0] if rows else None

    def waiting(self) -> list[RunView]:
        """Runs that wait for release, oldest first."""
        return self._views("state = 'waiting'", [])

    def let_go(self, run: int, by: str) -> int:
        """From waiting to released in one transaction: all of its messages or none."""
        with sql.transaction.atomic():
            if not self._decide(run, "released", by, "state = 'waiting'"):
                return -1
            messages = sql.execute(
                "update message_state set state = 'released' where state = 'planned'"
                " and message_id in (select id from message where run_id = ?)",
                [run],
            )
            sql.execute(
                "update attempt set state = 'released' where state = 'planned'"
                " and message_id in (select id from message where run_id = ?)",
                [run],
            )
            self._record("contact.released", {"run": run, "messages": messages, "by": by})
            hit("release.commit.before")
        hit("release.commit.after")
        return messages

    def take_back(self, run: int, by: str, reason: str) -> int:
        """Withdraw the messages whose attempts have not started and free their claims.

        A message that is on its way is not stopped; should it be put off, it is withdrawn then.
        """
        withdrawn = 0
        with sql.transaction.atomic():
            if not self._decide(run, "withdrawn", by, "state in ('waiting', 'released')"):
                return -1
            accounts = sql.fetch(
                "select distinct account_id from message where run_id = ? order by account_id", [run]
            )
            for start in range(0, len(accounts), BATCH):
                some = [row[0] for row in accounts[start : start + BATCH]]
                locks.accounts(some)
                within, params = sql.ids_in("m.account_id", some)
                rows = sql.fetch(
                    "select a.message_id, a.account_id from message m join attempt a on a.message_id = m.id"
                    f" where m.run_id = ? and {within} and a.state in ('planned', 'released') and a.role = ''"
                    " order by a.account_id",
                    [run, *params],
                )
                # Why the run was taken back is said once, of the house: it may name one of many customers.
                claims.free(rows, "withdrawn", "withdrawn", self._creditor.id, self._now)
                withdrawn += len(rows)
                self._withhold_copies(run, some, reason)
            self._record("contact.withdrawn", {"run": run, "messages": withdrawn, "by": by, "reason": reason})
            hit("release.commit.before")
        hit("release.commit.after")
        return withdrawn

    def _withhold_copies(self, run: int, accounts: list[int], reason: str) -> None:
        """What has not left of messages that did: the message stands, and nobody else hears of it."""
        within, params = sql.ids_in("account_id", accounts)
        rows = sql.fetch(
            f"update attempt set state = 'withheld', lease_until = null where {within} and role <> ''"
            " and state = 'released' and message_id in (select id from message where run_id = ?)"
            " returning id, message_id, account_id",
            [*params, run],
        )
        told = {"reason": "withdrawn", "text": reason}
        marks.write(
            self._creditor.id,
            0,
            [marks.Mark(row[0], row[1], row[2], "withheld", told) for row in sorted(rows)],
            self._now,
        )

    def _decide(self, run: int, state: str, by: str, condition: str) -> int:
        return sql.execute(
            f"update run set state = ?, decided_at = ?, decided_by = ? where id = ? and creditor_id = ?"
            f" and {condition}",
            [state, sql.us(self._now), by, run, self._creditor.id],
        )

    def _record(self, kind: str, told: dict[str, Any]) -> None:
        facts.append([(f"house:{self._creditor.id}", kind, None, self._now, canonical(told))])

    def _views(self, condition: str, params: list[Any]) -> list[RunView]:
        rows = sql.fetch(
            "select id, as_of, state, proposals, plan, recorded_by, decided_by from run"
            f" where creditor_id = ? and {condition} order by id",
            [self._creditor.id, *params],
        )
        return [RunView(row[0], self._creditor.key, sql.day(row[1]).isoformat(), *row[2:7]) for row in rows]
