"""Coming: what an account is told next if nothing else happens, and when at the earliest.

Strategy and law are asked day by day, leaping to the first day on which an answer can change: they say it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from duewell.core.decide.choose import choose
from duewell.core.decide.decide import decide_among
from duewell.core.decide.stages import Stage
from duewell.core.decide.still import still
from duewell.core.decide.values import Advance, Case, Net, Proposal, Reason, Rest
from duewell.core.decide.wording import day as spelt
from duewell.core.law import channels
from duewell.core.law.gate import gate_on
from duewell.core.law.values import Permit, Refusal, Refused
from duewell.flows.ask_again import WAIT_LONGEST, WAITS, from_channel_on
from duewell.flows.changes import change
from duewell.flows.decide_accounts import NOTHING_KNOWN, World, latest_refusal
from duewell.flows.ports import Known

# Each round leaps to a day on which something changes; an account has few of them.
_ROUNDS = 100


class Days(NamedTuple):
    """The creditor's civil dates and clock, looked up at the edge."""

    bounds: Callable[[date], tuple[datetime, datetime]]
    """First instants of a date and of the next, in UTC."""
    local: Callable[[datetime], datetime]
    """What the creditor's clock shows at an instant."""
    zone: str


class Told(NamedTuple):
    """One reason. `until` is the first day on which it can change, None where only somebody can change it."""

    rule: str
    text: str
    source: str
    until: date | None
    until_at: datetime | None
    """Where the law speaks: the instant."""
    change: str
    """What ends it, in words."""


class Flight(NamedTuple):
    """The message of an account that waits, is on its way, or is unknown."""

    message: str
    state: str
    """`planned`, `released` or `unknown`."""
    stage: Stage
    run: int
    advances: tuple[Advance, ...]
    started_at: datetime | None
    """Of the latest attempt, where it has started."""
    not_before: datetime | None
    channel: str = "email"
    """Of the attempt that waits."""


class Coming(NamedTuple):
    """The next message. Without a window, the day is so far ahead that nobody knows its clocks and holidays."""

    stage: Stage
    on: date
    opens_at: datetime | None
    closes_at: datetime | None
    channel: str
    language: str
    nets: tuple[Net, ...]
    items: int
    message: str | None
    """Where it exists already."""
    state: str
    """`expected`, or that of the message: `planned`, `released`."""


def told(reason: Reason) -> Told:
    """A reason of the strategy."""
    return Told(*reason, None, change(reason.rule, reason.until))


def told_by_law(refusal: Refusal, days: Days) -> Told:
    """A refusal or question of the law."""
    until = None if refusal.until is None else days.local(refusal.until).date()
    return Told(refusal.rule, refusal.text, refusal.source, until, refusal.until, change(refusal.rule, until))


def coming(
    world: World, known: Known, outcome: Proposal | Rest, flight: Flight | None, days: Days
) -> Coming | Told:
    """The next message of an account, or the reason why none comes by itself.

    Args:
        outcome: what the strategy says on `world.as_of`.
        flight: the message under way, if there is one: then it is the next.
    """
    if flight is None:

        def ask(day: date) -> Proposal | Rest:
            if day == world.as_of:
                return outcome
            return decide_among(known.case, world.strategies, NOTHING_KNOWN, day)

        return _next(world, known, days, ask)
    if flight.state == "unknown":
        return unknown(world, flight, days)
    return _next(world, known, days, _asked_again(world, known.case, flight), flight)


def unknown(world: World, flight: Flight, days: Days) -> Told:
    """A message of which nobody can know whether it arrived: settled by a person, or by rule after some days."""
    text = f"Nobody can tell whether the message {flight.stage.key} arrived, so nothing follows it yet."
    means = "A person settles it (`duewell review list`)"
    until_at = until = None
    if flight.started_at is not None:
        until_at = flight.started_at + timedelta(days=world.creditor.unknown_settles_days)
        until = days.local(until_at).date()
        means += f", or it counts as sent from {spelt(until)} on, with the next `duewell send`"
    return Told("in_flight", text, f"message {flight.message}", until, until_at, f"{means}.")


