"""law rates: the numbers in force on a day, reference rates among them; and one more rate somebody has read."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from duewell.core.law.interest import RateTable


def add(made: argparse.ArgumentParser) -> None:
    """Declare the options that add a rate."""
    made.add_argument("--add", metavar="KEY", help="add a value to this reference rate, in a file of the home")
    made.add_argument("--from", dest="starts", metavar="D", help="with --add: the first day it is applied")
    made.add_argument("--until", metavar="D", help="with --add: the first day it is not known any more")
    made.add_argument("--percent", metavar="P", help="with --add: the rate in percent a year, such as 2.15")
    made.add_argument("--source", default="", help="with --add: where you read it")


def added(args: argparse.Namespace, out: Out) -> int:
    """Keep one more value of a reference rate."""
    from duewell.cli import session
    from duewell.cli.interest import percent

    if not (args.starts and args.until and args.percent and args.source.strip()):
        raise WrongUse("--add needs --from, --until, --percent and --source (where you read it)")
    opened = session.Session(args)
    from duewell import wiring_interest
    from duewell.adapters.files.marked_yaml import BadYaml

    starts, until = session.day(args.starts), session.day(args.until)
    if until <= starts:
        raise WrongUse("--until is the first day after the rate: it must come after --from")
    try:
        table = wiring_interest.add_rate(
            opened.home, args.add, starts, until, percent(args.percent), " ".join(args.source.split())
        )
    except BadYaml as problem:
        raise WrongUse(str(problem)) from problem
    out.result(
        {"rate": table.key, "from": starts.isoformat(), "until": until.isoformat(), "percent": args.percent},
        f"{table.key}: {args.percent} % from {starts}, known until {table.until_on}",
    )
    return 0


def reference(tables: Mapping[str, RateTable], day: date) -> list[dict[str, Any]]:
    """Each reference rate as it is on a day; `percent` is None where it is not known."""
    from duewell.core.law.interest import NoRate

    found = []
    for key in sorted(tables):
        table = tables[key]
        told: dict[str, Any] = {"rate": key, "title": table.title, "percent": None, "known_until": None}
        if table.rates:
            told["known_until"] = table.until_on.isoformat()
        try:
            rate = table.on(day)
        except NoRate:
            pass
        else:
            told |= {
                "percent": f"{rate.percent:f}",
                "from_on": rate.from_on.isoformat(),
                "source": rate.source,
                "confidence": rate.confidence,
            }
        found.append(told)
    return found


def lines(rates: list[dict[str, Any]]) -> list[str]:
    """The same for people."""
    told = ["reference rates"]
    for rate in rates:
        if rate["percent"] is None:
            told.append(f"  {rate['rate']:<22} not known: duewell law rates --add {rate['rate']} ...")
        else:
            told.append(f"  {rate['rate']:<22} {rate['percent']} % from {rate['from_on']}, {rate['title']}")
            told.append(f"    {rate['source']} ({rate['confidence']}); known until {rate['known_until']}")
    return told
