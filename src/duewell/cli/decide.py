"""plan, run, release: what would go out, claiming it, letting it go."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.flows.decide_accounts import Planned
    from duewell.flows.ports import CreditorView
    from duewell.flows.run import Difference

SAMPLE = 20


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare plan, run and release."""
    from duewell.cli import command
    from duewell.cli.session import number

    plan = command(
        commands, "plan", "what a run would do, by stage and reason, with its hash; sends nothing", _plan
    )
    run = command(commands, "run", "decide, ask the law, claim; waits for release", _run)
    for made in (plan, run):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
        made.add_argument("--as-of", metavar="D", help="civil date of the creditor, 2026-03-10 (default: today)")
    plan.add_argument("--list", action="store_true", help="list every message, not only the first ones")
    run.add_argument("--plan", metavar="HASH", help="do exactly this plan; refuse if anything would differ")
    run.add_argument(
        "--unchanged-only", action="store_true", help="with --plan: do what still stands, leave the rest out"
    )
    run.add_argument(
        "--yes", action="count", default=0, help="yes, although it is the first run or far larger than usual"
    )
    run.add_argument("--by", metavar="NAME", default=None, help="who makes the run (default: the user logged in)")
    release = command(commands, "release", "let a run go out; without RUN, list those that wait", _release)
    release.add_argument("run_id", metavar="RUN", nargs="?", type=number, help="number of the run")
    release.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    release.add_argument(
        "--withdraw", action="store_true", help="take back what has not left; its claims are free"
    )
    release.add_argument("--reason", default="", help="with --withdraw: why, for the record")
    release.add_argument("--yes", action="count", default=0, help="accepted for scripts; a release asks nothing")
    release.add_argument("--by", metavar="NAME", default=None, help="who releases (default: the user logged in)")


