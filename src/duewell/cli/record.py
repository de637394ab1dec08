"""record payment, credit, correction, undo, list: one thing that a person tells of, without a file."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.flows.ports import CreditorView
    from duewell.flows.record import Booked
    from duewell.store.by_hand import ByHand


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare record."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser(
        "record",
        help="one payment, credit note or correction, by hand",
        description="One payment, credit note or correction, by hand.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="payment|credit|correction|undo|list")
    payment = command(verbs, "payment", "money that was received", _payment)
    credit = command(verbs, "credit", "a credit note that was given", _credit)
    for made in (payment, credit):
        made.add_argument("what", metavar="ACCOUNT|INVOICE", help="whose it is, or the invoice that it is for")
        made.add_argument("amount", metavar="AMOUNT", help="such as 40.00 or '40,00 EUR'")
        made.add_argument("--on", metavar="D", required=True, help="the day on which it counts, 2026-03-10")
        made.add_argument("--reference", default="", help="what the bank says, or the number of the credit note")
        made.add_argument(
            "--invoice", action="append", default=[], metavar="NUMBER", help="a further invoice that it is for"
        )
        made.add_argument("--currency", default="", metavar="CUR", help="where the amount does not say it")
        made.add_argument(
            "--again", action="store_true", help="an equal one of that day is known; this is another"
        )
    correction = command(verbs, "correction", "an invoice was billed or dated wrongly", _correction)
    correction.add_argument("what", metavar="INVOICE", help="number of the invoice")
    to = correction.add_mutually_exclusive_group()
    to.add_argument("--amount", default="", metavar="AMOUNT", help="what the invoice is about in all")
    to.add_argument("--cancel", action="store_true", help="nothing was to be billed")
    correction.add_argument("--due", metavar="D", help="the day on which it is due")
    undo = command(verbs, "undo", "take back a payment or credit note: it bounced, or never was", _undo)
    undo.add_argument("number", type=number, metavar="NUMBER", help="as `duewell record list` shows it")
    undo.add_argument("--bounced", metavar="D", help="it was real, and was returned on this day")
    listed = command(verbs, "list", "payments and credit notes of an account", _list)
    listed.add_argument("what", metavar="ACCOUNT", help="number of the account")
    for made in (payment, credit, correction, undo, listed):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
        if made is not undo:
            made.add_argument(
                "--account", default="", metavar="NUMBER", help="whose invoice, where the number is not enough"
            )
    for made in (payment, credit, correction):
        made.add_argument(
            "--decimal",
            choices=("point", "comma"),
            default="",
            help="the sign before the decimals, where it is open",
        )
    for made in (payment, credit, correction, undo):
        made.add_argument("--reason", default="", help="in a few words, for the record")
        made.add_argument("--dry-run", action="store_true", help="show what it would do, write nothing")
        made.add_argument("--by", default=None, metavar="NAME", help="who says so (default: who is logged in)")


def _payment(args: argparse.Namespace, out: Out) -> int:
    return _money(args, out, "payment")


def _credit(args: argparse.Namespace, out: Out) -> int:
    return _money(args, out, "credit")


def _money(args: argparse.Namespace, out: Out, kind: Any) -> int:
    session, creditor, book = _open(args)
    from duewell.cli.session import day
    from duewell.flows import hold, record

    try:
        booked = record.money(
            book,
            hold.target(book, args.what, args.account),
            kind,
            args.amount,
            day(args.on),
            session.today(creditor),
            decimal=args.decimal,
            currency=args.currency.upper(),
            named=args.invoice,
            reference=args.reference,
            reason=args.reason,
            again=args.again,
            dry_run=args.dry_run,
        )
    except record.KnownAlready as question:
        out.result({"recorded": False, "question": str(question), "answer": "--again"}, str(question))
        return 1
    except (hold.NoSuchTarget, record.BadRecord) as problem:
        raise WrongUse(str(problem)) from problem
    what = "payment" if kind == "payment" else "credit note"
    return _tell(args, session, out, booked, f"{what} {booked.payment} recorded")


def _correction(args: argparse.Namespace, out: Out) -> int:
    session, creditor, book = _open(args)
    from duewell.cli.session import day
    from duewell.flows import hold, record

    try:
        booked = record.correct(
            book,
            hold.target(book, args.what, args.account),
            args.reason,
            session.today(creditor),
            amount=args.amount,
            decimal=args.decimal,
            cancel=args.cancel,
            due_on=day(args.due) if args.due else None,
            dry_run=args.dry_run,
        )
    except (hold.NoSuchTarget, record.BadRecord) as problem:
        raise WrongUse(str(problem)) from problem
    text = f"invoice {args.what} corrected" if booked.changed else f"invoice {args.what} is so already"
    return _tell(args, session, out, booked, text)


def _undo(args: argparse.Namespace, out: Out) -> int:
    session, creditor, book = _open(args)
    from duewell.cli.session import day
    from duewell.flows import record

    bounced = day(args.bounced) if args.bounced else None
    try:
        booked = record.undo(
            book, args.number, args.reason, bounced, session.today(creditor), dry_run=args.dry_run
        )
    except record.BadRecord as problem:
        raise WrongUse(str(problem)) from problem
    return _tell(args, session, out, booked, f"number {args.number} taken back")


def _list(args: argparse.Namespace, out: Out) -> int:
    _, _, book = _open(args)
    from duewell.flows import hold

    try:
        what = hold.target(book, args.what, args.account)
    except hold.NoSuchTarget as problem:
        raise WrongUse(str(problem)) from problem
    found = book.listed(what.account)
    lines = []
    for one in found:
        kind = "payment" if one.kind == "payment" else "credit note"
        source = "by hand" if one.import_ is None else f"import {one.import_}"
        named = f" for {', '.join(one.named)}" if one.named else ""
        words = f" '{one.reference}'" if one.reference else ""
        left = (
            "" if one.left_minor == one.amount_minor else f", of which {_sum(one.left_minor, one.currency)} counts"
        )
        amount = _sum(one.amount_minor, one.currency)
        lines.append(f"{one.id:>6}  {one.paid_on}  {kind} of {amount}{named}{words} ({source}){left}")
    data = {
        "account": what.account_number,
        "payments": [
            {("import" if name == "import_" else name): value for name, value in one._asdict().items()}
            for one in found
        ],
    }
    out.result(data, "\n".join(lines) or f"no payment and no credit note of {what.account_number} is known")
    return 0


def _tell(args: argparse.Namespace, session: Session, out: Out, booked: Booked, text: str) -> int:
    from duewell import wiring

    if not args.dry_run:
        wiring.seal(session.home, session.clock)
    code = booked.currency
    lines = [f"dry run, nothing is written: {text}" if args.dry_run else text]
    for item in booked.items:
        lines.append(
            f"  {item.invoice}: {_sum(item.open_before_minor, code)} open before, "
            f"{_sum(item.open_after_minor, code)} after"
        )
    if booked.credit_before_minor or booked.credit_after_minor:
        lines.append(
            f"  credit of the account: {_sum(booked.credit_before_minor, code)} before, "
            f"{_sum(booked.credit_after_minor, code)} after"
        )
    lines.append(
        f"  open in all, less credit: {_sum(booked.open_before_minor, code)} before, "
        f"{_sum(booked.open_after_minor, code)} after"
    )
    if booked.listed_minor:
        shown = _sum(booked.listed_minor, code)
        lines.append(f"  a list of open items had shown {shown} of it as paid already: it counts once")
    data: dict[str, Any] = {"recorded": not args.dry_run, "dry_run": args.dry_run, **booked._asdict()}
    data["payment"] = None if args.dry_run and args.verb != "undo" else booked.payment
    data["items"] = [item._asdict() for item in booked.items]
    out.result(data, "\n".join(lines))
    return 0


def _open(args: argparse.Namespace) -> tuple[Session, CreditorView, ByHand]:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_record

    return session, creditor, wiring_record.by_hand(creditor, session.clock, person(getattr(args, "by", None)))


def _sum(minor: int, currency: str) -> str:
    from duewell.core.units.money import Money

    return f"{Money(minor, currency).decimal():,} {currency}"
