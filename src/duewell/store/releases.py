"""Runs that wait, are let go, or are taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.flows.failpoints import hit
from duewell.flows.ports import CreditorView
from duewell.flows.release import RunView
from duewell.store import facts, sql

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
        """Withdraw the messages whose attempts have not started and free their claims."""
        with sql.transaction.atomic():
            if not self._decide(run, "withdrawn", by, "state in ('waiting', 'released')"):
                return -1
            lock = " for update of a" if sql.postgres() else ""
            rows = sql.fetch(
                "select a.message_id, m.account_id from attempt a join message m on m.id = a.message_id"
                f" where m.run_id = ? and a.state in ('planned', 'released') order by m.account_id{lock}",
                [run],
            )
            for start in range(0, len(rows), BATCH):
                free(rows[start : start + BATCH], "withdrawn", reason, self._creditor.id, self._now)
            self._record("contact.withdrawn", {"run": run, "messages": len(rows), "by": by, "reason": reason})
            hit("release.commit.before")
        hit("release.commit.after")
        return len(rows)

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


def free(messages: list[tuple[str, int]], state: str, reason: str, creditor: int, now: datetime) -> None:
    """End messages that certainly did not arrive: `(message, account)` pairs; their claims are free again.

    Must run inside a transaction. `state` is `withdrawn`, `withheld` or `refused`.
    """
    if not messages:
        return
    within, params = sql.ids_in("message_id", [message for message, _ in messages])
    claims: dict[str, list[list[int]]] = {}
    for message, receivable, stage, occurrence in sql.fetch(
        f"select message_id, receivable_id, stage, occurrence from claim where {within} and not freed"
        " order by receivable_id",
        params,
    ):
        claims.setdefault(message, []).append([receivable, stage, occurrence])
    sql.execute(f"update claim set freed = {_TRUE[sql.postgres()]} where {within} and not freed", params)
    sql.execute(f"update message_state set state = ?, reason = ? where {within}", [state, reason, *params])
    sql.execute(
        f"update attempt set state = ?, lease_until = null where {within} and state in ('planned', 'released')",
        [state, *params],
    )
    accounts, account_params = sql.ids_in("id", sorted({account for _, account in messages}))
    sql.execute(f"update account set version = version + 1 where {accounts}", account_params)
    facts.append(
        [
            (
                f"account:{account}",
                "contact.freed",
                None,
                now,
                canonical(
                    {"message": message, "state": state, "reason": reason, "claims": claims.get(message, [])}
                ),
            )
            for message, account in messages
        ]
    )


_TRUE = {True: "true", False: "1"}
