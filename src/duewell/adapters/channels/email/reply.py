"""What an SMTP server answers: one or more lines with one three-digit code (RFC 5321, 4.2)."""

from __future__ import annotations

from typing import Final, NamedTuple

_BYTES_MAX: Final = 65_536  # RFC 5321 allows 512 a line; a hundred such lines are more than any server says
_TEXT_MAX: Final = 400


class UnreadableReply(Exception):
    """The server said something that is not a reply. The conversation is out of step and must end."""


class Reply(NamedTuple):
    """One reply: its code and the bytes after the code of each line, joined by newlines."""

    code: int
    raw: bytes

    @property
    def lines(self) -> list[str]:
        """The lines as text without control characters."""
        return [_printable(line) for line in self.raw.split(b"\n")]

    @property
    def text(self) -> str:
        """All lines as one for a person to read, cut after 400 letters."""
        return " ".join(self.lines)[:_TEXT_MAX].strip()


class Replies:
    """Bytes in, replies out, in the order in which the server gave them."""

    def __init__(self) -> None:
        self._bytes = b""

    def feed(self, chunk: bytes) -> None:
        """Add what was read from the connection."""
        self._bytes += chunk

    @property
    def pending(self) -> bool:
        """Whether something was read that no `take` has asked for."""
        return bool(self._bytes)

    def take(self) -> Reply | None:
        """The next whole reply, or None as long as it has not fully arrived.

        Raises:
            UnreadableReply: no three-digit code, a code that changes between lines, or no end in sight.
        """
        start = 0
        code = b""
        texts: list[bytes] = []
        while (end := self._bytes.find(b"\n", start)) >= 0:
            line = self._bytes[start:end].rstrip(b"\r")
            start = end + 1
            digits, mark = line[:3], line[3:4]
            if not (len(digits) == 3 and digits.isdigit() and mark in (b"", b" ", b"-")):
                raise UnreadableReply("the answer is not an SMTP reply")
            if code and digits != code:
                raise UnreadableReply("the reply code changes from line to line")
            code = digits
            texts.append(line[4:])
            if mark != b"-":
                self._bytes = self._bytes[start:]
                return Reply(int(code), b"\n".join(texts))
        if len(self._bytes) > _BYTES_MAX:
            raise UnreadableReply("the reply has no end")
        return None


def _printable(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)
