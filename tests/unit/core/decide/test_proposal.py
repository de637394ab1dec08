"""What a proposal says, what the hash of a plan covers of it, and accounts with very many invoices."""

from __future__ import annotations

import json
from datetime import timedelta

from duewell.core.decide import selection
from duewell.core.decide.decide import decide, proposal_body
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance, Forecast, Line, Net, Proposal, Rest
from tests import worked

NOTHING = Forecast()
TABLE = """
strategy: upcoming -3, first 5, second 14
today  credits    items  says
03-20  30.00 EUR  A 100.00 due 03-01, reached first 03-06; B 3 JPY due 03-10; {C}  A second, B first
""".replace("{C}", "C 7.00 due 03-19, hold dispute 03-19.. of 2.00")


def _proposal() -> Proposal:
    (line,) = worked.lines(TABLE)
    outcome = decide(line.case, line.strategies[0], NOTHING, line.as_of)
    assert isinstance(outcome, Proposal)
    return outcome


def test_a_proposal_lists_every_due_invoice_and_what_moves():
    proposal = _proposal()
    assert proposal.stage is Stage.SECOND
    assert proposal.purpose == "demand"
    assert proposal.advances == (Advance(1, Stage.SECOND), Advance(2, Stage.FIRST))
    assert proposal.lines == (
        Line(1, "EUR", worked.day("03-01"), 10000, 0),
        Line(2, "JPY", worked.day("03-10"), 3, 0),
        Line(3, "EUR", worked.day("03-19"), 700, 200),
    )
    assert proposal.nets == (Net("EUR", 10500, 3000), Net("JPY", 3, 0))
    assert proposal.recipient.channel == "email"


def test_the_day_its_stage_fell_due_counts_the_ends_of_holds():
    table = """
    strategy: first 5, second 14
    today   account                   items                                                    says
    03-20   -                         A 1.00 due 03-01                                         03-06
    03-20   -                         A 1.00 due 03-01, hold promise 03-02..03-10              03-10
    03-20   -                         A 1.00 due 03-01, hold dispute 03-02..03-10 of 0.50      03-06
    03-20   hold grace 03-02..03-12   A 1.00 due 03-01                                         03-12
    03-20   -                         A 1.00 due 03-01; B 1.00 due 03-03                       03-06
    03-20   -                         A 1.00 due 03-01; B 1.00 due 02-03, reached first 03-09  03-18
    """
    for line in worked.lines(table):
        outcome = decide(line.case, line.strategies[0], NOTHING, line.as_of)
        assert isinstance(outcome, Proposal), line.text
        assert outcome.fell_due_on == worked.day(line.says), line.text


def test_the_body_of_a_proposal_is_plain_and_complete():
    proposal = _proposal()
    body = proposal_body(proposal)
    assert json.loads(json.dumps(body)) == {
        "account": 1,
        "advances": [[1, 40], [2, 30]],
        "as_of": "2026-03-20",
        "channel": "email",
        "creditor": 1,
        "language": "en",
        "lines": [[1, "EUR", 10000, 0], [2, "JPY", 3, 0], [3, "EUR", 700, 200]],
        "nets": [["EUR", 10500, 3000], ["JPY", 3, 0]],
        "party": 1,
        "person": 1,
        "point": 1,
        "purpose": "demand",
        "stage": 40,
        "strategy": "worked",
        "strategy_digest": "0" * 64,
        "tone": "kind",
    }


def test_the_body_changes_with_everything_a_customer_would_notice():
    proposal = _proposal()
    body = proposal_body(proposal)
    for changed in (
        proposal._replace(stage=Stage.FIRST),
        proposal._replace(tone="formal"),
        proposal._replace(strategy_digest="1" * 64),
        proposal._replace(recipient=proposal.recipient._replace(point=2)),
        proposal._replace(recipient=proposal.recipient._replace(language="de")),
        proposal._replace(lines=proposal.lines[1:]),
        proposal._replace(lines=(proposal.lines[0]._replace(open_minor=9999), *proposal.lines[1:])),
        proposal._replace(nets=(proposal.nets[0]._replace(credit_minor=2999), proposal.nets[1])),
        proposal._replace(advances=proposal.advances[:1]),
    ):
        assert proposal_body(changed) != body


def _large(count: int, credits: str = "-"):
    (line,) = worked.lines(f"""
    strategy: upcoming -3, first 5, second 14
    today   items                 credits     says
    03-20   A 1.00 due 03-01      {credits}   A first
    """)
    one = line.case.items[0]
    items = tuple(
        one._replace(id=place, number=f"INV-{place}", due_on=one.due_on + timedelta(days=place * 7 % 60))
        for place in range(count)
    )
    return line.case._replace(items=items), line.strategies[0], line.as_of


def test_an_account_with_twenty_thousand_invoices_gets_one_message():
    case, strategy, as_of = _large(20_000)
    outcome = decide(case, strategy, NOTHING, as_of)
    assert isinstance(outcome, Proposal)
    due = [item for item in case.items if item.due_on <= as_of]
    assert len([line for line in outcome.lines if line.due_on <= as_of]) == len(due)
    assert list(outcome.lines) == sorted(outcome.lines, key=lambda line: (line.due_on, line.receivable))
    assert outcome.nets[0].asked_minor == sum(line.asked_minor for line in outcome.lines)


def test_a_large_account_is_asked_on_few_days_for_its_until(monkeypatch):
    case, strategy, as_of = _large(20_000, credits="10000.00 EUR")
    asked = []
    select = selection.select
    monkeypatch.setattr(selection, "select", lambda *given: asked.append(given[2]) or select(*given))
    outcome = decide(case, strategy, NOTHING, as_of)
    assert isinstance(outcome, Rest) and outcome.rule == "credited"
    assert 0 < len(asked) <= 5
    # Asking fewer days than there are events makes the day earlier than exact, never later.
    assert outcome.reasons[0].until is not None and outcome.reasons[0].until > as_of


def test_a_due_date_at_the_end_of_the_calendar_is_never():
    case, strategy, as_of = _large(1)
    for due_on in (as_of.max, as_of.min):
        for reached in (Stage.NONE, Stage.UPCOMING):
            item = case.items[0]._replace(due_on=due_on, issued_on=due_on, reached=reached, reached_on=None)
            decide(case._replace(items=(item,)), strategy, NOTHING, as_of)
    never = case._replace(items=(case.items[0]._replace(due_on=as_of.max, reached=Stage.UPCOMING),))
    rest = decide(never, strategy, NOTHING, as_of)
    assert isinstance(rest, Rest) and (rest.rule, rest.reasons[0].until) == ("not_yet", None)
