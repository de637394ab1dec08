"""The opening of an SMTP session: greeting, EHLO, STARTTLS, login."""

from __future__ import annotations

import base64
import socket
import ssl
from typing import NamedTuple

from duewell.adapters.channels.email import reply, smtp_url
from duewell.adapters.channels.email.wire import Lost, Steps, Wire
from duewell.flows import failpoints


class Features(NamedTuple):
    """What the server says it can do; `size_max` is in bytes, 0 for no limit, None where it is not said."""

    pipelining: bool = False
    eightbit: bool = False
    utf8: bool = False
    starttls: bool = False
    size_max: int | None = None
    logins: frozenset[str] = frozenset()
    greeting: str = ""
    """What the server said first, before anything was encrypted."""


def begin(wire: Wire, address: smtp_url.SmtpAddress, context: ssl.SSLContext | None) -> Steps[Features]:
    """Connect, greet, encrypt and log in as the address asks; afterwards the server waits for a message.

    Raises:
        Lost: no connection, or the server refuses, or it cannot do what the address demands. Every other
            message would meet the same.
    """
    patience = address.patience
    yield from wire.connect(address.host, address.port, patience.connect)
    if address.security == "tls":
        yield from wire.start_tls(_needed(context), address.host, patience.connect)
    banner = yield from wire.read(patience.reply)
    if banner.code // 100 != 2:
        raise Lost(f"the server turns us away: {banner.text}", banner.code)
    features = yield from _hello(wire, address)
    if address.security == "starttls":
        if not features.starttls:
            raise Lost("the server offers no encryption (STARTTLS), which the address demands")
        answer = yield from _ask(wire, b"STARTTLS\r\n", patience.reply)
        if answer.code != 220:
            raise Lost(f"the server will not begin encryption: {answer.text}", answer.code)
        yield from wire.start_tls(_needed(context), address.host, patience.connect)
        features = yield from _hello(wire, address)  # what was said in the clear no longer counts
    if address.user is not None and address.password is not None:
        yield from _login(wire, features, address.user, address.password, patience.reply)
    return features._replace(greeting=banner.text)


def _hello(wire: Wire, address: smtp_url.SmtpAddress) -> Steps[Features]:
    name = address.helo or _own_name(wire)
    answer = yield from _ask(wire, f"EHLO {name}\r\n".encode(), address.patience.reply)
    if answer.code // 100 == 2:
        return features(answer)
    if answer.code in (500, 501, 502, 504, 550):  # RFC 5321, 3.2: a server without extensions
        answer = yield from _ask(wire, f"HELO {name}\r\n".encode(), address.patience.reply)
        if answer.code // 100 == 2:
            return Features()
    raise Lost(f"the server does not return our greeting: {answer.text}", answer.code)


def features(answer: reply.Reply) -> Features:
    """Read the lines of a reply to EHLO; unknown ones are skipped."""
    said: dict[str, list[str]] = {}
    logins: set[str] = set()
    for line in answer.lines[1:]:
        word, *values = line.upper().replace("AUTH=", "AUTH ").split() or [""]
        said[word] = values
        if word == "AUTH":
            logins.update(values)
    size = said.get("SIZE")
    return Features(
        pipelining="PIPELINING" in said,
        eightbit="8BITMIME" in said,
        utf8="SMTPUTF8" in said,
        starttls="STARTTLS" in said,
        size_max=None if size is None else int(size[0]) if size and size[0].isdecimal() else 0,
        logins=frozenset(logins),
    )


def _login(
    wire: Wire, offered: Features, user: smtp_url.Secret, password: smtp_url.Secret, seconds: float
) -> Steps[None]:
    if "PLAIN" in offered.logins:
        answer = yield from _ask(wire, f"AUTH PLAIN {_plain(user, password)}\r\n".encode(), seconds)
    elif "LOGIN" in offered.logins:
        answer = yield from _ask(wire, b"AUTH LOGIN\r\n", seconds)
        for secret in (user, password):
            if answer.code != 334:
                break
            answer = yield from _ask(wire, f"{_base64(secret.reveal())}\r\n".encode(), seconds)
    else:
        raise Lost("the server offers no login by password (AUTH PLAIN or LOGIN)")
    if answer.code // 100 != 2:
        text = answer.text
        for shown in (_plain(user, password), _base64(password.reveal()), password.reveal()):
            text = text.replace(shown, "***")
        raise Lost(f"the server does not accept user and password: {text}", answer.code)


def _ask(wire: Wire, command: bytes, seconds: float) -> Steps[reply.Reply]:
    failpoints.hit("send.socket.greet")
    yield from wire.write(command, seconds)
    return (yield from wire.read(seconds))


def _plain(user: smtp_url.Secret, password: smtp_url.Secret) -> str:
    return _base64(f"\0{user.reveal()}\0{password.reveal()}")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _own_name(wire: Wire) -> str:
    """Our full host name if this machine has one, else our address (RFC 5321, 4.1.4)."""
    # Not `getfqdn`: it asks name servers, and may wait for them.
    name = socket.gethostname()
    return name if "." in name and name.isascii() else wire.own_literal()


def _needed(context: ssl.SSLContext | None) -> ssl.SSLContext:
    if context is None:
        raise ValueError("an address that asks for TLS needs a TLS context")
    return context
