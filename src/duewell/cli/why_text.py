"""The page that `why` shows: the answer in a sentence, the reasons, what comes, what was done, the proof."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from duewell.adapters.zones import civil_time
from duewell.core.decide.wording import amount, day
from duewell.core.units.money import Money, by_currency
from duewell.flows.acts import STEPS
from duewell.flows.ask_why import THEN
from duewell.flows.coming import Coming

if TYPE_CHECKING:
    from duewell.flows.acts import Act
    from duewell.flows.ask_why import Page
    from duewell.flows.ports import CreditorView

WIDTH: Final = 100
SHORT: Final = {
    "paid": "nothing is open on the account",
    "deceased": "it is on hold because the customer died",
    "insolvent": "it is on hold because the customer is insolvent",
    "represented": "it is on hold because somebody speaks for the customer",
    "hardship": "it is on hold because the customer cannot pay",
    "disputed": "it is on hold for a dispute",
    "missing_from_export": "it is on hold because the invoice vanished from a complete list",
    "held": "it is on hold",
    "promised": "it is on hold for a promise",
    "grace": "it has time to pay",
    "not_yet": "no step has come",
    "upcoming_passed": "the step before the due date came too late",
    "ladder_done": "the strategy has no further step",
    "other_step": "the planned step is no longer the next one",
    "credited": "credit covers what is due",
    "below_minimum": "too little is due to write about",
    "least_gap": "the last message is too recent",
    "not_business_day": "it is no business day",
    "no_address": "there is no usable address",
    "untranslated": "a translation is missing",
    "no_strategy": "no strategy is for this account",
    "books_too_old": "the list of open items is too old",
    "review_open": "a question waits for a person",
    "hours": "contact is not allowed at these hours",
    "hours.never": "there is no hour at which contact is allowed",
    "days.weekday": "nobody is contacted on that weekday",
    "days.holiday": "it is a public holiday where the customer may be",
    "calls.count": "called as often about this debt as the law allows",
    "calls.wait": "spoken to about this debt within the last days",
    "times.inconvenient": "a time that does not suit",
    "places.inconvenient": "an address or number that does not suit",
    "stops.last_word": "what may follow a stop was said, or is too late",
    "frequency": "the customer was contacted as often as is allowed",
    "stops.opt_out": "the customer asked for no more contact",
    "stops.deceased": "the customer has died",
    "stops.represented": "the customer is represented",
    "stops.insolvent": "the customer is insolvent",
    "stops.minor": "the customer is a minor",
    "recipients": "a consumer's debt is told to nobody who has no part in it",
    "stops.vulnerable": "a person looks first, for the customer may be vulnerable",
}
"""By rule: the answer in a few words, to go on with `until ...`."""


def text(page: Page, creditor: CreditorView) -> str:
    """The whole page."""
    sections = [
        ("", [*_wrapped(headline(page, creditor), ""), *_owed(page)]),
        ("Why", _reasons(page)),
        ("Next", _next(page, creditor)),
        ("What was done, newest first", _done(page, creditor)),
        ("Proof", _proof(page)),
        ("", _knowledge(page, creditor)),
    ]
    told = [[title, *lines] if title else list(lines) for title, found in sections if (lines := list(found))]
    return "\n\n".join("\n".join(lines) for lines in told)


def headline(page: Page, creditor: CreditorView) -> str:
    """The answer in one or two sentences."""
    answer, who = page.answer, page.found.number + (f" ({page.found.name})" if page.found.name else "")
    on = f"today, {day(page.as_of)}" if page.as_of == page.today else f"on {day(page.as_of)}"
    went = _went(page, creditor)
    if went is not None:
        clock = civil_time(creditor.zone, went.at)
        opening = f"The message {went.stage} went to {who} {on}, at {clock:%H:%M}. "
        return opening + f"Nothing more is sent: {_because(page)}."
    if answer.decision == "proposal":
        assert answer.proposal is not None
        asks = " and ".join(
            amount(net.net_minor, net.currency) for net in answer.proposal.nets if net.net_minor > 0
        )
        return f"A message is wanted for {who} {on}: {answer.key}, asking for {asks}."
    verb = {-1: "was to be", 0: "is", 1: "would be"}[(page.as_of > page.today) - (page.as_of < page.today)]
    return f"Nothing {verb} sent to {who} {on}: {_because(page)}."


def _went(page: Page, creditor: CreditorView) -> Act | None:
    """The message that arrived on the day asked about."""
    return next(
        (
            act
            for act in page.acts
            if act.kind == "contact.accepted" and civil_time(creditor.zone, act.at).date() == page.as_of
        ),
        None,
    )


def _because(page: Page) -> str:
    first = page.answer.reasons[0]
    short = SHORT.get(first.rule)
    if short is None:
        plain = first.text.rstrip(".")
        return plain[0].lower() + plain[1:]
    if first.until is None:
        return short
    if first.rule == "not_yet":
        return f"no step comes before {day(first.until)}"
    return f"{short}, until {day(first.until)}"


def _owed(page: Page) -> Iterator[str]:
    case = page.known.case
    opened = by_currency(Money(item.open_minor, item.currency) for item in case.items)
    if opened:
        sums = " and ".join(amount(minor, currency) for currency, minor in sorted(opened.items()))
        count = "1 invoice" if len(case.items) == 1 else f"{len(case.items):,} invoices"
        credit = " and ".join(amount(minor, currency) for currency, minor in case.credits)
        yield f"{sums} is open in {count}" + (f"; unapplied credit of {credit}." if credit else ".")
    if page.situation is not None:
        yield from _wrapped(page.situation.text, "")


def _reasons(page: Page) -> Iterator[str]:
    for place, reason in enumerate(page.answer.reasons):
        if place == 1:
            yield "  besides:"
        yield from _wrapped(f"{reason.rule}: {reason.text}", "  ")
        yield from _wrapped(f"{reason.source}. {reason.change}", "      ")


def _next(page: Page, creditor: CreditorView) -> Iterator[str]:
    comes = page.answer.coming
    if not isinstance(comes, Coming):
        yield from _wrapped(f"Nothing comes by itself. {comes.rule}: {comes.text} {comes.change}", "  ")
        return
    asks = " and ".join(amount(net.net_minor, net.currency) for net in comes.nets if net.net_minor > 0)
    when = f"on {day(comes.on)}"
    if comes.opens_at is not None and comes.closes_at is not None:
        when += f", {_clock(comes.opens_at, creditor)} to {_clock(comes.closes_at, creditor)} ({creditor.zone})"
    means = {
        "expected": "if nothing else happens",
        "planned": "once its run is released",
        "released": "with the next send",
    }[comes.state]
    line = f"{comes.stage.key} by {comes.channel}, asking for {asks}, at the earliest {when}, {means}."
    yield from _wrapped(line, "  ")


def _done(page: Page, creditor: CreditorView) -> Iterator[str]:
    shown = [act for act in page.acts if act.kind not in STEPS]
    for act in shown:
        clock = civil_time(creditor.zone, act.at)
        stamp = f"{clock:%Y-%m-%d %H:%M}  "
        lines = textwrap.wrap(act.text, WIDTH - len(stamp) - 2)
        yield f"  {stamp}{lines[0]}"
        yield from (" " * (len(stamp) + 2) + line for line in lines[1:])
    if page.more_acts:
        yield "  ... and more before (--last 0 tells all)"
    elif not shown:
        yield "  nothing that a fact tells of"


def _proof(page: Page) -> Iterator[str]:
    for act in page.acts:
        if act.kind not in STEPS:
            yield f"  {act.stream} {act.sequence:>5}  {act.kind:<20} {act.hash}"
    if page.acts:
        yield f"  check: duewell verify    take along: duewell evidence {page.found.number} --out PACK"


def _knowledge(page: Page, creditor: CreditorView) -> list[str]:
    lines = []
    if page.knowledge == THEN:
        lines.append(f"As it was known at the end of {day(page.as_of)}, put together from the facts.")
    lines += page.remarks
    if page.compared is not None:
        run = f"Run {page.compared.run} of this day"
        if page.compared.changed:
            changed = ", ".join(page.compared.changed)
            lines.append(f"{run} was made with other versions than those of today: {changed}.")
        elif page.as_of != page.today:
            lines.append(f"{run} was made with the strategies, rule books, calendars and zones of today.")
    return [wrapped for line in lines for wrapped in _wrapped(line, "")]


def _clock(at: datetime, creditor: CreditorView) -> str:
    return f"{civil_time(creditor.zone, at):%H:%M}"


def _wrapped(line: str, indent: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent)
