"""The log of accepted messages: JSON lines, written before the client learns of the acceptance.

It is the judge in tests that kill the sender: what stands here was delivered, what does not was not. A line is
handed to the operating system whole by one `write`, so it survives a kill of the sink as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

_LINE_MAX: Final = 998  # RFC 5322, 2.1.1, without CR LF
_MESSAGE_ID: Final = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


class Accepted(NamedTuple):
    """One accepted message.

    Args:
        message_id: the header's value as it stands, "" without one.
        sender, recipients: the envelope.
        sha256: hex digest of the message's bytes, after dot-unstuffing.
        size: their number.
        longest: length of the longest line in bytes, CR LF excluded; more than 998 breaks RFC 5322.
        eight_bit: bytes beyond ASCII came without BODY=8BITMIME.
        mail_at, at: seconds of the system clock at MAIL and at acceptance.
        connection: number of the connection, from 1.
        file: where the bytes are, if they are stored.
    """

    message_id: str
    sender: str
    recipients: list[str]
    sha256: str
    size: int
    longest: int
    eight_bit: bool
    mail_at: float
    at: float
    connection: int
    file: str | None = None

    @property
    def line_too_long(self) -> bool:
        return self.longest > _LINE_MAX


class Journal:
    """Writes accepted messages to a file and keeps them in memory where asked.

    Args:
        path: the log, appended to; None for memory only.
        store: a directory for the messages' bytes.
        keep: remember entries and bytes in this process.
    """

    def __init__(self, path: Path | None = None, store: Path | None = None, keep: bool = True) -> None:
        self._descriptor = None if path is None else os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._store = store
        self._keep = keep
        self._count = 0
        self.accepted: list[tuple[Accepted, bytes]] = []
        if store is not None:
            store.mkdir(parents=True, exist_ok=True)

    def write(
        self, data: bytes, sender: str, recipients: list[str], mail_at: float, connection: int, eight_bit: bool
    ) -> None:
        """Note one accepted message; when this returns, the operating system has the line."""
        self._count += 1
        found = _MESSAGE_ID.search(data, 0, (data.find(b"\r\n\r\n") + 2) or len(data))
        digest = hashlib.sha256(data).hexdigest()
        file = None
        if self._store is not None:
            file = str(self._store / f"{os.getpid()}-{self._count:07}.eml")
            Path(file).write_bytes(data)
        entry = Accepted(
            message_id="" if found is None else found[1].decode("utf-8", "replace").strip(),
            sender=sender,
            recipients=recipients,
            sha256=digest,
            size=len(data),
            longest=max(map(len, data.split(b"\r\n"))),
            eight_bit=eight_bit,
            mail_at=mail_at,
            at=time.time(),
            connection=connection,
            file=file,
        )
        if self._keep:
            self.accepted.append((entry, data))
        if self._descriptor is not None:
            os.write(self._descriptor, json.dumps(entry._asdict()).encode() + b"\n")

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def read(path: Path) -> list[Accepted]:
    """Every message in a log, in the order of acceptance; a log that does not exist yet is empty."""
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [Accepted(**entry) for entry in entries]
