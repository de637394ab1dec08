"""customer show, edit, merge, split, unmerge: what is known of one customer, and who is the same person."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.flows.customer import Act, PersonOf
    from duewell.store.customers import Customers

DETAILS = {
    "name": "as it stands in letters",
    "given-name": "for the salutation",
    "family-name": "for the salutation",
    "salutation": "ms or mr; empty for none",
    "kind": "person, business or unknown",
    "language": "language of messages, such as en or de",
    "country": "country, such as DE or Germany",
    "region": "state or province",
    "zone": "time zone, such as Europe/Berlin",
}


ADDRESS = ("street", "postcode", "city")


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare customer."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser(
        "customer",
        help="one customer: look, change, join, part",
        description="One customer: look, change, join, part.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="show|edit|merge|split|unmerge")
    show = command(verbs, "show", "what is known of a customer, and what the law counts", _show)
    edit = command(verbs, "edit", "change what is known of a customer", _edit)
    for name, text in DETAILS.items():
        edit.add_argument(f"--{name}", default=None, metavar="TEXT", help=text)
    for name in ADDRESS:
        edit.add_argument(f"--{name}", default=None, metavar="TEXT", help="of the postal address")
    edit.add_argument(
        "--add", action="append", default=[], metavar="CHANNEL=ADDRESS", help="email=, call= or sms="
    )
    edit.add_argument("--replace", action="append", default=[], metavar="OLD=NEW", help="an address by another")
    edit.add_argument(
        "--remove", action="append", default=[], metavar="ADDRESS", help="an address is no longer used"
    )
    edit.add_argument(
        "--segment", default=None, metavar="TEXT", help="of the account, for conditions of strategies"
    )
    edit.add_argument(
        "--strategy", default=None, metavar="KEY", help="of the account; empty: conditions choose it"
    )
    edit.add_argument("--account", default="", metavar="NUMBER", help="which account, where there are several")
    edit.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    merge = command(verbs, "merge", "two customers are the same human or firm", _merge)
    split = command(verbs, "split", "a customer is somebody else than those it was joined with", _split)
    unmerge = command(verbs, "unmerge", "take a merge or a split back", _unmerge)
    for made in (show, edit, merge, split):
        made.add_argument("number", metavar="CUSTOMER", help="customer number")
    merge.add_argument("other", metavar="OTHER", help="number of the other customer")
    merge.add_argument("--other-creditor", default="", metavar="KEY", help="of whom the other is a customer")
    unmerge.add_argument("act", type=number, metavar="ACT", help="number of the merge or split")
    for made in (show, edit, merge, split, unmerge):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    for made in (edit, merge, split, unmerge):
        made.add_argument("--reason", default="", help="in a few words, for the record")
        made.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")
    for made in (merge, split, unmerge):
        made.add_argument("--yes", action="store_true", help="do it; without it, only show what would follow")


def _show(args: argparse.Namespace, out: Out) -> int:
    _, book = _open(args)
    from duewell.flows import customer as flow
    from duewell.store import moves

    try:
        found = flow.find(book, args.number)
    except flow.BadCustomer as problem:
        raise WrongUse(str(problem)) from problem
    person = book.person_of(args.number)
    assert person is not None
    acts = [dict(zip(("act", "kind", "reason", "by"), row, strict=True)) for row in moves.acts(found.party)]
    data: dict[str, Any] = {
        "customer": found.number,
        **found.details,
        "points": [{**point._asdict(), "id": None} for point in found.points],
        "accounts": [{**account._asdict(), "id": None} for account in found.accounts],
        "person": flow.told_of(person),
        "acts": acts,
    }
    for part in ("points", "accounts"):
        for row in data[part]:
            del row["id"]
    lines = [f"customer {found.number}"]
    lines += [f"  {name:<12} {value or '-'}" for name, value in found.details.items()]
    lines += [
        f"  {point.channel:<12} {flow.shown(point)}{'' if point.state == 'usable' else f' ({point.state})'}"
        for point in found.points
    ]
    for account in found.accounts:
        sums = " and ".join(_sum(minor, code) for code, minor in account.open.items()) or "nothing"
        extra = "".join(
            f", {name} {value}"
            for name, value in (("segment", account.segment), ("strategy", account.strategy))
            if value
        )
        lines.append(f"  account      {account.number}: {sums} open{extra}")
    lines += _person_lines(person, found.number)
    lines += [f"  act {act['act']}: {act['kind']} by {act['by'] or '-'}: {act['reason']}" for act in acts]
    out.result(data, "\n".join(lines))
    return 0


def _edit(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell import wiring, wiring_customer
    from duewell.flows import customer as flow

    home = wiring_customer.country_of(session.creditor().country)
    given = {name.replace("-", "_"): getattr(args, name.replace("-", "_")) for name in DETAILS}
    details = {name: value for name, value in given.items() if value is not None}
    address = {name: getattr(args, name) for name in ADDRESS if getattr(args, name) is not None}
    told = flow.Told(
        details,
        args.add,
        args.replace,
        args.remove,
        args.account,
        args.segment,
        args.strategy,
        address,
        home,
    )
    known = book.find(args.number)
    country = args.country or (known.details["country"] if known else "")
    checks = wiring_customer.customer_checks(wiring_customer.country_of(country) or home)
    try:
        changes = flow.edit(book, args.number, told, checks, args.reason, dry_run=args.dry_run)
    except flow.BadCustomer as problem:
        raise WrongUse(str(problem)) from problem
    if not args.dry_run:
        wiring.seal(session.home, session.clock)
    lines = [f"  {change.what}: {change.before or '-'} before, {change.after or '-'} now" for change in changes]
    done = "dry run, nothing is written" if args.dry_run else f"customer {args.number} changed"
    data = {
        "customer": args.number,
        "dry_run": args.dry_run,
        "changes": [change._asdict() for change in changes],
    }
    out.result(data, "\n".join([done, *lines]) if changes else f"customer {args.number} is so already")
    return 0


def _merge(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell.flows import customer as flow

    try:
        both = [book.person_of(args.number), book.person_of(args.other, args.other_creditor)]
        act = flow.merge(book, args.number, args.other, args.other_creditor, args.reason, dry_run=not args.yes)
    except flow.BadCustomer as problem:
        raise WrongUse(str(problem)) from problem
    before = [person for person in both if person is not None]
    what = f"customers {args.number} and {args.other} are one person"
    return _tell(args, session, out, act, what, list(zip((args.number, args.other), before, strict=True)))


def _split(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell.flows import customer as flow

    try:
        before = book.person_of(args.number)
        act = flow.split(book, args.number, args.reason, dry_run=not args.yes)
    except flow.BadCustomer as problem:
        raise WrongUse(str(problem)) from problem
    assert before is not None
    return _tell(
        args, session, out, act, f"customer {args.number} is a person of its own", [(args.number, before)]
    )


def _unmerge(args: argparse.Namespace, out: Out) -> int:
    session, book = _open(args)
    from duewell.flows import customer as flow

    try:
        act = flow.undo(book, args.act, args.reason, dry_run=not args.yes)
    except flow.BadCustomer as problem:
        raise WrongUse(str(problem)) from problem
    return _tell(args, session, out, act, f"act {args.act} taken back", [])


def _tell(
    args: argparse.Namespace,
    session: Session,
    out: Out,
    act: Act,
    what: str,
    before: list[tuple[str, PersonOf]],
) -> int:
    from duewell import wiring
    from duewell.flows.customer import told_of

    if args.yes:
        wiring.seal(session.home, session.clock)
    data: dict[str, Any] = {
        "done": args.yes,
        "act": act.number,
        "before": [{"customer": number, **told_of(person)} for number, person in before],
        "after": told_of(act.person),
    }
    lines = []
    for number, person in before:
        lines += [f"customer {number} until now", *_person_lines(person, number)]
    lines += ["from then on" if not args.yes else "from now on", *_person_lines(act.person, "")]
    if args.yes:
        lines.append(f"act {act.number}: {what}; taken back with `duewell customer unmerge {act.number}`")
    else:
        data |= {"question": f"{what}?", "answer": "--yes"}
        lines.append(f"{what}? Then say --yes with --reason; nothing is written yet")
    out.result(data, "\n".join(lines))
    return 0 if args.yes else 1


def _person_lines(person: PersonOf, apart_from: str) -> list[str]:
    from duewell.flows.customer import CONTACT_DAYS

    others = [f"{same.number} ({same.name})" for same in person.customers if same.number != apart_from]
    lines = [f"  same person  {', '.join(others) or 'nobody else here'}"]
    if person.elsewhere:
        lines[0] += f", and {person.elsewhere} customer(s) of other creditors"
    lines += [f"  stop         {text}" for text in person.stops]
    lines += [f"  flag         {flag}" for flag in person.flags]
    return [*lines, f"  contacts     {person.contacts} in the latest {CONTACT_DAYS} days"]


def _open(args: argparse.Namespace) -> tuple[Session, Customers]:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_customer

    return session, wiring_customer.customers(creditor, session.clock, person(getattr(args, "by", None)))


def _sum(minor: int, currency: str) -> str:
    from duewell.core.units.money import Money

    return f"{Money(minor, currency).decimal():,} {currency}"
