"""print list, make, show, hand-over, cancel, returned: letters on their way to the printer and back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from duewell.cli.output import Out, WorldFailed, WrongUse

if TYPE_CHECKING:
    from duewell.flows.print_batches import LetterView
    from duewell.flows.unwanted_letters import Unwanted

PAGE = 50


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser("print", help="letters for the printer", description="Letters for the printer.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|make|show|hand-over|cancel|returned")
    listed = command(verbs, "list", "letters that wait, and print batches, newest first", _list)
    listed.add_argument("--after", type=number, default=0, metavar="BATCH", help="next page: batches below this")
    make = command(
        verbs, "make", "one file of the letters that are released, or the rest of one left half-way", _make
    )
    make.add_argument("--limit", type=int, default=2000, metavar="N", help="letters in one file, at most (2000)")
    show = command(verbs, "show", "the letters of a batch, in the order of its file", _show)
    show.add_argument("--again", action="store_true", help="write the file once more, from what was kept")
    over = command(verbs, "hand-over", "the letters are in the post: they count as delivered today", _hand_over)
    cancel = command(verbs, "cancel", "the file was not printed: its letters wait again", _cancel)
    over.add_argument(
        "--without",
        type=number,
        action="append",
        default=[],
        metavar="ATTEMPT",
        help="this letter was taken out and does not leave; repeat for several",
    )
    over.add_argument("--anyway", action="store_true", help="also what is no longer wanted: it is posted already")
    for made in (show, over, cancel):
        made.add_argument("batch", type=number, metavar="BATCH", help="number of the batch")
    back = command(verbs, "returned", "a letter came back: it goes on by the next channel of its step", _returned)
    back.add_argument("attempt", type=number, metavar="ATTEMPT", help="number of the letter, as in print show")
    for made in (cancel, back):
        made.add_argument("--reason", default="", help="why, in one line")
    for made in (listed, make, show, over, cancel, back):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")
    for made in (make, over, cancel, back):
        made.add_argument("--by", default=None, metavar="NAME", help="who does it (default: who is logged in)")


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring_print
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    book = wiring_print.batches(creditor, session.clock, "")
    shelf = wiring_print.shelf(session.home, creditor)
    waiting, found = book.waiting(), book.all(args.after, PAGE)
    lines = [f"{waiting:,} letter(s) wait to be printed: duewell print make"] if waiting else []
    lines += [
        f"{one.id}  {one.state.replace('_', ' '):<11} {one.letters:>6,} letter(s)  {one.made_at[:16]}  "
        + (shelf.path(one.id) if one.state in ("ready", "handed_over") else "")
        for one in found
    ]
    if len(found) == PAGE:
        lines.append(f"more: duewell print list --after {found[-1].id}")
    out.result(
        {"waiting": waiting, "batches": [one._asdict() for one in found]},
        "\n".join(lines) or "no letter waits, and nothing was printed yet",
    )
    return 0


def _make(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_print
    from duewell.cli.session import Session, person
    from duewell.flows import print_batches as flow

    if not 1 <= args.limit <= flow.LETTERS_MAX:
        raise WrongUse(f"--limit: between 1 and {flow.LETTERS_MAX}")
    session = Session(args)
    creditor = session.creditor()
    try:
        with wiring_print.desk(session.home, creditor, session.clock, person(args.by)) as desk:
            made = flow.make(desk, args.limit, lambda done: out.progress("letters", done))
    except OSError as problem:
        raise WorldFailed(
            f"the file for the printer cannot be written ({problem.strerror}): make room, and run it again"
        ) from problem
    finally:
        wiring.seal(session.home, session.clock)
    lines = [f"{count:>8,}  withheld: {reason}" for reason, count in sorted(made.withheld.items())]
    if made.batch is not None:
        lines.insert(0, f"batch {made.batch}: {made.letters:,} letter(s) in {made.file}")
        lines.append(f"when it is in the post: duewell print hand-over {made.batch}")
    elif not made.halted:
        lines.append("no letter is to be printed now")
    if made.halted:
        lines.append("the kill switch is on: duewell resume")
    out.result(made._asdict(), "\n".join(lines))
    return 0


def _show(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring_print
    from duewell.cli.session import Session
    from duewell.flows import print_batches as flow

    session = Session(args)
    creditor = session.creditor()
    book = wiring_print.batches(creditor, session.clock, "")
    found = book.view(args.batch)
    if found is None:
        raise WrongUse(f"there is no print batch {args.batch}: `duewell print list` shows them")
    file = wiring_print.shelf(session.home, creditor).path(found.id) if found.digest else ""
    if args.again:
        try:
            with wiring_print.desk(session.home, creditor, session.clock, "") as desk:
                file = flow.again(desk, found.id)
        except flow.CannotPrint as problem:
            raise WrongUse(str(problem)) from problem
    letters = book.listed(found.id)
    lines = [f"batch {found.id}: {found.state.replace('_', ' ')}, {found.letters:,} letter(s) {file}"]
    unwanted = wiring_print.unwanted(session.home, creditor, session.clock, found.id)
    why = {one.attempt: f"  no longer wanted: {one.reason}" for one in unwanted}
    lines += [
        f"{one.attempt:>8}  {one.state:<10} account {one.account}  {one.name}{why.get(one.attempt, '')}"
        for one in letters
    ]
    told = {"listed": [one._asdict() for one in letters], "unwanted": [one._asdict() for one in unwanted]}
    out.result({**found._asdict(), "file": file, **told}, "\n".join(lines))
    return 0


def _hand_over(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_print
    from duewell.cli.session import Session, person
    from duewell.flows import print_batches as flow

    session = Session(args)
    creditor = session.creditor()
    book = wiring_print.batches(creditor, session.clock, person(args.by))
    try:
        flow.may_be_handed_over(book, args.batch, args.without)
    except flow.CannotPrint as problem:
        raise WrongUse(str(problem)) from problem
    unwanted = [
        one
        for one in wiring_print.unwanted(session.home, creditor, session.clock, args.batch)
        if one.attempt not in args.without
    ]
    if unwanted and not args.anyway:
        return _asks_first(args.batch, unwanted, book.listed(args.batch), args.without, out)
    moved = flow.hand_over(book, args.batch, args.without)
    wiring.seal(session.home, session.clock)
    out.result(
        {"batch": args.batch, "letters": moved, "unwanted": []},
        f"{moved:,} letter(s) of batch {args.batch} are in the post",
    )
    return 0


def _asks_first(
    batch: int, unwanted: Sequence[Unwanted], listed: Sequence[LetterView], without: Sequence[int], out: Out
) -> int:
    """Tell which letters nobody should get any more; nothing is handed over."""
    known = {one.attempt: one for one in listed}
    lines = [f"nothing is handed over yet: {len(unwanted):,} letter(s) of batch {batch} are no longer wanted"]
    lines += [
        f"{one.attempt:>8}  account {known[one.attempt].account}  {known[one.attempt].name}: {one.reason}."
        f" {one.text}"
        for one in unwanted
    ]
    options = " ".join(f"--without {attempt}" for attempt in (*without, *(one.attempt for one in unwanted)))
    lines.append(f"take them out, then: duewell print hand-over {batch} {options}")
    lines.append(f"or, if they are in the post already: duewell print hand-over {batch} --anyway")
    out.result({"batch": batch, "letters": 0, "unwanted": [one._asdict() for one in unwanted]}, "\n".join(lines))
    return 1


def _cancel(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_print
    from duewell.cli.session import Session, person
    from duewell.flows import print_batches as flow

    session = Session(args)
    creditor = session.creditor()
    book = wiring_print.batches(creditor, session.clock, person(args.by))
    try:
        moved = flow.cancel(book, wiring_print.shelf(session.home, creditor), args.batch, args.reason)
    except flow.CannotPrint as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    out.result({"batch": args.batch, "letters": moved}, f"{moved:,} letter(s) of batch {args.batch} wait again")
    return 0


def _returned(args: argparse.Namespace, out: Out) -> int:
    from duewell import wiring, wiring_print
    from duewell.cli.session import Session, person
    from duewell.flows import print_batches as flow

    session = Session(args)
    book = wiring_print.batches(session.creditor(), session.clock, person(args.by))
    try:
        goes_on = flow.returned(book, args.attempt, args.reason)
    except flow.CannotPrint as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    follows = f"goes on by {goes_on}" if goes_on else "no channel is left"
    out.result(
        {"attempt": args.attempt, "next": goes_on},
        f"letter {args.attempt} came back, and its address is used no more; {follows}",
    )
    return 0
