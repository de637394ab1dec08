"""law: which rules of law are kept, with what numbers, since when, and where each number comes from."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli import law_rates
from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.core.law.book import Book, Value
    from duewell.core.law.interest import RateTable

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"local_time": "local time", "local_dates": "days, by the local date"}
_WHO = {
    "agency": "who collects for others",
    "other_name": "a creditor under another name",
    "creditor": "a creditor in its own name",
}
_CONFIDENCE = {
    "V": "read in the law itself",
    "Vq": "the law's words as quoted elsewhere",
    "S": "from a secondary source",
    "K": "general knowledge",
    "policy": "our own choice",
}


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare law list, show, check and rates."""
    from duewell.cli import command

    top = commands.add_parser(
        "law",
        help="rule books: which rules are kept, their numbers and sources",
        description="Rule books: which rules are kept, their numbers and sources.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|show|check|rates")
    command(verbs, "list", "the rule books and what each rule says", _list)
    show = command(verbs, "show", "a book or a rule with every number, its dates and its source", _show)
    show.add_argument("what", metavar="BOOK|RULE", help="such as default, hours or stops.opt_out")
    check = command(verbs, "check", "read a folder of rule-book files; findings with their lines", _check)
    check.add_argument("path", type=Path, metavar="PATH", help="the folder of one book")
    rates = command(verbs, "rates", "the numbers in force on a day", _rates)
    rates.add_argument("--as-of", metavar="D", help="the day, 2026-03-10 (default: today, in UTC)")
    law_rates.add(rates)


def _list(args: argparse.Namespace, out: Out) -> int:
    books = _books()
    data = {"books": [_book(book, book.rules) for book in books]}
    lines = []
    for book in books:
        lines.append(f"rule book {book.key}  ({_whose(book)}; sha256 {book.digest[:12]}…)")
        lines += [f"  {rule:<20} {says}" for rule, says in book.rules.items()]
    out.result(data, "\n".join(lines) + "\n\nnumbers and sources: duewell law show RULE")
    return 0


def _show(args: argparse.Namespace, out: Out) -> int:
    found = [(book, rules) for book in _books() if (rules := _named(book, args.what))]
    if not found:
        known = sorted({book.key for book in _books()} | {rule for book in _books() for rule in book.rules})
        raise WrongUse(f"there is no rule book or rule {args.what!r} (known: {', '.join(known)})")
    data = {"books": [_book(book, rules) for book, rules in found]}
    shown = [_shown(book, rule) for book, rules in found for rule in rules]
    if args.what in {book.key for book, _ in found}:
        shown += [_replacing(book) for book, _ in found if book.replaces]
    out.result(data, "\n\n".join(shown))
    return 0


