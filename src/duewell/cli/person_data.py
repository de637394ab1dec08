"""person export, erase, due-for-erasure, sweep: what is kept about somebody, told and taken away."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.flows.erase import Erased


def declare(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands below `person`."""
    from duewell.cli import command

    export = command(verbs, "export", "everything that is held on a person, for whoever asks", _export)
    _who(export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for it")
    erase = command(verbs, "erase", "make what names a person unreadable; amounts and proof stay", _erase)
    _who(erase)
    erase.add_argument("--reason", required=True, metavar="TEXT", help="why, for the record; without names")
    erase.add_argument("--dry-run", action="store_true", help="show what would go and what is open, erase nothing")
    erase.add_argument(
        "--open-items-stay", action="store_true", help="erase what no open claim needs, and keep the rest"
    )
    erase.add_argument("--by", default=None, metavar="NAME", help="who erases (default: the user logged in)")
    due = command(verbs, "due-for-erasure", "closed accounts that are older than the creditor keeps them", _due)
    due.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    due.add_argument("--erase", action="store_true", help="erase them now, up to a thousand")
    command(verbs, "sweep", "write the database anew, so that no page keeps what was erased", _sweep)


def _who(made: argparse.ArgumentParser) -> None:
    made.add_argument("who", metavar="PERSON", help="number of the customer or of the account")
    made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    made.add_argument("--everywhere", action="store_true", help="with every creditor of this installation")


def _export(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_person
    from duewell.flows.erase import NoSuchPerson

    if args.out.exists():
        raise WrongUse(f"{args.out} exists already: give a new folder")
    try:
        told = wiring_person.disclose(session.home, creditor, args.who, everywhere=args.everywhere)
    except NoSuchPerson as problem:
        raise WrongUse(f"{problem} with {creditor.key}") from problem
    try:
        files = wiring_person.write_disclosure(told, args.out)
    except OSError as problem:
        raise WorldFailed(f"{args.out} cannot be written: {problem.strerror}") from problem
    data: dict[str, Any] = {
        "person": args.who,
        "out": str(args.out),
        "creditors": [one["creditor"] for one in told.data["creditors"]],
        "files": len(files),
        "messages": len(told.messages),
    }
    out.result(
        data,
        f"{args.out}/person.html and person.json, with {len(told.messages)} message(s), from"
        f" {', '.join(data['creditors'])}\nit is personal: hand it over safely, then remove the folder",
    )
    return 0


def _erase(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_person
    from duewell.flows.erase import NoSuchPerson, SomethingOpen, Wanted

    wanted = Wanted(args.who, args.everywhere, args.open_items_stay, args.reason, person(args.by))
    try:
        act = wiring_person.would_erase if args.dry_run else wiring_person.erase
        done = act(session.home, creditor, session.clock, wanted)
    except NoSuchPerson as problem:
        raise WrongUse(f"{problem} with {creditor.key}") from problem
    except SomethingOpen as problem:
        raise WrongUse(str(problem)) from problem
    told = _told(done)
    verb = "would be" if args.dry_run else "were"
    lines = [
        f"{told['words']:,} rows {verb} emptied, {done.facts:,} facts written anew,"
        f" {done.messages:,} messages gone"
    ]
    lines += [f"file {name}" for name in done.files]
    lines += [f"open: {thing}" for thing in done.kept]
    if done.kept:
        lines.append("what these need stays: erase again when they are settled")
    if not done.looked_through:
        lines.append("the database is large: let `duewell person sweep` write it anew at a quiet hour")
    if not args.dry_run:
        lines.append("copies elsewhere keep what they have: backups, mailboxes, files that were exported")
    out.result({"person": args.who, "dry_run": args.dry_run, **told}, "\n".join(lines))
    return 1 if done.kept else 0


def _due(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring_person

    if args.erase:
        done = wiring_person.erase_due(session.home, creditor, session.clock)
        out.result({"creditor": creditor.key, "erased": len(done)}, f"{len(done):,} person(s) erased")
        return 0
    due = wiring_person.due_for_erasure(creditor, session.clock)
    data = {
        "creditor": creditor.key,
        "due": [{"account": one.number, "latest_at": one.latest_at.isoformat()} for one in due],
    }
    lines = [f"{one.number}  nothing since {one.latest_at.date().isoformat()}" for one in due]
    out.result(
        data, "\n".join(lines) or "nobody is due (how long accounts are kept: creditor edit --retention-days)"
    )
    return 0


def _sweep(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    Session(args)
    from duewell import wiring_person

    wiring_person.sweep()
    out.result({"rewritten": True}, "the database was written anew")
    return 0


def _told(done: Erased) -> dict[str, Any]:
    return {
        "words": sum(done.rows.values()),
        "rows": dict(done.rows),
        "facts": done.facts,
        "messages": done.messages,
        "accounts": done.accounts,
        "files": list(done.files),
        "open": list(done.kept),
        "looked_through": done.looked_through,
    }
