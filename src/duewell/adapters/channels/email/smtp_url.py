"""Where the e-mail server is and how to log in: one URL, read strictly.

    smtp://HOST[:25]                            in the clear; with a login only to this very machine
    smtp+starttls://USER:PASSWORD@HOST[:587]    in the clear until STARTTLS, which the server must offer
    smtps://USER:PASSWORD@HOST[:465]            TLS from the first byte

User and password are percent-decoded. Options follow as a query: `?timeout=30` (seconds for one reply),
`connect_timeout=10`, `dot_timeout=60`, `ca=FILE` (trust only the certificates in this PEM file) and
`helo=NAME` (how we introduce ourselves). Certificates are always verified.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import re
import urllib.parse
from typing import Final, Literal, NamedTuple

Security = Literal["plain", "starttls", "tls"]

_SCHEMES: Final[dict[str, tuple[Security, int]]] = {
    "smtp": ("plain", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_OPTIONS: Final = ("timeout", "connect_timeout", "dot_timeout", "ca", "helo")
_HELO: Final = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")


class BadUrl(ValueError):
    """The URL cannot be used. The text names the remedy and never any part of the URL that may be secret."""


class Secret:
    """A password that does not show itself: `reveal()` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Patience(NamedTuple):
    """How long to wait, in seconds, for a connection, for one reply, and for the reply to the final dot."""

    connect: float = 10.0
    reply: float = 30.0
    dot: float = 60.0


_PATIENCE: Final = Patience()


@dataclasses.dataclass(frozen=True, slots=True)
class SmtpAddress:
    """A server and the way in. Text and `repr` show neither user nor password."""

    host: str
    port: int
    security: Security
    user: Secret | None = None
    password: Secret | None = None
    patience: Patience = _PATIENCE
    ca: str | None = None
    helo: str | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this very machine, judged by the name alone."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        scheme = next(name for name, (security, _) in _SCHEMES.items() if security == self.security)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def parse(url: str) -> SmtpAddress:
    """Read a URL of one of the forms above.

    Raises:
        BadUrl: it is not of that form, asks for an unknown option, or would send a password in the clear.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The library's own text quotes what it could not read, which may be a piece of the password.
        raise BadUrl(
            "the SMTP URL cannot be read: the port must be a number; in user and password write "
            "/ ? # @ : % and spaces percent-encoded (/ is %2F, ? is %3F, # is %23, @ is %40)"
        ) from None
    if parts.scheme not in _SCHEMES:
        raise BadUrl(f"an SMTP URL starts with one of {', '.join(name + '://' for name in _SCHEMES)}")
    if not host or port == 0:
        raise BadUrl("the SMTP URL names no host or port: write for example smtp+starttls://mail.example.org")
    if parts.path not in ("", "/") or parts.fragment:
        raise BadUrl(
            "the SMTP URL has something after the host: in user and password write / ? # @ percent-encoded "
            "(/ is %2F, ? is %3F, # is %23, @ is %40)"
        )
    security, default_port = _SCHEMES[parts.scheme]
    user, password = _login(parts)
    options = _options(parts.query)
    address = SmtpAddress(
        host=_ascii_host(host),
        port=port or default_port,
        security=security,
        user=user,
        password=password,
        patience=Patience(
            connect=_seconds(options, "connect_timeout", _PATIENCE.connect),
            reply=_seconds(options, "timeout", _PATIENCE.reply),
            dot=_seconds(options, "dot_timeout", _PATIENCE.dot),
        ),
        ca=options.get("ca"),
        helo=_name(options.get("helo")),
    )
    if user and security == "plain" and not address.is_loopback:
        raise BadUrl(
            "smtp:// with a password would send the password in the clear: "
            "use smtp+starttls:// (port 587) or smtps:// (port 465)"
        )
    return address


def _login(parts: urllib.parse.SplitResult) -> tuple[Secret | None, Secret | None]:
    if not parts.username and parts.password is None:
        return None, None
    if not parts.username or not parts.password:
        raise BadUrl("the SMTP URL has a user without a password, or a password without a user: give both")
    try:
        user = urllib.parse.unquote(parts.username, errors="strict")
        password = urllib.parse.unquote(parts.password, errors="strict")
    except UnicodeDecodeError:
        raise BadUrl("user or password in the SMTP URL is not percent-encoded UTF-8") from None
    if "\0" in user + password:
        raise BadUrl("user and password in the SMTP URL cannot contain a NUL character")
    return Secret(user), Secret(password)


def _options(query: str) -> dict[str, str]:
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    if len(options) != len(pairs) or not set(options) <= set(_OPTIONS):
        # The names that were found are not repeated: an unescaped ? in a password puts its rest here.
        raise BadUrl(f"the SMTP URL has an option twice or an unknown one; there are {', '.join(_OPTIONS)}")
    return options


def _seconds(options: dict[str, str], name: str, default: float) -> float:
    if name not in options:
        return default
    try:
        seconds = float(options[name])
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 3600:
        raise BadUrl(f"option {name} of the SMTP URL is a number of seconds above 0 and up to 3600")
    return seconds


def _name(helo: str | None) -> str | None:
    if helo is not None and not _HELO.fullmatch(helo):
        raise BadUrl("option helo of the SMTP URL is a host name such as mail.example.org")
    return helo


def _ascii_host(host: str) -> str:
    """The host as DNS knows it; international names are encoded."""
    try:
        encoded = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadUrl("the host in the SMTP URL is not a host name") from None
    if not re.fullmatch(r"[A-Za-z0-9.:%_-]+", encoded):
        raise BadUrl("the host in the SMTP URL is not a host name")
    return encoded.lower()
