"""Gates: the questions about an account and its one message, each answered by the reasons to rest, if any.

Reasons of the account stand whatever the ladder says; reasons of the message need to know its step.
"""

from __future__ import annotations

from datetime import date, timedelta

from duewell.core.agree.holds import RESUMES_BY_ITSELF, Hold, HoldKind
from duewell.core.decide import rules
from duewell.core.decide.values import Calendar, Case, Copy, Reason, Recipient, Step, Strategy
from duewell.core.decide.wording import day, days, shown

_GRAVITY = {kind: place for place, kind in enumerate(rules.OF_HOLD)}
_HELD_FOR = {
    HoldKind.PROMISE: "a promise",
    HoldKind.GRACE: "days of grace",
    HoldKind.DISPUTE: "a dispute",
    HoldKind.HARDSHIP: "hardship",
    HoldKind.REPRESENTATION: "representation by somebody else",
    HoldKind.DEATH: "a death",
    HoldKind.INSOLVENCY: "insolvency",
    HoldKind.MISSING_FROM_EXPORT: "being missing from a complete list",
    HoldKind.OTHER: "another reason",
}
CALL = "call"
LETTER = "letter"
STATEMENT = "statement"
# A calendar without any business day in a year has none.
_LOOK_AHEAD_DAYS = 366


def account_holds(case: Case, on: date) -> list[Reason]:
    """Holds of the whole account rest everything on it. Gravest first, then by id."""
    active = [hold for hold in case.holds if hold.active_on(on)]
    active.sort(key=lambda hold: (_GRAVITY[hold.kind], hold.id))
    return [
        Reason(
            rules.OF_HOLD[hold.kind], f"The whole account {held_for(hold)}.", f"hold {hold.id}", hold.free_from()
        )
        for hold in active
    ]


def held_for(hold: Hold) -> str:
    """`rests for a promise since 1 March 2026 and is free again on 10 March 2026 (by phone)`, and the like."""
    free = hold.free_from()
    if free is not None:
        end = f" and is free again on {day(free)}"
    elif hold.review_on is not None and hold.kind not in RESUMES_BY_ITSELF:
        end = f", and a person looks at it on {day(hold.review_on)}"
    else:
        end = ", and a person ends it"
    return f"rests for {_HELD_FOR[hold.kind]} since {day(hold.starts_on)}{end} ({shown(hold.reason)})"


def in_flight(case: Case) -> list[Reason]:
    """One account, one message: nothing new before the one under way is settled."""
    if case.in_flight is None:
        return []
    text = f"Message {case.in_flight} of this account waits, is on its way, or may have arrived."
    return [Reason(rules.IN_FLIGHT, text, f"message {case.in_flight}", None)]


def least_gap(case: Case, strategy: Strategy, on: date) -> list[Reason]:
    """Messages keep their distance, and there is never a second one on the same day."""
    if case.last_message_on is None:
        return []
    gap = max(1, strategy.least_gap_days)
    next_on = case.last_message_on + timedelta(days=gap)
    if on >= next_on:
        return []
    text = (
        f"The last message left on {day(case.last_message_on)}, and the next may follow {days(gap)} later, "
        f"on {day(next_on)}."
    )
    return [Reason(rules.LEAST_GAP, text, f"strategy {strategy.key}, least_gap_days", next_on)]


def not_business_day(step: Step, calendar: Calendar, on: date) -> bool:
    """Does the step keep to business days, and is this none?"""
    return step.business_days_only and not calendar.is_business_day(on)


def next_business_day(calendar: Calendar, after: date) -> date | None:
    """The first business day after a day; None where a whole year has none."""
    for ahead in range(1, _LOOK_AHEAD_DAYS + 1):
        found = after + timedelta(days=ahead)
        if calendar.is_business_day(found):
            return found
    return None


def recipient(case: Case, step: Step) -> Recipient | None:
    """Whom the step reaches: the first of its channels on which somebody can be reached."""
    for channel in step.channels:
        for one in case.recipients:
            if one.channel == channel:
                return one
    return None


def untranslated(case: Case, step: Step, to: Recipient) -> list[Reason]:
    """What the step says has no translation, or not all of it. Nothing is said in another language instead."""
    lacking = _lacking(case, step, to)
    if lacking is None:
        return []
    said = f"{step.tone}, {step.stage.key}"
    text = f"The words of {said} for {to.channel} are not all there in the language {to.language}: {lacking}."
    return [Reason(rules.UNTRANSLATED, text, f"texts {to.language}, {said}", None)]


def _lacking(case: Case, step: Step, to: Recipient) -> str | None:
    if not case.untranslated:
        return None
    # A statement that goes along is paper, whichever way it goes.
    for channel in (to.channel, LETTER) if STATEMENT in step.attach else (to.channel,):
        lacking = case.untranslated.get((to.language, channel, step.tone, step.stage.key))
        if lacking is not None:
            return lacking
    return None


def others(case: Case, step: Step, first: Recipient) -> tuple[Recipient, ...]:
    """Where the message may go if it cannot go to the first: the further channels of the step, in its order."""
    if len(step.channels) == 1:
        return ()
    further = step.channels[step.channels.index(first.channel) + 1 :]
    return tuple(
        [
            one
            for channel in further
            for one in case.recipients
            if one.channel == channel and _lacking(case, step, one) is None
        ]
    )


def copies(case: Case, step: Step, first: Recipient) -> tuple[Copy, ...]:
    """Who gets the message too: each party of the step's roles once, on its first channel of the step.

    A copy is something to read: nobody is called because of one.
    """
    found: list[Copy] = []
    parties = {first.party}
    for role in step.copies:
        for participant in case.participants:
            points = {
                one.channel: one
                for one in participant.recipients
                if one.channel != CALL and _lacking(case, step, one) is None
            }
            channel = next((channel for channel in step.channels if channel in points), None)
            if participant.role == role and channel is not None and points[channel].party not in parties:
                parties.add(points[channel].party)
                found.append(Copy(role, points[channel]))
    return tuple(found)


def books(case: Case) -> list[Reason]:
    """Money that came in since the export is not known: no demand from old books."""
    if not case.books_too_old:
        return []
    text = "The creditor's open items are older than its policy allows, and a fresh list must be imported first."
    return [Reason(rules.BOOKS_TOO_OLD, text, "creditor, books_as_of", None)]


def reviews(case: Case) -> list[Reason]:
    """An open question to a person comes before any message."""
    return [
        Reason(rules.REVIEW_OPEN, f"A question of the kind {kind} waits for a person.", f"review {kind}", None)
        for kind in case.reviews
    ]


def missing(case: Case) -> list[Reason]:
    """What the message would say and nobody gave."""
    return [
        Reason(rules.of_missing(name), f"The message needs {name}, which nobody has given.", name, None)
        for name in case.missing
    ]
