"""What a command says: data to stdout, talk and progress to stderr, never mixed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import Any


class WrongUse(Exception):
    """The command was asked for something it cannot mean: exit 2."""


class WorldFailed(Exception):
    """The world failed or moved: exit 3, and nothing half done is left."""


class Out:
    """The voice of one command. With `--json` stdout carries exactly one JSON document."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._shown_at = 0.0

    def result(self, data: Mapping[str, Any], text: str) -> None:
        """The outcome: the data for programs, the text for people."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            print(text)

    def talk(self, text: str) -> None:
        """A remark beside the result."""
        print(text, file=sys.stderr, flush=True)

    def problem(self, text: str, *, kind: str) -> None:
        """Why it did not work, and the remedy."""
        if self.as_json:
            print(json.dumps({"error": kind, "message": text}, ensure_ascii=False))
        print(f"duewell: {text}", file=sys.stderr)

    def progress(self, what: str, done: int, total: int | None = None) -> None:
        """A line that is rewritten about twice a second while something long runs, on a terminal only."""
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if now - self._shown_at < 0.5 and done != total:
            return
        self._shown_at = now
        if total:
            filled = min(30, done * 30 // total)
            bar = "█" * filled + "·" * (30 - filled)
            end = "\n" if done >= total else ""
            print(f"\r{what} {bar} {done:,}/{total:,}", end=end, file=sys.stderr, flush=True)
        else:
            print(f"\r{what} {done:,}", end="", file=sys.stderr, flush=True)
