"""The properties notice when a line of decide or narrow is broken: one day off, a hold ignored, and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.generators import cases
from tests.mutants import Mutant, is_caught, load
from tests.properties import test_decide, test_narrow, test_stage_walk

DECIDE = "duewell.core.decide"
NARROW = "duewell.portfolio.narrow"


def _decide(what: str, module: str, old: str, new: str) -> Mutant:
    return Mutant(what, f"{DECIDE}.{module}", old, new)


def _narrow(what: str, old: str, new: str) -> Mutant:
    return Mutant(what, NARROW, old, new)


OF_THE_LADDER = [
    _decide("a step comes one day early", "ladder", "self.day <= today", "self.day <= today + 1"),
    _decide("a step comes one day late", "ladder", "self.day <= today", "self.day < today"),
    _decide("grace ends one day early", "ladder", "grace_days + 1, GRACE", "grace_days, GRACE"),
    _decide("grace is ignored", "ladder", "elif offset > 0 and", "elif False and"),
    _decide("the distance between steps is ignored", "ladder", "if distance is not None and", "if False and"),
    _decide("the step before is taken one too low", "ladder", "if stage > reached:", "if stage >= reached:"),
    _decide("a stage is asked twice", "ladder", "if step.stage <= reached:", "if step.stage < reached:"),
    _decide("a stage is skipped", "ladder", "in ladder.steps:", "in ladder.steps[1:]:"),
    _decide(
        "a step before the due date comes after it", "ladder", "if day > due or today > due:", "if day > due:"
    ),
    _decide(
        "a condition of a step is ignored", "ladder", "step.condition is None or conditions.is_for", "True or"
    ),
    _decide("an item due today is left out", "selection", "item.due_on <= on", "item.due_on < on"),
    _decide("what credit covers advances", "selection", "one[0].id not in covered", "True"),
    _decide("the minimum is ignored", "selection", "one[0].currency in worth_asking and", ""),
    _decide("the minimum is missed by one", "netting", "one.net_minor >= minimum", "one.net_minor > minimum"),
    _decide("a credit is ignored", "netting", "for currency, minor in credits if", "for currency, minor in () if"),
    _decide("a credit nets another currency", "netting", "left.get(currency, 0)", "max(left.values())"),
    _decide("credit goes to the latest", "netting", "lines.sort(key=_oldest_first)", "lines.sort(reverse=True)"),
    _decide("the message takes the lowest stage", "decide", "step.stage > highest", "step.stage < highest"),
    _decide(
        "all jump to the stage of the message", "decide", "Advance(item.id, rung.step.", "Advance(item.id, step."
    ),
]
OF_HOLDS = [
    _decide("a hold of a receivable is ignored", "selection", "if item.holds else 0", "if False else 0"),
    _decide("a held part holds the whole", "selection", "if held_back >= open_minor:", "if held_back:"),
    _decide("a hold of the account is ignored", "gates", "if hold.active_on(on)", "if False"),
    _decide(
        "the gravest hold does not decide", "gates", "_GRAVITY[hold.kind], hold", "-_GRAVITY[hold.kind], hold"
    ),
    _decide("a claim is freed too early", "ladder", "item.claimed is not None and", "False and"),
]
OF_GATES = [
    _decide("a message under way is ignored", "gates", "if case.in_flight is None:", "if True:"),
    _decide("the gap ends one day early", "gates", "if on >= next_on:", "if on >= next_on - timedelta(days=1):"),
    _decide("business days are ignored", "gates", "step.business_days_only and", "False and"),
    _decide("channels are taken in another order", "gates", "in step.channels:", "in reversed(step.channels):"),
    _decide("old books are ignored", "gates", "if not case.books_too_old:", "if True:"),
    _decide("open questions are ignored", "gates", "for kind in case.reviews", "for kind in ()"),
    _decide("missing values are ignored", "gates", "for name in case.missing", "for name in ()"),
]
OF_CHANNELS = [
    _decide("a fall-back is ignored", "gates", "if len(step.channels) == 1:", "if True:"),
    _decide("a channel falls back on itself", "gates", "index(first.channel) + 1 :", "index(first.channel) :"),
    _decide("a role gets no copy", "gates", "for role in step.copies:", "for role in step.copies[1:]:"),
    _decide("a copy is made by telephone", "gates", "if one.channel != CALL", "if True"),
    _decide("whoever has two roles gets two copies", "gates", "parties.add(points[channel].party)", "pass"),
    _decide("the debtor gets a copy", "gates", "parties = {first.party}", "parties = set()"),
]
OF_CONDITIONS = [
    _decide(
        "a balance is missed by one", "conditions", "due.get(currency, 0) >= minor", "due.get(currency, 0) > minor"
    ),
    _decide("every currency must reach it", "conditions", "and not any(", "and not all("),
    _decide("a balance forgets the credits", "conditions", "if currency in sums:", "if False:"),
    _decide("a balance forgets the holds", "conditions", "if item.holds:", "if False:"),
    _decide("a balance counts what is not due yet", "conditions", "item.due_on <= day and", ""),
    _decide("the segment is ignored", "conditions", "condition.segments is not None", "False"),
]
OF_UNTIL = [
    _decide("until is a day late", "ladder", "day = today + 1", "day = today + 2"),
    _decide("until is a day early", "ladder", "            return free\n", "            return free - 1\n"),
    _decide("until forgets holds", "ladder", "while is_held(item, day):", "while False:"),
    _decide(
        "until forgets the steps", "until", "        _add_steps(item, strategy, climb, every_step, days)\n", ""
    ),
    _decide("until of the gap is a day late", "gates", "next_on)]", "next_on + timedelta(days=1))]"),
]
OF_WALKS = [
    _decide("the distance between steps is ignored", "ladder", "if distance is not None and", "if False and"),
    _decide(
        "all jump to the stage of the message", "decide", "Advance(item.id, rung.step.", "Advance(item.id, step."
    ),
    _decide("a hold of a receivable is ignored", "selection", "if item.holds else 0", "if False else 0"),
    _decide("a hold of the account is ignored", "gates", "if hold.active_on(on)", "if False"),
    _decide("a message under way is ignored", "gates", "if case.in_flight is None:", "if True:"),
    _decide("a stage is asked twice", "ladder", "if step.stage <= reached:", "if step.stage < reached:"),
]
_IS_CLAIM = "Advance(one[0].id, _stage(one[1])) in claims"
OF_SENDING = [
    _decide("others are sent than planned", "still", f" if {_IS_CLAIM}", ""),
    _decide(
        "the stage may differ from the plan", "still", _IS_CLAIM, "one[0].id in {claim[0] for claim in claims}"
    ),
    _decide("lines are listed that were not planned", "still", "if item.id in shown", "if True"),
]
_JOIN = 'join(credits, on=["account_id", "currency"], how="left")'
_JOIN_ANY = 'join(credits.group_by("account_id").agg(pl.sum("minor")), on="account_id", how="left")'
OF_NARROWING = [
    _narrow("one day off", 'pl.Int32) - pl.col("due_on")', 'pl.Int32) - 1 - pl.col("due_on")'),
    _narrow("the due date counts as past", "pl.when(age > 0)", "pl.when(age >= 0)"),
    _narrow(
        "grace is a day longer", "max(offset, strategy.grace_days + 1)", "max(offset, strategy.grace_days + 2)"
    ),
    _narrow("the distance is taken from the first step", "offset - before[-1]", "offset - before[0]"),
    _narrow(
        "a stage without date never moves",
        "distance).fill_null(True)\n    by",
        "distance).fill_null(False)\n    by",
    ),
    _narrow("a step for others hides the next", "left[0].offset_days", "left[-1].offset_days"),
    _narrow("the minimum is missed by one", 'pl.col("net") >= pl.col("least")', 'pl.col("net") > pl.col("least")'),
    _narrow("every currency must be due", ').any().alias("enough")', ').all().alias("enough")'),
    _narrow("a credit nets another currency", _JOIN, _JOIN_ANY),
    _narrow("what falls due today is not summed", '(pl.col("age") >= 0)', '(pl.col("age") > 0)'),
]
OF_NARROWING_FOR_SEVERAL = [
    _narrow(
        "only the first strategy counts",
        "for strategy in strategies]\n    return",
        "for strategy in strategies[:1]]\n    return",
    ),
    _narrow("the largest minimum counts", "min(minimum(strategy, currency)", "max(minimum(strategy, currency)"),
]

EXAMPLES = 1500
SUMS = cases.LADDER._replace(items_max=3, credit=2)


def _of(mutants: list[Mutant]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("mutant", mutants, ids=lambda mutant: mutant.what)


def _is_caught(mutant: Mutant, check: Callable[..., None], drawn: st.SearchStrategy[Any]) -> bool:
    core = load(mutant, ("conditions", "decide", "still"))
    return is_caught(lambda example: check(core, example), drawn, examples=EXAMPLES)


@_of(OF_THE_LADDER)
def test_comparing_with_the_plain_way_catches_a_broken_ladder(mutant):
    assert _is_caught(mutant, test_decide.agrees_with_the_plain_way, test_decide.situations(cases.LADDER))


@_of(OF_HOLDS)
def test_comparing_with_the_plain_way_catches_a_broken_hold(mutant):
    assert _is_caught(mutant, test_decide.agrees_with_the_plain_way, test_decide.situations(cases.HELD))


@_of(OF_GATES)
def test_comparing_with_the_plain_way_catches_an_open_gate(mutant):
    assert _is_caught(mutant, test_decide.agrees_with_the_plain_way, test_decide.situations(cases.GATES))


@_of(OF_CHANNELS)
def test_comparing_with_the_plain_way_catches_a_wrong_channel_or_copy(mutant):
    assert _is_caught(mutant, test_decide.agrees_with_the_plain_way, test_decide.copyings())


@_of(OF_CONDITIONS)
def test_comparing_with_the_plain_way_catches_a_broken_condition(mutant):
    assert _is_caught(mutant, test_decide.speaks_of_the_same_accounts, test_decide.conditioned())


@_of(OF_UNTIL)
def test_asking_again_on_later_days_catches_a_wrong_until(mutant):
    drawn = test_decide.situations(cases.HELD) | test_decide.situations(cases.GATES)
    assert _is_caught(mutant, test_decide.is_true_until, drawn)


@_of(OF_SENDING)
def test_asking_again_at_sending_catches_another_message(mutant):
    assert _is_caught(mutant, test_decide.keeps_to_what_was_planned, test_decide.plannings(cases.LADDER))


@_of(OF_WALKS)
def test_walking_two_hundred_days_catches_a_broken_rule(mutant):
    assert _is_caught(mutant, test_stage_walk.keeps_every_rule, test_stage_walk.walks())


@_of(OF_NARROWING)
def test_asking_the_core_catches_a_narrowing_that_loses_somebody(mutant):
    assert _loses_somebody(mutant, strategies_most=1)


@_of(OF_NARROWING_FOR_SEVERAL)
def test_asking_the_core_catches_a_narrowing_that_keeps_to_one_strategy(mutant):
    assert _loses_somebody(mutant, strategies_most=3)


def _loses_somebody(mutant: Mutant, *, strategies_most: int) -> bool:
    portfolio = load(mutant, ("narrow",))
    # Many accounts at a time, because asking the columns costs the same for one as for ten.
    drawn = test_narrow.portfolios(SUMS, minimum=2, most=strategies_most, size=(8, 8))
    return is_caught(lambda example: test_narrow.loses_nobody(portfolio, example), drawn, examples=EXAMPLES)


def test_nothing_is_caught_where_nothing_is_broken():
    same = _decide("nothing", "ladder", "self.day <= today", "self.day <= today")
    core = load(same, ("conditions", "decide", "still"))
    assert core.decide is not test_decide.decide
    drawn = test_decide.situations()
    assert not is_caught(lambda example: test_decide.agrees_with_the_plain_way(core, example), drawn, examples=50)
