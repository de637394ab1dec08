"""How many trial mails left a home within a day: a small file of instants."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

_DAY = timedelta(days=1)


class TrialCount:
    """Keeps the promise of `flows.trial.Count`; several processes may count at once."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        folder.mkdir(exist_ok=True)
        self._path = folder / "trials"
        self._now = now

    def today(self) -> int:
        """How many within the last 24 hours."""
        return len(self._lines(0))

    def add(self, count: int) -> None:
        """So many more, now."""
        self._lines(count)

    def _lines(self, more: int) -> list[str]:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            now = self._now()
            since = (now - _DAY).isoformat()
            lines = [line for line in file.read().split() if line > since] + [now.isoformat()] * more
            file.seek(0)
            file.write("".join(f"{line}\n" for line in lines))
            file.truncate()
        return lines
