"""No rule without its line on the page of reasons, its words for people, and a word on what ends it."""

from __future__ import annotations

import re

from duewell.cli.why_text import SHORT
from duewell.core.decide import rules
from duewell.core.law.catalogue import ANSWERS
from duewell.flows import why
from duewell.flows.changes import BY_SOMEBODY
from tests.tidy.repository import DOCS

_PAGE = DOCS / "explanation" / "reasons.md"
_ROW = re.compile(r"^\| `([a-z_.]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
_BESIDE = {"missing_..."}
"""A family of rules: the name of what is missing follows."""


def _rows() -> dict[str, tuple[str, str]]:
    return {rule: (says, ends) for rule, says, ends in _ROW.findall(_PAGE.read_text(encoding="utf-8"))}


def test_every_rule_has_its_row_and_no_row_is_stale():
    assert set(_rows()) == {*rules.MEANING, *ANSWERS, *_BESIDE}


def test_every_row_says_something_and_how_it_ends():
    assert [rule for rule, (says, ends) in _rows().items() if not says.rstrip(".") or not ends] == []


def test_the_rows_of_the_strategy_stand_in_the_order_in_which_they_decide():
    rows = [rule for rule in _rows() if rule in rules.MEANING]
    assert rows == list(rules.MEANING)


def test_what_stands_beside_the_rules_is_on_the_page_too():
    page = _PAGE.read_text(encoding="utf-8")
    assert [word for word in (why.PROPOSED, why.PERMITTED, why.HALTED) if f"`{word}`" not in page] == []


def test_every_rule_has_words_for_people_and_for_what_ends_it():
    known = {*rules.MEANING, *ANSWERS}
    # A message under way and a missing value are told by their own sentences.
    assert set(SHORT) == known - {rules.IN_FLIGHT}
    assert set(BY_SOMEBODY) == known | {why.HALTED}
