"""demo: the whole loop on made-up books, from an open-items file to a proof that notices a changed byte."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final

from duewell.cli.output import Out, WorldFailed, WrongUse

STARTED_ON: Final = date(2026, 3, 2)
"""A Monday; the story's other days are counted from it."""


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare demo."""
    from duewell.cli import command

    demo = command(commands, "demo", "watch some weeks of a made-up firm, from a file to a proof", _demo)
    demo.add_argument("--customers", type=int, default=40, metavar="N", help="how many customers it has (40)")
    demo.add_argument("--days", type=int, default=30, metavar="N", help="how many days are told (30)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed tells the same story (1)")
    demo.add_argument("--keep", type=Path, metavar="DIR", help="play in this new folder, not in a temporary one")
    demo.add_argument("--no-serve", action="store_true", help="accepted for scripts: there are no pages yet")


def _demo(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters import demo as made_up
    from duewell.adapters.channels.email.sink import sink
    from duewell.cli.demo_stage import Stage, StoryBroke
    from duewell.cli.demo_story import tell

    if not made_up.CUSTOMERS_MIN <= args.customers <= 2_000:
        raise WrongUse(f"--customers: between {made_up.CUSTOMERS_MIN} (each has a part in the story) and 2000")
    if not 1 <= args.days <= 366:
        raise WrongUse("--days: between 1 and 366")
    folder = _folder(args.keep)
    if not out.as_json and any(os.environ.get(name) for name in ("DUEWELL_HOME", "DATABASE_URL")):
        out.talk("(your own installation is left alone: the demo plays in a folder of its own)")
    told_by = (lambda line: None) if out.as_json else (lambda line: print(line, flush=True))
    books = made_up.billing(STARTED_ON, args.days, args.customers, args.seed)
    with sink(folder / "mails") as server:
        stage = Stage(folder, server.url, told_by)
        try:
            told = tell(stage, books, args.days)
        except StoryBroke as problem:
            raise WorldFailed(f"{problem}. Everything lies in {folder}") from problem
    data: dict[str, Any] = {
        "folder": str(folder),
        "customers": args.customers,
        "days": args.days,
        "seed": args.seed,
        "commands": stage.commands,
        **told,
    }
    out.result(data, _afterwards(stage, books))
    return 0 if told["ok"] else 1


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="duewell-demo-"))
    folder = keep.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"--keep {keep}: choose a new or an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _afterwards(stage: Any, books: Any) -> str:
    """Where everything lies, and what to try next."""
    program = "duewell" if shutil.which("duewell") else f"{_short(sys.executable)} -m duewell"
    mails = sorted(stage.mails.glob("*.eml"))
    cast = books.cast
    now = f"--now {stage.day}T12:00Z"
    return "\n".join(
        [
            "",
            f"The mails lie in {stage.mails} ({len(mails)}): open one with any mail program.",
            "Nothing was really sent, and nothing is deleted: the folder is yours.",
            "",
            "What to try next:",
            f"  export DUEWELL_HOME={stage.home}",
            f"  {program} why {cast.owes_often} {now}",
            f"  {program} plan --list {now}",
            f"  {program} report aging {now}",
            f"  {program} evidence {cast.owes_often} --out proof.zip && {program} verify proof.zip",
            f"  {program} --help",
            "and with a file of your own: docs/tutorial/first-reminders.md",
        ]
    )


def _short(executable: str) -> str:
    """The interpreter as one would type it from here."""
    here = Path(executable)
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
