"""Ask again: are strategy and law still for it, now, with everything that has become known since the plan?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from duewell.core.decide import rules
from duewell.core.decide.choose import choose
from duewell.core.decide.still import as_before, still
from duewell.core.decide.values import Case, Proposal, Rest
from duewell.core.law import channels
from duewell.core.law.gate import gate_at
from duewell.core.law.values import Refused, Review
from duewell.core.units.ids import AccountId
from duewell.flows.decide_accounts import NOTHING_KNOWN, World, latest_refusal
from duewell.flows.outbox import Aside, Delivery, Postponed, Question, Rerouted, Wanted, Withheld
from duewell.flows.ports import Known

WAITS = frozenset({rules.NOT_BUSINESS_DAY, rules.LEAST_GAP, rules.BOOKS_TOO_OLD, rules.NOT_YET})
"""Rests that end by themselves or with the next import: the message keeps its claims and waits."""
WAIT_LONGEST = timedelta(days=7)
"""A rest that is known to last longer frees the claims: the account would be silent about all else meanwhile."""
NOT_FOR_A_COPY = "The law wants a person to look at it first, and a copy is not worth the question: "


def ask_again(world: World, known: Known, delivery: Delivery) -> Wanted | Aside:
    """May what was planned go out at `world.now`? Fewer than was planned, never others.

    Args:
        world: of the civil date on which `now` falls.
        known: the account as it is, without the claims of this message and with it not in flight; for a copy, with
            the standing of whoever gets it.
    """
    outcome = _decided(world, known.case, delivery)
    if isinstance(outcome, Rest):
        reason = outcome.reasons[0]
        soon = reason.until is None or reason.until <= world.as_of + WAIT_LONGEST
        if reason.rule in WAITS and soon:
            return Postponed(delivery, reason.rule, reason.text, None)
        return Withheld(delivery, reason.rule, reason.text)
    wanted = (
        _to_whom_it_is_copied(outcome, known.case, delivery)
        if delivery.role
        else from_channel_on(outcome, delivery.channel)
    )
    if wanted is None:
        text = f"There is no usable address on {delivery.channel} any more, nor on a channel after it."
        return Withheld(delivery, rules.NO_ADDRESS, text)
    # What a person allowed was allowed for the primary debtor.
    allowed = frozenset() if delivery.role else known.allowed

    def law(tried: Proposal) -> channels.Answer:
        return gate_at(tried, known.standing, world.law, world.now, world.windows, allowed=allowed)

    asked = channels.ask(wanted, law, world.now)
    answer = asked.answer
    if isinstance(answer, Refused):
        refusal = latest_refusal(answer)
        if asked.until is None:
            return Withheld(delivery, refusal.rule, refusal.text)
        return Postponed(delivery, refusal.rule, refusal.text, asked.until)
    if isinstance(answer, Review):
        question = answer.questions[0]
        if delivery.role:
            return Withheld(delivery, question.rule, NOT_FOR_A_COPY + question.text)
        return Question(delivery, question.rule, question.text)
    to = asked.proposal.recipient
    if to.channel != delivery.channel:
        rule, text = rules.NO_ADDRESS, f"There is no usable address on {delivery.channel} any more."
        if asked.passed:
            rule, text = asked.passed[0][1].rule, asked.passed[0][1].text
        return Rerouted(delivery, rule, text, to)
    return Wanted(delivery, known, asked.proposal, answer, world.creditor.version)


def known_now(deliveries: Sequence[Delivery], world: World) -> dict[int, Known]:
    """The accounts of deliveries as they are now, by attempt: their own messages are left out of sight.

    Whoever gets a copy comes with what the law counts of them, and not of the debtor.
    """
    own = frozenset(delivery.message for delivery in deliveries)
    accounts = list({AccountId(delivery.account): None for delivery in deliveries})
    found = {known.case.account: known for known in world.cases(accounts, world.as_of, world.now, apart_from=own)}
    readers = {
        delivery.attempt: _reader(found[AccountId(delivery.account)].case, delivery)
        for delivery in deliveries
        if delivery.role
    }
    standings = world.cases.standings(set(readers.values()), world.as_of, world.now) if readers else {}
    told = {}
    for delivery in deliveries:
        known = found[AccountId(delivery.account)]
        if delivery.role:
            # It is the debtor's debt, whoever hears of it.
            known = known._replace(
                standing=standings[readers[delivery.attempt]]._replace(debt=known.standing.debt)
            )
        told[delivery.attempt] = known
    return told


def _reader(case: Case, delivery: Delivery) -> int:
    """The person who gets a copy: whoever is behind the party now, for persons are joined and parted."""
    for participant in case.participants:
        for one in participant.recipients:
            if one.party == delivery.party:
                return one.person
    return delivery.person


def _decided(world: World, case: Case, delivery: Delivery) -> Proposal | Rest:
    if delivery.role:
        case = as_before(delivery.advances, case)
    strategy = choose(case, world.strategies, world.as_of)
    if isinstance(strategy, Rest):
        return strategy
    return still(delivery.advances, case, strategy, NOTHING_KNOWN, world.as_of)


def from_channel_on(proposal: Proposal, channel: str) -> Proposal | None:
    """The proposal on the channel for which it was planned, or on the first after it: never on one before."""
    to = proposal.recipient
    if to.channel == channel:
        return proposal
    if channel not in proposal.channels:
        return None
    later = proposal.channels[proposal.channels.index(channel) :]
    left = [one for one in (to, *proposal.others) if one.channel in later]
    return proposal._replace(recipient=left[0], others=tuple(left[1:])) if left else None


def _to_whom_it_is_copied(proposal: Proposal, case: Case, delivery: Delivery) -> Proposal | None:
    """The same message to somebody who stands on the account beside the debtor. It moves nothing."""
    for participant in case.participants:
        if participant.role == delivery.role:
            for one in participant.recipients:
                if one.party == delivery.party and one.channel == delivery.channel:
                    return proposal._replace(recipient=one, others=(), copies=(), advances=(), role=delivery.role)
    return None
