"""demo: three months of a made-up firm in a minute; or, with --story, some weeks of it told command by command."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from duewell.cli.output import Out, WorldFailed, WrongUse

STARTED_ON: Final = date(2026, 3, 2)
"""A Monday; the other days are counted from it."""
_CUSTOMERS: Final = (2_000, 40)
_DAYS: Final = (90, 30)


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare demo."""
    from duewell.cli import command

    demo = command(commands, "demo", "watch three months of a made-up firm; nothing is really sent", _demo)
    demo.add_argument("--story", action="store_true", help="some weeks of a small firm, told command by command")
    demo.add_argument(
        "--customers", type=int, metavar="N", help="how many customers it has (2000; 40 in the story)"
    )
    demo.add_argument("--days", type=int, metavar="N", help="how many days are told (90; 30 in the story)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed tells the same again (1)")
    demo.add_argument("--keep", type=Path, metavar="DIR", help="play in this new folder, not in a temporary one")
    demo.add_argument("--no-serve", action="store_true", help="accepted for scripts: there are no pages yet")


def _demo(args: argparse.Namespace, out: Out) -> int:
    from duewell.adapters import demo as made_up

    customers = _CUSTOMERS[args.story] if args.customers is None else args.customers
    days = _DAYS[args.story] if args.days is None else args.days
    fewest = made_up.CUSTOMERS_MIN if args.story else 1
    if not fewest <= customers <= (2_000 if args.story else 20_000):
        wanted = f"{fewest} (each has a part in the story) and 2000" if args.story else "1 and 20000"
        raise WrongUse(f"--customers: between {wanted}")
    if not 1 <= days <= 366:
        raise WrongUse("--days: between 1 and 366")
    folder = _folder(args.keep)
    if not out.as_json and any(os.environ.get(name) for name in ("DUEWELL_HOME", "DATABASE_URL")):
        out.talk("(your own installation is left alone: the demo plays in a folder of its own)")
    asked = {"folder": str(folder), "customers": customers, "days": days, "seed": args.seed}
    return (_story if args.story else _lapse)(asked, folder, out)


def _lapse(asked: dict[str, Any], folder: Path, out: Out) -> int:
    from duewell.adapters.demo.firm import firm
    from duewell.cli import demo_lapse, demo_summary
    from duewell.cli.demo_stage import StoryBroke

    told = firm(asked["seed"], STARTED_ON, asked["days"], asked["customers"])
    if not out.as_json:
        out.talk(
            f"A made-up wholesaler with {asked['customers']:,} customers in three languages, {asked['days']} days."
            " Mails go into a folder; nothing is really sent."
        )
    told_by = (lambda line: None) if out.as_json else (lambda line: print(line, flush=True))
    try:
        stage, lapse = demo_lapse.play(folder, told, told_by, _progress(out, told.started_on))
    except StoryBroke as problem:
        raise WorldFailed(f"{problem}. Everything lies in {folder}") from problem
    drawn = folder / "picture.svg"
    demo_summary.draw(lapse, drawn)
    data = {**asked, "commands": stage.commands, "picture": str(drawn), **demo_summary.figures(lapse)}
    data["ok"] = lapse.agrees
    out.result(data, demo_summary.text(lapse, drawn) + _next_of_lapse(stage, lapse))
    return 0 if lapse.agrees else 1


def _progress(out: Out, start: date) -> Callable[[int, int], None]:
    """A bar on a terminal; elsewhere a line for each fortnight."""

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            out.progress(f"{start + timedelta(days=done - 1):%d %b %Y}", done, total)
        elif not out.as_json and (done % 14 == 0 or done == total):
            out.talk(f"  day {done} of {total}")

    return tell


def _story(asked: dict[str, Any], folder: Path, out: Out) -> int:
    from duewell.adapters import demo as made_up
    from duewell.adapters.channels.email.sink import sink
    from duewell.cli.demo_stage import Stage, StoryBroke
    from duewell.cli.demo_story import tell

    told_by = (lambda line: None) if out.as_json else (lambda line: print(line, flush=True))
    books = made_up.billing(STARTED_ON, asked["days"], asked["customers"], asked["seed"])
    with sink(folder / "mails") as server:
        stage = Stage(folder, server.url, told_by)
        try:
            told = tell(stage, books, asked["days"])
        except StoryBroke as problem:
            raise WorldFailed(f"{problem}. Everything lies in {folder}") from problem
    out.result({**asked, "commands": stage.commands, **told}, _afterwards(stage, books))
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
    program = _program()
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


def _next_of_lapse(stage: Any, lapse: Any) -> str:
    """Three things to try next."""
    program = _program()
    now = f"--now {stage.day}T12:00Z"
    return "\n".join(
        [
            "",
            f"Mails: {stage.mails} ({lapse.counts['accepted']:,}): open one with any mail program.",
            f"Letters: {stage.home / 'print' / 'kornblum'}: files for the printer, each with its list.",
            "",
            "Three things to try next:",
            f"  export DUEWELL_HOME={stage.home}",
            f"  {program} why {lapse.written_most()} {now}",
            f"  {program} verify && {program} audit",
            f"  {program} demo --story",
            "and with a file of your own: docs/tutorial/first-reminders.md",
        ]
    )


def _program() -> str:
    return "duewell" if shutil.which("duewell") else f"{_short(sys.executable)} -m duewell"


def _short(executable: str) -> str:
    """The interpreter as one would type it from here."""
    here = Path(executable)
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
