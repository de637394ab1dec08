"""Commands of `duewell`, given in the process of the test: the same words that a person types, and the answer.

A command is given with `--json`; what it says on stdout comes back as plain values.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from unittest import mock


class Answer(NamedTuple):
    """How a command ended: its exit code, what it told as JSON, what it said to a person.

    A code below zero is the signal that ended the process.
    """

    code: int
    told: dict[str, Any]
    talk: str


class Runner(Protocol):
    """Gives a command to an installation and waits for the answer."""

    def __call__(self, words: list[str]) -> Answer:
        """Run `duewell WORDS`."""
        ...


class InProcess:
    """Runs commands in this very process, on the installation that is open in it."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __call__(self, words: list[str]) -> Answer:
        """Run `duewell WORDS` and return how it ended."""
        return run(["--home", str(self._home), "--json", *words])


def run(words: list[str]) -> Answer:
    """Run one whole command line in this process."""
    from duewell import cli

    parser = _once(cli.parser)
    said, talk = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(talk),
        mock.patch.object(cli, "parser", lambda: parser),
    ):
        try:
            code = cli.main(words)
        except SystemExit as wrong:
            code = int(wrong.code or 0)
    return Answer(code, told(said.getvalue()), talk.getvalue())


@cache
def _once(make: Callable[[], argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command line, made once: thousands of commands would spend most of their time on it."""
    return make()


def told(said: str) -> dict[str, Any]:
    """The one JSON document of a command's stdout; the last one where an error follows a result."""
    found: dict[str, Any] = {}
    decoder = json.JSONDecoder()
    rest = said.strip()
    while rest:
        found, end = decoder.raw_decode(rest)
        rest = rest[end:].strip()
    return found
