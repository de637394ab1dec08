"""report aging; statement: what is owed, by age and entry by entry."""

from __future__ import annotations

import argparse
import shlex
from datetime import date
from typing import TYPE_CHECKING, Any

from duewell.cli import interest
from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session

BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_plus", "disputed", "unapplied", "total")
PAGE, PAGE_MAX = 100, 10_000
COLUMNS, NAMES = 80, 14


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare report aging and statement."""
    from duewell.cli import command

    top = commands.add_parser("report", help="what is owed, in figures", description="What is owed.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="aging|interest")
    aging = command(verbs, "aging", "what is open, by how long it is overdue", _aging)
    aging.add_argument("--as-of", metavar="D", help="civil date, 2026-03-10 (default: today)")
    aging.add_argument("--known-at", metavar="T", help="with what was known then (default: what is known now)")
    aging.add_argument("--by", choices=["account"], help="a line for each account")
    aging.add_argument("--after", metavar="NUMBER", help="with --by account: next page, without the totals")
    aging.add_argument(
        "--limit", type=_limit, metavar="N", help=f"with --by account: lines a page (default: {PAGE})"
    )
    interest.add(verbs)
    statement = command(commands, "statement", "what a customer owes, entry by entry", _statement)
    statement.add_argument("account", help="number of the account")
    statement.add_argument("--as-of", metavar="D", help="last day that counts (default: today)")
    statement.add_argument("--since", metavar="D", help="first day that is shown")
    statement.add_argument("--pdf", metavar="FILE", help="write it as paper for the customer, in their language")
    for made in (aging, statement):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")


def _aging(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, instant

    if not args.by and (args.after is not None or args.limit is not None):
        raise WrongUse("--after and --limit are for the pages of --by account")
    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows import report

    as_of = session.as_of(creditor)
    known_at = instant(args.known_at) if args.known_at else None
    book = wiring.reports(creditor)
    lines = [f"{creditor.name}, {as_of}"]
    data: dict[str, Any]
    if args.after:
        # The totals are of the whole book: the first page tells them, and the others cost what they show.
        data = report.asked(as_of, known_at)
    else:
        data = report.aging(book, as_of, known_at)
        lines += _table(data["totals"])
    if args.by:
        page = report.aging_page(book, as_of, known_at, args.after or "", args.limit or PAGE)
        data["accounts"] = [
            {"account": line.account, "currency": line.currency, **line.aged.as_dict()} for line in page.lines
        ]
        data["next"] = page.next
        lines += ["", *(_account_line(row) for row in data["accounts"])]
        if page.next:
            lines.append(_next_page(args, page.next))
    if not data.get("totals") and not data.get("accounts"):
        lines.append("nothing further is open" if args.after else "nothing is open")
    out.result(data, "\n".join(lines))
    return 0


def _statement(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring
    from duewell.flows import statement as flow

    as_of, since = session.as_of(creditor), day(args.since) if args.since else None
    try:
        if args.pdf:
            return _statement_pdf(args, session, as_of, since, out)
        data = flow.statement(wiring.reports(creditor), args.account, as_of, since)
    except flow.NoSuchAccount as problem:
        raise WrongUse(str(problem)) from problem
    lines = [f"account {data['account']}, up to {data['as_of']}"]
    for line in data["lines"]:
        amount = _money(line["amount_minor"], line["currency"])
        balance = _money(line["balance_minor"], line["currency"])
        lines.append(
            f"{line['on']}  {line['kind']:<12} {line['invoice']:<20} {line['currency']} {amount:>15} {balance:>15}"
        )
    lines += [f"owed: {_money(minor, currency)} {currency}" for currency, minor in data["balances"].items()]
    out.result(data, "\n".join(lines))
    return 0


def _statement_pdf(args: argparse.Namespace, session: Session, as_of: date, since: date | None, out: Out) -> int:
    from hashlib import sha256
    from pathlib import Path

    from duewell import wiring_letters

    file = Path(args.pdf).expanduser()
    pdf, data = wiring_letters.statement_pdf(session.home, session.creditor(), args.account, as_of, since)
    try:
        half = file.with_name(f".{file.name}.half")
        half.write_bytes(pdf)
        half.replace(file)
    except OSError as problem:
        raise WrongUse(
            f"{file} cannot be written ({problem.strerror}): name a file in a folder of yours"
        ) from problem
    data |= {"pdf": str(file), "bytes": len(pdf), "sha256": sha256(pdf).hexdigest()}
    out.result(data, f"written {file}: the statement of account {args.account} up to {as_of}")
    return 0


def _table(totals: dict[str, dict[str, int]]) -> list[str]:
    """A row for each bucket, the currencies side by side, as many as stand in eighty columns."""
    words = {"d1_30": "1-30 days", "d31_60": "31-60 days", "d61_90": "61-90 days", "d91_plus": "over 90 days"}
    columns = [
        [currency, *(_money(-row[name] if name == "unapplied" else row[name], currency) for name in BUCKETS)]
        for currency, row in totals.items()
    ]
    width = 2 + max((len(cell) for column in columns for cell in column), default=0)
    names = ["", *(words.get(name, name) for name in BUCKETS)]
    across = max(1, (COLUMNS - NAMES) // width)
    lines = []
    for start in range(0, len(columns), across):
        lines += [""] if start else []
        for name, *cells in zip(names, *columns[start : start + across], strict=True):
            lines.append(f"  {name:<{NAMES - 2}}" + "".join(f"{cell:>{width}}" for cell in cells))
    return lines


def _limit(text: str) -> int:
    """Lines of a page, as a type for argparse."""
    from duewell.cli.session import number

    found = number(text)
    if not 1 <= found <= PAGE_MAX:
        raise argparse.ArgumentTypeError(f"a page has 1 to {PAGE_MAX} lines")
    return found


def _next_page(args: argparse.Namespace, after: str) -> str:
    """The command for the page after this one, with all that was asked for."""
    told = {"as-of": args.as_of, "known-at": args.known_at, "creditor": args.creditor, "limit": args.limit}
    given = "".join(f" --{name} {shlex.quote(str(value))}" for name, value in told.items() if value)
    # With a sign of equality, for a number may begin with a dash.
    return f"more: duewell report aging --by account{given} --after={shlex.quote(after)}"


def _account_line(row: dict[str, Any]) -> str:
    parts = "  ".join(f"{name} {_money(row[name], row['currency'])}" for name in BUCKETS if row[name])
    return f"{row['account']}  {row['currency']}  {parts}"


def _money(minor: int, currency: str) -> str:
    from duewell.core.units.money import Money

    return f"{Money(minor, currency).decimal():,}"
