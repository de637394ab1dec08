"""The gate: the only door to a contact. It is asked at planning for a civil date, and at sending for an instant.

Stops and flags speak first, then the count of contacts, then hours and days; every rule that refuses is kept.
Pages: docs/explanation/the-gate.md, docs/algorithms/contact-hours.md, docs/algorithms/contact-counts.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from duewell.core.decide.digest import digest as digest_of
from duewell.core.decide.values import Proposal
from duewell.core.law import frequency, hours, stops
from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretch, Stretches, longest, without
from duewell.core.law.timetable import Timetable, Windows
from duewell.core.law.values import _THE_GATE, Permit, Refusal, Refused, Review, Standing

_INSTANT = timedelta(microseconds=1)
_NOBODY: frozenset[str] = frozenset()

Answer = Permit | Refused | Review


def gate_on(
    proposal: Proposal,
    standing: Standing,
    book: Book,
    day_start: datetime,
    day_end: datetime,
    windows: Windows | None = None,
    *,
    allowed: frozenset[str] = _NOBODY,
    digest: str = "",
) -> Answer:
    """May this contact happen on the civil date [day_start, day_end)? Refuses only if no instant of it is allowed.

    A permit opens and closes with the longest permitted stretch of the date, the earliest of equal ones.

    Args:
        day_start, day_end: aware UTC instants, worked out at the edge from the creditor's zone. To plan for what
            is left of a day, give the present instant as its start.
        windows: what was worked out for other persons; hand in the same one again.
        allowed: rules of questions that a person has answered with yes for this account.
        digest: `decide.digest.digest(proposal)` where it is known already; worked out otherwise.

    Raises:
        OutsideZone: the offsets handed in do not cover the date.
        NoValue: the book has no number for the date.
    """
    table = (windows or Windows()).of(standing.zones, standing.holidays, book)
    table.check_known(day_start, day_end)
    shut = _shut(standing, table, day_start)
    found = table.open_within(day_start, day_end)
    best = longest(without(found, shut) if shut else found)
    span = Stretch(day_start, day_end)
    return _answer(proposal, standing, table, shut, span, best, allowed, digest, instant=False)


def gate_at(
    proposal: Proposal,
    standing: Standing,
    book: Book,
    now: datetime,
    windows: Windows | None = None,
    *,
    allowed: frozenset[str] = _NOBODY,
    digest: str = "",
) -> Answer:
    """May this contact happen now? A permit holds from now until the permitted stretch ends.

    Arguments and errors as in `gate_on`.
    """
    table = (windows or Windows()).of(standing.zones, standing.holidays, book)
    table.check_known(now, now + _INSTANT)
    shut = _shut(standing, table, now)
    first = next(_permitted(table, shut, now), None)
    best = first if first is not None and first.since == now else None
    span = Stretch(now, now + _INSTANT)
    return _answer(proposal, standing, table, shut, span, best, allowed, digest, instant=True)


def next_permitted(
    standing: Standing, book: Book, after: datetime, windows: Windows | None = None
) -> datetime | None:
    """The first instant at or after `after` that hours, days and frequency permit, as far as is known.

    None where there is none before the offsets of a zone end.
    """
    table = (windows or Windows()).of(standing.zones, standing.holidays, book)
    table.check_known(after, after + _INSTANT)
    first = next(_permitted(table, _shut(standing, table, after), after), None)
    return None if first is None else first.since


def _answer(
    proposal: Proposal,
    standing: Standing,
    table: Timetable,
    shut: Stretches,
    span: Stretch,
    best: Stretch | None,
    allowed: frozenset[str],
    digest: str,
    *,
    instant: bool,
) -> Answer:
    """One answer from all rules. `best` is what hours, days and frequency permit of `span`."""
    book = table.book
    said: tuple[Refusal, ...] = ()
    asked: tuple[Refusal, ...] = ()
    if standing.stops or standing.flags:
        said = stops.refusals(proposal, standing, book)
        asked = tuple(one for one in stops.questions(proposal, standing, book) if one.rule not in allowed)
    if best is None:
        again = next(_permitted(table, shut, span.since), None)
        if again is not None:
            said += _refusals(standing, table, shut, span, again.since, instant)
        else:
            # No instant in sight: not a matter of waiting. A person must find out where the customer is.
            asked += (hours.question_never(table.zones, book, span.since, table.horizon),)
    if said:
        return Refused(said)
    if asked:
        return Review(asked)
    assert best is not None
    return Permit(
        proposal.account,
        best.since,
        best.until,
        book.digest,
        standing.version,
        digest or digest_of(proposal),
        made_by=_THE_GATE,
    )


def _refusals(
    standing: Standing, table: Timetable, shut: Stretches, span: Stretch, again: datetime, instant: bool
) -> tuple[Refusal, ...]:
    """Why nothing of `span` is permitted: the rules that shut all of it, else those that do so together.

    The latest `until` is exactly `again`, the first instant at which every rule permits.
    """
    found = table.open_within(*span) if not instant else table.allowed(table.rules, *span)
    uncounted = without((span,), shut)
    said: tuple[Refusal, ...] = ()
    if not found or uncounted:
        # Hours and days have a part in it, unless they leave the stretch open and the count alone shuts it.
        said = table.refusals(span.since, span.until, instant=instant)
    ends = max((one.until for one in said if one.until is not None), default=span.since)
    # The count has a part in it too if it shuts all, or what the others leave, or the instant at which they end.
    if not uncounted or found or ends < again:
        at = max(span.since, shut[0].since)
        contacts = frequency.relevant(standing.contacts, table.book, span.since, table.horizon)
        said += (frequency.refusal(contacts, table.zones, table.book, at, again),)
    return said


def _shut(standing: Standing, table: Timetable, after: datetime) -> Stretches:
    contacts = frequency.relevant(standing.contacts, table.book, after, table.horizon) if standing.contacts else ()
    return frequency.shut(contacts, table.zones, table.book, after, table.horizon) if contacts else ()


def _permitted(table: Timetable, shut: Stretches, after: datetime) -> Iterator[Stretch]:
    """The stretches that hours, days and frequency permit, from an instant until nothing is known any more."""
    for stretch in table.open_from(after):
        if shut:
            yield from without((stretch,), shut)
        else:
            yield stretch
