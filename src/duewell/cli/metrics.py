"""metrics: numbers for Prometheus, printed once; `work --metrics` serves them."""

from __future__ import annotations

import argparse

from duewell.cli.output import Out, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare metrics."""
    from duewell.cli import command

    command(commands, "metrics", "numbers for Prometheus, without personal data", _metrics)


def _metrics(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_watch
    from duewell.adapters import prometheus
    from duewell.adapters.home import HomeProblem

    try:
        found = wiring_watch.collected(session.home, session.clock)
    except HomeProblem as problem:
        raise WrongUse(str(problem)) from problem
    told = [
        {"name": metric.name, "kind": metric.kind, "labels": dict(sample.labels), "value": sample.value}
        for metric in found
        for sample in metric.samples
    ]
    out.result({"metrics": told}, prometheus.text(found).rstrip("\n"))
    return 0
