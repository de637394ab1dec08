"""Opening a home for a command: which home, which creditor, what time it is."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from duewell.cli.output import WrongUse

if TYPE_CHECKING:
    from duewell.adapters.clock import FixedClock, SystemClock
    from duewell.adapters.home import Home
    from duewell.flows.ports import CreditorView

# Calendars and zones know no days of other times; a slip of the finger is a better guess than a wish.
_YEARS = range(1900, 2200)


class Session:
    """One command's view of the home. Opening it sets Django up and brings the tables up to date."""

    def __init__(self, args: Namespace) -> None:
        from duewell import wiring
        from duewell.adapters.home import HomeProblem

        try:
            self.home: Home = wiring.start(args.home)
        except HomeProblem as problem:
            raise WrongUse(str(problem)) from problem
        wiring.migrate()
        self.args = args
        self.clock = clock(self.home, args.now)

    def creditor(self) -> CreditorView:
        """The creditor named by `--creditor`, or the only one there is."""
        from duewell.store import creditors

        key = getattr(self.args, "creditor", None)
        views = creditors.all_views()
        if key:
            for view in views:
                if view.key == key:
                    return view
            known = ", ".join(view.key for view in views) or "none yet"
            raise WrongUse(f"there is no creditor {key!r} (known: {known})")
        if len(views) == 1:
            return views[0]
        if not views:
            raise WrongUse("there is no creditor yet: add one with `duewell creditor add`")
        raise WrongUse(f"which creditor? give --creditor with one of {', '.join(view.key for view in views)}")

    def as_of(self, creditor: CreditorView) -> date:
        """The civil date asked for, else today's where the creditor is."""
        given = getattr(self.args, "as_of", None)
        return day(given) if given else self.today(creditor)

    def today(self, creditor: CreditorView) -> date:
        """Today's civil date where the creditor is."""
        from duewell.adapters.zones import civil_date

        return civil_date(creditor.zone, self.clock.now())


def clock(home: Home, now: str | None) -> SystemClock | FixedClock:
    """The real clock; in a test home, the instant that was given instead."""
    from duewell.adapters.clock import FixedClock, SystemClock

    if now is None:
        return SystemClock()
    if not home.test:
        raise WrongUse("--now needs a test home (`duewell init --test`): this one works with the real clock only")
    return FixedClock(instant(now))


def day(text: str) -> date:
    """A date from the command line. Raises `WrongUse`."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{text!r} is not a date: write it as 2026-03-10") from None
    if found.year not in _YEARS:
        raise WrongUse(f"{text!r}: years from {_YEARS[0]} to {_YEARS[-1]} are known here")
    return found


def instant(text: str) -> datetime:
    """An instant from the command line; it must say its offset. Raises `WrongUse`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{text!r} is not an instant: write it as 2026-03-10T09:00Z") from None
    if found.tzinfo is None:
        raise WrongUse(f"{text!r} lacks its offset from UTC: write it as {text}Z or {text}+01:00")
    if found.year not in _YEARS:
        raise WrongUse(f"{text!r}: years from {_YEARS[0]} to {_YEARS[-1]} are known here")
    return found.astimezone(UTC)


def person(given: str | None) -> str:
    """Who does it: the name that was given, else that of the user logged in."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that no list of users knows.
        return f"user {os.getuid()}"


def number(text: str) -> int:
    """The number of a run, hold or question from the command line, as a type for argparse."""
    if not (text.isascii() and text.isdecimal() and int(text) < 2**63):
        raise ArgumentTypeError(f"{text!r} is not a number such as 12")
    return int(text)
