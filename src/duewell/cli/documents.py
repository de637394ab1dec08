"""import invoices of XML, PDF or a folder; --documents; documents list, export."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli import questions
from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.cli.session import Session
    from duewell.core.intake import Mapping, Rejected
    from duewell.core.intake.e_invoice_look import Pile
    from duewell.flows.ask_why import Found
    from duewell.flows.import_file import Outcome
    from duewell.flows.ports import CreditorView
    from duewell.flows.tie_documents import Tied

_OF_TABLES = (
    "map save_map amounts currency date_order decimal encoding separator header_row sheet lines numbers".split()
)
_LISTED_MAX = 10


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare documents."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser(
        "documents",
        help="the invoices themselves, as XML and PDF",
        description="The invoices themselves, as XML and PDF.",
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|export")
    listed = command(verbs, "list", "the documents of an account or invoice", _list)
    export = command(verbs, "export", "write documents as they came in", _export)
    for made in (listed, export):
        made.add_argument("number", metavar="ACCOUNT|INVOICE", help="number of an account or of an invoice")
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where several have the number")
        made.add_argument("--account", metavar="NUMBER", default="", help="whose invoice, where several have one")
        made.add_argument(
            "--kind", choices=("account", "invoice"), default="", help="which, where both have the number"
        )
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
    export.add_argument("--only", type=number, metavar="ID", help="one document, as `documents list` shows it")


def are_meant(args: argparse.Namespace) -> bool:
    """Whether the path of `import invoices` holds electronic invoices rather than a table, or there is none."""
    from duewell import wiring_documents

    if args.file is None:
        return True
    try:
        return wiring_documents.is_pile(args.file)
    except OSError as problem:
        raise WrongUse(f"{args.file}: {problem.strerror}") from problem


def take(args: argparse.Namespace, out: Out, session: Session, creditor: CreditorView, said: Mapping) -> int:
    """Take electronic invoices."""
    from duewell import wiring_documents
    from duewell.cli.session import person
    from duewell.core.intake import FileRefused
    from duewell.flows.import_file import ImportStopped

    if args.file is None:
        return _tie_alone(args, out, session, creditor)
    given = [name for name in _OF_TABLES if getattr(args, name) not in (None, False, [])]
    given += [name for name in ("column", "only", "word", "receivable_account", "full") if getattr(args, name)]
    if given or args.books_as_of:
        option = f"--{(given or ['books_as_of'])[0].replace('_', '-')}"
        raise WrongUse(f"{option} says how to read a table: electronic invoices say it themselves")
    try:
        on_disk, pile = wiring_documents.look(session.home, args.file, said, creditor, args.seller, out.progress)
    except FileRefused as problem:
        raise WrongUse(f"{args.file}: {problem}") from problem
    except OSError as problem:
        raise WrongUse(f"{args.file}: {problem.strerror}") from problem
    if pile.questions:
        return _ask(args, pile, out)
    ties = Ties(args, out, session, creditor)
    try:
        outcome, kept = wiring_documents.import_pile(
            session.home,
            creditor,
            session.clock,
            on_disk,
            pile,
            args.file,
            dry_run=args.dry_run,
            by=person(args.by),
            tell=out.progress,
            then=ties.make,
        )
    except ImportStopped as problem:
        raise WrongUse(str(problem)) from problem
    errors = None
    if len(pile.names) > 1 and outcome.rejected and not args.dry_run:
        errors = wiring_documents.write_rejected(outcome.rejected, args.errors or _errors_beside(args.file))
    told = _told(pile, outcome, kept, on_disk.others, errors, dry_run=args.dry_run)
    text = _text(pile, outcome, kept, on_disk.others, errors, dry_run=args.dry_run)
    out.result({**told, **ties.told()}, text + ties.text())
    return 1 if outcome.rejected or ties.left else 0


class Ties:
    """What `--documents DIR` does beside an import; nothing where it is not given."""

    def __init__(self, args: argparse.Namespace, out: Out, session: Session, creditor: CreditorView) -> None:
        """Raises `WrongUse` where it names no folder."""
        self._folder: Path | None = getattr(args, "documents", None)
        if self._folder is not None and not self._folder.is_dir():
            raise WrongUse(f"--documents {self._folder}: it is not a folder")
        self._args, self._out, self._session, self._creditor = args, out, session, creditor
        self._done: tuple[Tied, int | None] | None = None

    def make(self) -> None:
        """Tie the PDFs of the folder to what is in the books now."""
        from duewell import wiring_documents
        from duewell.cli.session import person

        if self._folder is not None:
            self._done = wiring_documents.tie(
                self._creditor,
                self._session.clock,
                self._folder,
                by=person(self._args.by),
                tell=self._out.progress,
            )

    @property
    def left(self) -> bool:
        """Whether a PDF was tied to nothing."""
        return self._done is not None and bool(self._done[0].left)

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return {} if self._done is None else {"tied": _tied(*self._done, dry_run=self._args.dry_run)}

    def text(self) -> str:
        """As text, to stand below that of the import."""
        return "" if self._done is None else "\n" + _tied_text(*self._done, dry_run=self._args.dry_run)


def _tie_alone(args: argparse.Namespace, out: Out, session: Session, creditor: CreditorView) -> int:
    from duewell import wiring_documents
    from duewell.cli.session import person

    try:
        tied, batch = wiring_documents.tie_alone(
            session.home,
            creditor,
            session.clock,
            args.documents,
            dry_run=args.dry_run,
            by=person(args.by),
            tell=out.progress,
        )
    except NotADirectoryError as problem:
        raise WrongUse(f"--documents {args.documents}: it is not a folder") from problem
    told = _tied(tied, batch, dry_run=args.dry_run)
    out.result({"dry_run": args.dry_run, "tied": told}, _tied_text(tied, batch, dry_run=args.dry_run))
    return 1 if tied.left else 0


def _tied(tied: Tied, batch: int | None, *, dry_run: bool) -> dict[str, Any]:
    found = [tie for tie in tied.ties if tie.invoice is not None]
    return {
        "batch": None if dry_run else batch,
        "documents": len(tied.ties),
        "new": tied.new,
        "known": len(found) - tied.new,
        "ties": [{"file": tie.name, "invoice": tie.invoice.number, "by": tie.how} for tie in found if tie.invoice],
        "left": [
            {"file": tie.name, "reason": tie.reason, "remedy": tie.remedy, "candidates": list(tie.candidates)}
            for tie in tied.left
        ],
    }


def _tied_text(tied: Tied, batch: int | None, *, dry_run: bool) -> str:
    found = len(tied.ties) - len(tied.left)
    end = "dry run: nothing was kept" if dry_run else f"import {batch}" if batch else "nothing new"
    lines = [
        f"{len(tied.ties):>10,}  PDFs: {found:,} tied to an invoice, {tied.new:,} of them new; {len(tied.left):,}"
        f" tied to none ({end})"
    ]
    lines += [f"{tie.name}: {tie.reason}. {tie.remedy}" for tie in tied.left[:_LISTED_MAX]]
    if len(tied.left) > _LISTED_MAX:
        lines.append(f"... and {len(tied.left) - _LISTED_MAX:,} more")
    return "\n".join(lines)


def _found(args: argparse.Namespace, session: Session, out: Out) -> tuple[CreditorView, Found] | None:
    """The account or invoice that is meant, or None, which has been told."""
    from duewell.cli import why

    views = why.views(session)
    found = why.find(args, views)
    if len(found) != 1:
        why.not_one(args, views, found, out)
        return None
    return views[found[0].creditor], found[0]


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_documents

    meant = _found(args, session, out)
    if meant is None:
        return 2
    creditor, found = meant
    kept = wiring_documents.documents_of(creditor, found.account, found.receivable)
    lines = [
        f"{one.id:>8}  {one.recorded_at:%Y-%m-%d}  {'credit note' if one.is_credit else 'invoice'} {one.number}"
        f"  {_size(one.size)}  {'(erased)' if one.erased else one.name}"
        for one in kept
    ]
    out.result(
        {
            "account": found.number,
            "invoice": found.invoice,
            "documents": [{**one._asdict(), "recorded_at": one.recorded_at.isoformat()} for one in kept],
        },
        "\n".join(lines) or "no documents",
    )
    return 0


def _size(size: int) -> str:
    return f"{size / 1024:,.0f} kB" if size >= 10_240 else f"{size:,} B"


def _export(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_documents

    meant = _found(args, session, out)
    if meant is None:
        return 2
    creditor, found = meant
    kept = wiring_documents.documents_of(creditor, found.account, found.receivable)
    if args.only is not None:
        kept = [one for one in kept if one.id == args.only]
        if not kept:
            raise WrongUse(f"{args.number} has no document {args.only}: duewell documents list {args.number}")
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        written = []
        for one in kept:
            content = wiring_documents.content_of(creditor, one.id)
            if content is None:
                out.talk(f"document {one.id} was erased")
                continue
            path = args.out / f"{one.id}-{Path(one.name).name}"
            path.write_bytes(content)
            written.append(str(path))
    except ValueError as problem:
        raise WorldFailed(str(problem)) from problem
    except OSError as problem:
        raise WorldFailed(f"{args.out}: {problem.strerror}") from problem
    out.result({"files": written}, "\n".join(written) or "no documents")
    return 0


def _errors_beside(source: Path) -> Path:
    plain = source.resolve()
    return plain.with_name(f"{plain.name}.rejected.csv")


def _ask(args: argparse.Namespace, pile: Pile, out: Out) -> int:
    asked = questions.told(pile.questions)
    lines = [f"{len(asked)} question(s); nothing was written:"]
    for each in pile.questions:
        lines.append(f"* {each.question}")
        lines += [f"    {one.column}  {one.value or '(says nothing of it)'}" for one in each.examples]
        lines.append(f"    answer with {each.answer}")
    told = {
        "file": str(args.file),
        "questions": asked,
        "decisions": [],
        "rejected": [_one(pile, bad) for bad in pile.rejected],
    }
    out.result(told, "\n".join([*lines, *_rejected_lines(pile, list(pile.rejected))]))
    return 1


def _one(pile: Pile, bad: Rejected) -> dict[str, Any]:
    return {
        "row": bad.row,
        "file": pile.names[bad.row - 1],
        "column": bad.column,
        "value": bad.value,
        "reason": bad.reason,
        "remedy": bad.remedy,
    }


def _told(
    pile: Pile, outcome: Outcome, kept: int, others: int, errors: Path | None, *, dry_run: bool
) -> dict[str, Any]:
    return {
        "batch": None if dry_run else outcome.batch,
        "dry_run": dry_run,
        "rows": outcome.rows,
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "rejected": [_one(pile, bad) for bad in outcome.rejected],
        "skipped": 0,
        "skipped_rows": [],
        "remarks": [{**remark._asdict(), "file": pile.names[remark.row - 1]} for remark in outcome.remarks],
        "receivables": outcome.receivables,
        "totals_before": outcome.totals_before,
        "totals": outcome.totals,
        "documents": kept,
        "other_files": others,
        "error_file": str(errors) if errors else None,
        "decisions": [],
        "columns": [],
    }


def _text(pile: Pile, outcome: Outcome, kept: int, others: int, errors: Path | None, *, dry_run: bool) -> str:
    from duewell.core.units.money import Money

    lines = [
        "dry run: nothing was written" if dry_run else f"import {outcome.batch}",
        f"{outcome.rows:>10,}  documents: {outcome.new:,} new, {outcome.changed:,} changed,"
        f" {outcome.unchanged:,} unchanged, {len(outcome.rejected):,} rejected",
        f"{kept:>10,}  kept beside their invoices and credit notes",
    ]
    if others:
        lines.append(f"{others:>10,}  other files in the folder, neither XML nor PDF, were left alone")
    for currency in sorted({*outcome.totals_before, *outcome.totals}):
        before = Money(outcome.totals_before.get(currency, 0), currency).decimal()
        after = Money(outcome.totals.get(currency, 0), currency).decimal()
        lines.append(f"open {currency}: {before:,} before, {after:,} now")
    remarks = outcome.remarks
    lines += [f"{pile.names[each.row - 1]}: {each.text}" for each in remarks[:_LISTED_MAX]]
    if len(remarks) > _LISTED_MAX:
        lines.append(f"... and {len(remarks) - _LISTED_MAX:,} more remarks (--json lists them all)")
    lines += _rejected_lines(pile, outcome.rejected)
    if errors:
        lines.append(f"rejected documents with reasons: {errors}")
    return "\n".join(lines)


def _rejected_lines(pile: Pile, rejected: list[Rejected]) -> list[str]:
    lines = []
    for bad in rejected[:_LISTED_MAX]:
        where = f", {bad.column}" if bad.column else ""
        value = f": {bad.value!r}" if bad.value else ""
        lines.append(f"{pile.names[bad.row - 1]}{where}{value}: {bad.reason.rstrip('.')}. {bad.remedy}")
    if len(rejected) > _LISTED_MAX:
        lines.append(f"... and {len(rejected) - _LISTED_MAX:,} more")
    return lines
