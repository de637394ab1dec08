"""why: what is told to an account, or why nothing, with the rule that decided and the day it can change."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from datetime import datetime

    from duewell.cli.session import Session
    from duewell.flows.acts import Act
    from duewell.flows.ask_why import Found, Page
    from duewell.flows.coming import Coming, Told
    from duewell.flows.ports import CreditorView
    from duewell.flows.situation import Situation

LAST = 20


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare why."""
    from duewell.cli import command

    why = command(commands, "why", "why an account or invoice is written to, or is not, and until when", _why)
    why.add_argument("number", metavar="ACCOUNT|INVOICE", help="number of an account or of an invoice")
    why.add_argument(
        "--as-of", metavar="D", help="another civil date of the creditor, past or to come (default: today)"
    )
    why.add_argument("--creditor", metavar="KEY", help="which creditor, where several have the number")
    why.add_argument(
        "--account", metavar="NUMBER", default="", help="whose invoice, where several accounts have one"
    )
    why.add_argument(
        "--kind",
        choices=("account", "invoice"),
        default="",
        help="which, where an account and an invoice share it",
    )
    why.add_argument(
        "--last",
        type=int,
        default=LAST,
        metavar="N",
        help=f"how many of the latest acts to tell (default {LAST}; 0: all)",
    )


def _why(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli import session, why_text
    from duewell.flows.ask_why import ask

    opened = session.Session(args)
    from duewell import wiring

    as_of = session.day(args.as_of) if args.as_of else None
    if args.last < 0:
        raise WrongUse("--last counts acts: give 0 for all, or a number above")
    known = views(opened)
    found = find(args, known)
    if len(found) != 1:
        return not_one(args, known, found, out)
    creditor = known[found[0].creditor]
    now = opened.clock.now()
    page = ask(wiring.why(opened.home, creditor, opened.clock), found[0], now, as_of, args.last or None)
    out.result(told(page, creditor, args.number), why_text.text(page, creditor))
    return 0


def views(session: Session) -> dict[int, CreditorView]:
    """The creditors that are looked through: one that was named, or all."""
    from duewell.store import creditors

    if session.args.creditor:
        view = session.creditor()
        return {view.id: view}
    return {view.id: view for view in creditors.all_views()}


def find(args: argparse.Namespace, views: dict[int, CreditorView]) -> list[Found]:
    """What the number may mean."""
    from duewell.store import why

    return why.find(list(views), args.number, args.kind, args.account)


def not_one(args: argparse.Namespace, views: dict[int, CreditorView], found: list[Found], out: Out) -> int:
    """Nobody or several have the number: exit 2, with what there is."""
    from duewell.store import why

    if found:
        candidates = [
            {"creditor": views[one.creditor].key, "account": one.number, "invoice": one.invoice} for one in found
        ]
        named = "; ".join(
            (
                f"invoice {one['invoice']} of account {one['account']}"
                if one["invoice"]
                else f"account {one['account']}"
            )
            + f" of {one['creditor']}"
            for one in candidates
        )
        text = f"{args.number!r} may mean several: {named}. Narrow it with --creditor, --account or --kind"
        data: dict[str, Any] = {"error": "ambiguous", "message": text, "candidates": candidates}
    else:
        near = why.near(list(views), args.number)
        like = f"; like it: {', '.join(near)}" if near else ""
        text = f"no account and no invoice has the number {args.number!r}{like}"
        data = {"error": "not_found", "message": text, "near": near}
    if out.as_json:
        out.result(data, "")
    out.talk(f"duewell: {text}")
    return 2


def told(page: Page, creditor: CreditorView, asked: str) -> dict[str, Any]:
    """The answer as plain values."""
    from duewell.core.units.money import Money, by_currency
    from duewell.flows.coming import Coming

    answer = page.answer
    comes = answer.coming if isinstance(answer.coming, Coming) else None
    case = page.known.case
    return {
        "account": page.found.number,
        "as_of": page.as_of.isoformat(),
        "asked": asked,
        "creditor": creditor.key,
        "name": page.found.name,
        "decision": answer.decision,
        "rule": answer.key,
        "reasons": [_reason(reason) for reason in answer.reasons],
        "next": None if comes is None else _next(comes),
        "no_next": None if isinstance(answer.coming, Coming) else _reason(answer.coming),
        "done": [_act(act) for act in page.acts],
        "more_done": page.more_acts,
        "open": by_currency(Money(item.open_minor, item.currency) for item in case.items),
        "open_invoices": len(case.items),
        "credit": dict(case.credits),
        "invoice": None if page.situation is None else _situation(page.situation),
        "knowledge": page.knowledge,
        "known_at": _instant(page.known_at),
        "run": None
        if page.compared is None
        else {
            "run": page.compared.run,
            "recorded_at": _instant(page.compared.recorded_at),
            "same": not page.compared.changed,
            "changed": list(page.compared.changed),
        },
        "remarks": list(page.remarks),
    }


def _reason(reason: Told) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "text": reason.text,
        "source": reason.source,
        "until": reason.until and reason.until.isoformat(),
        "until_at": _instant(reason.until_at),
        "change": reason.change,
    }


def _next(comes: Coming) -> dict[str, Any]:
    return {
        "stage": comes.stage.key,
        "on": comes.on.isoformat(),
        "opens_at": _instant(comes.opens_at),
        "closes_at": _instant(comes.closes_at),
        "channel": comes.channel,
        "language": comes.language,
        "asks": {net.currency: net.net_minor for net in comes.nets},
        "items": comes.items,
        "state": comes.state,
        "message": comes.message,
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "at": _instant(act.at),
        "effective_on": act.effective_on and act.effective_on.isoformat(),
        "kind": act.kind,
        "text": act.text,
        "stage": act.stage,
        "message": act.message,
        "run": act.run,
        "fact": {"stream": act.stream, "sequence": act.sequence, "hash": act.hash},
    }


def _situation(where: Situation) -> dict[str, Any]:
    item = where.item
    return {
        "number": item.number,
        "text": where.text,
        "currency": item.currency,
        "open": item.open_minor,
        "issued_on": item.issued_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "reached": item.reached.key if item.reached else None,
        "reached_on": item.reached_on and item.reached_on.isoformat(),
        "next": where.next_stage
        and {"stage": where.next_stage.key, "on": where.next_on and where.next_on.isoformat()},
        "holds": [
            {
                "hold": hold.id,
                "kind": str(hold.kind),
                "amount": hold.amount_minor,
                "since": hold.starts_on.isoformat(),
                "until": (free := hold.free_from()) and free.isoformat(),
                "review": hold.review_on and hold.review_on.isoformat(),
                "reason": hold.reason,
            }
            for hold in where.holds
        ],
        "claim": where.claimed_by
        and {"stage": item.claimed.key if item.claimed else None, "message": where.claimed_by},
        "entries": [
            {"entry": one.entry, "on": one.on.isoformat(), "kind": one.kind, "amount": one.amount_minor}
            for one in where.entries
        ],
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
