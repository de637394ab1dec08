"""Wiring of the copies that archives of creditors get."""

from __future__ import annotations

from duewell import wiring
from duewell.adapters.home import Home
from duewell.flows.archive_copies import Copied, send_copies
from duewell.flows.ports import Clock, CreditorView


def copies(home: Home, creditor: CreditorView, clock: Clock, connections: int) -> Copied:
    """Deliver the copies that the creditor's archive is owed; no connection is made where none is.

    Raises:
        BadMailSetting: DUEWELL_SMTP_URL is missing or wrong, or points outside in a test home.
    """
    from duewell.adapters.channels.email.compression import decompress
    from duewell.adapters.channels.email.transport import Lines
    from duewell.store.archive_copies import StoredCopies

    book = StoredCopies(creditor.id, clock.now, decompress)
    with Lines(wiring.mail_server(home), count=connections) as lines:
        copied = send_copies(book, lines, clock)
    if copied.sent:
        wiring.seal(home, clock)
    return copied
