"""Where a strategy would stand among those of a creditor, and pages of differences."""

from __future__ import annotations

import pytest

from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Condition, Reason, Rest, Step, Strategy
from duewell.core.units.ids import AccountId
from duewell.flows import strategy_diff as flow


def strategy(key: str, *, firms_only: bool = False, grace: int = 0) -> Strategy:
    condition = Condition(kinds=frozenset({"business"})) if firms_only else Condition()
    steps = (Step(Stage.FIRST, 7, ("email",), "kind", False, None),)
    return Strategy(key, "0" * 64, key, condition, grace, (), 3, steps)


def keys(changed: flow.Changed) -> list[str]:
    return [each.key for each in changed.changed]


BUSINESS, GENTLE = strategy("business", firms_only=True), strategy("gentle")


def test_one_of_a_known_key_takes_its_own_place():
    given = strategy("business", firms_only=True, grace=5)
    changed = flow.change([BUSINESS, GENTLE], given)
    assert (keys(changed), changed.how, changed.replaced) == (["business", "gentle"], "replaces", "business")
    assert changed.changed[0] is given


def test_one_that_is_added_stands_before_the_one_for_everybody():
    changed = flow.change([BUSINESS, GENTLE], strategy("patient"))
    assert (keys(changed), changed.how) == (["business", "patient", "gentle"], "added")
    assert keys(flow.change([BUSINESS], strategy("patient"))) == ["business", "patient"]


def test_one_stands_instead_of_another():
    assert keys(flow.change([BUSINESS, GENTLE], strategy("patient"), "gentle")) == ["business", "patient"]


@pytest.mark.parametrize(
    ("key", "instead_of", "why"), [("patient", "harsh", "no strategy 'harsh'"), ("business", "gentle", "already")]
)
def test_a_change_that_cannot_be_is_refused(key, instead_of, why):
    with pytest.raises(flow.CannotChange, match=why):
        flow.change([BUSINESS, GENTLE], strategy(key), instead_of)


def rest(account: int, rule: str) -> Rest:
    return Rest(AccountId(account), (Reason(rule, "text", "source", None),))


def found(count: int):
    for number in range(1, count + 1):
        one = flow.difference(AccountId(number), rest(number, "not_yet"), rest(number, "ladder_done"))
        assert one is not None
        yield one


def test_the_first_page_counts_everything_and_keeps_what_it_shows():
    page = flow.first_page(found(5), 2)
    assert (page.counts, len(page.lines), page.more) == ({"other_rest": 5}, 2, True)
    assert flow.first_page(found(2), 2).more is False


def test_a_later_page_looks_no_further_than_one_beyond():
    left = found(5)
    page = flow.later_page(left, 2)
    assert (page.counts, len(page.lines), page.more) == (None, 2, True)
    assert [one.account for one in left] == [4, 5]
    assert flow.later_page(found(2), 2).more is False


def test_resting_for_the_same_reason_is_no_difference():
    assert flow.difference(AccountId(1), rest(1, "paid"), rest(1, "paid")) is None
