"""Stops: the person said "not any more", or is somebody of whom nothing may be demanded.

Only a person can end these, so none has an `until`. A stop counts from the moment it is known, for contacts of
every purpose. Flags bear on demands; a contact of another purpose to a flagged person goes to a person first.
"""

from __future__ import annotations

from datetime import date

from duewell.core.decide.values import Proposal
from duewell.core.law.book import Book
from duewell.core.law.values import Refusal, Standing, Stop

OPT_OUT = "stops.opt_out"
FLAG = "stops.flag"
PURPOSES, FLAGS_REFUSED, FLAGS_REVIEWED = "stops.purposes", "stops.flags_refused", "stops.flags_reviewed"

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
