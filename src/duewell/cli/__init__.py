"""The program `duewell`: the verbs of the house in a terminal.

Each command is a module of this package with `add(commands)` that declares its arguments and `run(args, out)`
that does the work; heavy things are imported only when a command runs, so that `--help` is immediate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from duewell.cli.output import Out, WorldFailed, WrongUse

MODULES = (
    "house",
    "creditor",
    "intake",
    "decide",
    "send",
    "agree",
    "review",
    "report",
    "why",
    "evidence",
    "strategy",
    "law",
    "demo",
)
"""One module per group of commands, in the order of the help."""


def parser() -> argparse.ArgumentParser:
    """The whole command line. Every command takes `--home` and `--json`, before or after its name."""
    top = argparse.ArgumentParser(
        prog="duewell",
        description="Get paid, kindly: automated customer payment collection.",
        epilog="Exit: 0 done, 1 findings, 2 wrong use, 3 the world failed or moved.",
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
    made.set_defaults(run=run)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    args = parser().parse_args(arguments)
    out = Out(as_json=bool(args.json))
    try:
        return int(args.run(args, out))
    except WrongUse as problem:
        out.problem(str(problem), kind="wrong_use")
        return 2
    except WorldFailed as problem:
        out.problem(str(problem), kind="world_failed")
        return 3
    except BrokenPipeError:
        # Whoever read our output went away: nothing to tell them any more.
        sys.stderr.close()
        return 3
    except KeyboardInterrupt:
        out.talk("stopped; run the command again, it goes on where it was")
        return 3


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
