"""Checking a strategy file, and saying what a strategy does."""

from __future__ import annotations

from pathlib import Path

from duewell.adapters import strategies
from duewell.flows import strategy as flow

SURPRISING = b"""\
strategy: hasty
title: Hasty
grace_days: 5
least_gap_days: 7
steps:
  - {stage: due, offset_days: 0, channels: [email], tone: kind}
  - {stage: first, offset_days: 4, channels: [email], tone: kind, for: {balance_at_least: {EUR: 50, USD: 60}}}
"""


def test_a_right_file_gives_the_strategy_and_remarks_on_what_may_surprise():
    checked = flow.check(SURPRISING, "hasty.yaml", strategies.check)
    assert checked.findings == ()
    assert checked.remarks == (
        "first is set 4 days after the due date, but the 5 days of grace let it come after 6 days",
        "first follows due after 4 days, but the least gap between messages lets it come after 7 days",
    )


def test_a_wrong_file_gives_findings_and_no_strategy():
    checked = flow.check(b"strategy: x\n", "x.yaml", strategies.check)
    assert checked.strategy is None
    assert [str(finding) for finding in checked.findings] == [
        "x.yaml:1:1: the file lacks least_gap_days: add a line `least_gap_days: ...`",
        "x.yaml:1:1: the file lacks steps: add a line `steps: ...`",
        "x.yaml:1:1: the file lacks title: add a line `title: ...`",
    ]


def test_a_strategy_is_told_in_words():
    strategy = flow.check(SURPRISING, "hasty.yaml", strategies.check).strategy
    assert flow.lines(strategy) == [
        "hasty: Hasty",
        "  for          every account",
        "  grace        5 days after the due date",
        "  minimum      any amount",
        "  least gap    7 days between messages",
        "  due          on the due date, by email, kind words, on business days",
        "  first        4 days after it is due, by email, kind words, on business days, "
        "for at least EUR 50.00 or USD 60.00",
    ]


def test_a_strategy_is_told_as_data_with_the_fields_of_its_file():
    strategy = flow.check(SURPRISING, "hasty.yaml", strategies.check).strategy
    told = flow.told(strategy)
    assert told["steps"][1]["for"]["balance_at_least"] == {"EUR": 5000, "USD": 6000}
    assert told["digest"] == strategy.digest


def test_the_strategies_that_ship_give_no_cause_for_remarks():
    for file in strategies.known(Path("nowhere")).values():
        assert flow.check(file.read_bytes(), str(file), strategies.check).remarks == ()