def _plan(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows.decide_accounts import plan

    as_of = session.as_of(creditor)
    planned = plan(wiring.world(session.home, creditor, as_of, session.clock), out.progress)
    wiring.runs(creditor, session.clock).keep_plan(planned)
    from duewell.store import plan_views

    shown = planned.lines if args.list else planned.lines[:SAMPLE]
    messages = plan_views.described([json.loads(line.body) for line in shown])
    data = {**_told(planned), "messages": messages}
    out.result(data, _plan_text(creditor, planned, messages))
    return 0


def _run(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows.run import FarLarger, Moved, NoSuchPlan, run

    if args.unchanged_only and not args.plan:
        raise WrongUse("--unchanged-only goes with --plan HASH: it does the lines of that plan that still stand")
    as_of = session.as_of(creditor)
    _not_ahead(session, creditor, as_of)
    try:
        ran = run(
            wiring.world(session.home, creditor, as_of, session.clock),
            wiring.runs(creditor, session.clock, _who(args)),
            promised=args.plan,
            unchanged_only=args.unchanged_only,
            confirmed=bool(args.yes),
            tell=out.progress,
        )
    except NoSuchPlan as problem:
        raise WrongUse(
            f"there is no plan {problem} for {creditor.key}: `duewell plan` shows its hash"
        ) from problem
    except FarLarger as problem:
        raise WorldFailed(
            f"{problem}. Nothing was written. Look at `duewell plan --as-of {as_of}`;"
            " if it is right, run again with --yes"
        ) from problem
    except Moved as problem:
        return _moved(problem.differences, args.plan, out)
    wiring.seal(session.home, session.clock)
    data = _told(ran.planned)
    data.update(plan=ran.plan, run=ran.run, left_out=[_difference(item) for item in ran.left_out])
    text = _counts_text(creditor, ran.planned, "get a message")
    if ran.claimed:
        text += f"\nrun {ran.run} claimed {ran.claimed} message(s) and waits: duewell release {ran.run}"
    else:
        text += "\nnothing was claimed"
    out.result(data, text)
    return 0


def _release(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows.release import CannotRelease, release, withdraw

    store = wiring.releases(creditor, session.clock)
    if args.run_id is None:
        waiting = store.waiting()
        lines = [
            f"run {run.id}  {run.as_of}  {run.proposals} message(s)  made by {run.made_by}" for run in waiting
        ]
        out.result({"waiting": [run._asdict() for run in waiting]}, "\n".join(lines) or "no run waits for release")
        return 0
    try:
        if args.withdraw:
            run, messages = withdraw(store, args.run_id, _who(args), args.reason)
        else:
            run, messages = release(store, args.run_id, _who(args), by_two=creditor.release_by_two)
    except CannotRelease as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    what = "taken back" if args.withdraw else "released"
    follows = "" if args.withdraw else "\nnext: duewell send"
    out.result(
        {"run": run.id, "state": run.state, "messages": messages},
        f"run {run.id}: {messages} message(s) {what}{follows}",
    )
    return 0


def _who(args: argparse.Namespace) -> str:
    from duewell.cli.session import person

    return person(args.by)


def _not_ahead(session: Session, creditor: CreditorView, as_of: Any) -> None:
    today = session.today(creditor)
    if as_of > today and not session.home.test:
        raise WrongUse(
            f"{as_of} is ahead of today ({today}): `duewell plan` may look ahead, a run claims for today or before"
        )


def _moved(differences: tuple[Difference, ...] | Any, hash: str, out: Out) -> int:
    data = {
        "error": "moved",
        "plan": hash,
        "differences": [_difference(item) for item in differences],
        "remedy": "make a new plan, or add --unchanged-only to do what still stands",
    }
    lines = [_difference_text(item) for item in differences[:SAMPLE]]
    more = f"\n... and {len(differences) - SAMPLE} more" if len(differences) > SAMPLE else ""
    out.result(
        data,
        f"{len(differences)} account(s) would now differ from the plan; nothing was written:\n"
        + "\n".join(lines)
        + more
        + "\nmake a new plan, or add --unchanged-only to do what still stands",
    )
    return 3


def _difference(item: Difference) -> dict[str, Any]:
    return {
        "account": item.account,
        "was": json.loads(item.was) if item.was else None,
        "now": json.loads(item.now) if item.now else None,
    }


def _difference_text(item: Difference) -> str:
    if item.now is None:
        return f"  account {item.account}: nothing would go out any more (duewell why shows the reason)"
    if item.was is None:
        return f"  account {item.account}: was not in the plan"
    return f"  account {item.account}: would get something else"


def _told(planned: Planned) -> dict[str, Any]:
    return {
        "as_of": planned.as_of.isoformat(),
        "plan": planned.hash,
        "accounts": planned.accounts,
        "proposals": planned.proposals,
        "rests": planned.rests,
        "refused": planned.refused,
        "review": planned.review,
    }


def _counts_text(creditor: CreditorView, planned: Planned, proposals: str = "would get a message") -> str:
    lines = [f"{creditor.name}, {planned.as_of}: {planned.accounts:,} accounts"]
    for title, counts in (
        (proposals, planned.proposals),
        ("rest", planned.rests),
        ("refused by the law", planned.refused),
        ("for a person to decide", planned.review),
    ):
        total = sum(counts.values())
        lines.append(f"{total:>10,}  {title}")
        for key, count in sorted(counts.items(), key=lambda item: -item[1]):
            lines.append(f"{count:>14,}  {key}")
    return "\n".join(lines)


def _plan_text(creditor: CreditorView, planned: Planned, shown: list[dict[str, Any]]) -> str:
    text = _counts_text(creditor, planned)
    if shown:
        text += "\n\n" + "\n".join(_message_text(message) for message in shown)
        if len(planned.lines) > len(shown):
            text += f"\n... and {len(planned.lines) - len(shown):,} more (--list shows all)"
    text += f"\n\nplan {planned.hash}"
    follows = f"\nnext: duewell run --as-of {planned.as_of} --plan {planned.hash}" if planned.lines else ""
    return text + follows


def _message_text(message: dict[str, Any]) -> str:
    from duewell.core.units.money import Money

    sums = " and ".join(
        f"{Money(asked - credit, currency).decimal():,} {currency}" for currency, asked, credit in message["nets"]
    )
    due = min(item["due_on"] for item in message["invoices"])
    names = [item["number"] for item in message["invoices"]]
    invoices = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return (
        f"{message['account_number']}  {message['name']} <{message['address']}>\n"
        f"    {message['stage_key']} ({message['strategy']}, {message['language']}): {sums} for {invoices},"
        f" oldest due {due}"
    )
