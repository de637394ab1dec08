"""Ask again: are strategy and law still for it, now, with everything that has become known since the plan?"""

from __future__ import annotations

from datetime import timedelta

from duewell.core.decide import rules
from duewell.core.decide.choose import choose
from duewell.core.decide.still import still
from duewell.core.decide.values import Rest
from duewell.core.law.gate import gate_at
from duewell.core.law.values import Refused, Review
from duewell.flows.decide_accounts import NOTHING_KNOWN, World, latest_refusal
from duewell.flows.outbox import Aside, Delivery, Postponed, Question, Wanted, Withheld
from duewell.flows.ports import Known

WAITS = frozenset({rules.NOT_BUSINESS_DAY, rules.LEAST_GAP, rules.BOOKS_TOO_OLD, rules.NOT_YET})
"""Rests that end by themselves or with the next import: the message keeps its claims and waits."""
WAIT_LONGEST = timedelta(days=7)
"""A rest that is known to last longer frees the claims: the account would be silent about all else meanwhile."""


def ask_again(world: World, known: Known, delivery: Delivery) -> Wanted | Aside:
    """May what was planned go out at `world.now`? Fewer than was planned, never others.

    Args:
        world: of the civil date on which `now` falls.
        known: the account as it is, without the claims of this message and with it not in flight.
    """
    strategy = choose(known.case, world.strategies, world.as_of)
    outcome = (
        strategy
        if isinstance(strategy, Rest)
        else still(delivery.advances, known.case, strategy, NOTHING_KNOWN, world.as_of)
    )
    if isinstance(outcome, Rest):
        reason = outcome.reasons[0]
        soon = reason.until is None or reason.until <= world.as_of + WAIT_LONGEST
        if reason.rule in WAITS and soon:
            return Postponed(delivery, reason.rule, reason.text, None)
        return Withheld(delivery, reason.rule, reason.text)
    answer = gate_at(outcome, known.standing, world.law, world.now, world.windows, allowed=known.allowed)
    if isinstance(answer, Refused):
        refusal = latest_refusal(answer)
        if answer.until is None:
            return Withheld(delivery, refusal.rule, refusal.text)
        return Postponed(delivery, refusal.rule, refusal.text, answer.until)
    if isinstance(answer, Review):
        return Question(delivery, answer.questions[0].rule, answer.questions[0].text)
    return Wanted(delivery, known, outcome, answer, world.creditor.version)
