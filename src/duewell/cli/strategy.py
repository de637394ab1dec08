"""strategy check, show, list: what the ladders are, and whether a file is right; diff: what it would change."""

from __future__ import annotations

import argparse
from pathlib import Path

from duewell.cli import strategy_diff, strategy_file, strategy_simulate
from duewell.cli.output import Out, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command

    top = commands.add_parser("strategy", help="the ladders of reminders", description="The ladders of reminders.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="check|show|list|diff|simulate")
    check = command(verbs, "check", "say everything that is wrong in a strategy file, with its line", _check)
    check.add_argument("file", type=Path, help="a strategy file (YAML)")
    show = command(verbs, "show", "what a strategy does, step by step", _show)
    show.add_argument("key", help="key of the strategy, such as gentle")
    command(verbs, "list", "every strategy: those that come with the program, and those of the home", _list)
    strategy_diff.add(verbs)
    strategy_simulate.add(verbs)


def _check(args: argparse.Namespace, out: Out) -> int:
    return strategy_file.tell(args.file, strategy_file.checked(args.file), out)


def _show(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters import strategies
    from duewell.flows import strategy as flow

    home = _home(args)
    if args.key not in strategies.known(home):
        raise WrongUse(f"there is no strategy {args.key!r} (known: {', '.join(sorted(strategies.known(home)))})")
    found = strategies.load(home or Path(), args.key, tone=None)
    out.result(flow.told(found), "\n".join(flow.lines(found)))
    return 0


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters import strategies

    home = _home(args)
    told = []
    for key, file in sorted(strategies.known(home).items()):
        checked = strategies.check(file.read_bytes(), str(file))
        title = getattr(checked, "title", "") or "has findings: duewell strategy check " + str(file)
        told.append({"strategy": key, "title": title, "file": str(file)})
    out.result({"strategies": told}, "\n".join(f"{row['strategy']:<16} {row['title']}" for row in told))
    return 0


def _home(args: argparse.Namespace) -> Path | None:
    """The home, where one is named: shipped strategies can be looked at without any."""
    from duewell.adapters.home import HomeProblem, open_home

    try:
        return open_home(args.home).directory
    except HomeProblem:
        if args.home:
            raise
        return None
