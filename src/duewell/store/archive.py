"""What is kept about one account: its facts, and its messages as they left.

Facts, leaves and marks are only ever added to, so they can be read one after the other without a snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from duewell.flows.pack import Sent, ToldFact
from duewell.store import sql

Unpack = Callable[[int, bytes], bytes]
"""From the version of the dictionary and the stored bytes to a part of a message."""


class StoredArchive:
    """Keeps the promise of `flows.pack.Archive` for one account."""

    def __init__(self, creditor: int, account_number: str, unpack: Unpack) -> None:
        """Find the account.

        Raises:
            LookupError: the creditor has no account of that number.
        """
        found = sql.one(
            "select id, person_id from account where creditor_id = ? and number = ?", [creditor, account_number]
        )
        if found is None:
            raise LookupError(f"there is no account {account_number!r}")
        self._account, person = found
        self._unpack = unpack
        elsewhere = sql.one(
            "select id from account where person_id = ? and creditor_id <> ? limit 1", [person, creditor]
        )
        # What a person said to another creditor is not for the files of this one.
        self.with_person = elsewhere is None
        self._streams = [f"account:{self._account}"] + ([f"person:{person}"] if self.with_person else [])

    def facts(self) -> Iterator[ToldFact]:
        """Whole streams, each in the order of its sequence."""
        for stream in self._streams:
            for row in sql.fetch(
                "select f.stream, f.sequence, f.kind, f.effective_on, f.recorded_at, f.body, f.previous, f.hash,"
                ' l."index" from fact f left join leaf l on l.fact_id = f.id'
                " where f.stream = ? order by f.sequence",
                [stream],
            ):
                name, sequence, kind, effective_on, recorded_at, body, previous, digest, leaf = row
                day = None if effective_on is None else sql.day(effective_on).isoformat()
                yield ToldFact(
                    name, sequence, kind, day, recorded_at, bytes(body), bytes(previous), bytes(digest), leaf
                )

    def leaves(self, size: int) -> Iterator[bytes]:
        """The first `size` leaves of the tree, in order."""
        query = 'select f.hash from leaf l join fact f on f.id = l.fact_id where l."index" < ? order by l."index"'
        with sql.transaction.atomic():
            for rows in sql.stream(query, [size]):
                for (digest,) in rows:
                    yield bytes(digest)

    def sent(self) -> Iterator[Sent]:
        """Messages whose bytes are still kept: one for each attempt that started."""
        marks = sql.fetch(
            "select k.attempt_id, k.message_id, k.body from message m join attempt a on a.message_id = m.id"
            " join mark k on k.attempt_id = a.id where m.account_id = ? and k.kind = 'started' order by k.id",
            [self._account],
        )
        for attempt, message, told in marks:
            pieces = [self._piece(bytes.fromhex(digest)) for digest in json.loads(told).get("parts", ())]
            whole = [piece for piece in pieces if piece is not None]
            if pieces and len(whole) == len(pieces):
                yield Sent(attempt, message, whole)

    def _piece(self, digest: bytes) -> tuple[bytes, bytes] | None:
        row = sql.one("select salt, dictionary, data from part where digest = ?", [digest])
        return None if row is None else (self._unpack(row[1], bytes(row[2])), bytes(row[0]))
