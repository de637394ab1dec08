"""Ask why: one account as it is, as it was known on a past day, or as it would be on a day to come.

For a past day the account is put together from its own facts as far as they go, and the answer says whose
knowledge it used: `then`, or `today` where the facts do not account for the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from duewell.core.decide.values import Item, Strategy
from duewell.core.decide.wording import day as spelt
from duewell.core.law.values import Stop
from duewell.core.ledger.entries import Entry
from duewell.core.units.ids import AccountId, CreditorId, ReceivableId
from duewell.flows.acts import Act, Names, acts, message_of, named_by
from duewell.flows.coming import Days, Flight
from duewell.flows.decide_accounts import World
from duewell.flows.past import Learned, Replay, case_then
from duewell.flows.ports import CreditorView, Known
from duewell.flows.situation import Situation, situation
from duewell.flows.why import Answer, why

TODAY = "today"
THEN = "then"
OF_TODAY = "Addresses, names, places, segments and settings are not kept by day: they are those of today."


class Found(NamedTuple):
    """An account, and the invoice on it where one was asked for."""

    creditor: CreditorId
    account: AccountId
    number: str
    name: str
    person: int
    recorded_at: datetime
    receivable: ReceivableId | None
    invoice: str | None


class HouseThen(NamedTuple):
    """What else was known at an instant: beside money, holds and messages."""

    books_as_of: datetime | None
    """Hour of the newest list that had been imported; None where no import says so."""
    reviews: tuple[str, ...]
    """Kinds of the questions about the account that were open."""
    allowed: frozenset[str]
    stops: tuple[Stop, ...]


class RunThen(NamedTuple):
    """A run, and the digests of what it was made with."""

    id: int
    recorded_at: datetime
    digests: Mapping[str, str]


class Compared(NamedTuple):
    """A run of the day against today: what differs in strategies, rule books, calendars or zone data."""

    run: int
    recorded_at: datetime
    changed: tuple[str, ...]


class Records(Protocol):
    """What is kept about one account; every question is answered from an index."""

    def facts(self, account: int, limit: int | None = None, before: datetime | None = None) -> list[Learned]:
        """Of the account's stream, newest first."""
        ...

    def wishes(self, person: int, creditor: int, before: datetime | None = None) -> list[Learned]:
        """What the person said about being contacted by this creditor, newest first."""
        ...

    def names(self, receivables: Iterable[int], messages: Iterable[str]) -> Names:
        """What facts name by number."""
        ...

    def flight(self, account: int, message: str | None) -> Flight | None:
        """A message of the account that waits, is on its way or is unknown."""
        ...

    def items(self, receivables: Iterable[int]) -> dict[int, Item]:
        """Invoices as they stand in the book, open or not, without holds and claims."""
        ...

    def entries(self, account: int, receivable: int) -> list[Entry]:
        """What moved one invoice, by the day from which it counts."""
        ...

    def house_then(self, creditor: int, account: int, person: int, at: datetime) -> HouseThen:
        """The books, questions and stops as they stood at an instant."""
        ...

    def run_of(self, creditor: int, as_of: date) -> RunThen | None:
        """The latest run for a civil date."""
        ...

    def strategy_text(self, creditor: int, key: str, digest: str) -> str | None:
        """A version of a strategy, where it was kept."""
        ...


class Desk(NamedTuple):
    """Everything one creditor's questions are answered with."""

    creditor: CreditorView
    days: Days
    world: Callable[[CreditorView, date], World]
    """The world of a civil date, as it is now."""
    records: Records
    read_strategy: Callable[[bytes, str], Strategy]
    """From the bytes of a file and its name."""


class Page(NamedTuple):
    """The whole answer."""

    found: Found
    as_of: date
    today: date
    knowledge: str
    """`then` where the account was put together as it was known on the day, else `today`."""
    known_at: datetime
    """What was recorded later was left out."""
    answer: Answer
    known: Known
    situation: Situation | None
    acts: tuple[Act, ...]
    more_acts: bool
    compared: Compared | None
    remarks: tuple[str, ...]


class _Seen(NamedTuple):
    """One account as it is looked at."""

    world: World
    known: Known
    flight: Flight | None
    knowledge: str
    at: datetime
    remarks: tuple[str, ...]


def ask(desk: Desk, found: Found, now: datetime, as_of: date | None = None, acts_max: int | None = None) -> Page:
    """Why is or was this account written to, or not?

    Args:
        now: the present instant.
        as_of: the creditor's civil date; today by default. A day to come is looked at with what is known today.
        acts_max: how many of the latest acts are told; all where None.
    """
    today = desk.days.local(now).date()
    day = as_of or today
    present = desk.world(desk.creditor, day)._replace(now=now)
    seen = _past(desk, found, present) if day < today else None
    if seen is None or seen.knowledge == TODAY:
        known = _known(present, found.account)
        flight = desk.records.flight(found.account, known.case.in_flight)
        remarks = seen.remarks if seen is not None else _ahead(day, today)
        seen = _Seen(present, known, flight, TODAY, now, remarks)
    answer = why(seen.world, seen.known, seen.flight, desk.days)
    compared = _compared(desk, present, found.creditor)
    told, more = _acts(desk.records, found, acts_max, seen.at if seen.knowledge == THEN else None)
    return Page(
        found=found,
        as_of=day,
        today=today,
        knowledge=seen.knowledge,
        known_at=seen.at,
        answer=answer,
        known=seen.known,
        situation=_situation(desk.records, found, seen),
        acts=tuple(told),
        more_acts=more,
        compared=compared,
        remarks=seen.remarks,
    )


