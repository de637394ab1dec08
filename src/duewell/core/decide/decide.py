"""Decide: what to say to one account next, or why to say nothing.

    select which receivables move -> highest step among them -> gates -> Proposal, or Rest with every reason

Page: docs/algorithms/stages.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from duewell.core.agree import holds
from duewell.core.decide import choose, gates, netting, rules, until, waiting
from duewell.core.decide.ladder import as_date
from duewell.core.decide.selection import Selection, Standing, select
from duewell.core.decide.values import (
    Advance,
    Case,
    Forecast,
    Proposal,
    Reason,
    Recipient,
    Rest,
    Step,
    Strategy,
)
from duewell.core.decide.wording import weekday

DEMAND = "demand"


def decide(case: Case, strategy: Strategy, forecast: Forecast, as_of: date) -> Proposal | Rest:
    """What the strategy wants to say to an account on a day.

    Args:
        forecast: when money is likely to come; no field of a strategy reads it yet.
        as_of: the creditor's civil date.

    Returns:
        A `Proposal`, or a `Rest` with every reason that rests the account. The first decides. Before the
        `until` of any of them nothing can be proposed unless something else happens.

    Cost: linear in the items of the case.
    """
    chosen = select(case, strategy, as_of)
    return answer(case, strategy, chosen, chosen.moving)


def decide_among(case: Case, strategies: Sequence[Strategy], forecast: Forecast, as_of: date) -> Proposal | Rest:
    """Choose the strategy that is for the case, and decide by it.

    Where another strategy would be chosen on a later day, no `until` that hangs on the strategy is later.
    """
    strategy = choose.choose(case, strategies, as_of)
    if isinstance(strategy, Rest):
        return Rest(case.account, (*_standing(case, as_of), *strategy.reasons, *_needed(case)))
    chosen = select(case, strategy, as_of)
    return answer(
        case, strategy, chosen, chosen.moving, changes_on=lambda: choose.changes_on(case, strategies, as_of)
    )


def answer(
    case: Case,
    strategy: Strategy,
    chosen: Selection,
    moving: Sequence[Standing],
    *,
    why_none_moves: Sequence[Reason] = (),
    changes_on: Callable[[], date | None] = lambda: None,
) -> Proposal | Rest:
    """The proposal that moves these receivables, or the reasons against it.

    Args:
        moving: some or all of `chosen.moving`.
        why_none_moves: what to say where `moving` is empty; worked out from the selection when not given.
        changes_on: the first later day on which another strategy is for the case; asked only for a rest.
    """
    on = chosen.on
    standing = _standing(case, on)
    needed = _needed(case)
    step = _highest(moving)
    to = gates.recipient(case, step) if step is not None else None
    found = [] if step is not None else list(why_none_moves) or waiting.reasons(case, strategy, chosen)
    found += gates.least_gap(case, strategy, on)
    if step is not None:
        if gates.not_business_day(step, case.calendar, on):
            found.append(_not_business_day(case, strategy, step, on))
        if to is None:
            found.append(_no_address(case, strategy, step, on))
        else:
            found += gates.untranslated(case, step, to)
            if not (standing or found or needed):
                return _propose(case, strategy, chosen, moving, step, to)
    other = changes_on()
    if other is not None:
        found = [_no_later(reason, other) for reason in found]
    return Rest(case.account, (*standing, *found, *needed))


def proposal_body(proposal: Proposal) -> dict[str, object]:
    """What the hash of a plan covers, as values of canonical JSON: ASCII keys in order, no number but whole ones.

    Who, stage, tone, recipient point, channel, language, strategy, items with amounts, sums, and what advances;
    where there are some, the points on further channels, who gets a copy, and what is attached.
    """
    to = proposal.recipient
    body: dict[str, object] = {
        "account": proposal.account,
        "advances": [[receivable, int(stage)] for receivable, stage in proposal.advances],
        "as_of": proposal.as_of.isoformat(),
        "channel": to.channel,
        "creditor": proposal.creditor,
        "language": to.language,
        "lines": [
            [receivable, currency, open_minor, held_minor]
            for receivable, currency, _, open_minor, held_minor in proposal.lines
        ],
        "nets": [list(net) for net in proposal.nets],
        "party": to.party,
        "person": to.person,
        "point": to.point,
        "purpose": proposal.purpose,
        "stage": int(proposal.stage),
        "strategy": proposal.strategy,
        "strategy_digest": proposal.strategy_digest,
        "tone": proposal.tone,
    }
    also = _also(proposal)
    return dict(sorted({**body, **also}.items())) if also else body


def _also(proposal: Proposal) -> dict[str, object]:
    """What only messages with several channels, copies or attachments have: the others stay as they were."""
    found: dict[str, object] = {}
    if proposal.others:
        found["others"] = [list(one) for one in proposal.others]
    if proposal.copies:
        found["copies"] = [[copy.role, *copy.recipient] for copy in proposal.copies]
    if proposal.attach:
        found["attach"] = list(proposal.attach)
    return found


def _highest(moving: Sequence[Standing]) -> Step | None:
    highest: Step | None = None
    for _, rung in moving:
        if highest is None or (rung.step is not None and rung.step.stage > highest.stage):
            highest = rung.step
    return highest


def _standing(case: Case, on: date) -> list[Reason]:
    """What rests the account under any strategy: nothing open, a hold of the account, a message under way."""
    found = [] if any(item.open_minor > 0 for item in case.items) else [waiting.PAID]
    if case.holds:
        found += gates.account_holds(case, on)
    return found + gates.in_flight(case)


def _needed(case: Case) -> list[Reason]:
    """What must be there before any message: fresh books, answered questions, every placeholder."""
    return gates.books(case) + gates.reviews(case) + gates.missing(case)


def _no_later(reason: Reason, day: date) -> Reason:
    return reason if reason.until is not None and reason.until <= day else reason._replace(until=day)


def _propose(
    case: Case, strategy: Strategy, chosen: Selection, moving: Sequence[Standing], step: Step, to: Recipient
) -> Proposal:
    lines, nets = netting.shown(chosen.netted, {item.currency for item, _ in moving}, chosen.on)
    advances = [Advance(item.id, rung.step.stage) for item, rung in moving if rung.step is not None]
    advances.sort()
    return Proposal(
        account=case.account,
        creditor=case.creditor,
        as_of=chosen.on,
        stage=step.stage,
        purpose=DEMAND,
        tone=step.tone,
        recipient=to,
        strategy=strategy.key,
        strategy_digest=strategy.digest,
        lines=lines,
        nets=nets,
        advances=tuple(advances),
        fell_due_on=_fell_due_on(case, moving, step, chosen.on),
        others=gates.others(case, step, to),
        channels=step.channels,
        wait_days=step.wait_days,
        copies=gates.copies(case, step, to) if step.copies else (),
        attach=step.attach,
    )


def _fell_due_on(case: Case, moving: Sequence[Standing], step: Step, on: date) -> date:
    """The first day on which the stage of the message fell due, the ends of holds considered."""
    days = []
    account_free = holds.free_from(case.holds, on) if case.holds else None
    for item, rung in moving:
        if rung.step is step:
            day = as_date(rung.day)
            if account_free is not None and account_free > day:
                day = account_free
            if item.holds:
                whole = [hold for hold in item.holds if hold.amount_minor is None]
                day = max(day, holds.free_from(whole, on) or day)
            days.append(day)
    return min(days)


def _not_business_day(case: Case, strategy: Strategy, step: Step, on: date) -> Reason:
    key = step.stage.key
    text = f"The step {key} goes out on business days only, and {weekday(on)} is none."
    source = f"strategy {strategy.key}, step {key}, business_days_only"
    return Reason(rules.NOT_BUSINESS_DAY, text, source, until.step_may_go(case, strategy, on))


def _no_address(case: Case, strategy: Strategy, step: Step, on: date) -> Reason:
    key = step.stage.key
    text = f"The customer has no usable address on {' or '.join(step.channels)}, which the step {key} goes by."
    source = f"strategy {strategy.key}, step {key}, channels"
    return Reason(rules.NO_ADDRESS, text, source, until.somebody_is_reached(case, strategy, on))
