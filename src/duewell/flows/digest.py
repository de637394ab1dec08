"""Digest: what a day of a creditor brought, what waits for a person, and what the next day brings.

It goes to the creditor, not to a customer: it passes no gate and is no contact of anybody. It names no customer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

QUIET_DAYS: Final = 7
"""So many days without a digest, and one says that there was nothing to say."""


class Money(NamedTuple):
    """Payments or credit notes that came in, of one kind and currency."""

    kind: str
    currency: str
    number: int
    amount_minor: int


class Listed(NamedTuple):
    """A file that was imported."""

    kind: str
    new: int
    changed: int
    rejected: int


class Waiting(NamedTuple):
    """A run that waits for a release."""

    run: int
    as_of: date
    messages: int


class Out(NamedTuple):
    """Messages of a day by stage, and what they asked for by currency."""

    stages: Mapping[str, int]
    asked_minor: Mapping[str, int]


class Digest(NamedTuple):
    """One day of one creditor."""

    on_day: date
    sent: Out
    lost: Mapping[str, int]
    """Attempts that ended otherwise: `refused`, `unknown`, `deferred`."""
    withheld: Mapping[str, int]
    """Released messages that did not go, by reason."""
    came_in: Sequence[Money]
    listed: Sequence[Listed]
    refused: Mapping[str, int]
    """Accounts to which the law let nothing be said that day, by rule."""
    questions: Mapping[str, int]
    """Open now, by kind."""
    waiting: Sequence[Waiting]
    lost_nights: Sequence[date]
    """Nights of the last week that did not happen and are not made up for."""
    coming: Mapping[str, int]
    """Messages of the day after, by stage."""

    @property
    def quiet(self) -> bool:
        """Nothing happened, and nothing is to be done at once."""
        return not (
            self.sent.stages
            or self.lost
            or self.withheld
            or self.came_in
            or self.listed
            or self.waiting
            or self.lost_nights
        )


class DigestBook(Protocol):
    """What is kept of one creditor."""

    def sent(self, day: date) -> Out:
        """Messages that a channel took over on the civil day."""
        ...

    def ended(self, day: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Attempts that ended otherwise that day, and released messages that were withheld, by reason."""
        ...

    def came_in(self, day: date) -> Sequence[Money]:
        """Payments and credit notes that were recorded that day."""
        ...

    def listed(self, day: date) -> Sequence[Listed]:
        """Files that were imported that day."""
        ...

    def refused(self, day: date) -> Mapping[str, int]:
        """Accounts that the law refused in the runs for that day, by rule."""
        ...

    def questions(self) -> Mapping[str, int]:
        """Open questions by kind."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """Runs that wait for a release."""
        ...

    def lost_nights(self, day: date) -> Sequence[date]:
        """Nights of the week up to the day that were missed or failed, later than the latest that was done."""
        ...

    def claimed(self, day: date) -> Mapping[str, int] | None:
        """Messages by stage that the runs for a day claimed; None where there was no run for it."""
        ...


def digest(book: DigestBook, day: date, preview: Callable[[date], Mapping[str, int]]) -> Digest:
    """The digest of a civil day.

    Args:
        book: of the creditor.
        day: usually yesterday.
        preview: messages by stage that a run for a day would claim; asked where there was none for the day after.
    """
    lost, withheld = book.ended(day)
    after = day + timedelta(days=1)
    claimed = book.claimed(after)
    return Digest(
        on_day=day,
        sent=book.sent(day),
        lost=lost,
        withheld=withheld,
        came_in=book.came_in(day),
        listed=book.listed(day),
        refused=book.refused(day),
        questions=book.questions(),
        waiting=book.waiting(),
        lost_nights=book.lost_nights(day),
        coming=preview(after) if claimed is None else claimed,
    )


def is_due(told: Digest, latest_sent_on: date | None) -> bool:
    """Whether it is worth a mail on the day after: something happened, or nothing was said for a week."""
    today = told.on_day + timedelta(days=1)
    return not told.quiet or latest_sent_on is None or today - latest_sent_on >= timedelta(days=QUIET_DAYS)
