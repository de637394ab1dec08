"""What is said about a message and how its bytes travel: envelope commands, dot-stuffing, and what cannot be sent.

Nothing here changes a message: bytes that SMTP cannot carry as they are get refused, because the digest that is
kept as proof is the digest of exactly these bytes.
"""

from __future__ import annotations

import re
from typing import Final

from duewell.adapters.channels.email import session
from duewell.flows import transport

# Anything that could end the command, close the path early or be read as a parameter.
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>]")


def fault(envelope: transport.Envelope) -> transport.Refused | None:
    """Why no server may be given this message, or None."""
    if not _is_address(envelope.recipient):
        return transport.Refused(0, "the recipient is not an e-mail address", address=True)
    if envelope.sender and not _is_address(envelope.sender):
        return transport.Refused(0, "the sender is not an e-mail address", address=False)
    data = envelope.data
    if not data.endswith(b"\r\n"):
        return transport.Refused(0, "the message does not end with a line break", address=False)
    # A lone CR or LF is forbidden, and servers that forgive it can be made to see a final dot inside the body.
    unbroken = data.replace(b"\r\n", b"")
    if b"\n" in unbroken or b"\r" in unbroken:
        return transport.Refused(0, "the message has a line break that is not CR LF", address=False)
    return None


def lacking(envelope: transport.Envelope, features: session.Features) -> transport.Refused | None:
    """Which ability of this server the message would need, or None."""
    if not features.utf8:
        if not envelope.recipient.isascii():
            return transport.Refused(
                0, "the address has letters beyond ASCII and the server does not take such addresses", address=True
            )
        if not envelope.sender.isascii():
            return transport.Refused(
                0, "the sender has letters beyond ASCII and the server does not take such addresses", address=False
            )
    if not features.eightbit and not envelope.data.isascii():
        return transport.Refused(
            0, "the message has bytes beyond ASCII and the server does not take them", address=False
        )
    if features.size_max and len(envelope.data) > features.size_max:
        text = f"the message has {len(envelope.data)} bytes and the server takes {features.size_max}"
        return transport.Refused(0, text, address=False)
    return None


def commands(envelope: transport.Envelope, features: session.Features) -> tuple[bytes, bytes, bytes]:
    """MAIL, RCPT and DATA for a message without fault that lacks nothing."""
    mail = f"MAIL FROM:<{envelope.sender}>"
    if features.size_max is not None:
        mail += f" SIZE={len(envelope.data)}"
    if features.eightbit and not envelope.data.isascii():
        mail += " BODY=8BITMIME"
    if not (envelope.sender.isascii() and envelope.recipient.isascii()):
        mail += " SMTPUTF8"
    return f"{mail}\r\n".encode(), f"RCPT TO:<{envelope.recipient}>\r\n".encode(), b"DATA\r\n"


def stuffed(data: bytes) -> bytes:
    """The body as it travels: a dot that begins a line is doubled (RFC 5321, 4.5.2)."""
    body = data.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


def _is_address(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _UNSAFE.search(address):
        return False
    try:
        address.encode()
    except UnicodeEncodeError:
        return False
    return True
