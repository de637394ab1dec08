"""What a command says: data to stdout, talk and progress to stderr, never mixed."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any, TextIO


class WrongUse(Exception):
    """The command was asked for something it cannot mean: exit 2."""


class WorldFailed(Exception):
    """The world failed or moved: exit 3, and nothing half done is left."""


class Out:
    """The voice of one command. With `--json` stdout carries exactly one JSON document, also when it fails."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._told = False
        self._shown_at = 0.0
        self._line_open = False
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show a letter shows its number; it never ends a command.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    def result(self, data: Mapping[str, Any], text: str) -> None:
        """The outcome: the data for programs, the text for people."""
        self._end_line()
        self._told = True
        if self.as_json:
            # Letters as they are where stdout can carry all of them, else as \u escapes.
            plain = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
            text = json.dumps(data, ensure_ascii=plain, indent=2, default=_spelled)
        _print(text, sys.stdout)

    def talk(self, text: str) -> None:
        """A remark beside the result."""
        self._end_line()
        _print(text, sys.stderr)

    def problem(self, text: str, *, kind: str) -> None:
        """Why it did not work, and the remedy. A result that was told before stays the one document of stdout."""
        if self.as_json and not self._told:
            self.result({"error": kind, "message": text}, text)
        self.talk(f"duewell: {text}")

    def progress(self, what: str, done: int, total: int | None = None) -> None:
        """A line that is rewritten about twice a second while something long runs, on a terminal only."""
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if now - self._shown_at < 0.5 and done != total:
            return
        self._shown_at = now
        self._line_open = not total or done < total
        if total:
            filled = min(30, done * 30 // total)
            bar = "█" * filled + "·" * (30 - filled)
            end = "" if self._line_open else "\n"
            print(f"\r{what} {bar} {done:,}/{total:,}", end=end, file=sys.stderr, flush=True)
        else:
            print(f"\r{what} {done:,}", end="", file=sys.stderr, flush=True)

    def _end_line(self) -> None:
        """What follows a line of progress begins below it."""
        if self._line_open:
            print(file=sys.stderr, flush=True)
            self._line_open = False


def _print(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        # Whoever read this went away, as `head` does. What was done is done, and ends as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _spelled(value: object) -> str:
    """Dates, instants and paths as text; a number that is none of JSON's would be a mistake of ours."""
    if isinstance(value, date | PurePath):
        return value.isoformat() if isinstance(value, date) else str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
