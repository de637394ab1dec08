"""What flows need from the world, as shapes. The store and the adapters keep these promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from duewell.core.decide.values import Calendar, Case, Strategy
from duewell.core.law.values import Standing
from duewell.core.units.ids import AccountId, CreditorId
from duewell.core.units.zones import Zone


class Clock(Protocol):
    """Tells the present instant, aware and in UTC. A test home may bring its own."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class Known(NamedTuple):
    """One account as the store knows it: the case for decide, the standing for the gate."""

    case: Case
    standing: Standing
    allowed: frozenset[str] = frozenset()
    """Rules of the law's questions that a person has answered with yes for this account."""


class CreditorView(NamedTuple):
    """The creditor as flows need it."""

    id: CreditorId
    key: str
    name: str
    country: str
    zone: str
    language: str
    strategies: tuple[str, ...]
    books_as_of: datetime | None
    books_age_days_max: int
    release_by_two: bool
    unknown_settles_days: int
    halted: bool
    version: int = 0
    tone: str = ""
    """`kind`, `formal` or empty: how steps speak that name no tone."""
    release_auto: bool = False
    """Runs of the night that are not far larger than usual are released without a person."""
    acts_as: str = "creditor"
    """As what it collects: one of `core.law.library.ROLES`."""
    law: tuple[tuple[str, str], ...] = ()
    """By country, how its rule book is taken: one of `core.law.library.STANCES`."""


class Places(NamedTuple):
    """Where a person may be: every zone, and the public holidays of every such place."""

    zones: tuple[Zone, ...]
    holidays: frozenset[date]
    codes: tuple[str, ...] = ()
    """Countries (`US`), or regions where known (`US-MA`), whose law may hold."""


class PlaceFinder(Protocol):
    """Finds the places of a person from what a party says of itself; empty text means not said."""

    def __call__(self, country: str, region: str, zone: str, day: date) -> Places:
        """Zones and holidays for some days around `day`."""
        ...

    def beside(self, places: Places, numbers: Collection[str], day: date) -> Places:
        """The places, and those that a telephone number (E.164) points to where it agrees with none of them."""
        ...


class CaseReader(Protocol):
    """Loads accounts as values, in bulk."""

    def __call__(
        self,
        accounts: Sequence[AccountId],
        as_of: date,
        now: datetime,
        *,
        apart_from: frozenset[str] = frozenset(),
    ) -> Iterator[Known]:
        """Each account once, in the order given; an unknown id is left out.

        Messages in `apart_from`, and what they claim, are left out of sight: for asking about them anew.
        """
        ...

    def standings(self, persons: Collection[int], as_of: date, now: datetime) -> Mapping[int, Standing]:
        """What the law counts of persons who are not the primary debtor of an account."""
        ...


class Narrowed(NamedTuple):
    """Accounts on which something may be due, ascending, and how many rest for which rule."""

    candidates: Sequence[AccountId]
    rests: Mapping[str, int]


Narrow = Callable[[date, Sequence[Strategy]], Narrowed]
CalendarOf = Callable[[str, date], Calendar]
