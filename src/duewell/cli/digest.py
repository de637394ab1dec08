"""digest: what a day brought, what waits for a person, what the next day brings."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from duewell.cli.output import Out, WorldFailed, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare digest."""
    from duewell.cli import command

    digest = command(commands, "digest", "what a day brought and what waits for a person", _digest)
    digest.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    digest.add_argument("--as-of", metavar="DAY", help="of which civil day (yesterday)")
    digest.add_argument("--send", action="store_true", help="send it to the creditor by mail")


def _digest(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring, wiring_digest

    of = day(args.as_of) if args.as_of else session.today(creditor) - timedelta(days=1)
    made = wiring_digest.make(session.home, creditor, of, session.clock)
    if args.send:
        try:
            wiring_digest.send(session.home, creditor, made, session.clock)
        except wiring.BadMailSetting as problem:
            raise WrongUse(str(problem)) from problem
        except wiring_digest.CannotSend as problem:
            raise WorldFailed(str(problem)) from problem
        out.talk(f"sent to {made.recipient}")
    told = made.told
    data: dict[str, Any] = {
        "creditor": creditor.key,
        "as_of": told.on_day.isoformat(),
        "quiet": told.quiet,
        "due": made.due,
        "sent": {"stages": dict(told.sent.stages), "asked_minor": dict(told.sent.asked_minor)},
        "lost": dict(told.lost),
        "withheld": dict(told.withheld),
        "came_in": [money._asdict() for money in told.came_in],
        "imports": [listed._asdict() for listed in told.listed],
        "refused": dict(told.refused),
        "questions": dict(told.questions),
        "waiting": [{**run._asdict(), "as_of": run.as_of.isoformat()} for run in told.waiting],
        "lost_nights": [night.isoformat() for night in told.lost_nights],
        "coming": dict(told.coming),
        "subject": made.subject,
        "text": made.text,
        "to": made.recipient or None,
    }
    out.result(data, f"{made.subject}\n\n{made.text.rstrip()}")
    return 0
