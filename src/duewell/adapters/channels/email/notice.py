"""A plain mail of the house itself: an alarm, a digest. It goes to operator or creditor, never to a customer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from duewell.adapters.channels.email import headers, quoted
from duewell.adapters.channels.email.smtp_url import SmtpAddress
from duewell.adapters.channels.email.transport import Lines
from duewell.flows.transport import Accepted, Deferred, Envelope, Ready, Refused


class Notice(NamedTuple):
    """What is said to whom. `key` makes the Message-ID, so that the same notice sent twice has the same."""

    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    """Lines end with a line feed."""
    language: str
    key: str


class NotTaken(Exception):
    """The mail server did not take the notice, or nobody knows whether it did."""

    word = "mail_not_taken"


def rendered(notice: Notice, now: datetime) -> bytes:
    """The message as RFC 5322 bytes. Raises `BadHeader`."""
    message_id = f"<{notice.key}@{notice.sender.rpartition('@')[2]}>"
    headers.message_id(message_id)
    fields = [
        headers.mailbox("From", notice.sender_name, notice.sender),
        headers.mailbox("To", "", notice.recipient),
        headers.unstructured("Subject", notice.subject),
        f"Date: {headers.instant(now)}\r\n",
        f"Message-ID: {message_id}\r\n",
        "Auto-Submitted: auto-generated\r\n",
        f"Content-Language: {notice.language}\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "\r\n",
    ]
    body = quoted.whole(notice.text.rstrip("\n") + "\n")
    return ("".join(fields) + body.rstrip("\r\n") + "\r\n").encode("ascii")


def deliver(address: SmtpAddress, notice: Notice, now: datetime) -> None:
    """Hand the notice to the mail server.

    Raises:
        NotTaken: it was refused, put off, or the answer never came.
    """
    with Lines(address, count=1) as lines:
        (opened,) = lines.open_all([Envelope(notice.sender, notice.recipient, rendered(notice, now))])
        outcome = lines.close_all([opened])[0] if isinstance(opened, Ready) else opened
    if isinstance(outcome, Accepted):
        return
    code = outcome.code if isinstance(outcome, Deferred | Refused) else 0
    raise NotTaken(f"the mail server did not take it ({code}): {outcome.text}")
