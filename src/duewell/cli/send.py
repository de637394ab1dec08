"""send: deliver what is released."""

from __future__ import annotations

import argparse
from typing import Any

from duewell.cli.output import Out, WorldFailed, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare send."""
    from duewell.cli import command

    send = command(commands, "send", "deliver what is released; each message at most once", _send)
    send.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    send.add_argument(
        "--connections", type=int, default=16, metavar="K", help="messages on their way at once (16)"
    )


def _send(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    if not 1 <= args.connections <= 64:
        raise WrongUse("--connections: between 1 and 64")
    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring

    try:
        outcome, recovered = wiring.send(
            session.home, creditor, session.clock, args.connections, lambda done: out.progress("sent", done)
        )
    except wiring.BadMailSetting as problem:
        raise WrongUse(str(problem)) from problem
    from duewell import wiring_archive
    from duewell.flows.archive_copies import Copied

    copied = Copied(0, 0, 0, 0, "")
    if not outcome.halted and not outcome.server_problem:
        copied = wiring_archive.copies(session.home, creditor, session.clock, args.connections)
    data: dict[str, Any] = {
        "accepted": outcome.accepted,
        "deferred": outcome.deferred,
        "refused": outcome.refused,
        "unknown": outcome.unknown + recovered.unknown,
        "withheld": outcome.withheld,
        "archive": {key: value for key, value in copied._asdict().items() if key != "problem"},
        "recovered": recovered._asdict(),
        "halted": outcome.halted,
        "server_problem": outcome.server_problem or copied.problem or None,
    }
    lines = [
        f"{outcome.accepted:>8,}  accepted",
        f"{outcome.deferred:>8,}  deferred, tried again later",
        f"{outcome.refused:>8,}  refused{': duewell review list' if outcome.refused else ''}",
        f"{data['unknown']:>8,}  unknown{': duewell review list' if data['unknown'] else ''}",
    ]
    lines += [f"{count:>8,}  withheld: {reason}" for reason, count in sorted(outcome.withheld.items())]
    if copied.sent or copied.deferred or copied.refused:
        lines.append(f"archive: {copied.sent} sent, {copied.deferred} later, {copied.refused} refused")
    if recovered.again or recovered.unknown:
        lines.append(
            f"taken over from a worker that stopped: {recovered.again} again, {recovered.unknown} unknown"
        )
    if outcome.halted:
        lines.append("the kill switch is on: duewell resume")
    out.result(data, "\n".join(lines))
    if data["server_problem"]:
        raise WorldFailed(
            f"the mail server could not be used: {data['server_problem']}. Nothing is lost: mend it and send again"
        )
    return 0
