"""backup, restore and restored: a copy of everything, the way back, and what has to be settled then."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.flows.backup import Manifest


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command

    backup = command(commands, "backup", "copy everything, checked, while work goes on", _backup)
    backup.add_argument(
        "target", type=Path, metavar="FILE|DIR", help="a new folder, or a new file that ends in .tar"
    )
    backup.add_argument(
        "--with-keys", action="store_true", help="take the keys along: whoever has the backup can then sign"
    )
    restore = command(commands, "restore", "make a home of a backup; it sends nothing until you say so", _restore)
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="what `backup` made")
    restore.add_argument("--keys", type=Path, metavar="DIR", help="the folder `keys`, where the backup has none")
    restored = command(
        commands, "restored", "settle what may have left between the backup and the restore", _restored
    )
    restored.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    restored.add_argument(
        "--left",
        type=Path,
        metavar="LOG",
        help="log of the mail server: what stands in it arrived, the rest did not",
    )
    restored.add_argument("--none-left", action="store_true", help="nothing was sent after the backup was made")
    restored.add_argument("--reason", default="", metavar="TEXT", help="how you know, for the record")
    restored.add_argument("--by", default=None, metavar="NAME", help="who says so (default: the user logged in)")


def _backup(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    from duewell import wiring_backup
    from duewell.flows.backup import BackupFailed, BackupRefused

    try:
        made = wiring_backup.back_up(
            session.home, args.target, session.clock, with_keys=args.with_keys, tell=out.progress
        )
    except BackupRefused as problem:
        raise WrongUse(str(problem)) from problem
    except BackupFailed as problem:
        raise WorldFailed(str(problem)) from problem
    size = args.target.stat().st_size if args.target.is_file() else _bytes(made)
    data: dict[str, Any] = {
        "backup": str(args.target),
        "made_at": made.made_at,
        "method": made.tables.method,
        "database": made.tables.database,
        "rows": sum(made.tables.rows.values()),
        "files": len(made.files),
        "bytes": size,
        "with_keys": made.with_keys,
    }
    keys = (
        "with the keys: keep it as safe as the home"
        if made.with_keys
        else f"without the keys: keep {session.home.directory / 'keys'} somewhere else, a restore needs them"
    )
    out.result(
        data,
        f"{args.target}: {data['rows']:,} rows and {data['files']:,} files, {size / 1e6:,.1f} MB,"
        f" as of {made.made_at}\n"
        f"copied {made.tables.method}; read back, counted and verified\n{keys}",
    )
    return 0


def _restore(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring_backup
    from duewell.adapters.home import HomeProblem
    from duewell.cli.session import clock
    from duewell.flows.backup import BackupFailed, BackupRefused

    try:
        home, made, restored = wiring_backup.restore(
            args.backup, args.home, args.keys, lambda home: clock(home, args.now), out.progress
        )
    except (BackupRefused, HomeProblem) as problem:
        raise WrongUse(str(problem)) from problem
    except BackupFailed as problem:
        raise WorldFailed(str(problem)) from problem
    doubted = sum(restored.unknown.values())
    data: dict[str, Any] = {
        "home": str(home.directory),
        "made_at": restored.made_at,
        "rows": sum(made.tables.rows.values()),
        "halted": restored.creditors,
        "unknown": doubted,
        "runs": {str(run): count for run, count in restored.unknown.items()},
    }
    lines = [
        f"{home.directory} is as it was at {restored.made_at}: {data['rows']:,} rows, verified",
        f"sending is halted for {restored.creditors} creditor(s)",
    ]
    if doubted:
        runs = ", ".join(f"run {run}: {count:,}" for run, count in restored.unknown.items())
        lines.append(
            f"{doubted:,} message(s) may have left since ({runs}): settle them with `duewell restored --left LOG`"
        )
    lines += [
        "what came later than the backup is not known here: import the newest lists and payments, and hold",
        "whoever got a message since (docs/how-to/back-up-and-restore.md); then `duewell resume`",
    ]
    out.result(data, "\n".join(lines))
    return 0


def _restored(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring, wiring_backup

    if args.left is not None and args.none_left:
        raise WrongUse("--left and --none-left say two things: give one of them")
    if args.left is None and not args.none_left:
        count = wiring_backup.doubted(creditor)
        out.result(
            {"creditor": creditor.key, "unknown": count},
            f"{count:,} message(s) of {creditor.key} may have left before the restore"
            + ("; settle them with --left LOG, --none-left, or one by one in `duewell review`" if count else ""),
        )
        return 1 if count else 0
    try:
        arrived, not_sent = wiring_backup.settle_restored(
            creditor, args.left, session.clock, person(args.by), args.reason
        )
    except OSError as problem:
        raise WrongUse(f"{args.left} cannot be read: {problem.strerror}") from problem
    wiring.seal(session.home, session.clock)
    out.result(
        {"creditor": creditor.key, "arrived": arrived, "not_sent": not_sent},
        f"{arrived:,} message(s) count as arrived, {not_sent:,} did not leave and may be planned again",
    )
    return 0


def _bytes(made: Manifest) -> int:
    return sum(size for size, _ in made.files.values())
