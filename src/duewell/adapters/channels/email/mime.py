"""A rendered message as exact RFC 5322 bytes: ASCII, lines of at most 76 characters, ended by CRLF.

The bytes are three parts laid end to end: headers, plain text, page. They are made here once, at the first
attempt; kept as they are and joined again, they are the same message, whatever version of this program or of
its libraries joins them.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from duewell.adapters.channels.email import headers, quoted
from duewell.adapters.channels.email.render import Rendered
from duewell.core.contact.values import Content

_ENCODING = "Content-Transfer-Encoding: quoted-printable\r\n"


class Parts(NamedTuple):
    """The message in three consecutive pieces. `text` and `html` carry the boundary lines around them."""

    headers: bytes
    text: bytes
    html: bytes


def parts(rendered: Rendered, content: Content, *, message_id: str, sent_at: datetime) -> Parts:
    """Everything that goes between DATA and the final dot, without dot-stuffing.

    Args:
        rendered: made from `content`.
        message_id: with its angle brackets; the same for every attempt of a message.
        sent_at: aware; stands in the Date field.

    Raises:
        BadHeader: an address, the id or the instant cannot stand in a header.
    """
    sender, addressee = content.sender, content.addressee
    boundary = _boundary(headers.message_id(message_id))
    answers = headers.checked(sender.reply_to or sender.email_from)
    stop = quote(f"{rendered.stop_word}: {content.reference}", safe="")
    fields = [
        _from(sender.name, sender.email_from),
        headers.mailbox("To", _name(content), addressee.address),
        headers.mailbox("Reply-To", "", answers) if sender.reply_to else "",
        headers.unstructured("Subject", rendered.subject),
        f"Date: {headers.instant(sent_at)}\r\n",
        f"Message-ID: {message_id}\r\n" if len(message_id) <= 64 else f"Message-ID:\r\n {message_id}\r\n",
        # RFC 3834: programs that answer by themselves leave this message alone.
        "Auto-Submitted: auto-generated\r\n",
        *_unsubscribe(answers, stop),
        f"Content-Language: {rendered.language}\r\n",
        "MIME-Version: 1.0\r\n",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n',
        "\r\n",
    ]
    return Parts(
        "".join(fields).encode("ascii"),
        _part(boundary, "plain", quoted.whole(rendered.text)),
        _part(boundary, "html", rendered.page) + f"--{boundary}--\r\n".encode("ascii"),
    )


def assemble(parts: Parts) -> bytes:
    """The message: its parts, end to end."""
    return b"".join(parts)


@lru_cache(maxsize=256)
def _from(name: str, address: str) -> str:
    """The same for every message of a creditor."""
    return headers.mailbox("From", name, address)


def _boundary(message_id: str) -> str:
    """Follows from the id. `=_` cannot occur in quoted-printable, so no content can hold the boundary."""
    return f"=_{sha256(message_id.encode()).hexdigest()[:32]}"


def _part(boundary: str, kind: str, encoded: str) -> bytes:
    head = f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n{_ENCODING}\r\n"
    # The line end before the next boundary belongs to the boundary, so the content brings one more.
    return f"{head}{encoded}\r\n".encode("ascii")


def _name(content: Content) -> str:
    addressee = content.addressee
    return addressee.name or f"{addressee.given_name} {addressee.family_name}".strip()


def _unsubscribe(address: str, subject: str) -> list[str]:
    """RFC 2369: one press writes the answer that the text asks for. Left out where it would not fit a line."""
    link = f"<mailto:{address}?subject={subject}>"
    field = f"List-Unsubscribe: {link}\r\n" if len(link) < 59 else f"List-Unsubscribe:\r\n {link}\r\n"
    return [field] if len(link) < 76 else []
