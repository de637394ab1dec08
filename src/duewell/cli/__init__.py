"""The program `duewell`: the verbs of the house in a terminal.

Each command is a module of this package with `add(commands)` that declares its arguments and `run(args, out)`
that does the work; heavy things are imported only when a command runs, so that `--help` is immediate.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from duewell.cli import endings
from duewell.cli.output import Out, WrongUse

MODULES = (
    "house",
    "creditor",
    "intake",
    "documents",
    "record",
    "decide",
    "send",
    "calls",
    "print",
    "work",
    "digest",
    "metrics",
    "agree",
    "customer",
    "person",
    "party",
    "review",
    "report",
    "why",
    "evidence",
    "backup",
    "strategy",
    "texts",
    "law",
    "sink",
    "demo",
)
"""One module per group of commands, in the order of the help."""


def parser() -> argparse.ArgumentParser:
    """The whole command line. Every command takes `--home` and `--json`, before or after its name."""
    top = _Parser(
        prog="duewell",
        description="Get paid, kindly: automated customer payment collection.",
        epilog="Exit: 0 done, 1 findings, 2 wrong use, 3 the world failed or moved. First time: duewell demo",
    )
    top.add_argument("--version", action="version", version=f"duewell {_version()}")
    _everywhere(top, default=None)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in MODULES:
        import_module(f"duewell.cli.{name}").add(commands)
    return top


def command(commands: argparse._SubParsersAction, name: str, help: str, run: object) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    """Declare one command that calls `run(args, out) -> exit code`."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    _everywhere(made, default=argparse.SUPPRESS)
    made.set_defaults(run=run, parser=made)
    return made


def main(
    arguments: Sequence[str] | None = None, out: Out | None = None, line: argparse.ArgumentParser | None = None
) -> int:
    """Run one command; returns its exit code.

    Args:
        arguments: the command line after the name of the program; without it, that of the process.
        out: hears what the command says, in place of stdout and stderr.
        line: the command line as `parser` makes it, for those who give many commands in one process.

    Raises:
        SystemExit: 0 after `--help` and `--version`.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    out = out or Out(as_json="--json" in given)
    try:
        _check_letters(given)
        args, unknown = (line or parser()).parse_known_args(given)
        if unknown:
            args.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        with _Event(args) as event:
            event.code = int(args.run(args, out))
        return event.code
    except BrokenPipeError:
        # Whoever read a long story went away: nothing is told any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return endings.WORLD_FAILED
    except KeyboardInterrupt:
        out.problem("stopped; run the command again, it goes on where it was", kind="stopped")
        return endings.WORLD_FAILED
    except Exception as problem:
        return _failed(problem, out)


class _Event:
    """One event for the log about the whole command, where DUEWELL_LOG wants a log."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.code = endings.WORLD_FAILED
        self._began = time.monotonic()
        self._words = ".".join(
            word for word in (args.command, getattr(args, "verb", None)) if isinstance(word, str)
        )
        self._log = None
        if os.environ.get("DUEWELL_LOG"):
            from duewell.adapters.event_log import opened

            home = Path(args.home or os.environ.get("DUEWELL_HOME", "") or "nowhere").expanduser()
            self._log = opened(home if (home / "duewell.toml").is_file() else None)

    def __enter__(self) -> _Event:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._log is not None:
            seconds = round(time.monotonic() - self._began, 3)
            # Of a failure only its kind: its words may hold data.
            problem = {} if kind is None else {"problem": kind.__name__}
            self._log("command.ended", command=self._words, code=self.code, seconds=seconds, **problem)


def _check_letters(given: Sequence[str]) -> None:
    # Bytes that are no text in this locale come as halves of letters, which no table and no fact can hold.
    for word in given:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise WrongUse(f"{word!r} is not UTF-8: set the locale to UTF-8, or rename the file") from None


def _failed(problem: Exception, out: Out) -> int:
    ending = endings.ending(problem)
    if ending is None:
        out.talk("".join(traceback.format_exception(problem)).rstrip())
        out.problem("this is a mistake of Duewell: please report it with the lines above", kind="defect")
        return endings.WORLD_FAILED
    out.problem(ending.text, kind=ending.kind)
    return ending.code


class _Parser(argparse.ArgumentParser):
    """Wrong arguments end as every other wrong use, also with `--json`."""

    def error(self, message: str) -> NoReturn:
        raise WrongUse(f"{message}\n{self.format_usage().rstrip()}\nmore: {self.prog} --help")


def _everywhere(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--home", metavar="DIR", default=default, help="where the installation lives (or DUEWELL_HOME)"
    )
    parser.add_argument("--json", action="store_true", default=default, help="machine-readable result on stdout")
    parser.add_argument(
        "--now", metavar="T", default=default, help="in a test home only: the present instant, 2026-03-10T09:00Z"
    )


def _version() -> str:
    from duewell import __version__

    return __version__
