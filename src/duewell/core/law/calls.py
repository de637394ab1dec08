"""Calls: how many to one person about one debt, and how long to wait after a conversation.

Calls are pooled over all numbers of the person and counted by the person's local dates, for one debt at a time.
A call that was not connected (busy, not in service) gives its slot back; one that the person made is not counted,
yet the conversation starts the wait. The person's consent to be called exempts from both, from the day on which it
was given and until a conversation was had. Source: 12 CFR 1006.14(b). Page: docs/algorithms/call-counts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from duewell.core.law import counting
from duewell.core.law.book import Book
from duewell.core.law.stretches import Stretches, local_days, merged, without
from duewell.core.law.values import ATTEMPT, CONVERSATION, INBOUND, Asked, Contact, Refusal
from duewell.core.units.zones import Zone

CALL = "call"
COUNT, WAIT, CONSENT, CONCENTRATED = "calls.count", "calls.wait", "calls.consent", "calls.concentrated"
STATEMENT, STATED = "calls.statement", "calls.statements"
COUNT_MAX, COUNT_DAYS = "calls.count_max", "calls.count_days"
WAIT_DAYS, CONSENT_DAYS = "calls.wait_days", "calls.consent_days"
NEAR_MINUTES, NEAR_CALLS = "calls.near_minutes", "calls.day_calls"

_DAY = timedelta(days=1)
_MADE = frozenset({ATTEMPT, CONVERSATION})
_SPOKEN = frozenset({CONVERSATION, INBOUND})
_INSTANT = timedelta(microseconds=1)


def count_shut(asked: Asked, zones: Sequence[Zone], book: Book, since: datetime, until: datetime) -> Stretches:
    """The stretches in which one call more would be too many.

    Raises:
        OutsideZone: the offsets of a zone do not cover a call.
    """
    if asked.channel != CALL:
        return ()
    made = _made(asked)
    if len(made) < counting.least(book, COUNT, COUNT_MAX):
        return ()
    consents = _consents(asked, zones, book)
    counted = [at for at in made if not _exempt(at, consents)] if consents else made
    if not counted:
        return ()
    found = counting.shut_dates(
        counted, zones, since, until, lambda dates: counting.full(dates, book, COUNT, COUNT_MAX, COUNT_DAYS)
    )
    return without(found, merged(consents)) if consents else found


def count_refusal(
    asked: Asked, zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None
) -> Refusal:
    """What to say when the count refuses at this instant; counted in the zone with the most."""
    consents = _consents(asked, zones, book)
    counted = [one for one in _made(asked) if not _exempt(one, consents)]
    counts = []
    for zone in zones:
        day = zone.day(at)
        if not book.applies(COUNT, (COUNT_MAX, COUNT_DAYS), day):
            continue
        first = day - timedelta(days=book.number(COUNT_DAYS, day) - 1)
        dates = sorted(zone.day(one) for one in counted)
        counts.append(([one for one in dates if first <= one <= day], zone.name, day))
    dates, name, day = max(counts, key=lambda count: len(count[0]))
    text = (
        f"The person was called {len(dates)} times about this debt in the {book.number(COUNT_DAYS, day)} days"
        f" up to {day.isoformat()} in {name}; at most {book.number(COUNT_MAX, day)} are allowed."
    )
    return Refusal(COUNT, text, book.source_on(COUNT_MAX, day), until)


def wait_shut(asked: Asked, zones: Sequence[Zone], book: Book, since: datetime, until: datetime) -> Stretches:
    """The stretches that follow a conversation too closely: the day of the conversation is the first.

    Raises:
        OutsideZone: the offsets of a zone do not cover a conversation.
    """
    if asked.channel != CALL:
        return ()
    spoken = _spoken(asked)
    if not spoken:
        return ()
    found = counting.shut_dates(spoken, zones, since, until, lambda dates: _waiting(dates, book))
    if not found:
        return ()
    consents = _consents(asked, zones, book)
    return without(found, merged(consents)) if consents else found


def wait_refusal(asked: Asked, zones: Sequence[Zone], book: Book, at: datetime, until: datetime | None) -> Refusal:
    """What to say when a conversation is too fresh at this instant."""
    found = []
    for zone in zones:
        day = zone.day(at)
        before = [one for one in (zone.day(when) for when in _spoken(asked)) if one <= day]
        if before and book.applies(WAIT, (WAIT_DAYS,), max(before)):
            found.append((max(before), zone.name))
    spoken_on, name = max(found)
    days = book.number(WAIT_DAYS, spoken_on)
    text = (
        f"There was a conversation about this debt on {spoken_on.isoformat()} in {name}; that day is the first of"
        f" {days} without a call."
    )
    return Refusal(WAIT, text, book.source_on(WAIT_DAYS, spoken_on), until)


def warnings(asked: Asked, zones: Sequence[Zone], book: Book, at: datetime) -> tuple[Refusal, ...]:
    """What to think over before a call that is permitted: calls close together harass, whatever their number."""
    made = _made(asked) if asked.channel == CALL else []
    if not made or not book.applies(CONCENTRATED, (NEAR_CALLS, NEAR_MINUTES), zones[0].day(at)):
        return ()
    told = ""
    for zone in zones:
        day = zone.day(at)
        dates = [zone.day(one) for one in made]
        most = max(sorted(set(dates)), key=dates.count)
        if dates.count(most) >= book.number(NEAR_CALLS, day):
            told = f"The person was called {dates.count(most)} times on {most.isoformat()} in {zone.name} alone."
            break
    day = zones[0].day(at)
    near = timedelta(minutes=book.number(NEAR_MINUTES, day))
    if not told and min(abs(at - one) for one in made) < near:
        told = f"The person was called less than {book.number(NEAR_MINUTES, day)} minutes ago."
    if not told:
        return ()
    text = f"{told} Calls close together can be harassment even below the count."
    return (Refusal(CONCENTRATED, text, book.source_on(NEAR_CALLS, day), None),)


def statements(books: Sequence[Book], day: date) -> tuple[str, ...]:
    """What a caller must say once the customer is known, as keys of sentences: by law, and not where it is kept by
    choice, because who is no debt collector must not say so."""
    found: list[str] = []
    for book in books:
        if STATED not in book.kept and book.applies(STATEMENT, (STATED,), day):
            found += [word for word in book.words(STATED, day) if word not in found]
    return tuple(found)


def _made(asked: Asked) -> list[datetime]:
    """When we called the person about this debt and were connected, or may have been."""
    return [contact.at for contact in _calls(asked) if contact.kind in _MADE]


def _spoken(asked: Asked) -> list[datetime]:
    """When we spoke to the person by telephone about this debt, whoever called."""
    return [contact.at for contact in _calls(asked) if contact.kind in _SPOKEN]


def _calls(asked: Asked) -> list[Contact]:
    account = asked.account
    return [
        contact
        for contact in asked.standing.contacts
        if contact.channel == CALL and (contact.account is None or account is None or contact.account == account)
    ]


def _waiting(dates: Sequence[date], book: Book) -> frozenset[date]:
    """The dates that a wait covers, from the sorted local dates of conversations."""
    return frozenset(
        [
            spoken_on + more * _DAY
            for spoken_on in set(dates)
            if book.applies(WAIT, (WAIT_DAYS,), spoken_on)
            for more in range(book.number(WAIT_DAYS, spoken_on))
        ]
    )


def _consents(asked: Asked, zones: Sequence[Zone], book: Book) -> list[tuple[datetime, datetime]]:
    """From when until when each consent exempts: the day it was given is the first, a conversation ends it.

    The conversation that ends it was itself had with consent, so its instant is within. Where the person may be in
    several zones, the one whose days end first counts.
    """
    found = []
    for consent in asked.standing.consents:
        if consent.account is not None and consent.account != asked.account:
            continue
        ends = [_consent_ends(consent.at, zone, book) for zone in zones]
        ends += [at + _INSTANT for at in _spoken(asked) if at > consent.at]
        if min(ends) > consent.at:
            found.append((consent.at, min(ends)))
    return found


def _consent_ends(given_at: datetime, zone: Zone, book: Book) -> datetime:
    """The first instant that lies on none of the consent's days by the clock of the zone."""
    day = zone.day(given_at)
    if not book.applies(CONSENT, (CONSENT_DAYS,), day):
        return given_at
    after = day + book.number(CONSENT_DAYS, day) * _DAY
    ends = given_at
    for piece in local_days(zone, given_at, min(zone.ends, given_at + (after - day) + 2 * _DAY)):
        if piece.day >= after:
            break
        ends = piece.until
    return ends


def _exempt(at: datetime, consents: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(since <= at < until for since, until in consents)
