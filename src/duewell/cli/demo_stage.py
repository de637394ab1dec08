"""Where the demo plays: a test home, a sink, a made-up day, and the real commands with what they really say."""

from __future__ import annotations

import os
import shlex
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from duewell.cli import main, parser
from duewell.cli.output import Out

_WIDTH: Final = 78
_LINE_MAX: Final = 140
# What a shell says about somebody's real installation is no business of the demo.
_VARIABLES: Final = (
    *("DUEWELL_HOME", "DUEWELL_SMTP_URL", "DUEWELL_HEADS", "DUEWELL_FAILPOINT", "DUEWELL_SECRET_KEY"),
    *("DATABASE_URL", "DJANGO_SETTINGS_MODULE"),
)


class StoryBroke(Exception):
    """A command did not end as the story says: the demo would tell something that is not so."""


class Played(NamedTuple):
    """What a command did: its exit code, its result as data, and the lines people see."""

    code: int
    data: Mapping[str, Any]
    lines: list[str]


class _Voice(Out):
    """Keeps what a command says instead of saying it."""

    def __init__(self) -> None:
        super().__init__(as_json=False)
        self.data: Mapping[str, Any] = {}
        self.lines: list[str] = []

    def result(self, data: Mapping[str, Any], text: str) -> None:
        self.data = data
        self.lines += text.splitlines()

    def talk(self, text: str) -> None:
        self.lines += text.splitlines()

    def progress(self, what: str, done: int, total: int | None = None) -> None:
        """The days are the progress."""


class Stage:
    """Plays commands in one folder: `home`, `mails` and `files` lie in it.

    Args:
        print_line: takes each line of the story.
        smtp_url: where the sink listens.
    """

    def __init__(self, folder: Path, smtp_url: str, print_line: Callable[[str], None]) -> None:
        self.home = folder / "home"
        self.mails = folder / "mails"
        self.files = folder / "files"
        self.day = date.min
        self.commands = 0
        self._line = parser()
        self._folder = folder
        self._smtp_url = smtp_url
        self._print = print_line
        self._after_command = self._in_notes = False
        self.files.mkdir(parents=True)

    def heading(self, text: str) -> None:
        """Begin a part of the story."""
        self._gap()
        self._print(text)
        self._print("-" * len(text))

    def note(self, text: str) -> None:
        """One line of several that belong together."""
        if not self._in_notes:
            self._gap()
        self._print(text)
        self._in_notes = True

    def say(self, text: str) -> None:
        """Tell something, wrapped."""
        if self._after_command:
            self._gap()
        for line in textwrap.wrap(" ".join(text.split()), _WIDTH):
            self._print(line)

    def play(
        self, *words: str | Path, at: str = "08:00", code: int | None = 0, show: int = 99, clock: bool = True
    ) -> Played:
        """Run a command and show it.

        Args:
            words: of the command line, without `--now`.
            at: the hour of the made-up day, in UTC.
            code: with which it must end; None takes any.
            show: how many lines of what it says, below zero the last ones; 0 shows neither them nor the command.
            clock: whether to give it the made-up hour.

        Raises:
            StoryBroke: it ended with another code.
        """
        given = [str(word) for word in words]
        voice = _Voice()
        with self._environment():
            found = main([*given, *(["--now", f"{self.day}T{at}Z"] if clock else [])], voice, self._line)
        self.commands += 1
        lines = [line.replace(f"{self._folder}/", "") for line in voice.lines]
        wrong = code is not None and found != code
        if show or wrong:
            self._show(given, found, lines, len(lines) if wrong else show)
        if wrong:
            raise StoryBroke(f"`duewell {shlex.join(given)}` ended with {found}, and not with {code}")
        return Played(found, voice.data, voice.lines)

    def _show(self, given: list[str], code: int, lines: list[str], show: int) -> None:
        self._gap()
        command = shlex.join(word.replace(f"{self._folder}/", "") for word in given)
        self._print(f"  $ duewell {_cut(command)}")
        left = len(lines) - abs(show)
        told = f"… {left} more line{'s' if left > 1 else ''}"
        if left > 0:
            lines = [*lines[:show], told] if show > 0 else [told, *lines[show:]]
        for line in lines:
            self._print(f"    {_cut(line)}".rstrip())
        if code:
            self._print(f"    (exit {code})")
        self._after_command = True

    def _gap(self) -> None:
        self._print("")
        self._after_command = self._in_notes = False

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = {name: os.environ.pop(name, None) for name in _VARIABLES}
        os.environ["DUEWELL_HOME"] = str(self.home)
        os.environ["DUEWELL_SMTP_URL"] = self._smtp_url
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def _cut(line: str) -> str:
    """A line that stays readable on a wide screen."""
    return line if len(line) <= _LINE_MAX else f"{line[: _LINE_MAX - 1]}…"
