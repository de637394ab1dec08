"""import invoices, customers, payments, credits; import undo."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli import questions
from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.core.intake import Reading
    from duewell.flows.import_file import Outcome

KINDS = {
    "invoices": "open items or invoices of a billing program",
    "customers": "customers with their addresses",
    "payments": "money received",
    "credits": "credit notes",
}


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser("import", help="take a file of another program", description="Take a file.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="|".join([*KINDS, "undo"]))
    for kind, text in KINDS.items():
        made = command(verbs, kind, text, _import)
        made.set_defaults(kind=kind)
        if kind == "invoices":
            made.add_argument(
                "file",
                type=Path,
                nargs="?",
                help="CSV, TSV or XLSX; or electronic invoices: XML, PDF, or a folder of them",
            )
        else:
            made.add_argument("file", type=Path, help="CSV, TSV or XLSX")
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
        made.add_argument(
            "--map", type=Path, metavar="FILE", help="saved mapping that says how to read such files"
        )
        made.add_argument("--save-map", type=Path, metavar="FILE", help="save what was said and found out")
        made.add_argument("--dry-run", action="store_true", help="show everything, write nothing")
        made.add_argument("--errors", type=Path, metavar="FILE", help="where rejected rows go (FILE.rejected.csv)")
        made.add_argument("--by", default=None, metavar="NAME", help="who imports (default: the user logged in)")
        made.add_argument("--books-as-of", metavar="T", help="when the file was exported (default: now)")
        if kind == "invoices":
            made.add_argument("--full", action="store_true", help="a complete list: what it misses is asked about")
            made.add_argument(
                "--documents", type=Path, metavar="DIR", help="PDFs of invoices, to be tied to those in the books"
            )
            made.add_argument(
                "--seller", action="append", default=[], metavar="NAME", help="how documents call this creditor"
            )
        _reading_options(made)
    undo = command(verbs, "undo", "take an import back by further entries", _undo)
    undo.add_argument("batch", type=number, help="number of the import")
    undo.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    undo.add_argument("--by", default=None, metavar="NAME", help="who undoes it (default: the user logged in)")


def _reading_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--amounts", choices=["original", "open"], help="what a single column of amounts means")
    made.add_argument("--currency", metavar="CUR", help="currency, where the file has none")
    made.add_argument("--terms", type=int, metavar="DAYS", help="days to pay, where the file has no due dates")
    made.add_argument(
        "--date-order", choices=["dmy", "mdy", "ymd", "excel"], help="order of dates such as 03/04/2026"
    )
    made.add_argument("--decimal", choices=["point", "comma"], help="sign before the decimals")
    made.add_argument("--encoding", help="encoding of a text file, such as cp1252")
    made.add_argument("--separator", help="comma, semicolon, tab, pipe, or the sign itself")
    made.add_argument("--header-row", type=int, metavar="N", help="line that names the columns; 0 for none")
    made.add_argument("--sheet", help="sheet of a workbook")
    made.add_argument("--lines", choices=["one", "sum", "repeat", "journal"], help="several rows per invoice")
    made.add_argument("--numbers", choices=["per_creditor", "per_customer"], help="whose numbers invoices have")
    made.add_argument("--round", action="store_true", help="round amounts with too many decimals")
    made.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN", help="what a column holds")
    made.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="what holds for every row")
    made.add_argument("--only", action="append", default=[], metavar="COLUMN=VALUE", help="take only such rows")
    made.add_argument(
        "--word", action="append", default=[], metavar="FIELD:WORD=MEANING", help="what a word means"
    )
    made.add_argument("--receivable-account", action="append", default=[], metavar="NAME", help="in a journal")


def _import(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, instant, person

    if args.file is None and args.documents is None:
        # Said before a home is opened, like every other wrong use of the line.
        args.parser.error("name a file or folder of invoices, or a folder of their PDFs with --documents DIR")
    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_intake
    from duewell.core.intake import FileRefused
    from duewell.flows.import_file import ImportStopped

    if args.kind == "invoices":
        from duewell.cli import documents

        if documents.are_meant(args):
            return documents.take(args, out, session, creditor, _said(args))
    now = session.clock.now()
    books_as_of = instant(args.books_as_of) if args.books_as_of else now
    if books_as_of > now:
        raise WrongUse(f"--books-as-of {args.books_as_of} is still to come: give the hour of the export")
    said = _said(args)
    try:
        reading = wiring_intake.reading(args.file, args.kind, said, creditor, books_as_of)
    except FileRefused as problem:
        raise WrongUse(f"{args.file}: {problem}") from problem
    except (OSError, ValueError) as problem:
        raise WrongUse(f"{args.file}: {problem}") from problem
    if reading.questions:
        return _ask(args, reading, out)
    for line in _shown(reading):
        out.talk(line)
    if args.save_map:
        wiring_intake.save_mapping(reading.mapping, args.kind, args.save_map)
        out.talk(f"mapping saved in {args.save_map}")
    from duewell.cli.documents import Ties

    ties = Ties(args, out, session, creditor)
    try:
        outcome = wiring_intake.import_file(
            session.home,
            creditor,
            session.clock,
            reading,
            args.file,
            books_as_of,
            full=getattr(args, "full", False),
            dry_run=args.dry_run,
            by=person(args.by),
            tell=out.progress,
            then=ties.make,
        )
    except ImportStopped as problem:
        raise WrongUse(str(problem)) from problem
    errors = None
    if outcome.rejected and not args.dry_run:
        errors = wiring_intake.write_rejected(reading, outcome.rejected, args.errors or _errors_beside(args.file))
    told = _told(reading, outcome, errors, dry_run=args.dry_run)
    out.result({**told, **ties.told()}, _text(outcome, errors, dry_run=args.dry_run) + ties.text())
    return 1 if outcome.rejected or ties.left else 0


def _undo(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring, wiring_intake
    from duewell.store.intake.undo import CannotUndo

    try:
        undone = wiring_intake.undo_import(creditor, session.clock, args.batch, person(args.by))
    except CannotUndo as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    told = [f"import {args.batch} taken back: {undone['entries']:,} correcting entries"]
    for count, what in (
        (undone["holds"], "holds it had made ended"),
        (undone["held_again"], "holds it had ended made again"),
        (undone["terms"], "invoices with their due date or reference of before"),
    ):
        if count:
            told.append(f"{count:>10,}  {what}")
    out.result(undone, "\n".join(told))
    return 0


def _said(args: argparse.Namespace) -> Any:
    from duewell import wiring_intake
    from duewell.core.intake import Mapping

    try:
        said = wiring_intake.load_mapping(args.map, args.kind) if args.map else Mapping()
    except OSError as problem:
        raise WrongUse(f"the mapping {args.map} cannot be read: {problem.strerror}") from problem
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in _pairs(args.only, "--only COLUMN=VALUE"):
        filters[name] = (*filters.get(name, ()), value)
    words: dict[str, dict[str, str]] = {}
    for name, value in _pairs(args.word, "--word FIELD:WORD=MEANING"):
        field, _, word = name.partition(":")
        words.setdefault(field, {})[word] = value
    return said.merged(
        Mapping(
            columns=dict(_pairs(args.column, "--column FIELD=COLUMN")),
            amounts=args.amounts,
            currency=args.currency,
            terms_days=args.terms,
            date_order=args.date_order,
            decimal=args.decimal,
            encoding=args.encoding,
            separator=args.separator,
            header_row=args.header_row,
            sheet=args.sheet,
            lines=args.lines,
            numbers=args.numbers,
            receivable_accounts=tuple(args.receivable_account),
            filters=filters,
            words=words,
            constants=dict(_pairs(args.set, "--set FIELD=VALUE")),
            rounded=args.round,
        )
    )


def _pairs(given: list[str], form: str) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise WrongUse(f"{text!r}: write {form}")
        pairs.append((name, value))
    return pairs


def _ask(args: argparse.Namespace, reading: Reading, out: Out) -> int:
    asked = questions.told(reading.questions)
    lines = [*_shown(reading), "", f"{len(asked)} question(s); nothing was written:"]
    for question in reading.questions:
        lines.append(f"* {question.question}")
        lines += [f"    row {one.row}  {one.column}  {one.value}" for one in question.examples[:3]]
        lines.append(f"    answer with {question.answer}")
    out.result({"file": str(args.file), "questions": asked, "decisions": _decisions(reading)}, "\n".join(lines))
    return 1


def _decisions(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "what": decision.what,
            "value": decision.value,
            "why": decision.why,
            "evidence": [one._asdict() for one in decision.evidence],
        }
        for decision in reading.decisions
    ]


def _shown(reading: Reading) -> list[str]:
    lines = []
    for decision in reading.decisions:
        rows = "".join(f"; row {one.row}: {one.value!r}" for one in decision.evidence[:2])
        lines.append(f"{decision.what}: {decision.value} ({decision.why}{rows})")
    for use in reading.columns:
        sample = f"e.g. {', '.join(use.sample)}" if any(use.sample) else "(empty)"
        lines.append(f"column {use.name!r}: {use.field or 'not used'}  {sample}")
    return lines


def _told(reading: Reading, outcome: Outcome, errors: Path | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        "batch": None if dry_run else outcome.batch,
        "dry_run": dry_run,
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "rejected": [
            {"row": bad.row, "column": bad.column, "value": bad.value, "reason": bad.reason, "remedy": bad.remedy}
            for bad in outcome.rejected
        ],
        "skipped": len(outcome.skipped),
        "skipped_rows": [row._asdict() for row in outcome.skipped],
        "remarks": [remark._asdict() for remark in outcome.remarks],
        "receivables": outcome.receivables,
        "totals_before": outcome.totals_before,
        "totals": outcome.totals,
        "error_file": str(errors) if errors else None,
        "decisions": _decisions(reading),
        "columns": [
            {"column": use.name, "field": use.field, "sample": list(use.sample)} for use in reading.columns
        ],
    }


def _text(outcome: Outcome, errors: Path | None, *, dry_run: bool) -> str:
    from duewell.core.units.money import Money

    lines = [
        "dry run: nothing was written" if dry_run else f"import {outcome.batch}",
        f"{outcome.rows:>10,}  rows: {outcome.new:,} new, {outcome.changed:,} changed, {outcome.unchanged:,}"
        f" unchanged, {len(outcome.rejected):,} rejected, {len(outcome.skipped):,} skipped",
    ]
    told = outcome.receivables
    if any(told.values()):
        lines.append(
            f"{told['new'] + told['changed'] + told['unchanged']:>10,}  invoices: {told['new']:,} new,"
            f" {told['changed']:,} changed, {told['unchanged']:,} unchanged"
            + (f"; {told['missing']:,} missing from the list and held" if told["missing"] else "")
        )
    for currency in sorted({*outcome.totals_before, *outcome.totals}):
        before = Money(outcome.totals_before.get(currency, 0), currency).decimal()
        after = Money(outcome.totals.get(currency, 0), currency).decimal()
        lines.append(f"open {currency}: {before:,} before, {after:,} now")
    lines += [
        f"row {bad.row}, {bad.column}: {bad.value!r}: {bad.reason.rstrip('.')}. {bad.remedy}"
        for bad in outcome.rejected[:10]
    ]
    if len(outcome.rejected) > 10:
        lines.append(f"... and {len(outcome.rejected) - 10:,} more")
    if errors:
        lines.append(f"rejected rows with reasons: {errors}")
    return "\n".join(lines)


def _errors_beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}.rejected.csv")
