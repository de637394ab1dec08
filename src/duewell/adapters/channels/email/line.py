"""One connection, kept while it behaves, and the messages that are said on it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

from duewell.adapters.channels.email import envelope, reply, session, smtp_url
from duewell.adapters.channels.email.wire import Late, Lost, Steps, Wire
from duewell.flows import failpoints, transport

_ENVELOPE: Final = ("MAIL", "RCPT", "DATA")
_DOT: Final = b".\r\n"
_CLOSING_DOWN: Final = 421
_LOGIN_FIRST: Final = 530
_QUIT_SECONDS_MAX: Final = 2.0


class _Goodbye(Exception):
    """A kept connection turns out to be over before the server answered anything about this message."""


class Line:
    """A connection that is opened when first needed and thrown away as soon as anything on it is odd.

    Args:
        address: server, login and patience.
        context: for TLS; None where the address asks for none.
    """

    def __init__(self, address: smtp_url.SmtpAddress, context: ssl.SSLContext | None) -> None:
        self._address = address
        self._context = context
        self._patience = address.patience
        self._wire: Wire | None = None
        self._features = session.Features()
        self._soiled = False  # a refusal may have left half a transaction behind: RSET before the next

    @property
    def connected(self) -> bool:
        return self._wire is not None

    @property
    def features(self) -> session.Features:
        """What the server said that it can do, when it was reached last."""
        return self._features

    def open(self, offered: transport.Envelope) -> Steps[transport.Deferred | transport.Refused | None]:
        """Offer a message and write its body up to the dot; None when only the dot is missing.

        A kept connection that the server has closed in the meantime is replaced once.
        """
        if refused := envelope.fault(offered):
            return refused
        if self._wire is not None:
            try:
                return (yield from self._offer(self._wire, offered, kept=True))
            except _Goodbye:
                self.cut()
        unreachable = yield from self.reach()
        if unreachable is not None or self._wire is None:
            return unreachable
        return (yield from self._offer(self._wire, offered, kept=False))

    def reach(self) -> Steps[transport.Deferred | None]:
        """Connect anew, greet and log in; why it cannot be done, or None."""
        self._wire = wire = Wire()
        self._soiled = False
        try:
            self._features = yield from session.begin(wire, self._address, self._context)
        except Lost as lost:
            self.cut()
            return transport.Deferred(lost.code, str(lost), server=True)
        return None

    def close(self, allowed: Callable[[], bool]) -> Steps[transport.Closed]:
        """Say the dot of the message that is open, if `allowed` still says so, and read the answer."""
        wire = self._wire
        if wire is None or wire.has_spoken():
            self.cut()
            return transport.Deferred(0, "the server ended the conversation before the final dot")
        if not allowed():
            self.cut()
            return transport.Deferred(0, "dropped before the final dot: too late, or no longer allowed", ours=True)
        try:
            failpoints.hit("send.socket.dot.before")
            yield from wire.write(_DOT, self._patience.dot)
            failpoints.hit("send.socket.dot.after")
            answer = yield from wire.read(self._patience.dot)
            failpoints.hit("send.socket.reply")
        except Lost as lost:
            self.cut()
            if wire.taken == 0:  # not one byte of the dot has left
                return transport.Deferred(0, f"before the final dot: {lost}")
            return transport.Unknown(f"after the final dot: {lost}")
        return self._fate(answer)

    def quit(self) -> Steps[None]:
        """Say goodbye and close; a server that does not answer is not waited for long."""
        if self._wire is not None:
            try:
                failpoints.hit("send.socket.quit")
                seconds = min(self._patience.reply, _QUIT_SECONDS_MAX)
                yield from self._wire.write(b"QUIT\r\n", seconds)
                yield from self._wire.read(seconds)
            except Lost:
                pass  # The connection was to end, and it has.
        self.cut()

    def cut(self) -> None:
        """Throw the connection away; a message before its dot is thereby abandoned."""
        if self._wire is not None:
            self._wire.cut()
            self._wire = None

    def _offer(
        self, wire: Wire, offered: transport.Envelope, kept: bool
    ) -> Steps[transport.Deferred | transport.Refused | None]:
        try:
            if self._soiled:
                yield from self._reset(wire)
            if kept and wire.has_spoken():
                raise _Goodbye
            verdict: transport.Deferred | transport.Refused | None = envelope.lacking(offered, self._features)
            if verdict is None:
                verdict = yield from self._say_envelope(wire, offered, kept)
            if verdict is None:
                failpoints.hit("send.socket.body")
                yield from wire.write(envelope.stuffed(offered.data), self._patience.reply)
                failpoints.hit("send.socket.body.after")
        except Lost as lost:
            self.cut()
            return transport.Deferred(0, str(lost))
        return verdict

    def _reset(self, wire: Wire) -> Steps[None]:
        failpoints.hit("send.socket.rset")
        try:
            yield from wire.write(b"RSET\r\n", self._patience.reply)
            answer = yield from wire.read(self._patience.reply)
        except Lost:
            raise _Goodbye from None
        if answer.code // 100 != 2:
            raise _Goodbye
        self._soiled = False

    def _say_envelope(
        self, wire: Wire, offered: transport.Envelope, kept: bool
    ) -> Steps[transport.Deferred | transport.Refused | None]:
        """MAIL, RCPT, DATA: in one write where the server allows it, else one after the other.

        None when the server waits for the body. Of several refusals the first is the reason.
        """
        commands = envelope.commands(offered, self._features)
        stride = len(commands) if self._features.pipelining else 1
        answers: list[reply.Reply] = []
        try:
            for start in range(0, len(commands), stride):
                failpoints.hit("send.socket.envelope")
                yield from wire.write(b"".join(commands[start : start + stride]), self._patience.reply)
                failpoints.hit("send.socket.envelope.after")
                for verb in _ENVELOPE[start : start + stride]:
                    answer = yield from wire.read(self._patience.reply)
                    if answer.code == _CLOSING_DOWN or answer.code // 100 not in (_go_ahead(verb), 4, 5):
                        raise Lost(f"the server answered {verb} with: {answer.text}", answer.code)
                    answers.append(answer)
                if _first_refusal(answers) is not None:
                    break
        except Lost as lost:
            self.cut()
            if kept and not answers and not isinstance(lost, Late):
                raise _Goodbye from None
            return _first_refusal(answers) or transport.Deferred(lost.code, str(lost))
        verdict = _first_refusal(answers)
        if verdict is not None:
            self._soiled = True
            if len(answers) == len(_ENVELOPE) and answers[-1].code // 100 == _go_ahead("DATA"):
                # The server waits for the body of a message without recipient. A cut is surer than a dot.
                self.cut()
        return verdict

    def _fate(self, answer: reply.Reply) -> transport.Closed:
        """What the answer to the dot means."""
        kind = answer.code // 100
        if kind == 2:
            return transport.Accepted(answer.code, answer.text)
        if kind not in (4, 5):
            self.cut()
            return transport.Unknown(f"after the final dot the server answered {answer.code} {answer.text}")
        self._soiled = True
        if answer.code == _CLOSING_DOWN:
            self.cut()
        if kind == 4:
            return transport.Deferred(answer.code, answer.text)
        return transport.Refused(answer.code, answer.text, address=False)


def _go_ahead(verb: str) -> int:
    """The first digit of the reply that lets the conversation go on."""
    return 3 if verb == "DATA" else 2


def _first_refusal(answers: list[reply.Reply]) -> transport.Deferred | transport.Refused | None:
    for verb, answer in zip(_ENVELOPE, answers, strict=False):
        if answer.code // 100 == 4:
            return transport.Deferred(answer.code, answer.text)
        if answer.code == _LOGIN_FIRST:
            return transport.Deferred(answer.code, f"the server wants a login first: {answer.text}", server=True)
        if answer.code // 100 == 5:
            return transport.Refused(answer.code, answer.text, address=verb == "RCPT")
    return None