def _ahead(day: date, today: date) -> tuple[str, ...]:
    if day == today:
        return ()
    return ("This looks ahead with what is known today, as if nothing else happened until then.",)


def _known(world: World, account: AccountId) -> Known:
    return next(iter(world.cases([account], world.as_of, world.now)))


def _past(desk: Desk, found: Found, present: World) -> _Seen:
    """The account as it was known at the end of the day; `today` where the facts cannot tell."""
    day = present.as_of
    day_of = _day_of(desk.days)
    _, at = desk.days.bounds(day)
    today = _known(present, found.account)
    if found.recorded_at >= at:
        when = spelt(day_of(found.recorded_at))
        text = f"The account was first recorded on {when}, after this day: what is known today is used."
        return _Seen(present, today, None, TODAY, present.now, (text,))
    facts = desk.records.facts(found.account)[::-1]
    since = Replay(facts, date.max, day_of)
    if not since.is_whole(today.case):
        text = "The facts do not account for all that is open on the account: what is known today is used."
        return _Seen(present, today, None, TODAY, present.now, (text,))
    then = Replay([fact for fact in facts if fact.recorded_at < at], day, day_of)
    house = desk.records.house_then(found.creditor, found.account, found.person, at)
    books = house.books_as_of
    if books is None and desk.creditor.books_as_of is not None and desk.creditor.books_as_of < at:
        books = desk.creditor.books_as_of
    creditor = desk.creditor._replace(books_as_of=books, halted=False)
    world = desk.world(creditor, day)
    strategies, remarks = _strategies_then(desk, found.creditor, world)
    # What comes next is looked for from the start of the day on.
    world = world._replace(strategies=strategies, now=world.day_start)
    items = desk.records.items([number for number, minor in then.open_minor.items() if minor])
    read = _known(world, found.account)
    standing = read.standing._replace(
        contacts=tuple([contact for contact in read.standing.contacts if contact.at < at]), stops=house.stops
    )
    case = case_then(read.case, then, since, items, house.reviews)
    # Of a message that was under way then, only that it was is known: what became of it is told by the acts.
    return _Seen(world, Known(case, standing, house.allowed), None, THEN, at, (OF_TODAY, *remarks))


def _strategies_then(desk: Desk, creditor: int, world: World) -> tuple[list[Strategy], list[str]]:
    """The strategies that the run of the day was made with, where their texts were kept."""
    run = desk.records.run_of(creditor, world.as_of)
    if run is None:
        remark = "No run was made for this day, so the strategies and rule books of today are used."
        return list(world.strategies), [remark]
    used, remarks = [], []
    for strategy in world.strategies:
        digest = run.digests.get(f"strategy:{strategy.key}", strategy.digest)
        text = None if digest == strategy.digest else desk.records.strategy_text(creditor, strategy.key, digest)
        if digest == strategy.digest:
            used.append(strategy)
        elif text is not None:
            used.append(desk.read_strategy(text.encode(), strategy.key))
        else:
            used.append(strategy)
            remarks.append(
                f"The strategy {strategy.key} was another one then and was not kept: that of today is used."
            )
    return used, remarks


def _compared(desk: Desk, present: World, creditor: int) -> Compared | None:
    run = desk.records.run_of(creditor, present.as_of)
    if run is None:
        return None
    now = {**present.digests, **{f"strategy:{one.key}": one.digest for one in present.strategies}}
    changed = sorted(key for key in now.keys() | run.digests.keys() if now.get(key) != run.digests.get(key))
    return Compared(run.id, run.recorded_at, tuple(changed))


def _situation(records: Records, found: Found, seen: _Seen) -> Situation | None:
    if found.receivable is None:
        return None
    case = seen.known.case
    item = next((item for item in case.items if item.id == found.receivable), None)
    entries = records.entries(found.account, found.receivable)
    if seen.knowledge == THEN:
        day = seen.world.as_of
        entries = [entry for entry in entries if entry.recorded_at < seen.at and entry.effective_on <= day]
    if item is None:
        item = records.items([found.receivable])[found.receivable]._replace(open_minor=0)
    return situation(seen.world, case, item, seen.flight, entries)


def _acts(
    records: Records, found: Found, acts_max: int | None, before: datetime | None
) -> tuple[Sequence[Act], bool]:
    limit = None if acts_max is None else acts_max + 1
    facts = records.facts(found.account, limit, before) + records.wishes(found.person, found.creditor, before)
    facts.sort(key=lambda fact: (fact.recorded_at, fact.sequence), reverse=True)
    shown = facts[:acts_max]
    messages = [message for fact in shown if (message := message_of(fact)) is not None]
    names = records.names([number for fact in shown for number in named_by(fact)], messages)
    return acts(shown, names), len(facts) > len(shown)


def _day_of(days: Days) -> Callable[[datetime], date]:
    return lambda instant: days.local(instant).date()
