"""A rendered message as exact RFC 5322 bytes: ASCII, lines of at most 76 characters, ended by CRLF.

The bytes are parts laid end to end: headers, plain text, page, and for each document that goes along its head and
its content. They are made here once, at the first attempt; kept as they are and joined again, they are the same
message, whatever version of this program or of its libraries joins them. The content of a document is a part of
its own, so that the same document in several messages is kept once.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from duewell.adapters.channels.email import headers, quoted
from duewell.adapters.channels.email.render import Rendered
from duewell.core.contact.values import Content

_ENCODING = "Content-Transfer-Encoding: quoted-printable\r\n"


_BASE64_LINE = 57
"""Bytes that fill a line of 76 characters."""


class Parts(NamedTuple):
    """The message in consecutive pieces. They carry the boundary lines around them."""

    headers: bytes
    text: bytes
    html: bytes
    attached: tuple[bytes, ...] = ()
    """Head and content of each document, in turn, and the end; empty where nothing goes along."""

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """All of them, in the order in which they are laid end to end."""
        return (self.headers, self.text, self.html, *self.attached)


class Attachment(NamedTuple):
    """A PDF that goes along with a message."""

    name: str
    """What the file is called; any letters."""
    content: bytes


def parts(
    rendered: Rendered,
    content: Content,
    *,
    message_id: str,
    sent_at: datetime,
    attached: Sequence[Attachment] = (),
) -> Parts:
    """Everything that goes between DATA and the final dot, without dot-stuffing.

    Args:
        rendered: made from `content`.
        message_id: with its angle brackets; the same for every attempt of a message.
        sent_at: aware; stands in the Date field.
        attached: documents, in the order in which they are shown.

    Raises:
        BadHeader: an address, the id or the instant cannot stand in a header.
    """
    sender, addressee = content.sender, content.addressee
    boundary = _boundary(headers.message_id(message_id))
    answers = headers.checked(sender.reply_to or sender.email_from)
    # Letters of another writing, encoded, would not fit the line; the creditor knows this word.
    word = rendered.stop_word if rendered.stop_word.isascii() else "stop"
    stop = quote(f"{word}: {content.reference}", safe="")
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
    ]
    alternative = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    # As `=_`, which begins the other boundary, `=-` can occur in neither quoted-printable nor base64.
    around = f"=-{boundary[2:]}"
    if attached:
        fields.append(f'Content-Type: multipart/mixed;\r\n boundary="{around}"\r\n\r\n--{around}\r\n')
    fields.append(alternative)
    return Parts(
        "".join(fields).encode("ascii"),
        _part(boundary, "plain", quoted.whole(rendered.text)),
        _part(boundary, "html", rendered.page) + f"--{boundary}--\r\n".encode("ascii"),
        _attached(around, attached),
    )


def assemble(parts: Parts) -> bytes:
    """The message: its parts, end to end."""
    return b"".join(parts.pieces)


@lru_cache(maxsize=256)
def _from(name: str, address: str) -> str:
    """The same for every message of a creditor."""
    return headers.mailbox("From", name, address)


def _boundary(message_id: str) -> str:
    """Follows from the id. `=_` cannot occur in quoted-printable, so no content can hold the boundary."""
    return f"=_{sha256(message_id.encode()).hexdigest()[:32]}"


def _attached(around: str, attached: Sequence[Attachment]) -> tuple[bytes, ...]:
    """For each document its head and its content, and the boundary that ends the message."""
    if not attached:
        return ()
    pieces: list[bytes] = []
    for name, content in attached:
        head = (
            f"\r\n--{around}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment{headers.filename(name)}\r\n\r\n"
        )
        lines = [
            b2a_base64(content[start : start + _BASE64_LINE], newline=False)
            for start in range(0, len(content), _BASE64_LINE)
        ]
        pieces += [head.encode("ascii"), b"\r\n".join(lines) + b"\r\n"]
    return (*pieces, f"\r\n--{around}--\r\n".encode("ascii"))


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
