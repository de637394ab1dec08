"""The port to an e-mail server: a message goes out in two steps with the final dot between them.

`open_all` says everything but the final dot; until then nothing can have been delivered. The caller then
writes its *closing* mark, and `close_all` says the dots and waits for the answers. K conversations are held
at once, so a crash leaves at most K messages whose fate is unknown, and only after their closing mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias


class Envelope(NamedTuple):
    """One message to one recipient.

    Args:
        sender: the return path, where bounces go; empty for a message that must not bounce.
        recipient: one address.
        data: the message as RFC 5322 bytes, every line ended by CRLF, without dot-stuffing.
    """

    sender: str
    recipient: str
    data: bytes


class Ready(NamedTuple):
    """The body is written and the dot is not. Valid for one `close_all` or `drop_all`."""

    line: int
    ticket: int


class Deferred(NamedTuple):
    """Certainly not delivered; may be tried again.

    Args:
        code: the server's reply code (4yz), or 0 where there was none (lost, silent, not reached).
        text: one line for a person.
        server: no session with the server could be had at all (address, connection, certificate, greeting,
            login). It says nothing about this message and meets every other message the same way.
        ours: this side let the message drop before its dot. It says nothing about this message either.
    """

    code: int
    text: str
    server: bool = False
    ours: bool = False


class Refused(NamedTuple):
    """Certainly not delivered, and trying again unchanged is useless.

    Args:
        code: the server's reply code (5yz), or 0 where the message was refused before it was offered.
        text: one line for a person.
        address: it was the recipient's address that was refused.
    """

    code: int
    text: str
    address: bool


class Accepted(NamedTuple):
    """The server has taken responsibility for the message (2yz to the final dot)."""

    code: int
    text: str


class Unknown(NamedTuple):
    """The dot was said and no readable answer came: delivered or not, nobody here can know."""

    text: str


Opened: TypeAlias = Ready | Deferred | Refused
Closed: TypeAlias = Accepted | Deferred | Refused | Unknown


def always() -> bool:
    """The caller's leave to say the dot, where there is nothing to ask."""
    return True


class Transport(Protocol):
    """K persistent conversations with one e-mail server, for one thread."""

    @property
    def count(self) -> int:
        """How many messages may be open at once (K)."""
        ...

    def reach(self) -> Deferred | None:
        """Make sure that one conversation is open; where none can be had, why not. Nothing is offered."""
        ...

    def open_all(self, envelopes: Sequence[Envelope]) -> list[Opened]:
        """Offer each message and write its body, all at the same time; results in the order given.

        Raises:
            ValueError: more envelopes than free conversations (`count` less those still ready).
        """
        ...

    def close_all(self, ready: Sequence[Ready], allowed: Callable[[], bool] = always) -> list[Closed]:
        """Say the final dot for each and wait for the answers; results in the order given.

        Args:
            ready: from `open_all`, each at most once.
            allowed: asked immediately before each dot; where it answers False, the connection is dropped
                instead and the outcome is `Deferred`.

        Raises:
            ValueError: one of them is not open.
        """
        ...

    def drop_all(self, ready: Sequence[Ready]) -> None:
        """Abandon before the dot: the connections are cut, nothing is delivered.

        Raises:
            ValueError: one of them is not open.
        """
        ...

    def hang_up(self) -> None:
        """End every conversation; whatever is still ready is abandoned before its dot."""
        ...
