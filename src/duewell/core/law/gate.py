"""The gate: the only door to a contact. It is asked at planning for a civil date, and at sending for an instant.

Stops and flags speak first, then the count of contacts, then hours and days; every rule that refuses is kept.
Pages: docs/explanation/the-gate.md, docs/algorithms/contact-hours.md, docs/algorithms/contact-counts.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from duewell.core.decide.digest import digest as digest_of
from duewell.core.decide.values import Proposal
from duewell.core.law import calls, hours, inconvenient, recipients, shutting, stops
from duewell.core.law.book import Book
from duewell.core.law.library import Books, Law, alone
from duewell.core.law.stretches import Stretch, Stretches, longest, merged, without
from duewell.core.law.timetable import Timetable, Windows
from duewell.core.law.values import _THE_GATE, Asked, Permit, Refusal, Refused, Review, Standing

_INSTANT = timedelta(microseconds=1)
_NOBODY: frozenset[str] = frozenset()

Answer = Permit | Refused | Review


def gate_on(
    proposal: Proposal,
    standing: Standing,
    law: Law | Book,
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
        law: every book at hand; those that apply are found by place, debt and channel. One book alone holds for
            everybody, as in a what-if.
        day_start, day_end: aware UTC instants, worked out at the edge from the creditor's zone. To plan for what
            is left of a day, give the present instant as its start.
        windows: what was worked out for other persons; hand in the same one again.
        allowed: rules of questions that a person has answered with yes for this account.
        digest: `decide.digest.digest(proposal)` where it is known already; worked out otherwise.

    Raises:
        OutsideZone: the offsets handed in do not cover the date.
        NoValue: a book has no number for the date.
    """
    asking = _ask(_asked(proposal, standing), law, windows, day_start, day_end)
    found = asking.table.open_within(day_start, day_end)
    best = longest(without(found, asking.shut) if asking.shut else found)
    span = Stretch(day_start, day_end)
    return _answer(proposal, asking, span, best, allowed, digest, instant=False)


def gate_at(
    proposal: Proposal,
    standing: Standing,
    law: Law | Book,
    now: datetime,
    windows: Windows | None = None,
    *,
    allowed: frozenset[str] = _NOBODY,
    digest: str = "",
) -> Answer:
    """May this contact happen now? A permit holds from now until the permitted stretch ends.

    Arguments and errors as in `gate_on`.
    """
    asking = _ask(_asked(proposal, standing), law, windows, now)
    first = next(asking.permitted(now), None)
    best = first if first is not None and first.since == now else None
    span = Stretch(now, now + _INSTANT)
    return _answer(proposal, asking, span, best, allowed, digest, instant=True)


def next_permitted(
    standing: Standing,
    law: Law | Book,
    after: datetime,
    windows: Windows | None = None,
    proposal: Proposal | None = None,
) -> datetime | None:
    """The first instant at or after `after` at which clocks, calendars and counts permit, as far as is known.

    None where there is none before the offsets of a zone end. Without a proposal, rules of single channels and
    debts have no part in it.
    """
    asked = Asked(standing, "", None) if proposal is None else _asked(proposal, standing)
    first = next(_ask(asked, law, windows, after).permitted(after), None)
    return None if first is None else first.since


class _Asking(NamedTuple):
    """One question to the law, with what the rules that look at the person shut."""

    asked: Asked
    books: Books
    table: Timetable
    parts: Sequence[shutting.Shut] = ()
    shut: Stretches = ()
    """All parts together."""

    def permitted(self, after: datetime) -> Iterator[Stretch]:
        """The stretches that every rule permits, from an instant until nothing is known any more."""
        return _open(self.table, self.shut, after)


def _asked(proposal: Proposal, standing: Standing) -> Asked:
    return Asked(standing, proposal.recipient.channel, proposal.account)


def _ask(
    asked: Asked, law: Law | Book, windows: Windows | None, since: datetime, until: datetime | None = None
) -> _Asking:
    """Find the books that apply, and what shuts the time from `since` on.

    Raises:
        OutsideZone: no offsets are known from `since` until `until`.
    """
    standing = asked.standing
    books = alone(law) if isinstance(law, Book) else law.of(standing.places, standing.debt, asked.channel)
    table = (windows or Windows()).of(standing.zones, standing.holidays, books)
    table.check_known(since, until or since + _INSTANT)
    if not (standing.contacts or standing.flags):
        return _Asking(asked, books, table)
    contacts = shutting.relevant(standing.contacts, books, since, table.horizon)
    asked = asked._replace(standing=standing._replace(contacts=contacts))
    parts = shutting.shut(asked, table.zones, books, since, table.horizon)
    shut = parts[0].stretches if len(parts) == 1 else merged(piece for part in parts for piece in part.stretches)
    return _Asking(asked, books, table, parts, shut)


