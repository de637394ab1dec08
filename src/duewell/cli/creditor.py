"""creditor add, show, edit, list."""

from __future__ import annotations

import argparse
from typing import Any

from duewell.cli.output import Out, WrongUse

TEXTS = {
    "name": "legal name, as it stands in letters",
    "street": "street and number",
    "postcode": "postcode",
    "city": "city",
    "country": "country, such as DE or Germany",
    "zone": "time zone, such as Europe/Berlin",
    "language": "language of letters where a customer has none, such as en or de",
    "email-from": "address letters come from",
    "reply-to": "address answers go to (default: where letters come from)",
    "phone": "telephone number for questions",
    "account-holder": "holder of the bank account, if not the legal name",
    "iban": "IBAN that customers pay to",
    "bic": "BIC of that account",
    "payment-note": "how to pay, where there is no IBAN",
    "logo": "PNG or SVG file for letters and pages; it is copied into the home",
    "tone": "how letters speak where a strategy does not say: kind or formal",
    "archive": "address that gets a copy of every mail; customers never see it",
}


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command

    top = commands.add_parser(
        "creditor", help="on whose behalf we collect", description="On whose behalf we collect."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="add|show|edit|list")
    for verb, text, run in (
        ("add", "add a creditor", _add),
        ("edit", "change some values of a creditor", _edit),
        ("show", "all that is kept about a creditor", _show),
    ):
        made = command(verbs, verb, text, run)
        made.add_argument(
            "key",
            metavar="KEY",
            help="short name on the command line, such as acme",
            nargs="?" if verb == "add" else None,
        )
        if verb != "show":
            _values(made)
            made.add_argument(
                "--ask",
                action=argparse.BooleanOptionalAction,
                help="ask for what is not given (in a terminal, where messages would lack something)",
            )
    command(verbs, "list", "every creditor", _list)


def _values(made: argparse.ArgumentParser) -> None:
    for name, text in TEXTS.items():
        made.add_argument(f"--{name}", metavar="TEXT", help=text)
    made.add_argument(
        "--strategy", action="append", dest="strategies", metavar="KEY", help="strategy; repeat for an order"
    )
    made.add_argument(
        "--books-max-age", type=int, metavar="DAYS", help="demands wait when the books are older (3)"
    )
    made.add_argument(
        "--allocation",
        choices=["oldest_due", "newest_due", "largest", "smallest", "proportional"],
        help="which invoices money serves that names none (oldest_due)",
    )
    made.add_argument("--unknown-settles", type=int, metavar="DAYS", help="unknown sends count as sent after (3)")
    made.add_argument(
        "--retention-days",
        type=int,
        metavar="DAYS",
        help="a closed account is due for erasure when nothing happened for so long; 0 keeps it (0)",
    )
    made.add_argument(
        "--digest-to", metavar="ADDRESS", help="who gets the daily digest (where answers go); `nobody` ends it"
    )
    made.add_argument(
        "--release-auto",
        action=argparse.BooleanOptionalAction,
        help="`work` releases runs that are not far larger than usual",
    )
    made.add_argument(
        "--release-by-two", action=argparse.BooleanOptionalAction, help="a second person releases runs"
    )
    made.add_argument(
        "--acts-as",
        choices=["creditor", "other_name", "agency"],
        help="collects its own debts in its own name, under another name, or for others (creditor)",
    )
    made.add_argument(
        "--law",
        action="append",
        metavar="COUNTRY=HOW",
        help="the country's rule book beside the default (both), alone where it replaces a limit (country),"
        " or not at all while it does not bind (default); repeat for several countries",
    )


def _law(given: list[str] | None) -> dict[str, str] | None:
    """`US=country` as a policy."""
    if given is None:
        return None
    pairs = [each.partition("=") for each in given]
    if any(not country or not stance for country, _, stance in pairs):
        raise WrongUse("--law is written as COUNTRY=HOW, such as US=country")
    return {country: stance for country, _, stance in pairs}


def _given(args: argparse.Namespace) -> dict[str, Any]:
    given = {name.replace("-", "_"): getattr(args, name.replace("-", "_")) for name in TEXTS}
    given["strategies"] = args.strategies
    policy = {
        "books_max_age_days": args.books_max_age,
        "allocation": args.allocation,
        "unknown_settles_days": args.unknown_settles,
        "retention_days": args.retention_days,
        "release_by_two": args.release_by_two,
        "release_auto": args.release_auto,
        "digest_to": args.digest_to,
        "acts_as": args.acts_as,
        "law": _law(args.law),
    }
    given["policy"] = {key: value for key, value in policy.items() if value is not None} or None
    return {key: value for key, value in given.items() if value is not None}


def _add(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring
    from duewell.cli import creditor_questions
    from duewell.cli.session import Session
    from duewell.flows import creditor as flow

    session = Session(args)
    checks = wiring.creditor_checks(session.home)
    key, given = args.key, _given(args)
    try:
        lacking = creditor_questions.lacking(given)
        if creditor_questions.may_ask(args, out, bool(lacking) or not key):
            key, given = creditor_questions.ask_new(key, given, checks)
        elif not key:
            missing = ["a KEY such as acme", *(_option(name) for name in lacking)]
            raise WrongUse(f"what is missing: {', '.join(missing)}")
        flow.add(wiring.creditor_book(session.clock), key, given, checks)
    except flow.BadCreditor as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    return _tell(key, out)


def _edit(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring
    from duewell.cli import creditor_questions
    from duewell.cli.session import Session
    from duewell.flows import creditor as flow

    session = Session(args)
    from duewell.store import creditors

    args.creditor = args.key
    view = session.creditor()
    checks = wiring.creditor_checks(session.home)
    given = _given(args)
    try:
        if creditor_questions.may_ask(args, out, not given):
            given = creditor_questions.ask_changes(creditors.details(view.id), given, checks)
            if not given:
                out.talk("nothing was changed")
                return _tell(args.key, out)
        flow.edit(wiring.creditor_book(session.clock), view.id, given, checks)
    except flow.BadCreditor as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    return _tell(args.key, out)


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def _show(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    args.creditor = args.key
    session.creditor()
    return _tell(args.key, out)


def _tell(key: str, out: Out) -> int:
    from duewell.store import creditors

    (view,) = [view for view in creditors.all_views() if view.key == key]
    told = creditors.details(view.id)
    width = max(len(name) for name in told)
    out.result(
        told,
        "\n".join(f"{name:<{width}}  {value if value not in (None, '') else '-'}" for name, value in told.items()),
    )
    return 0


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    Session(args)
    from duewell.store import creditors

    told = [creditors.details(view.id) for view in creditors.all_views()]
    text = "\n".join(f"{row['key']:<20} {row['name']}" for row in told) or "no creditor yet: duewell creditor add"
    out.result({"creditors": told}, text)
    return 0
