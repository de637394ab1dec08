"""The worked tables of the pages are true of the core, and of the plain implementation."""

from __future__ import annotations

import pytest

from duewell.core.decide.decide import decide_among
from duewell.core.decide.still import still
from duewell.core.decide.values import Forecast
from tests import worked
from tests.plain import stages as plain

NOTHING = Forecast()
PAGES = ("algorithms/stages.md", "algorithms/netting.md")
LINES = [pytest.param(line, id=f"{page}: {line.text}") for page in PAGES for line in worked.on_page(page)]


@pytest.mark.parametrize("line", LINES)
def test_each_line_of_a_page_comes_out_as_it_says(line):
    if line.planned:
        outcome = still(line.planned, line.case, line.strategies[0], NOTHING, line.as_of)
    else:
        outcome = decide_among(line.case, line.strategies, NOTHING, line.as_of)
    assert worked.answer(outcome, line.says, numbers=worked.numbers(line.case)) == line.says


@pytest.mark.parametrize("line", LINES)
def test_the_plain_implementation_says_the_same(line):
    if line.planned or len(line.strategies) > 1:
        return
    found = plain.decide(line.case, line.strategies[0], line.as_of)
    if worked.is_rest(line.says):
        assert found == {"rule": line.says.split()[0]}
    else:
        letters = worked.numbers(line.case)
        told = ", ".join(f"{letters[id]} {stage.key}" for id, stage in sorted(found["advances"].items()))
        assert line.says.startswith(told)
