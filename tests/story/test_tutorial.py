"""The tutorial is true: its files are saved, its commands are run, and they say what stands on the page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.tidy.repository import DOCS

PAGE = DOCS / "tutorial" / "first-reminders.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAVE = re.compile(r"Save this as `([^`]+)`:\s*$")
_END = "--- end of command"


class Command(NamedTuple):
    """A line that a reader types, and what the page says they see."""

    typed: str
    seen: list[str]


def _steps(text: str) -> Iterator[tuple[str, str] | Command]:
    """Files to save, as (name, content), and commands, in the order of the page."""
    for block in _BLOCK.finditer(text):
        language, content = block.groups()
        named = _SAVE.search(text[: block.start()])
        if named:
            yield named[1], content
        elif language == "console":
            for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                typed, *seen = part.rstrip("\n").split("\n")
                yield Command(typed, seen)


def _pattern(seen: list[str]) -> str:
    """A line of dots stands for any lines, dots in a line for any letters."""
    lines = [
        r"(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n" for line in seen
    ]
    return "".join(lines)


class _Shell:
    """One shell for the whole page, so that what is exported stays."""

    def __init__(self, folder: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DUEWELL_")}
        environment.pop("DATABASE_URL", None)
        environment["PATH"] = f"{folder / 'bin'}:{environment['PATH']}"
        self.environment = environment
        self.folder = folder
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, typed: str) -> str:
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        # The marker must not be what `$?` tells of.
        self._bash.stdin.write(f"{typed}\n_code=$?; echo '{_END}'; (exit $_code)\n")
        self._bash.stdin.flush()
        said = ""
        while not said.endswith(f"{_END}\n"):
            line = self._bash.stdout.readline()
            assert line, f"the shell ended at: {typed}\n{said}"
            said += line
        return said.removesuffix(f"{_END}\n")

    def close(self) -> None:
        self._bash.kill()
        self._bash.communicate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _program(folder: Path) -> None:
    """`duewell` on the path: this very source, whether or not the environment has it installed."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "duewell"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m duewell "$@"\n')
    program.chmod(0o755)


def test_whoever_follows_the_tutorial_sees_what_it_says(tmp_path: Path) -> None:
    assert shutil.which("bash")
    _program(tmp_path)
    page = PAGE.read_text(encoding="utf-8").replace("2525", str(_free_port()))
    shell = _Shell(tmp_path)
    second_terminal: list[subprocess.Popen[str]] = []
    followed = 0
    try:
        for step in _steps(page):
            if not isinstance(step, Command):
                name, content = step
                (tmp_path / name).write_text(content, encoding="utf-8")
                continue
            if step.typed.startswith("duewell sink"):
                second_terminal.append(_started(step, shell))
                continue
            said = shell.run(step.typed)
            assert re.fullmatch(_pattern(step.seen), said), f"$ {step.typed}\n{said}"
            followed += 1
    finally:
        shell.close()
        for process in second_terminal:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
    assert followed > 15
    assert len(second_terminal) == 1


def _started(step: Command, shell: _Shell) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        step.typed.split(),
        cwd=shell.folder,
        env=shell.environment,
        executable=shell.folder / "bin" / "duewell",
        text=True,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert process.stderr.readline().rstrip("\n") == step.seen[0]
    return process


def test_a_page_that_says_something_else_is_noticed() -> None:
    pattern = _pattern(["3  accepted", "..."])
    assert re.fullmatch(pattern, "3  accepted\n0  deferred\n")
    assert not re.fullmatch(pattern, "2  accepted\n0  deferred\n")
    assert not re.fullmatch(_pattern(["plan ... next"]), "plan 12\n")
