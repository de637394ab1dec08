"""Still: is what was planned still right at the moment of sending? Fewer, never others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from duewell.core.decide import rules, waiting
from duewell.core.decide.decide import answer
from duewell.core.decide.ladder import Rung
from duewell.core.decide.selection import Selection, Standing, select
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance, Case, Forecast, Item, Proposal, Reason, Rest, Strategy
from duewell.core.decide.wording import invoice
from duewell.core.units.ids import ReceivableId


def still(
    planned: Collection[Advance],
    case: Case,
    strategy: Strategy,
    forecast: Forecast,
    as_of: date,
    listed: Collection[ReceivableId] | None = None,
) -> Proposal | Rest:
    """What of a planned message may still be sent on a day.

    What is kept are the planned claims that the strategy would make afresh: the same receivable and the same
    stage. Stage, tone, recipient, lines and sums come from what is kept and from what is due on the day.

    Args:
        planned: what the message claimed.
        case: the account as it is now, without the claims of this message and with this message not in flight.
        listed: the receivables of the planned message, where no other may stand on it; every due one may
            when not given.

    Returns:
        A `Proposal` whose advances are all among the planned ones, or a `Rest`: nothing of it may be sent.
    """
    chosen = select(case, strategy, as_of)
    kept = _kept(planned, chosen)
    if kept and listed is not None:
        shown = {*listed, *(advance.receivable for advance in planned)}
        part = case._replace(items=tuple([item for item in case.items if item.id in shown]))
        chosen = select(part, strategy, as_of)
        kept = _kept({Advance(item.id, _stage(rung)) for item, rung in kept}, chosen)
    if kept:
        return answer(case, strategy, chosen, kept)
    return answer(case, strategy, chosen, [], why_none_moves=_why_not(planned, case, strategy, chosen))


def as_before(planned: Collection[Advance], case: Case) -> Case:
    """The case as it stood before a message arrived, with everything else that has become known since.

    What a copy says is asked of this: whether the message itself would still be sent.
    """
    stages = {advance.receivable: advance.stage for advance in planned}
    below = {stage: max((other for other in Stage if other < stage), default=Stage.NONE) for stage in Stage}
    items = [
        item._replace(reached=below[stages[item.id]], reached_on=None, claimed=None)
        if item.id in stages and item.reached == stages[item.id]
        else item
        for item in case.items
    ]
    return case._replace(items=tuple(items), last_message_on=None)


def _kept(planned: Collection[Advance], chosen: Selection) -> list[Standing]:
    claims = set(planned)
    return [one for one in chosen.moving if Advance(one[0].id, _stage(one[1])) in claims]


def _stage(rung: Rung) -> Stage:
    return rung.step.stage if rung.step is not None else Stage.NONE


def _why_not(planned: Collection[Advance], case: Case, strategy: Strategy, chosen: Selection) -> list[Reason]:
    """Why none of the planned receivables takes its planned step today."""
    stages = {advance.receivable: advance.stage for advance in planned}
    if not any(item.id in stages and item.open_minor > 0 for item in case.items):
        return [Reason(rules.PAID, "Nothing of what was planned is open any more.", "ledger", None)]

    def as_planned(standings: list[Standing]) -> list[Standing]:
        return [one for one in standings if stages.get(one[0].id) == _stage(one[1])]

    rest = chosen._replace(
        fallen=as_planned(chosen.fallen),
        held=as_planned(chosen.held),
        claimed=[one for one in chosen.claimed if one[0].id in stages],
        waiting=as_planned(chosen.waiting),
        moving=[],
    )
    found = waiting.reasons(case, strategy, rest)
    for item, rung in (*chosen.fallen, *chosen.held, *chosen.waiting):
        if item.id in stages and stages[item.id] != _stage(rung):
            found.append(_other_step(item, rung, stages[item.id], strategy))
    return found


def _other_step(item: Item, rung: Rung, planned: Stage, strategy: Strategy) -> Reason:
    """The receivable is open, but the planned stage is no longer its next one, and will not be again."""
    source = f"strategy {strategy.key}, step {planned.key}"
    if any(step.stage == planned for step in rung.dropped):
        text = f"The step {planned.key} of {invoice(item)} would come after the due date and is dropped."
        return Reason(rules.UPCOMING_PASSED, text, source, None)
    then = "it has no further step" if rung.step is None else f"its next step is {_stage(rung).key}"
    text = f"{invoice(item)} was planned for {planned.key}, but {then}."
    return Reason(rules.OTHER_STEP, text, source, None)