def _answer(
    proposal: Proposal,
    asking: _Asking,
    span: Stretch,
    best: Stretch | None,
    allowed: frozenset[str],
    digest: str,
    *,
    instant: bool,
) -> Answer:
    """One answer from all rules. `best` is what clocks, calendars and the person's past permit of `span`."""
    books, standing = asking.books, asking.asked.standing
    said: tuple[Refusal, ...] = ()
    asked: tuple[Refusal, ...] = ()
    if standing.stops or standing.flags or proposal.purpose in stops.LAST:
        for book in books.books:
            said += stops.refusals(proposal, standing, book)
            said += inconvenient.point_refusals(proposal, standing, book)
            asked += stops.questions(proposal, standing, book)
        asked = tuple(one for one in asked if one.rule not in allowed)
    if proposal.role:
        for book in books.books:
            said += recipients.refusals(proposal, standing, book)
    if best is None:
        again = next(asking.permitted(span.since), None)
        if again is not None:
            said += _refusals(asking, span, again.since, instant)
        else:
            # No instant in sight: not a matter of waiting. A person must find out where the customer is.
            asked += (hours.question_never(asking.table.zones, books.books[-1], span.since, asking.table.horizon),)
    if said:
        return Refused(said)
    if asked:
        return Review(asked)
    assert best is not None
    warnings: tuple[Refusal, ...] = ()
    if standing.contacts and asking.asked.channel == calls.CALL:
        warnings = tuple(
            warning
            for book in books.books
            for warning in calls.warnings(asking.asked, asking.table.zones, book, best.since)
        )
    return Permit(
        proposal.account,
        best.since,
        best.until,
        books.digest,
        standing.version,
        digest or digest_of(proposal),
        warnings,
        made_by=_THE_GATE,
    )


def _refusals(asking: _Asking, span: Stretch, again: datetime, instant: bool) -> tuple[Refusal, ...]:
    """Why nothing of `span` is permitted: the rules that shut all of it, else those that do so together.

    The latest `until` is exactly `again`, the first instant at which every rule permits.
    """
    table, shut = asking.table, asking.shut
    found = table.open_within(*span) if not instant else table.allowed(table.rules, *span)
    uncounted = without((span,), shut)
    said: tuple[Refusal, ...] = ()
    if not found or uncounted:
        # Clocks and calendars have a part in it, unless they leave the stretch open and the rest alone shuts it.
        said = table.refusals(span.since, span.until, instant=instant)
    ends = max((one.until for one in said if one.until is not None), default=span.since)
    # A rule that looks at the person has a part in it if it shuts all of the span; where none does, and the clocks
    # alone do not either, if it shuts some of it.
    naming = [part for part in asking.parts if not without((span,), part.stretches)]
    if not naming and found:
        naming = [part for part in asking.parts if without((span,), part.stretches) != (span,)]
    untils = {index: _ends(asking, part, span.since) for index, part in enumerate(asking.parts) if part in naming}
    # And if it shuts the instant at which the others end.
    latest = max([ends, *untils.values()])
    while latest < again:
        for index, part in enumerate(asking.parts):
            if _shuts(part, latest):
                untils[index] = _ends(asking, part, latest)
        latest = max([ends, *untils.values()])
    told = []
    for index, until in sorted(untils.items()):
        part = asking.parts[index]
        at = max(span.since, next(piece.since for piece in part.stretches if piece.until > span.since))
        told.append(part.rule.refusal(asking.asked, table.zones, part.book, at, until))
    return (*said, *told)


def _ends(asking: _Asking, part: shutting.Shut, after: datetime) -> datetime:
    """The first instant at or after another at which this rule, the clocks and the calendars permit."""
    return next(_open(asking.table, part.stretches, after)).since


def _shuts(part: shutting.Shut, at: datetime) -> bool:
    return any(piece.since <= at < piece.until for piece in part.stretches)


def _open(table: Timetable, shut: Stretches, after: datetime) -> Iterator[Stretch]:
    """What clocks and calendars leave open and `shut` does not shut, from an instant on."""
    for stretch in table.open_from(after):
        if shut:
            yield from without((stretch,), shut)
        else:
            yield stretch
