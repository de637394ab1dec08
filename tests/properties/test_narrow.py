"""Narrowing loses nobody on whom the core would act, and says of the others what the core would say."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.decide import decide, rules
from duewell.core.decide.values import Condition, Forecast, Proposal
from duewell.portfolio import narrow
from tests.generators import books, cases, strategies

NOTHING = Forecast()
PORTFOLIO = SimpleNamespace(narrow=narrow)


@st.composite
def portfolios(draw, odds=cases.ANYTHING, minimum=3, most=3, size=(1, 4)):
    """Some accounts, the strategies of their creditor, and a day."""
    as_of = draw(cases.today())
    count = draw(st.integers(*size))
    accounts = tuple(draw(cases.cases(as_of, account=place, odds=odds)) for place in range(1, count + 1))
    return accounts, draw(strategies.choices(minimum, most)), as_of


def loses_nobody(portfolio, situation):
    accounts, offered, as_of = situation
    narrowed = portfolio.narrow.narrow(books.book(accounts, as_of), offered, as_of)
    assert len(narrowed.candidates) + sum(narrowed.rests.values()) == len(accounts)
    for case in accounts:
        outcome = decide.decide_among(case, offered, NOTHING, as_of)
        if isinstance(outcome, Proposal):
            assert case.account in narrowed.candidates, outcome


@given(portfolios())
def test_every_account_with_a_proposal_is_a_candidate(situation):
    loses_nobody(PORTFOLIO, situation)


@given(portfolios(cases.LADDER))
def test_every_account_with_a_proposal_is_a_candidate_where_little_else_rests_it(situation):
    loses_nobody(PORTFOLIO, situation)


@given(portfolios())
def test_every_account_is_either_a_candidate_or_has_a_word(situation):
    accounts, offered, as_of = situation
    sifted = narrow.sift(books.book(accounts, as_of), offered, as_of)
    assert sifted["account_id"].to_list() == [case.account for case in accounts]
    assert set(sifted["rule"].drop_nulls()) <= set(rules.MEANING)


@given(portfolios(), st.data())
def test_under_one_strategy_for_all_the_word_is_the_one_by_which_the_core_rests(situation, data):
    accounts, _, as_of = situation
    strategy = data.draw(strategies.strategies())
    strategy = strategy._replace(
        condition=Condition(), steps=tuple(step._replace(condition=None) for step in strategy.steps)
    )
    # Holds and claims of single receivables are not among the columns.
    accounts = [
        case._replace(strategy="", items=tuple(item._replace(holds=(), claimed=None) for item in case.items))
        for case in accounts
    ]
    words = dict(narrow.sift(books.book(accounts, as_of), [strategy], as_of).iter_rows())
    for case in accounts:
        if words[case.account] is not None:
            assert decide.decide(case, strategy, NOTHING, as_of).rule == words[case.account]
