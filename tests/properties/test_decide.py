"""Properties of decide: it agrees with a plain implementation, and every `until` is exact."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.decide import choose, conditions, decide, still
from duewell.core.decide.values import Advance, Forecast, Proposal, Rest
from tests.generators import cases, strategies
from tests.plain import stages as plain

NOTHING = Forecast()
CORE = SimpleNamespace(decide=decide, still=still, choose=choose, conditions=conditions)
HORIZON_DAYS = 70


@st.composite
def situations(draw, odds=cases.ANYTHING):
    """A case, a strategy and a day."""
    as_of = draw(cases.today())
    return draw(cases.cases(as_of, odds=odds)), draw(strategies.strategies()), as_of


@st.composite
def copyings(draw):
    """As `situations`, where every step names several channels and roles."""
    case, strategy, as_of = draw(situations(cases.COPIED))
    channels = draw(st.permutations(("email", "letter", "call")))
    roles = draw(st.permutations(("guarantor", "payer", "site_manager")))
    steps = [step._replace(channels=tuple(channels), copies=tuple(roles[:2])) for step in strategy.steps]
    return case, strategy._replace(steps=tuple(steps)), as_of


def told(outcome: Proposal | Rest) -> dict[str, Any]:
    """An outcome in the words of the plain implementation."""
    if isinstance(outcome, Rest):
        return {"rule": outcome.rule}
    return {
        "stage": outcome.stage,
        "tone": outcome.tone,
        "channel": outcome.recipient.channel,
        "others": [one.channel for one in outcome.others],
        "copies": [(copy.role, copy.recipient.party, copy.recipient.channel) for copy in outcome.copies],
        "advances": dict(outcome.advances),
        "lines": [(line.receivable, line.asked_minor) for line in outcome.lines],
        "nets": {net.currency: (net.asked_minor, net.credit_minor) for net in outcome.nets},
    }


def agrees_with_the_plain_way(core, situation):
    case, strategy, as_of = situation
    assert told(core.decide.decide(case, strategy, NOTHING, as_of)) == plain.decide(case, strategy, as_of)


@given(situations())
def test_decide_agrees_with_the_plain_way(situation):
    agrees_with_the_plain_way(CORE, situation)


@given(copyings())
def test_decide_agrees_with_the_plain_way_about_further_channels_and_copies(situation):
    agrees_with_the_plain_way(CORE, situation)


@given(situations(cases.LADDER))
def test_decide_agrees_with_the_plain_way_where_nothing_but_the_ladder_and_credits_count(situation):
    agrees_with_the_plain_way(CORE, situation)


def speaks_of_the_same_accounts(core, situation):
    """A condition holds where the plain way says so."""
    case, condition, as_of = situation
    due = core.conditions.due_balances(case, as_of)
    assert core.conditions.is_for(condition, case, due) == plain.is_for(condition, case, as_of)
    if not core.conditions.reads_balances(condition):
        assert core.conditions.is_for(condition, case, {}) == plain.is_for(condition, case, as_of)


@st.composite
def conditioned(draw):
    """A case, a condition and a day."""
    as_of = draw(cases.today())
    return draw(cases.cases(as_of)), draw(strategies.conditions()), as_of


@given(conditioned())
def test_a_condition_holds_where_the_plain_way_says_so(situation):
    speaks_of_the_same_accounts(CORE, situation)


@given(situations(cases.GATES))
def test_decide_agrees_with_the_plain_way_where_the_step_has_come_but_the_message_rests(situation):
    agrees_with_the_plain_way(CORE, situation)


def is_true_until(core, situation):
    """No proposal before the `until` of any reason, and on that day the reason is gone."""
    case, strategy, as_of = situation
    rest = core.decide.decide(case, strategy, NOTHING, as_of)
    if isinstance(rest, Proposal):
        return
    assert rest.reasons
    for reason in rest.reasons:
        days = (reason.until - as_of).days if reason.until else HORIZON_DAYS
        assert days > 0
        for ahead in range(1, min(days, HORIZON_DAYS)):
            assert isinstance(core.decide.decide(case, strategy, NOTHING, as_of + timedelta(days=ahead)), Rest)
        if reason.until:
            then = core.decide.decide(case, strategy, NOTHING, reason.until)
            left = () if isinstance(then, Proposal) else then.reasons
            assert (reason.rule, reason.source) not in [(other.rule, other.source) for other in left]


@given(situations())
def test_nothing_changes_before_until_and_the_reason_is_gone_on_that_day(situation):
    is_true_until(CORE, situation)


@given(situations(cases.HELD))
def test_until_is_exact_where_holds_follow_one_another(situation):
    is_true_until(CORE, situation)


@given(situations(cases.LADDER))
def test_until_is_exact_where_only_the_ladder_and_credits_count(situation):
    is_true_until(CORE, situation)


@given(situations())
def test_every_reason_is_a_sentence_with_a_source(situation):
    outcome = decide.decide(*situation[:2], NOTHING, situation[2])
    for reason in outcome.reasons if isinstance(outcome, Rest) else ():
        assert reason.text.endswith((".", ").")), reason
        assert reason.text == reason.text.strip() and reason.text.isprintable(), reason
        assert reason.source and reason.rule, reason


@given(st.data())
def test_among_several_strategies_the_first_that_fits_decides_and_until_holds_for_all(data):
    as_of = data.draw(cases.today())
    case, offered = data.draw(cases.cases(as_of)), data.draw(strategies.choices())
    outcome = decide.decide_among(case, offered, NOTHING, as_of)
    own = [strategy for strategy in offered if strategy.key == case.strategy]
    fitting = [strategy for strategy in offered if plain.is_for(strategy.condition, case, as_of)]
    used = own if case.strategy else fitting
    if used and isinstance(outcome, Proposal):
        assert outcome == decide.decide(case, used[0], NOTHING, as_of)
    elif used:
        assert outcome.rule == decide.decide(case, used[0], NOTHING, as_of).rule
    else:
        assert "no_strategy" in [reason.rule for reason in outcome.reasons]
    for reason in outcome.reasons if isinstance(outcome, Rest) else ():
        days = (reason.until - as_of).days if reason.until else HORIZON_DAYS
        for ahead in range(1, min(days, HORIZON_DAYS)):
            then = decide.decide_among(case, offered, NOTHING, as_of + timedelta(days=ahead))
            assert isinstance(then, Rest)


def keeps_to_what_was_planned(core, example):
    """What may still be sent is part of what was planned and part of what would be planned afresh."""
    (case, strategy, as_of), days_ago, planned_by, listed = example
    planned_on = as_of - timedelta(days=days_ago)
    planned = core.decide.decide(case, planned_by or strategy, NOTHING, planned_on)
    if isinstance(planned, Rest):
        return
    shown = [line.receivable for line in planned.lines] if listed else None
    now = core.still.still(planned.advances, case, strategy, NOTHING, as_of, shown)
    if isinstance(now, Rest):
        assert now.reasons
        return
    fresh = {Advance(item.id, rung.step.stage) for item, rung in core.decide.select(case, strategy, as_of).moving}
    assert set(now.advances) <= set(planned.advances) & fresh
    assert now.stage == max(advance.stage for advance in now.advances)
    asked = {}
    for line in now.lines:
        asked[line.currency] = asked.get(line.currency, 0) + line.asked_minor
    assert asked == {net.currency: net.asked_minor for net in now.nets}
    assert all(net.net_minor > 0 for net in now.nets)
    if listed:
        assert {line.receivable for line in now.lines} <= set(shown)
    elif not days_ago and planned_by is None:
        assert now == planned


def plannings(odds=cases.ANYTHING):
    """A situation, how many days ago it was planned, by which other strategy if any, and what may be listed."""
    other = st.none() | st.none() | strategies.strategies("before")
    return st.tuples(situations(odds), st.integers(0, 6), other, st.booleans())


@given(plannings())
def test_what_is_sent_is_part_of_what_was_planned(example):
    keeps_to_what_was_planned(CORE, example)


@given(plannings(cases.LADDER))
def test_what_is_sent_is_part_of_what_was_planned_where_little_else_rests_it(example):
    keeps_to_what_was_planned(CORE, example)


@given(situations(), st.data())
def test_a_planned_receivable_that_was_paid_meanwhile_does_not_go_out(situation, data):
    case, strategy, as_of = situation
    planned = decide.decide(case, strategy, NOTHING, as_of)
    if isinstance(planned, Rest):
        return
    paid = data.draw(st.sampled_from([advance.receivable for advance in planned.advances]))
    now = still.still(
        planned.advances,
        case._replace(items=tuple(item for item in case.items if item.id != paid)),
        strategy,
        NOTHING,
        as_of,
    )
    if isinstance(now, Proposal):
        assert paid not in [line.receivable for line in now.lines]
        assert set(now.advances) < set(planned.advances)
    elif len(planned.advances) == 1:
        assert "paid" in [reason.rule for reason in now.reasons]


@given(situations())
def test_the_body_of_a_proposal_has_a_canonical_spelling(situation):
    from duewell.core import evidence

    outcome = decide.decide(*situation[:2], NOTHING, situation[2])
    if isinstance(outcome, Proposal):
        body = decide.proposal_body(outcome)
        assert list(body) == sorted(body)
        assert evidence.canonical(body) == evidence.canonical(dict(body))
