"""The strategy file that a command is given, and the strategies of a creditor with it among them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.core.decide.values import Strategy
    from duewell.flows.strategy import Checked
    from duewell.flows.strategy_diff import Changed


def declare(made: argparse.ArgumentParser) -> None:
    """The file, and where it would stand."""
    made.add_argument(
        "file", metavar="FILE|KEY", help="a strategy file (YAML), or the key of a strategy that is known"
    )
    made.add_argument(
        "--instead-of",
        metavar="KEY",
        default="",
        help="the strategy it would replace (default: the one of its own key; where there is none, it is added)",
    )
    made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    made.add_argument("--as-of", metavar="D", help="civil date of the creditor, 2026-03-10 (default: today)")


def found(given: str, home: Path) -> Path:
    """The file that is meant: one of that name, or that of the strategy with this key. Raises `WrongUse`."""
    from duewell.adapters import strategies

    if Path(given).is_file():
        return Path(given)
    known = strategies.known(home)
    if given in known:
        return known[given]
    raise WrongUse(f"{given} is no file and the key of no strategy (known: {', '.join(sorted(known))})")


def checked(file: Path) -> Checked:
    """What `strategy check` finds in the file."""
    from duewell.adapters import strategies
    from duewell.flows import strategy as flow

    try:
        content = file.read_bytes()
    except OSError as problem:
        raise WrongUse(f"{file} cannot be read: {problem.strerror}") from problem
    return flow.check(content, str(file), strategies.check)


def tell(file: Path, found: Checked, out: Out) -> int:
    """The outcome of a check; its exit code."""
    from duewell.flows import strategy as flow

    data = {
        "file": str(file),
        "ok": found.strategy is not None,
        "findings": [finding._asdict() for finding in found.findings],
        "remarks": list(found.remarks),
        "strategy": flow.told(found.strategy) if found.strategy else None,
    }
    lines = [str(finding) for finding in found.findings] + [f"remark: {remark}" for remark in found.remarks]
    if found.strategy:
        lines += flow.lines(found.strategy)
    out.result(data, "\n".join(lines))
    return 0 if found.strategy else 1


def changed(present: Sequence[Strategy], given: Strategy, instead_of: str) -> Changed:
    """The strategies before and after. Raises `WrongUse`."""
    from duewell.flows.strategy_diff import CannotChange, change

    try:
        return change(present, given, instead_of)
    except CannotChange as problem:
        raise WrongUse(str(problem)) from problem


def told(given: Strategy, found: Changed) -> dict[str, Any]:
    """Where the strategy would stand, as data."""
    return {
        "strategy": given.key,
        "digest": given.digest,
        "how": found.how,
        "replaced": found.replaced or None,
        "present": [strategy.key for strategy in found.present],
        "changed": [strategy.key for strategy in found.changed],
    }


def said(given: Strategy, found: Changed) -> str:
    """Where the strategy would stand, in words."""
    if found.how == "added":
        order = ", ".join(strategy.key for strategy in found.changed)
        return f"{given.key} added, tried in this order: {order}"
    if found.how == "instead_of":
        return f"{given.key} instead of {found.replaced}"
    if found.present == found.changed:
        return f"{given.key} as it is"
    return f"{given.key} as in the file, instead of as it is"