def _check(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters.files.marked_yaml import BadYaml
    from duewell.adapters.files.rulebook_file import read_book

    if not args.path.is_dir():
        raise WrongUse(f"{args.path} is not a folder: give the folder that holds the files of one rule book")
    try:
        book = read_book(args.path)
    except BadYaml as problem:
        told = [finding._asdict() for finding in problem.findings]
        out.result({"ok": False, "findings": told}, str(problem))
        return 1
    data = {"ok": True, "findings": [], "book": book.key, "digest": book.digest, "rules": sorted(book.rules)}
    out.result(data, f"rule book {book.key} is whole: {', '.join(sorted(book.rules))}\nsha256 {book.digest}")
    return 0


def _rates(args: argparse.Namespace, out: Out) -> int:
    if args.add:
        return law_rates.added(args, out)
    day = _day(args)
    held = [
        (book, name, value)
        for book in _books()
        for name, history in sorted(book.values.items())
        for value in history
        if value.from_on <= day and (value.until_on is None or day < value.until_on)
    ]
    reference = law_rates.reference(_tables(args), day)
    data = {
        "as_of": day.isoformat(),
        "rates": [{"book": book.key, "name": name, **_value(value)} for book, name, value in held],
        "reference": reference,
    }
    lines = [f"in force on {day.isoformat()}"]
    for book, name, value in held:
        lines += [f"  {name:<22} {_said(value)}", f"    {book.key}: {value.source}"]
    out.result(data, "\n".join([*lines, *law_rates.lines(reference)]))
    return 0


def _tables(args: argparse.Namespace) -> Mapping[str, RateTable]:
    """The reference rates as the home knows them; as shipped where there is no home."""
    from duewell.adapters.files.interest_file import shipped_tables, tables_of
    from duewell.adapters.files.marked_yaml import BadYaml
    from duewell.adapters.home import HomeProblem, open_home

    try:
        return tables_of(open_home(args.home).directory)
    except HomeProblem:
        return shipped_tables()
    except BadYaml as problem:
        raise WrongUse(str(problem)) from problem


def _books() -> tuple[Book, ...]:
    from duewell.adapters.files.rulebook_file import shipped_books

    return shipped_books()


def _day(args: argparse.Namespace) -> date:
    from duewell.cli import session

    if args.as_of:
        return session.day(args.as_of)
    if args.now:
        return session.Session(args).clock.now().date()
    from duewell.adapters.clock import SystemClock

    return SystemClock().now().date()


def _named(book: Book, what: str) -> list[str]:
    """The rules of a book that are meant: all of it, one rule or an answer of it, a topic, or by a value read."""
    from duewell.core.law.catalogue import ANSWERS, VALUES_READ

    if what == book.key:
        return list(book.rules)
    rule = ANSWERS.get(what, what)
    if rule in book.rules:
        return [rule]
    return [rule for rule in book.rules if rule.partition(".")[0] == what or what in VALUES_READ[rule]]


def _book(book: Book, rules: Iterable[str]) -> dict[str, Any]:
    return {
        "book": book.key,
        "place": book.place,
        "title": book.title,
        "digest": book.digest,
        "rules": _rules(book, rules),
        "replaces": [{**each._asdict(), "channels": sorted(each.channels)} for each in book.replaces],
    }


def _whose(book: Book) -> str:
    return book.title or "for every country"


def _bound(book: Book, rule: str) -> str:
    """Whom a rule binds, in words; empty where it is everybody."""
    cover = book.cover(rule)
    parts = []
    if len(cover.binds) < len(_WHO):
        parts.append(" and ".join(_WHO[who] for who in _WHO if who in cover.binds))
    if len(cover.debts) == 1:
        parts.append(f"debts of a {next(iter(cover.debts))}")
    return ", ".join(parts)


def _replacing(book: Book) -> str:
    lines = [f"limits of the default book that {book.key} replaces where a creditor relies on it alone"]
    for each in book.replaces:
        where = f" for {', '.join(sorted(each.channels))}" if each.channels else ""
        lines += [f"  {each.rule}{where}: {each.because}", f"    source: {each.source} ({each.confidence})"]
    return "\n".join(lines)


def _rules(book: Book, rules: Iterable[str]) -> list[dict[str, Any]]:
    from duewell.core.law.catalogue import VALUES_READ

    return [
        {
            "rule": rule,
            "says": book.rules[rule],
            "binds": sorted(book.cover(rule).binds),
            "debts": sorted(book.cover(rule).debts),
            "values": [
                {"name": name, "history": [_value(value) for value in book.values[name]]}
                for name in VALUES_READ[rule]
            ],
        }
        for rule in rules
    ]


def _value(value: Value) -> Mapping[str, Any]:
    from duewell.adapters.files.rulebook_file import as_written

    return {
        "value": as_written(value),
        "unit": value.unit,
        "from_on": value.from_on.isoformat(),
        "until_on": value.until_on and value.until_on.isoformat(),
        "source": value.source,
        "confidence": value.confidence,
    }


def _shown(book: Book, rule: str) -> str:
    from duewell.core.law.catalogue import VALUES_READ

    lines = [f"{rule}  (rule book {book.key})", f"  {book.rules[rule]}"]
    if bound := _bound(book, rule):
        lines.append(f"  binds by law: {bound}")
    for name in VALUES_READ[rule]:
        for value in book.values[name]:
            ends = f"until {value.until_on.isoformat()} (not included)" if value.until_on else "no end known"
            lines += [
                "",
                f"  {name}: {_said(value)}",
                f"    from {value.from_on.isoformat()}, {ends}",
                f"    source: {value.source}",
                f"    confidence: {value.confidence}, {_CONFIDENCE[value.confidence]}",
            ]
    return "\n".join(lines)


def _said(value: Value) -> str:
    """The value with its unit: `08:00 local time`, `Sunday`, `3 contacts`."""
    from duewell.adapters.files.rulebook_file import as_written

    written = as_written(value)
    if isinstance(written, list):
        return ", ".join(_WEEKDAYS[part - 1] if isinstance(part, int) else part for part in written) or "none"
    return f"{written} {_UNITS.get(value.unit, value.unit)}"
