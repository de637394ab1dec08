"""Which of a creditor's strategies is for an account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duewell.core.decide.choose import changes_on, choose
from duewell.core.decide.values import Rest
from tests import worked

TABLE = """
strategy large: first 5; for balance >= 100.00 EUR or 120.00 USD
strategy firms: first 5; for kind business & country DE/AT
strategy shop: first 5; for segment retail & balance < 100.00 EUR or 120.00 USD
today   items                                      credits      account                     says
03-01   A 100.00 due 03-01                         -            kind person                 large
03-01   A 99.99 due 03-01                          -            kind person                 none until a person
03-01   A 100.00 due 03-01                         0.01 EUR     kind person                 none until a person
03-01   A 100.00 due 03-01                         9.00 USD     kind person                 large
03-01   A 10.00 due 03-01; B 120.00 USD due 03-01  -            kind person                 large
03-01   A 60.00 due 03-01; B 60.00 USD due 03-01   -            kind person                 none until a person
# what is not due yet does not count, and from its due date on it does
03-01   A 100.00 due 03-02                         -            -                           firms
03-02   A 100.00 due 03-02                         -            -                           large
03-01   A 100.00 due 03-02                         -            kind person                 none until 03-02
# neither does what is held
03-01   A 100.00 due 03-01, hold promise 02-27..03-05  -        kind person                 none until 03-05
03-01   A 150.00 due 03-01, hold dispute 02-27.. of 50.01  -    kind person                 none until a person
03-01   A 10.00 due 03-01                          -            country AT                  firms
03-01   A 10.00 due 03-01                          -            country CH                  none
03-01   A 10.00 due 03-01                          -            kind unknown, segment retail  shop
03-01   A 99.99 due 03-01; B 119.99 USD due 03-01  -            kind person, segment retail  shop
# given by hand: its own condition is not asked
03-01   A 100.00 due 03-01                         -            kind person, strategy shop  shop
03-01   A 100.00 due 03-01                         -            strategy gone               none until a person
"""


@pytest.mark.parametrize("line", worked.lines(TABLE), ids=lambda line: line.text)
def test_the_first_strategy_whose_condition_holds_is_taken(line):
    chosen = choose(line.case, line.strategies, line.as_of)
    if not isinstance(chosen, Rest):
        assert chosen.key == line.says
        return
    assert chosen.rule == "no_strategy"
    until = chosen.reasons[0].until
    assert line.says.startswith("none")
    if " until " in line.says:
        assert line.says == f"none until {'a person' if until is None else until.strftime('%m-%d')}"


def test_a_change_of_strategy_is_foreseen_to_the_day():
    (line,) = worked.lines("""
        strategy small: first 5; for balance < 100.00 EUR
        strategy large: first 5; for balance >= 100.00 EUR
        today   items                                                        says
        03-01   A 60.00 due 03-01; B 30.00 due 03-03; C 20.00 due 03-07      small
    """)
    assert changes_on(line.case, line.strategies, line.as_of) == worked.day("03-07")
    assert choose(line.case, line.strategies, worked.day("03-06")).key == "small"
    assert choose(line.case, line.strategies, worked.day("03-07")).key == "large"
    assert changes_on(line.case, line.strategies, worked.day("03-07")) is None
    assert changes_on(line.case, line.strategies, line.as_of - timedelta(days=90)) == worked.day("03-07")


def test_a_creditor_without_strategies_says_so():
    (line,) = worked.lines("""
        today   due     says
        03-01   03-01   none
    """)
    chosen = choose(line.case, (), line.as_of)
    assert chosen.reasons[0].text == "None of the creditor's strategies is for this account: it has none."
