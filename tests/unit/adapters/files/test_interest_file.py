"""Files of interest and rates: what is wrong is said with its line."""

from __future__ import annotations

import pytest

from duewell.adapters.files.interest_file import rules_of, table_of, tables_of
from duewell.adapters.files.marked_yaml import BadYaml

RULE = """\
place: XX
rules:
  XX.all:
    title: Interest
    debts: [consumer]
    margin: "8"
    start: day_after_due
    from_on: 2020-01-01
    confidence: V
    source: somewhere
"""
RATES = """\
rate: de-base
title: Base rate
until_on: 2027-07-01
rates:
  - {from_on: 2027-01-01, percent: "1.5", confidence: V, source: read}
"""


def test_a_whole_file_is_read() -> None:
    [rule] = rules_of(RULE.encode(), "xx/interest.yaml").values()
    assert (rule.key, rule.margin, rule.follows, rule.grace_days) == ("XX.all", 8, True, 0)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("XX.all:", "YY.all:", 3, "must start with XX."),
        ('margin: "8"', "margin: 8", 6, "8"),
        ('    margin: "8"\n', "", 3, "margin"),
        ('margin: "8"', 'margin: "8"\n    per_day: "0.1"', 3, "either a margin"),
        ("from_on: 2020-01-01", "from_on: 2020-01-01\n    until_on: 2019-01-01", 3, "after from_on"),
        ("source: somewhere", "sauce: somewhere", 3, "sauce"),
        (
            "source: somewhere",
            "source: x\n    flat_sum: {currency: EUR, tiers: [{below: '9', sum: '1'}], confidence: V, source: y}",
            11,
            "tiers rise",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in RULE
    with pytest.raises(BadYaml) as caught:
        rules_of(RULE.replace(old, new).encode(), "xx/interest.yaml")
    assert says in str(caught.value)
    assert caught.value.findings[0].line in (line, line - 1)


def test_rates_stand_by_day() -> None:
    twice = RATES + '  - {from_on: 2027-01-01, percent: "2", confidence: V, source: read}\n'
    with pytest.raises(BadYaml, match="by day"):
        table_of(twice.encode(), "rates/de-base.yaml")


def test_a_home_continues_a_rate_and_never_changes_what_is_shipped(tmp_path) -> None:
    folder = tmp_path / "rates"
    folder.mkdir()
    assert tables_of(tmp_path)["de-base"].until_on.year == 2027
    (folder / "de-base.yaml").write_text(RATES)
    continued = tables_of(tmp_path)["de-base"]
    assert continued.rates[-1].percent == continued.on(continued.rates[-1].from_on).percent
    assert continued.until_on.isoformat() == "2027-07-01"
    (folder / "de-base.yaml").write_text(RATES.replace("2027-01-01", "2026-07-01"))
    with pytest.raises(BadYaml, match="is known already"):
        tables_of(tmp_path)
    (folder / "de-base.yaml").write_text(RATES.replace("de-base", "no-such"))
    with pytest.raises(BadYaml, match="there is no rate"):
        tables_of(tmp_path)
