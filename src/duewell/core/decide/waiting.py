"""Why nothing moves: the reasons that lie with the receivables, as sentences.

All reasons of one answer share their `until`: the first day on which one of the receivables may move.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duewell.core.agree.holds import Hold
from duewell.core.decide import gates, ladder, netting, rules, until
from duewell.core.decide.ladder import Rung, as_date
from duewell.core.decide.selection import Selection, Standing
from duewell.core.decide.values import Case, Item, Reason, Strategy
from duewell.core.decide.wording import amount, and_more, day, days, invoice, others, shown

PAID = Reason(rules.PAID, "Nothing is open on this account.", "ledger", None)


def reasons(case: Case, strategy: Strategy, chosen: Selection) -> list[Reason]:
    """Why no receivable moves on the day of the selection; empty where one does, and where nothing is open."""
    if chosen.moving:
        return []
    if chosen.fallen:
        return money(case, strategy, chosen)
    change = until.something_falls(case, strategy, chosen)
    found = _stopped(chosen, change)
    everything_is_held = not chosen.claimed and all(ladder.is_held(item, chosen.on) for item, _ in chosen.waiting)
    found += _ladder(chosen.waiting, strategy, chosen, change)
    if everything_is_held and not chosen.held:
        found += _held(chosen.waiting, chosen.on, change)
    return found


def money(case: Case, strategy: Strategy, chosen: Selection) -> list[Reason]:
    """A step fell due, and yet nothing moves: credit covers it, or too little is due."""
    change = until.something_moves(case, strategy, chosen.on)
    fallen = {item.currency for item, _ in chosen.fallen}
    found = []
    for currency in sorted(fallen - chosen.worth_asking):
        net = chosen.netted.nets[currency]
        if net.net_minor > 0:
            least = amount(netting.minimum(strategy, currency), currency)
            text = f"{amount(net.net_minor, currency)} is due, which is less than the minimum of {least}."
            found.append(Reason(rules.BELOW_MINIMUM, text, f"strategy {strategy.key}, minimum {currency}", change))
    for currency in sorted(fallen):
        covered = [item for item, _ in chosen.fallen if item.currency == currency and _is_covered(item, chosen)]
        if covered:
            credit = amount(chosen.netted.nets[currency].credit_minor, currency)
            first = _oldest(covered)
            text = f"Credit of {credit} covers {invoice(first)}{and_more(len(covered) - 1)}."
            found.append(Reason(rules.CREDITED, text, f"account credit {currency}", change))
    return found


def _is_covered(item: Item, chosen: Selection) -> bool:
    return item.id in chosen.netted.covered


def _stopped(chosen: Selection, change: date | None) -> list[Reason]:
    """A step fell due for these, but they are held or claimed."""
    found = _held(chosen.held, chosen.on, change)
    if chosen.claimed:
        first = _oldest([item for item, _ in chosen.claimed])
        assert first.claimed is not None
        text = (
            f"A message under way already takes {shown(first.number)}{and_more(len(chosen.claimed) - 1)} "
            f"to the stage {first.claimed.key}."
        )
        found.append(Reason(rules.IN_FLIGHT, text, f"claim on {shown(first.number)}", change))
    return found


def _held(standings: Sequence[Standing], on: date, change: date | None) -> list[Reason]:
    """One reason for each kind of hold, gravest first; it names the oldest invoice and counts the others."""
    by_rule: dict[str, list[tuple[Item, Hold]]] = {}
    for item, _ in standings:
        for hold in item.holds:
            if hold.active_on(on):
                by_rule.setdefault(rules.OF_HOLD[hold.kind], []).append((item, hold))
    found = []
    for rule in rules.OF_HOLD.values():
        if rule in by_rule:
            item, hold = min(by_rule[rule], key=lambda one: (one[0].due_on, one[0].id, one[1].id))
            more = len({one[0].id for one in by_rule[rule]}) - 1
            text = f"{invoice(item)} {gates.held_for(hold)}{others(more, 'do')}."
            found.append(Reason(rule, text, f"hold {hold.id}", change))
    return found


def _ladder(
    standings: Sequence[Standing], strategy: Strategy, chosen: Selection, change: date | None
) -> list[Reason]:
    """What the ladder says of those that wait: grace days, a later day, a dropped step, or no step left."""
    if not standings:
        return []
    climbing = [one for one in standings if one[1].step is not None]
    dropped = [one for one in standings if one[1].dropped]
    in_grace = [one for one in climbing if one[1].because == ladder.GRACE and _would_have_come(one, chosen.on)]
    found = []
    if in_grace:
        found.append(_in_grace(in_grace, strategy, change))
    if len(climbing) > len(in_grace):
        in_grace_ids = {item.id for item, _ in in_grace}
        found.append(_not_yet([one for one in climbing if one[0].id not in in_grace_ids], strategy, change))
    if dropped:
        found.append(_dropped(dropped, strategy, change))
    if not climbing and (not dropped or len(dropped) < len(standings)):
        first = _oldest([item for item, rung in standings if not rung.dropped] or [one[0] for one in standings])
        reached = f"has reached the stage {first.reached.key}" if first.reached else "has reached no stage"
        text = f"{invoice(first)} {reached}, and the strategy {strategy.key} has no further step for it."
        found.append(Reason(rules.LADDER_DONE, text, f"strategy {strategy.key}, steps", change))
    return found


def _would_have_come(standing: Standing, on: date) -> bool:
    """Has the step come but for the grace days?"""
    item, rung = standing
    assert rung.step is not None
    return item.due_on.toordinal() + rung.step.offset_days <= on.toordinal()


def _in_grace(standings: Sequence[Standing], strategy: Strategy, change: date | None) -> Reason:
    item, rung = min(standings, key=_soonest)
    assert rung.step is not None
    text = (
        f"{invoice(item)} is within the {days(strategy.grace_days)} of grace, and the step "
        f"{rung.step.stage.key} counts from {day(as_date(rung.day))}{others(len(standings) - 1, 'be')}."
    )
    return Reason(rules.GRACE, text, f"strategy {strategy.key}, grace_days", change)


def _not_yet(standings: Sequence[Standing], strategy: Strategy, change: date | None) -> Reason:
    item, rung = min(standings, key=_soonest)
    assert rung.step is not None
    text = (
        f"The step {rung.step.stage.key} of {invoice(item)} falls due on {day(as_date(rung.day))}, "
        f"{_because(item, rung, strategy)}{_of_several(len(standings))}."
    )
    return Reason(rules.NOT_YET, text, f"strategy {strategy.key}, step {rung.step.stage.key}", change)


def _of_several(count: int) -> str:
    return f", as the next of {count:,} invoices" if count > 1 else ""


def _because(item: Item, rung: Rung, strategy: Strategy) -> str:
    assert rung.step is not None
    if rung.because == ladder.SPACING:
        assert item.reached_on is not None
        distance = rung.day - item.reached_on.toordinal()
        return f"{days(distance)} after the stage {item.reached.key} of {day(item.reached_on)}"
    if rung.because == ladder.GRACE:
        return f"after {days(strategy.grace_days)} of grace"
    offset = rung.step.offset_days
    if offset < 0:
        return f"{days(-offset)} before the due date"
    return f"{days(offset)} after the due date" if offset else "the due date itself"


def _dropped(standings: Sequence[Standing], strategy: Strategy, change: date | None) -> Reason:
    item, rung = min(standings, key=_age)
    key = rung.dropped[-1].stage.key
    text = (
        f"The step {key} of {invoice(item)} would come after the due date and is dropped"
        f"{others(len(standings) - 1, 'be')}."
    )
    return Reason(rules.UPCOMING_PASSED, text, f"strategy {strategy.key}, step {key}", change)


def _oldest(items: Sequence[Item]) -> Item:
    return min(items, key=lambda item: (item.due_on, item.id))


def _age(standing: Standing) -> tuple[date, int]:
    return standing[0].due_on, standing[0].id


def _soonest(standing: Standing) -> tuple[int, date, int]:
    return standing[1].day, standing[0].due_on, standing[0].id
