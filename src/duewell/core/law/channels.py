"""Channels: which of a step's channels the law permits first, and which of them it makes wait.

A refusal that ends soon is waited for; one that does not gives way to the next channel of the step.
Page: docs/algorithms/channels.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from duewell.core.decide.values import Proposal
from duewell.core.law.values import Permit, Refusal, Refused, Review

Answer = Permit | Refused | Review


class Way(NamedTuple):
    """What the law says of a proposal on its channels."""

    proposal: Proposal
    """With the channel that the answer is about; the channels after it are its others."""
    answer: Answer
    """`Refused` with every refusal where no channel is permitted; with those of the one that is waited for."""
    passed: tuple[tuple[str, Refusal], ...]
    """The channels that gave way before, each with the first refusal that has no near end."""
    until: datetime | None
    """Where it is refused: the first instant at which one of the channels may be permitted, if any is known."""


def ask(proposal: Proposal, law: Callable[[Proposal], Answer], since: datetime) -> Way:
    """Ask the law about one channel after the other, in the order of the step.

    Args:
        since: the instant from which `wait_days` are counted: the end of the civil date, or now at sending.
    """
    if not proposal.others:
        answer = law(proposal)
        return Way(proposal, answer, (), answer.until if isinstance(answer, Refused) else None)
    latest = since + timedelta(days=proposal.wait_days)
    passed: list[tuple[str, Refusal]] = []
    refusals: list[Refusal] = []
    ends: list[datetime] = []
    for place, recipient in enumerate((proposal.recipient, *proposal.others)):
        tried = proposal._replace(recipient=recipient, others=proposal.others[place:])
        answer = law(tried)
        if not isinstance(answer, Refused):
            return Way(tried, answer, tuple(passed), None)
        if answer.until is not None and answer.until <= latest:
            return Way(tried, answer, tuple(passed), answer.until)
        passed.append((recipient.channel, _lasting(answer, latest)))
        refusals += [refusal for refusal in answer.refusals if refusal not in refusals]
        if answer.until is not None:
            ends.append(answer.until)
    return Way(proposal, Refused(tuple(refusals)), tuple(passed), min(ends, default=None))


def _lasting(refused: Refused, latest: datetime) -> Refusal:
    """The first refusal because of which it is not worth waiting."""
    return next(one for one in refused.refusals if one.until is None or one.until > latest)
