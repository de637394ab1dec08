"""hold add, end, list; stop: why we wait, and who said not any more."""

from __future__ import annotations

import argparse
from typing import Any

from duewell.cli.output import Out, WrongUse

KINDS = "promise grace dispute hardship representation death insolvency other".split()
PAGE = 50


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare hold and stop."""
    from duewell.cli import command

    top = commands.add_parser("hold", help="wait, and why", description="Wait, and why.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="add|end|list")
    new = command(verbs, "add", "wait with an account, an invoice or a part of one", _add)
    new.add_argument("what", metavar="ACCOUNT|INVOICE", help="number of the account or of the invoice")
    new.add_argument("--kind", choices=KINDS, default="other", help="why (default: other)")
    new.add_argument("--reason", default="", help="in a few words, for the record")
    new.add_argument("--from", dest="starts", metavar="D", help="first day it holds (default: today)")
    new.add_argument("--until", metavar="D", help="first free day of a promise or grace")
    new.add_argument("--review", metavar="D", help="when a person looks at it, for all other kinds")
    new.add_argument("--amount", metavar="AMOUNT", help="the part of the invoice, such as 12.50 (default: all)")
    new.add_argument(
        "--account", default="", metavar="NUMBER", help="whose invoice, where the number is not enough"
    )
    end = command(verbs, "end", "wait no longer", _end)
    end.add_argument("hold", type=int, metavar="HOLD", help="number of the hold")
    end.add_argument("--on", metavar="D", help="first free day (default: today)")
    end.add_argument("--reason", default="", help="in a few words, for the record")
    listed = command(verbs, "list", "holds that are active", _list)
    listed.add_argument("--after", type=int, default=0, metavar="HOLD", help="next page: holds above this")
    stop = command(commands, "stop", "a customer said: not any more; or, with --end, that we may again", _stop)
    stop.add_argument("party", metavar="CUSTOMER", help="customer number")
    stop.add_argument("--reason", default="", help="what the customer said, in a few words")
    stop.add_argument("--channel", default="", help="only email, sms, letter or call (default: every channel)")
    stop.add_argument("--this-creditor", action="store_true", help="only from this creditor (default: from all)")
    stop.add_argument("--end", action="store_true", help="end the stop")
    for made in (new, end, listed, stop):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
        if made is not listed:
            made.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")


def _add(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.core.agree.holds import BadHold, HoldKind
    from duewell.flows import hold as flow

    book = wiring.holds(creditor, session.clock, _who(args))
    starts = day(args.starts) if args.starts else session.as_of(creditor)
    kind = HoldKind(args.kind)
    until = day(args.until) if args.until else None
    review = day(args.review) if args.review else None
    try:
        what = flow.target(book, args.what, args.account)
        amount = _minor(args.amount, what.currency) if args.amount else None
        hold = flow.add(book, what, kind, args.reason, starts, until, review, amount)
    except (flow.NoSuchTarget, BadHold) as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = _told(hold)
    named = f"invoice {what.number}" if what.number else f"account {what.account_number}"
    ends = f"until {hold.until_on}" if hold.until_on else f"reviewed on {hold.review_on}"
    out.result(data, f"hold {hold.id}: {named} waits for {hold.kind} from {hold.starts_on}, {ends}")
    return 0


def _end(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.core.agree.holds import BadHold
    from duewell.flows import hold as flow

    on = day(args.on) if args.on else session.as_of(creditor)
    try:
        hold = flow.end(wiring.holds(creditor, session.clock, _who(args)), args.hold, on, args.reason)
    except (flow.NoSuchHold, BadHold) as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    out.result(_told(hold), f"hold {hold.id} ended; the first free day is {hold.ended_on}")
    return 0


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring

    found = wiring.holds(creditor, session.clock, "").living(session.as_of(creditor), args.after, PAGE)
    lines = [
        f"{hold.id}  {hold.kind}  {hold.invoice or hold.account}  from {hold.starts_on}"
        f" {'until ' + hold.until_on if hold.until_on else 'review ' + hold.review_on}: {hold.reason}"
        for hold in found
    ]
    if len(found) == PAGE:
        lines.append(f"more: duewell hold list --after {found[-1].id}")
    out.result({"holds": [hold._asdict() for hold in found]}, "\n".join(lines) or "no hold is active")
    return 0


def _stop(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows import stop as flow

    book = wiring.stops(creditor, session.clock, _who(args))
    try:
        person = flow.person(book, args.party)
        if args.end:
            ended = flow.resume(book, person, args.reason, args.channel)
            data: dict[str, Any] = {"party": args.party, "ended": ended}
            text = f"{ended} stop(s) ended: {args.party} may be written to again"
        else:
            stop = flow.stop(book, person, args.reason, args.channel, everybody=not args.this_creditor)
            data = {"party": args.party, "stop": stop, "channel": args.channel}
            what = f"by {args.channel}" if args.channel else "on any channel"
            text = f"stop {stop}: nothing more is sent to {args.party} {what}"
    except flow.BadStop as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    out.result(data, text)
    return 0


def _minor(text: str, currency: str) -> int:
    from decimal import Decimal, InvalidOperation

    from duewell.core.units.money import exponent

    if not currency:
        raise WrongUse("--amount is a part of an invoice: give the number of the invoice")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise WrongUse(f"{text!r} is not an amount: write it as 12.50") from None
    if not amount.is_finite() or not 0 < amount < 10**15:
        raise WrongUse(f"{text} is no amount to wait with")
    minor = amount.scaleb(exponent(currency))
    if minor != int(minor):
        raise WrongUse(f"{text} has more decimals than {currency} has")
    return int(minor)


def _told(hold: Any) -> dict[str, Any]:
    return {
        "hold": hold.id,
        "kind": str(hold.kind),
        "receivable": hold.receivable,
        "amount_minor": hold.amount_minor,
        "starts_on": hold.starts_on,
        "until_on": hold.until_on,
        "review_on": hold.review_on,
        "ended_on": hold.ended_on,
        "reason": hold.reason,
    }


def _who(args: argparse.Namespace) -> str:
    from duewell.cli.session import person

    return person(args.by)
