"""Structured logs: one JSON object a line, with a name, an instant and counts; no personal data and no secrets.

A field is a number, a truth value, an instant, a date or one plain word of ours, such as a kind of error. Text
with spaces or other letters is not written at all: no address and no sentence can slip in, whoever adds an event.

DUEWELL_LOG says where: `stderr`, `file` (`logs/duewell.jsonl` in the home, rotated), or `off`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Protocol

WHERE: Final = ("stderr", "file", "off")
BYTES_MAX: Final = 10_000_000
FILES_MAX: Final = 7
"""The present file and six older ones: 70 MB at most."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
_HIDDEN: Final = "hidden"

Field = int | float | bool | str | date | datetime | None


class BadLogSetting(ValueError):
    """DUEWELL_LOG cannot be used."""


class Log(Protocol):
    """Writes events."""

    def __call__(self, event: str, **fields: Field) -> None:
        """Write one event, named `room.happened`, with its fields."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


def opened(home: Path | None, default: str = "off", now: Callable[[], datetime] = _now) -> Log:
    """The log that DUEWELL_LOG wants.

    Args:
        home: where the folder `logs` is; without it a file cannot be written.
        default: where the setting says nothing.
        now: the clock of the events.

    Raises:
        BadLogSetting: the setting is none of the words.
    """
    wanted = os.environ.get("DUEWELL_LOG", "") or default
    if wanted not in WHERE:
        raise BadLogSetting(f"DUEWELL_LOG is {wanted!r}: set it to one of {', '.join(WHERE)}")
    if wanted == "off" or (wanted == "file" and home is None):
        return _silent
    if wanted == "stderr" or home is None:
        return EventLog(lambda line: print(line, file=sys.stderr, flush=True), now)
    return EventLog(RotatedFile(home / "logs" / "duewell.jsonl").write, now)


class EventLog:
    """Keeps the promise of `Log`, handing lines to `write`."""

    def __init__(self, write: Callable[[str], None], now: Callable[[], datetime] = _now) -> None:
        self._write = write
        self._now = now

    def __call__(self, event: str, **fields: Field) -> None:
        """Write one event; a log that cannot be written to stops nobody's work."""
        told = {"at": self._now().isoformat(timespec="milliseconds"), "event": event, "process": os.getpid()}
        told.update(_plain(fields))
        try:
            self._write(json.dumps(told, ensure_ascii=True, separators=(",", ":")))
        except OSError:
            return


class RotatedFile:
    """A file that several processes add whole lines to; when it is full it moves aside, the oldest goes."""

    def __init__(self, path: Path, bytes_max: int = BYTES_MAX, files_max: int = FILES_MAX) -> None:
        self._path = path
        self._bytes_max = bytes_max
        self._files_max = files_max

    def write(self, line: str) -> None:
        """Add a line. Raises `OSError`."""
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        data = line.encode("ascii") + b"\n"
        handle = self._open()
        try:
            if os.fstat(handle).st_size + len(data) > self._bytes_max:
                os.close(handle)
                self._rotate(len(data))
                handle = self._open()
            # One write to a file opened for appending: lines of two processes never mix.
            os.write(handle, data)
        finally:
            os.close(handle)

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _rotate(self, more: int) -> None:
        lock = os.open(self._path.with_name(".rotating"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Another process may have moved it aside while this one waited.
            if self._path.exists() and self._path.stat().st_size + more <= self._bytes_max:
                return
            self._older(self._files_max - 1).unlink(missing_ok=True)
            for number in range(self._files_max - 2, 0, -1):
                if self._older(number).exists():
                    self._older(number).replace(self._older(number + 1))
            if self._path.exists():
                self._path.replace(self._older(1))
        finally:
            os.close(lock)

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _plain(fields: Mapping[str, Field]) -> dict[str, int | float | bool | str | None]:
    plain: dict[str, int | float | bool | str | None] = {}
    for name, value in fields.items():
        if isinstance(value, date):
            plain[name] = value.isoformat()
        elif isinstance(value, str):
            plain[name] = value if not value or _WORD.fullmatch(value) else _HIDDEN
        else:
            plain[name] = value
    return plain


def _silent(event: str, **fields: Field) -> None:
    return
