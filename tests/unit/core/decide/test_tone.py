"""A step without a tone speaks in that of the creditor."""

from __future__ import annotations

from duewell.adapters.files.strategy_file import read_strategy
from duewell.core.decide.tone import in_tone

_FILE = b"""
strategy: mine
title: Mine
grace_days: 0
least_gap_days: 3
steps:
  - {stage: due, offset_days: 0, channels: [email]}
  - {stage: first, offset_days: 4, channels: [email], tone: formal}
"""


def test_only_steps_that_name_no_tone_take_the_creditors_and_kind_where_it_has_none():
    strategy = read_strategy(_FILE, "mine.yaml")
    assert [step.tone for step in strategy.steps] == ["", "formal"]
    assert [step.tone for step in in_tone(strategy, "").steps] == ["kind", "formal"]
    assert [step.tone for step in in_tone(strategy, "formal").steps] == ["formal", "formal"]
    assert in_tone(strategy, "formal").digest == strategy.digest
