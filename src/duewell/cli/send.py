"""send: deliver what is released."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.flows.ports import CreditorView


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare send."""
    from duewell.cli import command

    send = command(commands, "send", "deliver what is released; each message at most once", _send)
    send.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    send.add_argument(
        "--connections", type=int, default=16, metavar="K", help="messages on their way at once (16)"
    )
    send.add_argument(
        "--test-to",
        metavar="ME",
        help="send nothing that is due: each text of a strategy to an address of one's own",
    )
    send.add_argument("--strategy", metavar="KEY", help="with --test-to: which strategy (the creditor's first)")
    send.add_argument("--language", metavar="L", help="with --test-to: in which language (the creditor's)")
    send.add_argument(
        "--dry-run", metavar="FOLDER", help="with --test-to: write the mails into a folder and send nothing"
    )


def _send(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    if not 1 <= args.connections <= 64:
        raise WrongUse("--connections: between 1 and 64")
    session = Session(args)
    creditor = session.creditor()
    if args.test_to is not None:
        return _test(args, out, session, creditor)
    if args.strategy or args.language or args.dry_run:
        raise WrongUse("--strategy, --language and --dry-run go with --test-to ME")
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


def _test(args: argparse.Namespace, out: Out, session: Session, creditor: CreditorView) -> int:
    from pathlib import Path

    from duewell import wiring, wiring_trial
    from duewell.adapters.texts import TextError, of_home
    from duewell.adapters.world_checks import email
    from duewell.flows.trial import CannotTry

    known = of_home(session.home.directory).languages
    language = args.language or (creditor.language if creditor.language in known else "en")
    if language not in known:
        raise WrongUse(f"there are no texts in {language!r}: one of {', '.join(sorted(known))}")
    try:
        address = email(args.test_to)
    except ValueError as problem:
        raise WrongUse(f"--test-to: {problem}") from problem
    strategy = wiring_trial.strategy(session.home, creditor, args.strategy)
    try:
        given = (session.home, creditor, strategy, address, language, session.clock)
        tried = wiring_trial.write_all(*given, Path(args.dry_run)) if args.dry_run else wiring_trial.send(*given)
    except (CannotTry, wiring.BadMailSetting, TextError) as problem:
        raise WrongUse(str(problem)) from problem
    rows = [{"stage": one.step.stage.key, "outcome": one.outcome, "text": one.text} for one in tried]
    left_out = [step.stage.key for step in strategy.steps if "email" not in step.channels]
    lines = [f"{row['stage']:<10} {row['outcome']:<9} {row['text']}" for row in rows]
    lines += [f"{stage:<10} has no e-mail" for stage in left_out]
    data = {"strategy": strategy.key, "language": language, "tests": rows, "without_email": left_out}
    out.result(data, "\n".join(lines))
    lost = [row for row in rows if row["outcome"] not in ("accepted", "written")]
    if lost:
        raise WorldFailed(f"the mail server did not take the test: {lost[0]['text']}")
    return 0
