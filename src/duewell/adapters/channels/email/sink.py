"""A mail server that delivers nothing: it takes every message and puts it into a folder, as a file one can open.

For the demo, the tutorial and test homes. It listens on this machine only, knows neither login nor encryption,
and believes every word it is told: it must not stand where real mail comes in. It says yes to a message once
its file is whole.
"""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

SIZE_MAX: Final = 25_000_000
_LINE_MAX: Final = 8_192
_IDLE_SECONDS: Final = 300.0
_PATH: Final = re.compile(rb"(?:FROM|TO):\s*<([^<>\r\n]*)>", re.IGNORECASE)
_HELLO: Final = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {size}"


class Received(NamedTuple):
    """One message: whom it was for, and where it lies."""

    recipients: tuple[str, ...]
    file: Path


class Sink(socketserver.ThreadingTCPServer):
    """The server. Messages lie in `folder` as `0001-name@example.org.eml`, numbered as they came.

    Args:
        folder: made if it is missing; numbers go on after those that lie there.
        port: on 127.0.0.1; 0 chooses a free one.
        tell: called with every message that was taken.
        knows: whether there is a mailbox of this address; by default there is one of every address.

    Raises:
        OSError: the port is taken, or the folder cannot be made.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        tell: Callable[[Received], None] | None = None,
        knows: Callable[[str], bool] = lambda address: True,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.knows = knows
        super().__init__(("127.0.0.1", port), _Conversation)
        self._folder = folder
        self._tell = tell
        self._lock = threading.Lock()
        self._count = max((_number(path) for path in folder.glob("*.eml")), default=0)

    @property
    def url(self) -> str:
        """The address for DUEWELL_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def keep(self, recipients: tuple[str, ...], data: bytes) -> None:
        """Put one message into the folder."""
        with self._lock:
            self._count += 1
            safe = re.sub(r"[^\w@.+-]", "_", recipients[0])[:80]
            file = self._folder / f"{self._count:04}-{safe}.eml"
            file.write_bytes(data)
            if self._tell:
                self._tell(Received(recipients, file))


@contextmanager
def sink(
    folder: Path,
    port: int = 0,
    tell: Callable[[Received], None] | None = None,
    knows: Callable[[str], bool] = lambda address: True,
) -> Iterator[Sink]:
    """A sink in a thread of this process, for the length of a `with` block."""
    with Sink(folder, port, tell, knows) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sink", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: commands in, replies out (RFC 5321), until the client leaves."""

    timeout = _IDLE_SECONDS

    def setup(self) -> None:
        super().setup()
        self._greeted = False
        self._sender: bytes | None = None
        self._recipients: list[str] = []

    def handle(self) -> None:
        try:
            self._say("220 sink takes every message and delivers none")
            while (line := self.rfile.readline(_LINE_MAX)) and self._answer(line):
                pass
        except (ConnectionError, TimeoutError):
            # The client has gone, or has nothing to say: an unfinished message is nobody's.
            return

    def _answer(self, line: bytes) -> bool:
        """Answer one command; False when the conversation is over."""
        verb, _, rest = line.strip().partition(b" ")
        match verb.upper():
            case b"EHLO" | b"HELO":
                self._forget()
                self._greeted = True
                self._say(_HELLO.format(size=SIZE_MAX) if verb.upper() == b"EHLO" else "250 sink")
            case b"MAIL":
                self._mail(rest)
            case b"RCPT":
                self._recipient(rest)
            case b"DATA":
                return self._data()
            case b"RSET":
                self._forget()
                self._say("250 2.0.0 forgotten")
            case b"NOOP":
                self._say("250 2.0.0 here")
            case b"QUIT":
                self._say("221 2.0.0 goodbye")
                return False
            case _:
                self._say("500 5.5.1 no such command")
        return line.endswith(b"\n")

    def _mail(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if not self._greeted:
            self._say("503 5.5.1 EHLO first")
        elif path is None:
            self._say("501 5.5.4 MAIL FROM:<address>")
        else:
            self._forget()
            self._sender = path[1]
            self._say("250 2.1.0 from")

    def _recipient(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if self._sender is None:
            self._say("503 5.5.1 MAIL first")
        elif path is None or not path[1]:
            self._say("501 5.5.4 RCPT TO:<address>")
        elif not cast(Sink, self.server).knows(address := path[1].decode("utf-8", "replace")):
            self._say("550 5.1.1 no such mailbox")
        else:
            self._recipients.append(address)
            self._say("250 2.1.5 to")

    def _data(self) -> bool:
        if not self._recipients:
            self._say("503 5.5.1 RCPT first")
            return True
        self._say("354 end with a dot on a line of its own")
        body = _body(cast(BinaryIO, self.rfile))
        if body is None:
            return False
        if len(body) > SIZE_MAX:
            self._say("552 5.3.4 too large")
        else:
            self._keep(body)
        self._forget()
        return True

    def _keep(self, body: bytes) -> None:
        try:
            cast(Sink, self.server).keep(tuple(self._recipients), body)
        except OSError as problem:
            self._say(f"452 4.3.1 the folder takes nothing: error {problem.errno}")
        else:
            self._say("250 2.0.0 kept")

    def _forget(self) -> None:
        self._sender = None
        self._recipients = []

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode("ascii") + b"\r\n")


def _body(lines: BinaryIO) -> bytes | None:
    """The message up to its final dot, without dot-stuffing; None where the client left before it.

    What is beyond the largest size is read, and thrown away.
    """
    kept: list[bytes] = []
    size = 0
    whole = True  # the piece before this one ended its line
    while piece := lines.readline(_LINE_MAX):
        if whole and piece == b".\r\n":
            return b"".join(kept)
        if whole and piece.startswith(b"."):
            piece = piece[1:]
        size += len(piece)
        if size <= SIZE_MAX + _LINE_MAX:
            kept.append(piece)
        whole = piece.endswith(b"\r\n")
    return None


def _number(path: Path) -> int:
    digits = path.name.partition("-")[0]
    return int(digits) if digits.isdecimal() else 0
