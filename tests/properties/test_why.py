"""Why says what a run does, what comes next to the day, and how everything that it names can change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.civil_days import days_of
from duewell.adapters.files.rulebook_file import shipped_book
from duewell.adapters.zones import zone_value
from duewell.core.decide.choose import choose
from duewell.core.decide.decide import decide_among
from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.values import Forecast, Proposal, Rest
from duewell.core.law.gate import gate_on
from duewell.core.law.library import Law
from duewell.core.law.timetable import Windows
from duewell.core.law.values import Contact, Permit, Refused, Standing, Stop
from duewell.core.units.ids import CreditorId
from duewell.flows.coming import Coming
from duewell.flows.decide_accounts import Held, PlanLine, World, collect, decide_accounts
from duewell.flows.ports import CreditorView, Known
from duewell.flows.why import why
from tests.generators import cases, strategies
from tests.generators.draws import rarely

NOTHING = Forecast()
BOOK = shipped_book()
BERLIN = days_of("Europe/Berlin")
FIRST, LAST = date(2025, 12, 1), date(2027, 12, 31)
ZONES = [zone_value(name, FIRST, LAST) for name in ("Europe/Berlin", "Europe/London", "America/New_York")]
CREDITOR = CreditorView(
    CreditorId(1), "light", "Bright Light", "DE", "Europe/Berlin", "en", ("drawn",), None, 3, False, 3, False
)
_PLACES = st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique_by=lambda zone: zone.name)
HORIZON_DAYS = 60
BY_LAW = ("hours", "days", "frequency", "stops")


@st.composite
def standings(draw, as_of):
    """A person in one or two zones, contacted now and then, seldom stopped or flagged."""
    start = datetime.combine(as_of, time(), UTC)
    hours = st.integers(-200, 0)
    ahead = st.integers(-1, 6).map(lambda days: as_of + timedelta(days=days))
    return Standing(
        person=1,
        version=1,
        zones=tuple(
            draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique_by=lambda zone: zone.name))
        ),
        holidays=frozenset(draw(st.lists(ahead, max_size=2))),
        contacts=tuple(
            Contact(start + timedelta(hours=ago), "email") for ago in sorted(draw(st.lists(hours, max_size=4)))
        ),
        stops=(Stop(None, "", None, start, "asked"),) if rarely(draw, 10) else (),
        flags=frozenset({draw(st.sampled_from(["deceased", "vulnerable"]))}) if rarely(draw, 8) else frozenset(),
    )


@st.composite
def asked(draw, odds=cases.ANYTHING):
    """An account, the person behind it, the strategies of its creditor, and an instant."""
    as_of = draw(cases.today())
    known = Known(draw(cases.cases(as_of, odds=odds)), draw(standings(as_of)))
    return world(draw(strategies.choices()), as_of, draw(st.integers(0, 23)), known), known


def world(offered, as_of, hour, known):
    """The world of one account on one day, at an hour of it."""
    start, end = BERLIN.bounds(as_of)
    return World(
        creditor=CREDITOR,
        as_of=as_of,
        now=start + timedelta(hours=hour),
        day_start=start,
        day_end=end,
        narrow=lambda day, ladders: None,
        cases=lambda accounts, day, now, apart_from=frozenset(): iter([known]),
        strategies=offered,
        law=Law((BOOK,)),
        windows=Windows(),
        template_digest=lambda language, tone, stage: "",
        digests={},
    )


@given(asked())
def test_the_decision_is_that_of_a_run_and_counted_under_the_same_key(situation):
    around, known = situation
    answer = why(around, known, None, BERLIN)
    planned = collect(around, decide_accounts(around, [known.case.account]), {})
    counts = {
        "proposal": planned.proposals,
        "rest": planned.rests,
        "refused": planned.refused,
        "review": planned.review,
    }
    assert {part: told for part, told in counts.items() if told} == {answer.decision: {answer.key: 1}}


@given(asked())
def test_reasons_are_those_of_the_decision_and_each_says_how_it_can_change(situation):
    around, known = situation
    answer = why(around, known, None, BERLIN)
    (outcome,) = decide_accounts(around, [known.case.account])
    rules = [reason.rule for reason in answer.reasons]
    if isinstance(outcome, Rest):
        assert rules == [reason.rule for reason in outcome.reasons]
    elif isinstance(outcome, Held):
        said = outcome.outcome.refusals if isinstance(outcome.outcome, Refused) else outcome.outcome.questions
        assert sorted(rules) == sorted([*(one.rule for one in said), "proposed"])
    else:
        assert isinstance(outcome, PlanLine)
        assert rules[:2] == ["proposed", "permitted"]
        assert answer.key == STAGE_KEYS[outcome.stage]
    if answer.decision != "proposal":
        assert rules[0] == answer.key
    for reason in answer.reasons:
        assert reason.rule and reason.text and reason.source and reason.change
        assert (reason.until is None) != ("changes by itself" in reason.change) or reason.rule == "permitted"
        assert reason.until is None or reason.until > around.as_of or reason.rule == "permitted"
        by_law = reason.rule.partition(".")[0] in BY_LAW or reason.rule == "permitted"
        assert (reason.until_at is not None) == (by_law and reason.until is not None)


def first_permitted(around, known):
    """Day by day, without leaps: the first on which strategy and law want a message, and what it is."""
    for ahead in range(HORIZON_DAYS):
        day = around.as_of + timedelta(days=ahead)
        outcome = decide_among(known.case, around.strategies, NOTHING, day)
        start, end = BERLIN.bounds(day)
        start = max(start, around.now)
        if isinstance(outcome, Proposal) and start < end:
            answer = gate_on(outcome, known.standing, BOOK, start, end, allowed=known.allowed)
            if isinstance(answer, Permit):
                return day, outcome, answer
    return None


@given(asked())
def test_what_comes_next_comes_on_the_first_day_that_strategy_and_law_allow(situation):
    around, known = situation
    comes_next_to_the_day(around, known)


@given(asked(cases.HELD))
def test_what_comes_next_is_right_to_the_day_where_holds_follow_one_another(situation):
    around, known = situation
    comes_next_to_the_day(around, known)


@given(asked(cases.GATES))
def test_what_comes_next_is_right_to_the_day_where_little_but_gates_is_in_the_way(situation):
    around, known = situation
    comes_next_to_the_day(around, known)


def comes_next_to_the_day(around, known):
    comes = why(around, known, None, BERLIN).coming
    found = first_permitted(around, known)
    if found is None:
        end = around.as_of + timedelta(days=HORIZON_DAYS)
        assert not isinstance(comes, Coming) or comes.on >= end
        return
    assert isinstance(comes, Coming), comes
    day, proposal, permit = found
    assert (comes.on, comes.stage, comes.nets) == (day, proposal.stage, proposal.nets)
    assert (comes.opens_at, comes.closes_at) == (permit.opens_at, permit.closes_at)
    assert (comes.state, comes.message, comes.items) == ("expected", None, len(proposal.lines))


@given(asked())
def test_until_the_day_that_a_rest_names_nothing_is_wanted_and_on_it_the_reason_is_gone(situation):
    around, known = situation
    answer = why(around, known, None, BERLIN)
    if answer.decision != "rest":
        return
    offered, as_of = around.strategies, around.as_of
    for reason in answer.reasons:
        ends = reason.until or as_of + timedelta(days=HORIZON_DAYS)
        for ahead in range(1, min((ends - as_of).days, HORIZON_DAYS)):
            later = as_of + timedelta(days=ahead)
            assert isinstance(decide_among(known.case, offered, NOTHING, later), Rest)
        if reason.until is None or choose(known.case, offered, reason.until) != choose(known.case, offered, as_of):
            # Another strategy decides from that day on: it may have the same reason of its own.
            continue
        then = decide_among(known.case, offered, NOTHING, reason.until)
        left = then.reasons if isinstance(then, Rest) else ()
        assert (reason.rule, reason.source) not in [(other.rule, other.source) for other in left]
