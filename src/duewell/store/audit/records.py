"""Records: holds say why and how long, bad rows say what to do, and kept messages are those that left."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple

from duewell.core.evidence import salted
from duewell.flows.audit import Tally
from duewell.store import sql
from duewell.store.audit.reading import Read, as_json, as_text, in_batches

Unpack = Callable[[int, bytes], bytes]
"""From the version of the dictionary and the stored bytes to a part of a message."""
_PARTS_AT_ONCE = 500
"""So many parts of messages stand in memory together, as they are stored."""


def holds_say_why_and_how_long(read: Read, tally: Tally) -> None:
    """A hold has a reason, and a day on which it ends or on which a person looks at it."""
    for hold, kind, reason, starts_on, until_on, review_on, ended_on in read(
        "select h.id, h.kind, h.reason, h.starts_on, h.until_on, h.review_on, e.ended_on"
        " from hold h left join hold_end e on e.hold_id = h.id"
    ):
        tally.look()
        if not reason.strip():
            tally.find(f"hold {hold} has no reason")
        limit = until_on if kind in ("promise", "grace") else review_on
        if limit is None or str(as_text(limit)) < str(as_text(starts_on)):
            tally.find(f"hold {hold} ({kind}) has neither an end nor a review after its start")
        if ended_on is not None and str(as_text(ended_on)) < str(as_text(starts_on)):
            tally.find(f"hold {hold} ended before it started")


def bad_rows_are_listed(read: Read, tally: Tally) -> None:
    """What an import could not take stands on its list, with its row, what is wrong and what to do."""
    for batch, count, unsaid in read(
        "select batch_id, count(*), sum(case when reason = '' or remedy = '' or \"row\" < 1 then 1 else 0 end)"
        " from rejected_row group by batch_id"
    ):
        tally.look(count)
        if unsaid:
            tally.find(f"import {batch}: {unsaid} rejected rows do not say where, why or what to do")
    for batch, stored in read("select id, counts from import_batch"):
        tally.look()
        counts = as_json(stored)
        kinds = ("new", "changed", "unchanged", "rejected", "skipped")
        if counts.get("rows", 0) != sum(counts.get(kind, 0) for kind in kinds):
            tally.find(f"import {batch}: its rows are not those that were taken, rejected or skipped: {counts}")


class _Left(NamedTuple):
    """What the started mark of an attempt vouches for: its parts and the whole, as digests in hexadecimal."""

    attempt: int
    parts: list[str]
    whole: str | None


_Kept = dict[bytes, tuple[bytes, int, bytes]]
"""From the digest of a part: its salt, the version of the dictionary, its stored bytes."""


def kept_messages_are_those_that_left(read: Read, unpack: Unpack, tally: Tally) -> None:
    """The parts that are kept make up, byte for byte, what the started mark vouches for."""
    for some in in_batches(_left(read), lambda left: len(left.parts), _PARTS_AT_ONCE):
        kept = _kept(sorted({bytes.fromhex(digest) for left in some for digest in left.parts}))
        for left in some:
            _rebuild(left, kept, unpack, tally)


def _left(read: Read) -> Iterator[_Left]:
    for attempt, body in read("select attempt_id, body from mark where kind = 'started' order by id"):
        told = json.loads(body)
        yield _Left(attempt, told["parts"], told.get("bytes"))


def _kept(digests: list[bytes]) -> _Kept:
    """Those of the parts that are there."""
    if not digests:
        return {}
    # Parts are only ever added or erased, so they need not come from the one state the marks come from.
    rows = sql.fetch(
        f"select digest, salt, dictionary, data from part where digest in ({', '.join('?' * len(digests))})",
        digests,
    )
    return {bytes(digest): (bytes(salt), version, bytes(data)) for digest, salt, version, data in rows}


def _rebuild(left: _Left, kept: _Kept, unpack: Unpack, tally: Tally) -> None:
    pieces, salts = [], []
    for digest in left.parts:
        part = kept.get(bytes.fromhex(digest))
        if part is not None:
            salt, version, data = part
            piece = unpack(version, data)
            if sha256(salt + piece).hexdigest() != digest:
                tally.find(f"attempt {left.attempt}: a part of its message was changed")
            pieces.append(piece)
            salts.append(salt)
    if not pieces or len(pieces) < len(left.parts):
        # Erased, as it may be.
        return
    tally.look()
    if salted(salts[0], sha256(b"".join(pieces)).digest()).hex() != left.whole:
        tally.find(f"attempt {left.attempt}: its message cannot be rebuilt byte for byte")
