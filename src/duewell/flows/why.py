"""Why: what is told to an account, or why nothing; the rule that decided, those that nearly did, and until when.

Strategy and law are the functions that plan, run and send call, on the same values: one decision, many hosts.
Page: docs/explanation/reasons.md.
"""

from __future__ import annotations

from typing import NamedTuple

from duewell.core.decide import waiting
from duewell.core.decide.choose import choose
from duewell.core.decide.selection import Selection, select
from duewell.core.decide.values import Proposal, Rest, Strategy
from duewell.core.decide.wording import amount, and_more, day, invoice
from duewell.core.law import channels, hours
from duewell.core.law.library import Books
from duewell.core.law.values import Permit, Refused
from duewell.flows.changes import change
from duewell.flows.coming import Coming, Days, Flight, Told, coming, law_between, told, told_by_law, unknown
from duewell.flows.decide_accounts import World, judge, latest_refusal
from duewell.flows.ports import Known

PROPOSED = "proposed"
PERMITTED = "permitted"
HALTED = "halted"


class Answer(NamedTuple):
    """Why one account is or is not written to on a day."""

    decision: str
    """`proposal`, `rest`, `refused` or `review`: where a run counts the account."""
    key: str
    """The key under which it is counted there: a stage, or the rule that decided."""
    reasons: tuple[Told, ...]
    """First the rule that decided, then those that nearly did."""
    coming: Coming | Told
    """The next message, or why none comes by itself."""
    proposal: Proposal | None


def why(world: World, known: Known, flight: Flight | None, days: Days) -> Answer:
    """Answer for one account on `world.as_of`.

    Args:
        flight: the message that waits, is on its way or is unknown, where `known.case.in_flight` names one.
        days: the creditor's calendar dates and clock.
    """
    outcome = judge(world, known)
    decision, key, reasons = _decided(world, known, outcome, days)
    if flight is not None:
        reasons = [_of_flight(world, reason, flight, days) for reason in reasons]
    if world.creditor.halted:
        text = "The kill switch of this creditor is on: nothing is sent, whatever was decided."
        reasons.insert(1, Told(HALTED, text, "creditor, halted", None, None, change(HALTED, None)))
    comes = coming(world, known, outcome, flight, days)
    return Answer(decision, key, tuple(reasons), comes, outcome if isinstance(outcome, Proposal) else None)


def _decided(world: World, known: Known, outcome: Proposal | Rest, days: Days) -> tuple[str, str, list[Told]]:
    if isinstance(outcome, Rest):
        return "rest", outcome.rule, [told(reason) for reason in outcome.reasons]
    asked = channels.ask(outcome, law_between(world, known, world.day_start, world.day_end), world.day_end)
    answer = asked.answer
    strategy = choose(known.case, world.strategies, world.as_of)
    assert isinstance(strategy, Strategy), "what is proposed has a strategy"
    chosen = select(known.case, strategy, world.as_of)
    wanted = _wanted(outcome, chosen, strategy)
    if isinstance(answer, Permit):
        permitted = _permitted(answer, _books(world, known, asked.proposal), days)
        others = _others(known, strategy, chosen)
        return "proposal", outcome.stage.key, [wanted, permitted, *_passed(asked, days), *others]
    if isinstance(answer, Refused):
        # The one that lasts longest decides: a run counts the account under it.
        first = latest_refusal(answer)
        refusals = [first, *(other for other in answer.refusals if other is not first)]
        return "refused", first.rule, [*(told_by_law(one, days) for one in refusals), wanted]
    questions = [told_by_law(question, days) for question in answer.questions]
    return "review", answer.questions[0].rule, [*questions, wanted]


def _passed(asked: channels.Way, days: Days) -> list[Told]:
    """Why channels that the step names before give way."""
    found = []
    for channel, refusal in asked.passed:
        said = told_by_law(refusal, days)
        text = f"The step goes by {asked.proposal.recipient.channel} and not by {channel}: {said.text}"
        found.append(said._replace(text=text))
    return found


def _wanted(proposal: Proposal, chosen: Selection, strategy: Strategy) -> Told:
    """Why it is proposed now: which invoices came to which step, when, and what is asked for."""
    stage = proposal.stage
    step = chosen.step
    there = [item for item, rung in chosen.moving if rung.step is step]
    oldest = min(there, key=lambda item: (item.due_on, item.id))
    asked = " and ".join(amount(net.net_minor, net.currency) for net in proposal.nets if net.net_minor > 0)
    text = (
        f"The step {stage.key} fell due on {day(proposal.fell_due_on)}: {invoice(oldest)}"
        f"{and_more(len(proposal.advances) - 1)}."
        f" The message asks for {asked}, in the language {proposal.recipient.language}."
    )
    means = "A run claims the message; it leaves once the run is released and sent."
    return Told(PROPOSED, text, f"strategy {strategy.key}, step {stage.key}", None, None, means)


def _books(world: World, known: Known, proposal: Proposal) -> Books:
    standing = known.standing
    return world.law.of(standing.places, standing.debt, proposal.recipient.channel)


def _permitted(permit: Permit, books: Books, days: Days) -> Told:
    opens, closes = days.local(permit.opens_at), days.local(permit.closes_at)
    ends = f"{closes:%H:%M}" if closes.date() == opens.date() else "24:00"
    text = f"Contact is allowed on {day(opens.date())} between {opens:%H:%M} and {ends} ({days.zone})."
    source = books.source_on(hours.OPENS, opens.date()) or ", ".join(book.key for book in books.books)
    means = "Outside these hours, and where the person asks us to stop, the law is asked again."
    return Told(PERMITTED, text, source, closes.date(), permit.closes_at, means)


def _others(known: Known, strategy: Strategy, chosen: Selection) -> list[Told]:
    """Why the other invoices of the account do not move: they nearly decided, or would have on their own."""
    left = chosen._replace(fallen=[], moving=[])
    found = [told(reason) for reason in waiting.reasons(known.case, strategy, left)]
    moving = {item.id for item, _ in chosen.moving}
    if any(item.id not in moving for item, _ in chosen.fallen):
        # Something moves today, so the day on which something moves again says nothing about these.
        found += [told(reason._replace(until=None)) for reason in waiting.money(known.case, strategy, chosen)]
    return found


def _of_flight(world: World, reason: Told, flight: Flight, days: Days) -> Told:
    """Say of a message under way where it stands, and what moves it on."""
    if reason.rule != "in_flight" or reason.source != f"message {flight.message}":
        return reason
    if flight.state == "unknown":
        return unknown(world, flight, days)
    means = {
        "planned": f"Somebody releases run {flight.run} (`duewell release {flight.run}`) or takes it back.",
        "released": "It leaves with the next `duewell send`, if strategy and law still allow it then.",
    }[flight.state]
    if flight.channel == "call" and flight.state == "released":
        means = "A collector calls, if strategy and law still allow it then (`duewell calls list`)."
    where = "waits for release" if flight.state == "planned" else "is released and waits to be sent"
    if flight.channel == "call" and flight.state == "released":
        where = "is released and waits for a call"
    text = f"The message {flight.stage.key} of run {flight.run} {where}; one account, one message."
    return reason._replace(text=text, change=means)
