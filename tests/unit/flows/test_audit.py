"""The audit asks every sentence, and says what it looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duewell.flows.audit import SENTENCES, SHOWN_MAX, Tally, audit

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "what-is-always-true.md"


def test_the_page_has_the_sentences_word_for_word():
    told = dict(re.findall(r"^\| (\d+) \| (.+?) \|", PAGE.read_text(), re.MULTILINE))
    assert {int(number): text for number, text in told.items()} == SENTENCES


def test_every_sentence_is_asked_in_order_and_keeps_what_was_found():
    def good(tally: Tally) -> None:
        tally.look(3)

    def bad(tally: Tally) -> None:
        tally.look()
        for number in range(SHOWN_MAX + 5):
            tally.find(f"finding {number}")

    heard: list[int] = []
    verdicts = audit({number: [good, bad] if number == 2 else [good] for number in SENTENCES}, heard.append)
    assert heard == list(SENTENCES)
    assert [(verdict.number, verdict.checked, verdict.found) for verdict in verdicts[:3]] == [
        (1, 3, 0),
        (2, 4, SHOWN_MAX + 5),
        (3, 3, 0),
    ]
    assert verdicts[1].findings == tuple(f"finding {number}" for number in range(SHOWN_MAX))


def test_a_checker_that_fails_is_a_finding_and_the_others_still_run():
    def fails(tally: Tally) -> None:
        raise ValueError("text where a number should be")

    def good(tally: Tally) -> None:
        tally.look()

    verdicts = audit({number: [fails, good] for number in SENTENCES}, lambda number: None)
    assert {(verdict.checked, verdict.found) for verdict in verdicts} == {(1, 1)}
    assert "text where a number should be" in verdicts[0].findings[0]


def test_a_sentence_without_a_checker_is_an_error_and_no_silence():
    with pytest.raises(LookupError):
        audit({1: []}, lambda number: None)
