"""Copies for the archive: of each accepted message, one to an address of the creditor's own.

Each is a delivery of its own after the customer's was accepted, with the very bytes that the customer got. A copy
may arrive twice (its Message-ID is the same), which an archive bears; the message itself is never touched by it.
Why not a second recipient of the same delivery: docs/decisions/0009-copies-for-the-archive-go-alone.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from duewell.flows.ports import Clock
from duewell.flows.transport import Accepted, Closed, Deferred, Envelope, Ready, Refused, Transport

TRIES_MAX = 12
BACK_OFF_FIRST = timedelta(minutes=5)
BACK_OFF_LONGEST = timedelta(hours=12)


class Copy(NamedTuple):
    """A copy that is owed. `data` is None where the bytes of the message are no longer kept."""

    attempt: int
    account: int
    tries: int
    data: bytes | None


class Sent(NamedTuple):
    """What became of a copy. `retry_at` is when it is tried again; None where it has ended."""

    copy: Copy
    state: str
    """`sent`, `waiting`, `refused` or `gone`."""
    code: int
    retry_at: datetime | None


class CopyBook(Protocol):
    """The copies that one creditor's archive is owed."""

    def address(self) -> tuple[str, str] | None:
        """Sender and archive; None where there is no archive (any more), or sending is halted."""
        ...

    def take(self, limit: int) -> list[Copy]:
        """Some whose time has come; nobody else takes them for some minutes."""
        ...

    def keep(self, sent: Sequence[Sent]) -> None:
        """Write what became of them, with the facts of those that arrived."""
        ...


class Copied(NamedTuple):
    """The outcome, as counts. `problem` says why the server could not be used."""

    sent: int
    deferred: int
    refused: int
    gone: int
    problem: str


def send_copies(book: CopyBook, transport: Transport, clock: Clock) -> Copied:
    """Deliver every copy whose time has come."""
    counts: Counter[str] = Counter()
    problem = ""
    while not problem and (where := book.address()) is not None:
        copies = book.take(transport.count)
        if not copies:
            break
        ended = [Sent(copy, "gone", 0, None) for copy in copies if copy.data is None]
        going = [(copy, copy.data) for copy in copies if copy.data is not None]
        envelopes = [Envelope(*where, data) for _, data in going]
        for (copy, _), outcome in zip(going, _deliver(transport, envelopes), strict=True):
            if isinstance(outcome, Deferred) and outcome.server:
                problem = outcome.text
            ended.append(_ended(copy, outcome, clock.now()))
        book.keep(ended)
        counts.update(one.state for one in ended)
    transport.hang_up()
    return Copied(counts["sent"], counts["waiting"], counts["refused"], counts["gone"], problem)


def _deliver(transport: Transport, envelopes: Sequence[Envelope]) -> list[Closed]:
    opened = transport.open_all(envelopes)
    closed = iter(transport.close_all([one for one in opened if isinstance(one, Ready)]))
    return [next(closed) if isinstance(one, Ready) else one for one in opened]


def _ended(copy: Copy, outcome: Closed, now: datetime) -> Sent:
    if isinstance(outcome, Accepted):
        return Sent(copy, "sent", outcome.code, None)
    if isinstance(outcome, Refused):
        return Sent(copy, "refused", outcome.code, None)
    if isinstance(outcome, Deferred) and (outcome.server or outcome.ours):
        # Nothing was learned about this copy, so it is no try of it.
        return Sent(copy._replace(tries=copy.tries - 1), "waiting", outcome.code, now + BACK_OFF_FIRST)
    code = outcome.code if isinstance(outcome, Deferred) else 0
    if copy.tries >= TRIES_MAX:
        return Sent(copy, "refused", code, None)
    wait = min(BACK_OFF_FIRST * (1 << max(0, copy.tries - 1)), BACK_OFF_LONGEST)
    return Sent(copy, "waiting", code, now + wait)
