"""review list, allow, deny: questions that only a person may answer."""

from __future__ import annotations

import argparse

from duewell.cli.output import Out, WrongUse

PAGE = 50


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser(
        "review",
        help="questions that only a person may answer",
        description="Questions that only a person may answer.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|allow|deny")
    listed = command(verbs, "list", "open questions, oldest first", _list)
    listed.add_argument("--after", type=number, default=0, metavar="ID", help="next page: questions above this")
    for verb, text in (("allow", "answer a question with yes"), ("deny", "answer a question with no")):
        made = command(verbs, verb, text, _answer)
        made.add_argument("question", type=number, help="number of the question")
        made.add_argument("--reason", default="", help="why, for the record")
        made.add_argument("--by", default=None, metavar="NAME", help="who answers (default: the user logged in)")
        made.set_defaults(allow=verb == "allow")
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    listed.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    reviews = wiring.reviews(creditor, session.clock)
    reviews.open_due(session.as_of(creditor))
    found = reviews.open_questions(PAGE, args.after)
    lines = [
        f"{item.id}  {item.kind}  account {item.account}: {item.text}\n"
        f"      allow: {item.if_allowed}   deny: {item.if_denied}"
        for item in found
    ]
    if len(found) == PAGE:
        lines.append(f"more: duewell review list --after {found[-1].id}")
    out.result({"questions": [item._asdict() for item in found]}, "\n".join(lines) or "no open question")
    return 0


def _answer(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring
    from duewell.cli.session import Session, person
    from duewell.flows.review import NoSuchQuestion, answer

    session = Session(args)
    reviews = wiring.reviews(session.creditor(), session.clock)
    try:
        found = answer(reviews, args.question, allow=args.allow, by=person(args.by), reason=args.reason)
    except NoSuchQuestion as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    follows = found.if_allowed if args.allow else found.if_denied
    out.result(found._asdict(), f"question {found.id} {found.state}: {follows}")
    return 0
