"""One connection to the sink: an SMTP server (RFC 5321) that parses whatever bytes arrive and never waits."""

from __future__ import annotations

import asyncio
import base64
import binascii
import functools
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.sink.server import House

_END: Final = b"\r\n.\r\n"
_PATH: Final = re.compile(rb"(?:FROM|TO):\s*<([^<>\r\n]*)>(.*)", re.IGNORECASE)
_COMMAND_MAX: Final = 12_288
_GARBAGE: Final = b"\x16\x03 what?\r\n"
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER


class Connection(asyncio.Protocol):
    """Reads commands and bodies as they come, several in one go where the client pipelines."""

    def __init__(self, house: House, number: int) -> None:
        self._house = house
        self._offer = house.offer
        self._number = number
        self._transport: asyncio.Transport
        self._input = bytearray()
        self._replies: list[bytes] = []
        self._deaf = False  # hung or over: whatever comes is thrown away
        self._end: str | None = None  # "close" or "drop" once the replies are out
        self._encrypted = house.offer.implicit_tls
        self._upgrading = False  # between STARTTLS and the end of the handshake nothing is read
        self._greeted = False
        self._logged_in = house.offer.user is None
        self._login: list[str] | None = None  # the answers of AUTH LOGIN so far
        self._body = False
        self._body_new = False  # nothing of the body seen yet
        self._searched = 0
        self._timer: asyncio.TimerHandle | None = None
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._mail_at = 0.0
        self._declared_eight_bit = False
        self._utf8 = False

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._house.open[self._number] = transport
        self._house.note(self._number, "CONNECT")
        self._rest()
        if not self._faulty("connect"):
            self._replies.append(b"220 sink ESMTP\r\n")
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        # The socket itself is closed when this returns; who waits for LOST may rely on that.
        asyncio.get_running_loop().call_soon(self._house.note, self._number, "LOST")
        self._house.open.pop(self._number, None)
        self._deaf = True
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._rest()
        self._input += data
        commands = 0
        while not (self._deaf or self._upgrading):
            if self._body:
                if not self._take_body():
                    break
                continue
            end = self._input.find(b"\n")
            if end < 0:
                if len(self._input) > _COMMAND_MAX:
                    self._say("500 5.5.2 line too long")
                    self._finish("close")
                break
            if commands and not self._offer.pipelining:
                self._house.note(self._number, "PIPELINED")
                self._say("503 5.5.0 pipelining was not offered")
                self._finish("close")
                break
            commands += 1
            line = bytes(self._input[: end + 1])
            del self._input[: end + 1]
            self._command(line.rstrip(b"\r\n"))
        self._flush()

    # Talking

    def _say(self, text: str) -> None:
        self._replies.append(text.encode() + b"\r\n")

    def _flush(self) -> None:
        if not self._replies and self._end is None:
            return
        data, self._replies = b"".join(self._replies), []
        emit = functools.partial(self._emit, data, self._end)
        if self._offer.delay:
            asyncio.get_running_loop().call_later(self._offer.delay, emit)
        else:
            self._house.release(emit)

    def _emit(self, data: bytes, end: str | None) -> None:
        if self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        if end == "close":
            self._transport.close()
        elif end == "drop":
            connection: socket.socket = self._transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()

    def _finish(self, end: str) -> None:
        self._deaf = True
        self._end = end

    def _rest(self) -> None:
        """Begin to wait for the client anew."""
        if self._offer.idle is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._offer.idle, self._close_idle)

    def _close_idle(self) -> None:
        self._house.note(self._number, "IDLE")
        self._say(self._offer.goodbye)
        self._finish("close")
        self._flush()

    # Faults

    def _faulty(self, verb: str, text: str = "") -> bool:
        action = self._house.faults.action(verb, text)
        if action is not None:
            self._suffer(verb, action)
        return action is not None

    def _suffer(self, verb: str, action: str) -> None:
        self._house.note(self._number, f"{verb}={action}")
        if action.endswith("hang"):
            self._deaf = True
        elif action.endswith("drop"):
            self._finish("drop")
        elif action.endswith("garbage"):
            self._replies.append(_GARBAGE)
        else:
            self._say(action if len(action) > 3 else f"{action} a fault at {verb}")
            if action.startswith("421") or verb in ("connect", "body"):
                self._finish("close")

    # Commands

    def _command(self, line: bytes) -> None:
        if self._login is not None:
            self._login_step(line)
            return
        verb, _, argument = line.partition(b" ")
        verb = verb.upper()
        act = _COMMANDS.get(verb)
        self._house.note(self._number, verb.decode("ascii", "replace"))
        if act is None:
            self._say("500 5.5.1 no such command")
        elif not self._greeted and verb not in _BEFORE_GREETING:
            self._say("503 5.5.1 EHLO first")
        else:
            act(self, argument)

    def _ehlo(self, argument: bytes) -> None:
        if self._faulty("ehlo", _text(argument)):
            return
        if not self._offer.esmtp:
            self._say("502 5.5.1 only HELO here")
            return
        self._greeted = True
        self._forget()
        lines = self._offer.extensions(self._encrypted)
        for line in lines[:-1]:
            self._say(f"250-{line}")
        self._say(f"250 {lines[-1]}")

    def _helo(self, argument: bytes) -> None:
        if not self._faulty("helo", _text(argument)):
            self._greeted = True
            self._forget()
            self._say("250 sink")

    def _starttls(self, argument: bytes) -> None:
        if self._faulty("starttls"):
            return
        if not self._offer.starttls or self._encrypted or self._offer.tls is None:
            self._say("503 5.5.1 not offered")
            return
        self._say("220 2.0.0 go ahead")
        self._flush()
        self._input.clear()  # what was pipelined behind STARTTLS in the clear does not count
        self._transport.pause_reading()  # what comes next is for TLS to read
        self._upgrading = True
        self._house.spawn(self._encrypt())

    async def _encrypt(self) -> None:
        await asyncio.sleep(self._offer.delay)
        assert self._offer.tls is not None
        try:
            transport = await asyncio.get_running_loop().start_tls(
                self._transport, self, self._offer.tls, server_side=True
            )
        except OSError:  # the client does not trust us, or has gone
            self._deaf = True
            self._house.note(self._number, "TLS FAILED")
            return
        assert isinstance(transport, asyncio.Transport)
        self._transport = self._house.open[self._number] = transport
        self._encrypted, self._greeted, self._upgrading = True, False, False
        self.data_received(b"")  # what came while the handshake was told to this task

    def _auth(self, argument: bytes) -> None:
        if self._faulty("auth", _text(argument)):
            return
        way, _, initial = argument.partition(b" ")
        if self._offer.user is None or _text(way).upper() not in self._offer.logins:
            self._say("504 5.5.4 no such login")
        elif way.upper() == b"PLAIN":
            self._judge_login(*_unbase64(initial).split("\0")[1:])
        else:
            self._login = []
            self._say("334 VXNlcm5hbWU6")

    def _login_step(self, line: bytes) -> None:
        assert self._login is not None
        self._login.append(_unbase64(line))
        if len(self._login) == 1:
            self._say("334 UGFzc3dvcmQ6")
            return
        answers, self._login = self._login, None
        self._judge_login(*answers)

    def _judge_login(self, *answers: str) -> None:
        self._logged_in = answers == (self._offer.user, self._offer.password)
        self._say("235 2.7.0 welcome" if self._logged_in else "535 5.7.8 user or password is wrong")

    def _mail(self, argument: bytes) -> None:
        found = _PATH.match(argument)
        sender = _text(found[1]) if found else ""
        if self._faulty("mail", sender):
            return
        trouble = None
        if not self._logged_in:
            trouble = "530 5.7.0 log in first"
        elif self._sender is not None:
            trouble = "503 5.5.1 one at a time"
        elif found is None:
            trouble = "501 5.5.4 MAIL FROM:<address>"
        else:
            trouble = self._parameters(_text(found[2]).upper().split())
        if trouble is None and not sender.isascii() and not self._utf8:
            trouble = "553 5.6.7 SMTPUTF8 was not asked for"
        if trouble is not None:
            self._say(trouble)
            return
        self._sender = sender
        self._mail_at = time.time()
        self._replies.append(b"250 2.1.0 sender ok\r\n")

    def _parameters(self, words: list[str]) -> str | None:
        for word in words:
            name, _, value = word.partition("=")
            if name == "SIZE" and self._offer.size is not None and value.isdigit():
                if 0 < self._offer.size < int(value):
                    return "552 5.3.4 too big"
            elif word == "BODY=8BITMIME" and self._offer.eight_bit:
                self._declared_eight_bit = True
            elif word == "SMTPUTF8" and self._offer.utf8:
                self._utf8 = True
            elif word != "BODY=7BIT" or not self._offer.eight_bit:
                return "555 5.5.4 no such parameter"
        return None

    def _rcpt(self, argument: bytes) -> None:
        found = _PATH.match(argument)
        recipient = _text(found[1]) if found else ""
        if self._faulty("rcpt", recipient):
            return
        if self._sender is None:
            self._say("503 5.5.1 MAIL first")
        elif found is None or "@" not in recipient:
            self._say("501 5.1.3 RCPT TO:<address>")
        elif not recipient.isascii() and not self._utf8:
            self._say("553 5.6.7 SMTPUTF8 was not asked for")
        else:
            self._recipients.append(recipient)
            self._replies.append(b"250 2.1.5 recipient ok\r\n")

    def _data(self, argument: bytes) -> None:
        if self._faulty("data", " ".join(self._recipients)):
            return
        if not self._recipients:
            self._say("503 5.5.1 no valid recipients")
            return
        self._replies.append(b"354 go ahead\r\n")
        self._body = self._body_new = True
        self._searched = 0
        # A dot alone also ends a body that is empty: as if a line break stood before its first line.
        self._input[:0] = b"\r\n"

    def _rset(self, argument: bytes) -> None:
        if not self._faulty("rset"):
            self._forget()
            self._say("250 2.0.0 forgotten")

    def _noop(self, argument: bytes) -> None:
        self._say("250 2.0.0 nothing done")

    def _quit(self, argument: bytes) -> None:
        if not self._faulty("quit"):
            self._say("221 2.0.0 bye")
            self._finish("close")

    # The body

    def _take_body(self) -> bool:
        """Look for the final dot; False as long as it has not come."""
        if self._body_new:
            if len(self._input) == 2:
                return False
            self._body_new = False
            if not self._house.reading:
                self._transport.pause_reading()
            if self._faulty("body", " ".join(self._recipients)):
                self._body = self._deaf
                self._forget()
                return False
        end = self._input.find(_END, max(0, self._searched - len(_END)))
        if end < 0:
            self._searched = len(self._input)
            return False
        stuffed = bytes(self._input[: end + 2])
        del self._input[: end + len(_END)]
        self._body = False
        self._judge(stuffed.replace(b"\r\n.", b"\r\n")[2:])
        return True

    def _judge(self, message: bytes) -> None:
        action = self._house.faults.action("dot", " ".join(self._recipients))
        if action is None or action.startswith("accept"):
            self._house.journal.write(
                message,
                sender=self._sender or "",
                recipients=self._recipients,
                mail_at=self._mail_at,
                connection=self._number,
                eight_bit=not self._declared_eight_bit and not message.isascii(),
            )
        self._house.note(self._number, "DOT")
        if action is None:
            self._replies.append(b"250 2.0.0 accepted\r\n")
        else:
            self._suffer("dot", action)
        self._forget()

    def _forget(self) -> None:
        """End the transaction."""
        self._sender = None
        self._recipients = []
        self._declared_eight_bit = False
        self._utf8 = False


_COMMANDS: Final[dict[bytes, Callable[[Connection, bytes], None]]] = {
    b"EHLO": Connection._ehlo,
    b"HELO": Connection._helo,
    b"STARTTLS": Connection._starttls,
    b"AUTH": Connection._auth,
    b"MAIL": Connection._mail,
    b"RCPT": Connection._rcpt,
    b"DATA": Connection._data,
    b"RSET": Connection._rset,
    b"NOOP": Connection._noop,
    b"QUIT": Connection._quit,
}
_BEFORE_GREETING: Final = (b"EHLO", b"HELO", b"QUIT", b"RSET", b"NOOP")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _unbase64(raw: bytes) -> str:
    try:
        return base64.b64decode(raw, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""
