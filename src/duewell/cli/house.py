"""init and doctor: making a home, and asking how it is."""

from __future__ import annotations

import argparse
import os
from typing import Any

from duewell.cli.output import Out, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare init, doctor, halt and resume."""
    from duewell.cli import command

    init = command(commands, "init", "make a home for an installation", _init)
    init.add_argument(
        "--test", action="store_true", help="a home for trying things: takes --now and sends into a sink only"
    )
    command(commands, "doctor", "check that this installation can do its work", _doctor)
    for name, text in (
        ("halt", "kill switch: nothing is sent until `resume`"),
        ("resume", "lift the kill switch"),
    ):
        switch = command(commands, name, text, _switch)
        switch.add_argument("--creditor", metavar="KEY", help="only this creditor; without it, every creditor")
        switch.add_argument("--reason", metavar="TEXT", default="", help="why, for the record")
        switch.set_defaults(halted=name == "halt")


def _init(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring
    from duewell.adapters.home import HomeProblem, make_home

    try:
        home = make_home(args.home, test=args.test)
    except HomeProblem as problem:
        raise WrongUse(str(problem)) from problem
    wiring.start(home.directory)
    wiring.migrate()
    url = os.environ.get("DATABASE_URL", "")
    elsewhere = "PostgreSQL" if url.startswith("postgres") else url.removeprefix("sqlite:///")
    database = str(home.database_file() or f"{elsewhere} (DATABASE_URL)")
    data = {"home": str(home.directory), "test": home.test, "database": database}
    kind = "Test home" if home.test else "Home"
    out.result(
        data,
        f"{kind} ready in {home.directory}\ndatabase: {database}\n"
        f"heads of the evidence are lodged in {home.heads_file}: copy them to another machine\n"
        "next: duewell creditor add --help",
    )
    return 0


def _doctor(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session
    from duewell.flows.doctor import examine

    session = Session(args)
    from duewell import wiring_doctor

    findings = examine(wiring_doctor.checks(session.home, session.clock))
    data: dict[str, Any] = {
        "ok": all(finding.ok for finding in findings),
        "checks": [{"check": f.check, "ok": f.ok, "text": f.text, "remedy": f.remedy} for f in findings],
    }
    lines = [
        f"{'ok  ' if f.ok else 'MEND'}  {f.check}: {f.text}" + ("" if f.ok else f"\n      {f.remedy}")
        for f in findings
    ]
    out.result(data, "\n".join(lines))
    return 0 if data["ok"] else 1


def _switch(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring
    from duewell.store import creditors

    views = [session.creditor()] if args.creditor else creditors.all_views()
    creditors.set_halted([view.id for view in views], args.halted, args.reason, session.clock.now())
    state = "halted" if args.halted else "sending again"
    out.result(
        {"creditors": [view.key for view in views], "halted": args.halted}, f"{len(views)} creditor(s) {state}"
    )
    # Last: whatever may be wrong with the heads, the switch is thrown.
    wiring.seal(session.home, session.clock)
    return 0
