"""party role add, end, list: who else stands on an account; contact bounced: an address that does not work."""

from __future__ import annotations

import argparse

from duewell.cli.output import Out, WrongUse


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare party and contact."""
    from duewell.cli import command

    party = commands.add_parser("party", help="who stands on an account", description="Who stands on an account.")
    role = party.add_subparsers(dest="what", required=True, metavar="role").add_parser(
        "role", help="roles on an account", description="Roles on an account."
    )
    verbs = role.add_subparsers(dest="verb", required=True, metavar="add|end|list")
    new = command(verbs, "add", "a customer stands on an account, beside whoever owes it", _add)
    end = command(verbs, "end", "a customer no longer stands on an account in a role", _end)
    listed = command(verbs, "list", "who stands on an account, and how they can be reached", _list)
    for made in (new, end, listed):
        made.add_argument("account", metavar="ACCOUNT", help="number of the account")
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    for made in (new, end):
        made.add_argument("customer", metavar="CUSTOMER", help="customer number of whoever stands there")
        made.add_argument("--role", required=True, metavar="R", help="such as guarantor or accounts_payable")
        made.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")
    contact = commands.add_parser(
        "contact", help="contact points that do not work", description="Contact points that do not work."
    )
    bounced = command(
        contact.add_subparsers(dest="verb", required=True, metavar="bounced"),
        "bounced",
        "a mail that had been accepted came back: the message goes on by the next channel of its step",
        _bounced,
    )
    bounced.add_argument("what", metavar="ADDRESS|ATTEMPT", help="e-mail address, or number of the attempt")
    bounced.add_argument("--reason", default="", help="what the mail that came back says, in one line")
    bounced.add_argument("--undo", action="store_true", help="the attempt had not bounced after all")
    bounced.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    bounced.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")


def _add(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_channels
    from duewell.cli.session import Session, person
    from duewell.flows import roles as flow

    session = Session(args)
    book = wiring_channels.roles(session.creditor(), session.clock, person(args.by))
    try:
        new = flow.add(book, args.account, args.customer, args.role)
    except flow.BadRole as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = {"account": args.account, "customer": args.customer, "role": args.role, "new": new}
    stands = "stands" if new else "stood already"
    out.result(data, f"{args.customer} {stands} on account {args.account} as {args.role}")
    return 0


def _end(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_channels
    from duewell.cli.session import Session, person
    from duewell.flows import roles as flow

    session = Session(args)
    book = wiring_channels.roles(session.creditor(), session.clock, person(args.by))
    try:
        flow.end(book, args.account, args.customer, args.role)
    except flow.BadRole as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = {"account": args.account, "customer": args.customer, "role": args.role}
    out.result(data, f"{args.customer} no longer stands on account {args.account} as {args.role}")
    return 0


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring_channels
    from duewell.cli.session import Session
    from duewell.flows import roles as flow

    session = Session(args)
    book = wiring_channels.roles(session.creditor(), session.clock, "")
    try:
        found = flow.standing(book, args.account)
    except flow.BadRole as problem:
        raise WrongUse(str(problem)) from problem
    lines = [
        f"{one.role:<22} {one.customer}  {one.name}  ({', '.join(one.channels) or 'cannot be reached'})"
        for one in found
    ]
    out.result({"standing": [one._asdict() for one in found]}, "\n".join(lines))
    return 0


def _bounced(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_channels
    from duewell.cli.session import Session, person
    from duewell.flows import bounce as flow

    session = Session(args)
    book = wiring_channels.bounces(session.creditor(), session.clock, person(args.by))
    try:
        if args.undo:
            attempt = flow.not_bounced(book, args.what, args.reason)
        else:
            found = flow.bounced(book, args.what, args.reason)
    except flow.CannotBounce as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    if args.undo:
        out.result({"restored": attempt}, f"attempt {attempt} counts as arrived again")
        return 0
    data = {"points": found.points, "attempts": [one._asdict() for one in found.attempts]}
    lines = [f"{found.points} contact point(s) used no more"]
    for one in found.attempts:
        follows = f"goes on by {one.next}" if one.next else "duewell review list: every channel has failed"
        if one.role:
            follows = f"it was a copy for the {one.role.replace('_', ' ')}"
        lines.append(f"attempt {one.attempt} of account {one.account} came back; {follows}")
    if not found.attempts:
        lines.append("no mail of the last two weeks went there and was accepted")
    out.result(data, "\n".join(lines))
    return 0
