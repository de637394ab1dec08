"""report interest: what a law adds to one overdue invoice, period by period; nothing is charged."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from datetime import date

    from duewell.core.law.interest import Period
    from duewell.flows.interest import Debt, Told


def add(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare report interest."""
    from duewell.cli import command

    made = command(verbs, "interest", "what the law adds to an overdue invoice; charges nothing", _interest)
    made.add_argument("invoice", metavar="INVOICE", help="number of the invoice")
    made.add_argument("--as-of", metavar="D", help="the last day that counts, 2026-03-10 (default: today)")
    made.add_argument(
        "--account", metavar="NUMBER", default="", help="whose invoice, where several have the number"
    )
    made.add_argument("--debt", choices=("consumer", "business"), default="", help="of which kind the debt is")
    made.add_argument("--law", metavar="PLACE", default="", help="whose law, such as DE (default: see docs)")
    made.add_argument("--date-agreed", choices=("yes", "no"), help="was a calendar date for payment agreed?")
    made.add_argument("--received", metavar="D", help="when the invoice reached the customer")
    made.add_argument("--notice", metavar="D", help="when a formal notice or demand of interest reached them")
    made.add_argument("--warned", action="store_true", help="the invoice warned a consumer of default by itself")
    made.add_argument("--agreed-rate", metavar="PERCENT", help="a rate a year that the contract agrees on")
    made.add_argument(
        "--day-count",
        choices=("actual_365", "actual_actual", "thirty_360"),
        help="a way of counting days that the contract agrees on",
    )
    made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")


def _interest(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_interest
    from duewell.adapters.files.marked_yaml import BadYaml
    from duewell.core.law.interest import DayCount, NoRate
    from duewell.flows import interest as flow

    debt = _only(wiring_interest.debts(creditor).debts(args.invoice, args.account), args)
    asked = flow.Asked(
        debt=args.debt,
        place=args.law.upper(),
        date_agreed=None if args.date_agreed is None else args.date_agreed == "yes",
        invoice_received_on=day(args.received) if args.received else None,
        notice_on=day(args.notice) if args.notice else None,
        warned=args.warned,
        agreed_percent=percent(args.agreed_rate) if args.agreed_rate else None,
        day_count=DayCount(args.day_count) if args.day_count else None,
    )
    as_of = session.as_of(creditor)
    try:
        told = flow.tell(
            debt,
            wiring_interest.rules(),
            wiring_interest.tables(session.home),
            creditor.country,
            as_of,
            asked,
        )
    except (flow.CannotTell, BadYaml) as problem:
        raise WrongUse(str(problem)) from problem
    except NoRate as problem:
        raise WrongUse(f"{problem}: duewell law rates --add ... (docs/how-to/add-a-rate.md)") from problem
    out.result(_data(told, as_of), "\n".join(_lines(told, as_of)))
    return 0


def percent(text: str) -> Decimal:
    """A rate as typed, with a point or a comma. Raises `WrongUse`."""
    try:
        found = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not -100 < found < 1000:
        raise WrongUse(f"{text!r} is no rate in percent, such as 8.5")
    return found


def _only(found: Any, args: argparse.Namespace) -> Debt:
    if not found:
        raise WrongUse(f"there is no invoice {args.invoice!r}")
    if len(found) > 1:
        accounts = ", ".join(debt.account for debt in found)
        raise WrongUse(f"several accounts have an invoice {args.invoice!r} ({accounts}): name one with --account")
    debt: Debt = found[0]
    return debt


def _data(told: Told, as_of: date) -> dict[str, Any]:
    sheet = told.sheet
    return {
        "invoice": told.debt.number,
        "account": told.debt.account,
        "as_of": as_of.isoformat(),
        "currency": told.debt.currency,
        "debt": told.kind,
        "rule": told.rule.key,
        "source": told.rule.source,
        "from": told.from_on and told.from_on.isoformat(),
        "not_late": told.not_late,
        "periods": [_period(period) for period in sheet.periods] if sheet else [],
        "interest": sheet.interest_minor if sheet else 0,
        "uncapped": sheet.capped.uncapped_minor if sheet and sheet.capped else None,
        "flat_sum": None
        if told.flat_minor is None or told.rule.flat_sum is None
        else {
            "amount": told.flat_minor,
            "currency": told.rule.flat_sum.currency,
            "source": told.rule.flat_sum.source,
        },
        "remarks": list(told.remarks),
    }


def _period(period: Period) -> dict[str, Any]:
    from datetime import timedelta

    return {
        "from": period.from_on.isoformat(),
        "to": (period.until_on - timedelta(days=1)).isoformat(),
        "days": period.days,
        "principal": period.principal_minor,
        "percent": f"{period.percent.normalize():f}",
        "source": period.source,
        "interest": f"{period.interest:.4f}",
    }


def _lines(told: Told, as_of: date) -> list[str]:
    from duewell.core.units.money import Money

    debt, sheet = told.debt, told.sheet
    lines = [f"invoice {debt.number} of account {debt.account}, due {debt.due_on}, up to and with {as_of}"]
    if sheet is None:
        return [*lines, f"no interest: {told.not_late}", *told.remarks]
    lines.append(f"interest runs from {told.from_on} ({told.rule.key}, {told.kind} debt)")
    if sheet.periods:
        lines.append(f"  {'from':<10}  {'to':<10}  {'days':>5} {'principal':>14} {'% a year':>9} {'interest':>14}")
    for period in sheet.periods:
        row = _period(period)
        minor = period.interest.scaleb(-_places(debt.currency))
        lines.append(
            f"  {row['from']:<10}  {row['to']:<10}  {row['days']:>5}"
            f" {Money(period.principal_minor, debt.currency).decimal():>14,} {row['percent']:>9} {minor:>14,.4f}"
        )
    lines.append(f"  interest {Money(sheet.interest_minor, debt.currency).decimal():,} {debt.currency}")
    if sheet.capped is not None:
        was = Money(sheet.capped.uncapped_minor, debt.currency).decimal()
        lines.append(f"  without the cap it would be {was:,}: {sheet.capped.why}")
    if told.flat_minor is not None and told.rule.flat_sum is not None:
        flat = told.rule.flat_sum
        lines.append(
            f"  flat sum {Money(told.flat_minor, flat.currency).decimal():,} {flat.currency}: {flat.source}"
        )
    return lines + list(told.remarks) + ["nothing was charged"]


def _places(currency: str) -> int:
    from duewell.core.units.money import exponent

    return exponent(currency)
