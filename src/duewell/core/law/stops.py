"""Stops: the person said "not any more", or is somebody of whom nothing may be demanded; and the last word after.

Only a person can end these, so none has an `until`. A stop counts from the moment it is known, for contacts of
every purpose. Flags bear on demands; a contact of another purpose to a flagged person goes to a person first.
"""

from __future__ import annotations

from datetime import date, timedelta

from duewell.core.decide.values import Proposal
from duewell.core.law.book import Book
from duewell.core.law.values import ATTEMPT, CONVERSATION, Refusal, Standing, Stop

OPT_OUT = "stops.opt_out"
FLAG = "stops.flag"
LAST_WORD = "stops.last_word"
PURPOSES, FLAGS_REFUSED, FLAGS_REVIEWED = "stops.purposes", "stops.flags_refused", "stops.flags_reviewed"

LAST_PURPOSES, LAST_DAYS = "stops.last_purposes", "stops.last_days"
CEASE_NOTICE, CONFIRMATION = "cease_notice", "opt_out_confirmation"
LAST = frozenset({CEASE_NOTICE, CONFIRMATION})
_OURS = frozenset({ATTEMPT, CONVERSATION})
_ELECTRONIC = frozenset({"email", "sms"})

SAYS = {
    "deceased": "The person has died: nothing is demanded of them by a machine.",
    "represented": "The person is represented: only the representative may be approached.",
    "insolvent": "The person is insolvent: demands have stopped.",
    "minor": "The person is a minor: no direct dealing.",
    "vulnerable": "The person is or may be vulnerable: a person looks at each demand first.",
}
"""By flag: what an answer says of it."""


def refusals(proposal: Proposal, standing: Standing, book: Book) -> tuple[Refusal, ...]:
    """Every stop that covers this contact, then every flag that forbids a demand."""
    day = proposal.as_of
    found: list[Refusal] = []
    if (
        standing.stops
        and book.applies(OPT_OUT, (PURPOSES,), day)
        and proposal.purpose in book.words(PURPOSES, day)
    ):
        source = book.source_on(PURPOSES, day)
        found = [Refusal(OPT_OUT, _text(stop), source, None) for stop in standing.stops if _covers(stop, proposal)]
    if standing.flags and book.applies(FLAG, (FLAGS_REFUSED,), day) and proposal.purpose == "demand":
        found += _flagged(standing, book, FLAGS_REFUSED, day)
    if proposal.purpose in LAST and book.applies(LAST_WORD, (LAST_PURPOSES, LAST_DAYS), day):
        found += _last_word(proposal, standing, book)
    return tuple(found)


def questions(proposal: Proposal, standing: Standing, book: Book) -> tuple[Refusal, ...]:
    """What a person must answer before this contact: the flags that ask for it."""
    name = FLAGS_REVIEWED if proposal.purpose == "demand" else FLAGS_REFUSED
    if not standing.flags or not book.applies(FLAG, (name,), proposal.as_of):
        return ()
    return tuple(_flagged(standing, book, name, proposal.as_of))


def _covers(stop: Stop, proposal: Proposal) -> bool:
    """Does the stop reach this creditor, channel and point? What a stop leaves open, it covers."""
    recipient = proposal.recipient
    return (
        (stop.creditor is None or stop.creditor == proposal.creditor)
        and (not stop.channel or stop.channel == recipient.channel)
        and (stop.point is None or stop.point == recipient.point)
    )


def _last_word(proposal: Proposal, standing: Standing, book: Book) -> list[Refusal]:
    """Why the one message that may follow a stop may not go out; empty where it may.

    After a stop of everything a notice that says what happens next, after that of an electronic channel its
    confirmation by the same channel; each once, soon, and with nothing else in it.
    """
    day = proposal.as_of
    living = [stop for stop in standing.stops if _covers(stop, proposal)]
    whole = [stop for stop in living if not stop.channel and stop.point is None]
    wanted = whole
    if proposal.purpose == CONFIRMATION:
        wanted = [] if whole or proposal.recipient.channel not in _ELECTRONIC else living
    text = ""
    if not wanted or proposal.purpose not in book.words(LAST_PURPOSES, day):
        text = "There is no stop that this message would answer."
    elif any(
        contact.at > stop.since and contact.kind in _OURS for stop in wanted for contact in standing.contacts
    ):
        text = "The person was contacted after the stop already: one answer to it is all that is allowed."
    elif day >= min(stop.since for stop in wanted).date() + timedelta(days=book.number(LAST_DAYS, day)):
        text = f"The stop is older than {book.number(LAST_DAYS, day)} days: it is too late to answer it."
    return [Refusal(LAST_WORD, text, book.source_on(LAST_PURPOSES, day), None)] if text else []


def _text(stop: Stop) -> str:
    what = {"": "contact", "email": "e-mail", "sms": "text messages", "call": "calls", "letter": "letters"}
    wish = f"no more {what.get(stop.channel, stop.channel)}"
    if stop.point is not None:
        wish += " at this address or number"
    if stop.creditor is not None:
        wish += " from this creditor"
    # The reason is somebody's own words about a person: it stays with the stop and out of reasons that are kept.
    return f"On {stop.since.date().isoformat()} the person asked for {wish}."


def _flagged(standing: Standing, book: Book, name: str, day: date) -> list[Refusal]:
    found = []
    for flag in book.words(name, day):
        if flag in standing.flags:
            source = book.source_on(name, day)
            found.append(Refusal(f"stops.{flag}", SAYS.get(flag, f"The person is {flag}."), source, None))
    return found
