"""person flag add, end, list: what is known of the human or firm behind a customer, over all creditors."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from duewell.cli import person_data
from duewell.cli.output import Out, WrongUse
from duewell.core.party.joining import FLAGS

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.store.flags import Flags


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare person."""
    from duewell.cli import command

    top = commands.add_parser(
        "person", help="the human or firm behind customers", description="The human or firm behind customers."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="flag|export|erase|due-for-erasure|sweep")
    person_data.declare(verbs)
    flag = verbs.add_parser("flag", help="what bears on every demand", description="What bears on every demand.")
    words = flag.add_subparsers(dest="word", required=True, metavar="add|end|list")
    new = command(
        words, "add", "it is known that they are vulnerable, represented, dead, insolvent or a minor", _add
    )
    end = command(words, "end", "it holds no longer", _end)
    listed = command(words, "list", "what is known of the person", _list)
    for made in (new, end, listed):
        made.add_argument("party", metavar="CUSTOMER", help="customer number")
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
        if made is not listed:
            made.add_argument("flag", metavar="FLAG", help=f"{', '.join(FLAGS)}, inconvenient_time:sat,sun or so")
            made.add_argument("--reason", default="", help="how it is known, in a few words")
            made.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")


def _add(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell import wiring
    from duewell.flows import person as flow

    try:
        number = flow.add(book, flow.who(book, args.party), args.flag, args.reason)
    except flow.BadFlag as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = {"party": args.party, "flag": args.flag, "number": number}
    out.result(data, f"the person behind {args.party} is noted as {args.flag}; messages under way ask again")
    return 0


def _end(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell import wiring
    from duewell.flows import person as flow

    try:
        ended = flow.end(book, flow.who(book, args.party), args.flag, args.reason)
    except flow.BadFlag as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    out.result(
        {"party": args.party, "flag": args.flag, "ended": ended},
        f"the person behind {args.party} is no longer noted as {args.flag}",
    )
    return 0


def _list(args: argparse.Namespace, out: Out) -> int:
    _, book = _open(args)
    from duewell.flows import person as flow

    try:
        found = book.living(flow.who(book, args.party))
    except flow.BadFlag as problem:
        raise WrongUse(str(problem)) from problem
    lines = [f"{one.flag} since {one.since}: {one.reason}" for one in found]
    data = {"party": args.party, "flags": [one._asdict() for one in found]}
    out.result(data, "\n".join(lines) or f"nothing is noted of the person behind {args.party}")
    return 0


def _open(args: argparse.Namespace) -> tuple[Session, Flags]:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_customer

    return session, wiring_customer.flags(creditor, session.clock, person(getattr(args, "by", None)))
