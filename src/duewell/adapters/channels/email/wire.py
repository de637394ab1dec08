"""A socket that never blocks: writing and reading are steps that give way while they wait.

A step is a generator. It yields a `Wait` (for what, how long) and is resumed when that has come; whoever drives it
throws `Late` into it when the time is over. So one thread holds many conversations at once.
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import ssl
import struct
import time
from collections.abc import Generator
from typing import Final, NamedTuple, TypeAlias, TypeVar

from duewell.adapters.channels.email import reply
from duewell.flows import failpoints

_T = TypeVar("_T")

READ: Final = selectors.EVENT_READ
WRITE: Final = selectors.EVENT_WRITE
_CHUNK: Final = 65_536
_SLOWEST: Final = 4_096  # bytes a second; a slower server would hold up the other conversations
_CUT: Final = struct.pack("ii", 1, 0)  # SO_LINGER: forget what is still to be sent and reset the connection


class Wait(NamedTuple):
    """What a step waits for: events on a socket, until an instant of `time.monotonic`."""

    socket: socket.socket
    events: int
    deadline: float


Steps: TypeAlias = Generator[Wait, None, _T]


class Lost(Exception):
    """The connection could not be had, or it is over, or it makes no sense any more.

    Args:
        text: for a person; free of secrets.
        code: the server's reply code where it gave one, else 0.
    """

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


class Late(Lost):
    """What was waited for did not come in time."""


class Wire:
    """One connection. Every step raises `Lost` or `Late`; after that only `cut` makes sense."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._replies = reply.Replies()
        self.taken = 0  # how many bytes of the latest `write` the operating system took

    def connect(self, host: str, port: int, seconds: float) -> Steps[None]:
        """Reach the host at one of its addresses; each gets an equal share of the time that is left.

        The name is looked up by the operating system, which waits as long as it is configured to.
        """
        failpoints.hit("send.socket.connect")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as failed:
            raise Lost(f"the server's name cannot be looked up: {_said(failed)}") from None
        end = time.monotonic() + seconds
        trouble: Lost = Lost("the server has no address")
        for index, (family, kind, protocol, _, address) in enumerate(found):
            now = time.monotonic()
            try:
                yield from self._connect(family, kind, protocol, address, now + (end - now) / (len(found) - index))
            except Late:
                trouble = Late("the server could not be reached in time")
            except OSError as failed:
                trouble = Lost(f"the server cannot be reached: {_said(failed)}")
            else:
                return
            self.cut()
        raise trouble

    def _connect(self, family: int, kind: int, protocol: int, address: object, deadline: float) -> Steps[None]:
        self._socket = opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        # Body and dot are written apart: without this the dot would wait for the body's acknowledgement.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        failed = opened.connect_ex(address)  # type: ignore[arg-type]
        if failed == errno.EINPROGRESS:
            yield Wait(opened, WRITE, deadline)
            failed = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise OSError(failed, os.strerror(failed))

    def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> Steps[None]:
        """Go on encrypted, with the server's certificate verified for `host`."""
        if self._replies.pending:
            # Said in the clear before encryption began, so anyone on the way may have said it.
            raise Lost("the server spoke on between STARTTLS and encryption")
        deadline = time.monotonic() + seconds
        try:
            secure = context.wrap_socket(self._open_socket(), server_hostname=host, do_handshake_on_connect=False)
            self._socket = secure
            while True:
                try:
                    secure.do_handshake()
                    return
                except ssl.SSLWantReadError:
                    yield Wait(secure, READ, deadline)
                except ssl.SSLWantWriteError:
                    yield Wait(secure, WRITE, deadline)
        except Late:
            raise Late("the server did not finish the TLS handshake in time") from None
        except (OSError, ValueError) as failed:
            raise Lost(f"no encrypted connection: {_said(failed)}") from None

    def write(self, data: bytes, seconds: float) -> Steps[None]:
        """Hand all of `data` to the operating system.

        `seconds` is the longest wait without any progress; beyond it, the whole gets a second for each 4 KiB.
        """
        self.taken = 0
        to = self._open_socket()
        end = time.monotonic() + seconds + len(data) / _SLOWEST
        while self.taken < len(data):
            try:
                self.taken += to.send(data if self.taken == 0 else memoryview(data)[self.taken :])
                continue
            except (BlockingIOError, ssl.SSLWantWriteError):
                events = WRITE
            except ssl.SSLWantReadError:
                events = READ
            except OSError as failed:
                raise Lost(f"the connection was lost: {_said(failed)}") from None
            try:
                yield Wait(to, events, min(end, time.monotonic() + seconds))
            except Late:
                raise Late("the server stopped taking what we send") from None

    def read(self, seconds: float) -> Steps[reply.Reply]:
        """The next whole reply, which has to arrive within `seconds`."""
        source = self._open_socket()
        deadline = 0.0
        try:
            while (answer := self._replies.take()) is None:
                try:
                    chunk = source.recv(_CHUNK)
                except (BlockingIOError, ssl.SSLWantReadError):
                    events = READ
                except ssl.SSLWantWriteError:
                    events = WRITE
                else:
                    if not chunk:
                        raise Lost("the server closed the connection")
                    self._replies.feed(chunk)
                    continue
                deadline = deadline or time.monotonic() + seconds
                yield Wait(source, events, deadline)
        except Late:
            raise Late("the server did not answer in time") from None
        except reply.UnreadableReply as unreadable:
            raise Lost(str(unreadable)) from None
        except OSError as failed:
            raise Lost(f"the connection was lost: {_said(failed)}") from None
        return answer

    def has_spoken(self) -> bool:
        """Whether the server said or did something unasked for: a goodbye, or the end of the connection."""
        try:
            self._open_socket().recv(_CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return self._replies.pending
        except OSError:
            return True
        return True

    def own_literal(self) -> str:
        """Our end of the connection as an address literal, the honest name of a machine without one."""
        own = self._open_socket().getsockname()[0]
        return f"[IPv6:{own}]" if ":" in own else f"[{own}]"

    def cut(self) -> None:
        """End the connection at once; what the operating system has not sent yet is forgotten."""
        if self._socket is None:
            return
        closing, self._socket = self._socket, None
        with contextlib.suppress(OSError):  # the other side was faster: there is nothing left to forget
            closing.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)
        closing.close()

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise Lost("the connection is closed")
        return self._socket


def _said(failed: BaseException) -> str:
    """What the operating system or the TLS library says, in one line and without its internals."""
    if isinstance(failed, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({failed.verify_message})"
    if isinstance(failed, ssl.SSLError):
        return str(failed.reason or "TLS failed").replace("_", " ").lower()
    if isinstance(failed, OSError):
        return failed.strerror or "no reason given"
    return "no reason given"