def _asked_again(world: World, case: Case, flight: Flight) -> Callable[[date], Proposal | Rest]:
    """The question that is put at sending: may what was planned still go out?"""
    # Without its own claims and with itself not in flight, as the sender sees it.
    freed = case._replace(
        in_flight=None, items=tuple([item._replace(claimed=None) for item in case.items]) if case.items else ()
    )

    def ask(day: date) -> Proposal | Rest:
        strategy = choose(freed, world.strategies, day)
        if isinstance(strategy, Rest):
            return strategy
        return still(flight.advances, freed, strategy, NOTHING_KNOWN, day)

    return ask


def _next(
    world: World, known: Known, days: Days, ask: Callable[[date], Proposal | Rest], flight: Flight | None = None
) -> Coming | Told:
    day = world.as_of
    since = max(world.now, world.day_start, _earliest(flight, world.now))
    for _ in range(_ROUNDS):
        outcome = ask(day)
        if isinstance(outcome, Rest):
            endless = next((reason for reason in outcome.reasons if reason.until is None), None)
            if flight is not None and (lost := _withheld(outcome, day)) is not None:
                return lost
            if endless is not None:
                return told(endless)
            day = max(reason.until for reason in outcome.reasons if reason.until is not None)
            continue
        if flight is not None:
            left = from_channel_on(outcome, flight.channel)
            if left is None:
                text = f"The message that waits would be withheld: no usable address on {flight.channel} is left."
                return Told("no_address", text, "contact points", None, None, change("no_address", None))
            outcome = left
        window = _window(known, days, day)
        if window is None:
            return _of(outcome, day, None, None, flight)
        opens, closes = window
        if since >= closes:
            day = date.fromordinal(day.toordinal() + 1)
            continue
        asked = channels.ask(outcome, law_between(world, known, max(opens, since), closes), closes)
        answer = asked.answer
        if isinstance(answer, Permit):
            return _of(asked.proposal, day, answer.opens_at, answer.closes_at, flight)
        if isinstance(answer, Refused):
            if asked.until is None:
                return told_by_law(latest_refusal(answer), days)
            day = max(days.local(asked.until).date(), date.fromordinal(day.toordinal() + 1))
            continue
        return told_by_law(answer.questions[0], days)
    text = f"Up to {spelt(day)} nothing is told to this account; what comes after was not looked at."
    return Told("not_yet", text, "strategy and law, asked day by day", day, None, change("not_yet", day))


def law_between(
    world: World, known: Known, opens: datetime, closes: datetime
) -> Callable[[Proposal], channels.Answer]:
    """The question to the gate whether a proposal may go out between two instants."""

    def law(proposal: Proposal) -> channels.Answer:
        return gate_on(
            proposal,
            known.standing,
            world.law,
            opens,
            closes,
            world.windows,
            allowed=known.allowed,
            digest="why",
        )

    return law


def _earliest(flight: Flight | None, now: datetime) -> datetime:
    return now if flight is None or flight.not_before is None else flight.not_before


def _withheld(rest: Rest, day: date) -> Told | None:
    """A message that waits is withheld when it is sent, unless its rest is one that soon ends by itself."""
    reason = rest.reasons[0]
    soon = reason.until is None or reason.until <= day + WAIT_LONGEST
    if reason.rule in WAITS and soon:
        return None
    text = f"The message that waits would be withheld: {reason.text}"
    return told(reason._replace(text=text))


def _window(known: Known, days: Days, day: date) -> tuple[datetime, datetime] | None:
    """The civil date, where the offsets of every zone of the person are known for all of it."""
    if day.year >= date.max.year - 1:
        return None
    opens, closes = days.bounds(day)
    return (opens, closes) if closes <= min(zone.ends for zone in known.standing.zones) else None


def _of(
    proposal: Proposal, day: date, opens_at: datetime | None, closes_at: datetime | None, flight: Flight | None
) -> Coming:
    return Coming(
        stage=proposal.stage,
        on=day,
        opens_at=opens_at,
        closes_at=closes_at,
        channel=proposal.recipient.channel,
        language=proposal.recipient.language,
        nets=proposal.nets,
        items=len(proposal.lines),
        message=None if flight is None else flight.message,
        state="expected" if flight is None else flight.state,
    )
