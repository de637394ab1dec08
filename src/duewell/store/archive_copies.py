"""Copies that the archives of creditors are owed: noted with the acceptance, sent on their own, told as facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from duewell.core.evidence.digests import salted
from duewell.core.evidence.rows import body
from duewell.flows.archive_copies import Copy, Sent
from duewell.store import facts, locks, sql

_LEASE = timedelta(minutes=10)
# The condition of the index over what waits, word for word: SQLite uses a partial index for nothing less.
_WAITING = "state = 'waiting'"

Unpack = Callable[[int, bytes], bytes]
"""From the version of the dictionary and the stored bytes to a part of a message."""


def owe(creditor: int, attempts: Sequence[int], now: datetime) -> None:
    """These attempts count as delivered: where there is an archive, it is owed a copy of each.

    Must run inside the transaction that says so.
    """
    if not attempts:
        return
    row = sql.one("select archive from creditor where id = ?", [creditor])
    if row is None or not row[0]:
        return
    within, params = sql.ids_in("id", list(attempts))
    sql.execute(
        "insert into archive_copy (attempt_id, creditor_id, account_id, state, tries, not_before, recorded_at)"
        " select id, creditor_id, account_id, 'waiting', 0, ?, ? from attempt"
        f" where {within} and channel = 'email'",
        [sql.us(now), sql.us(now), *params],
    )


def readdress(creditor: int, archive: str, now: datetime) -> None:
    """The archive has this address now: what it refused before is tried again, or given up where there is none.

    Must run inside the transaction that says so.
    """
    state = "waiting" if archive else "dropped"
    sql.execute(
        "update archive_copy set state = ?, tries = 0, not_before = ? where creditor_id = ?"
        " and state in ('waiting', 'refused')",
        [state, sql.us(now), creditor],
    )


class StoredCopies:
    """Keeps the promise of `flows.archive_copies.CopyBook` for one creditor."""

    def __init__(self, creditor: int, now: Callable[[], datetime], unpack: Unpack) -> None:
        self._creditor = creditor
        self._now = now
        self._unpack = unpack

    def address(self) -> tuple[str, str] | None:
        """Sender and archive; None where nothing is to be sent."""
        row = sql.one("select email_from, archive, halted from creditor where id = ?", [self._creditor])
        if row is None or not row[0] or row[2]:
            return None
        if row[1]:
            return row[0], row[1]
        with sql.transaction.atomic():
            sql.execute(
                f"update archive_copy set state = 'dropped' where creditor_id = ? and {_WAITING}", [self._creditor]
            )
        return None

    def take(self, limit: int) -> list[Copy]:
        """Some whose time has come, each leased for some minutes."""
        now = self._now()
        skip = " for update skip locked" if sql.postgres() else ""
        with sql.transaction.atomic():
            rows = sql.fetch(
                "update archive_copy set not_before = ?, tries = tries + 1 where attempt_id in (select attempt_id"
                f" from archive_copy where creditor_id = ? and {_WAITING} and not_before <= ?"
                f" order by not_before, attempt_id limit ?{skip}) returning attempt_id, account_id, tries",
                [sql.us(now + _LEASE), self._creditor, sql.us(now), limit],
            )
        whole = self._messages([row[0] for row in rows])
        return [Copy(attempt, account, tries, whole.get(attempt)) for attempt, account, tries in sorted(rows)]

    def keep(self, sent: Sequence[Sent]) -> None:
        """Write what became of copies; a fact for each that arrived."""
        now = self._now()
        arrived = [one for one in sent if one.state == "sent"]
        with sql.transaction.atomic():
            # Whoever adds to the chain of an account holds it; no decision reads this, so nothing is decided anew.
            locks.accounts({one.copy.account for one in arrived})
            sql.update_many(
                f"update archive_copy set state = ?, tries = ?, not_before = coalesce(?, not_before)"
                f" where attempt_id = ? and {_WAITING}",
                [
                    (one.state, one.copy.tries, one.retry_at and sql.us(one.retry_at), one.copy.attempt)
                    for one in sent
                ],
            )
            facts.append(
                [
                    facts.Draft(
                        f"account:{one.copy.account}",
                        "contact.copied",
                        None,
                        now,
                        body(attempt=one.copy.attempt, code=one.code),
                    )
                    for one in arrived
                ]
            )

    def _messages(self, attempts: Sequence[int]) -> dict[int, bytes]:
        """The bytes as they left, of those that are still kept and still what was sent."""
        if not attempts:
            return {}
        within, params = sql.ids_in("attempt_id", list(attempts))
        marks = sql.fetch(f"select attempt_id, body from mark where {within} and kind = 'started'", params)
        found = {}
        for attempt, told in ((attempt, json.loads(told)) for attempt, told in marks):
            pieces = [self._piece(bytes.fromhex(digest)) for digest in told["parts"]]
            whole = [piece for piece in pieces if piece is not None]
            if not pieces or len(whole) != len(pieces):
                continue
            data = b"".join(piece for piece, _ in whole)
            if salted(whole[0][1], sha256(data).digest()).hex() == told["bytes"]:
                found[attempt] = data
        return found

    def _piece(self, digest: bytes) -> tuple[bytes, bytes] | None:
        row = sql.one("select salt, dictionary, data from part where digest = ?", [digest])
        return None if row is None else (self._unpack(row[1], bytes(row[2])), bytes(row[0]))
