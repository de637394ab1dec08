"""Strategy files: what they mean, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters import strategies
from duewell.adapters.files.marked_yaml import BadYaml
from duewell.adapters.files.strategy_file import SCHEMA, read_strategy
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Condition

GOOD = """\
strategy: mine
title: Mine
for:
  kinds: [business, unknown]
  countries: [NO, DE]
  segments: ["2024", on]
  balance_at_least: {EUR: 100.10, JPY: 5000}
grace_days: 2
minimum:
  EUR: 5.00
  KWD: "0.125"
  USD: 3
least_gap_days: 7
steps:
  - stage: upcoming
    offset_days: -3
    channels: [email]
    tone: kind
    business_days_only: false
  - stage: second
    offset_days: 10
    channels: [email]
    tone: formal
    for:
      balance_below: {EUR: "0.30"}
"""


def test_a_file_becomes_a_strategy():
    strategy = read_strategy(GOOD.encode(), "mine.yaml")
    assert (strategy.key, strategy.title, strategy.grace_days, strategy.least_gap_days) == ("mine", "Mine", 2, 7)
    assert strategy.condition == Condition(
        kinds=frozenset({"business", "unknown"}),
        countries=frozenset({"NO", "DE"}),
        segments=frozenset({"2024", "on"}),
        balance_at_least=(("EUR", 10010), ("JPY", 5000)),
    )
    assert strategy.minimum_minor == (("EUR", 500), ("KWD", 125), ("USD", 300))
    first, second = strategy.steps
    assert (first.stage, first.offset_days, first.business_days_only, first.condition) == (
        Stage.UPCOMING,
        -3,
        False,
        None,
    )
    assert (second.stage, second.tone, second.business_days_only) == (Stage.SECOND, "formal", True)
    assert second.condition == Condition(balance_below=(("EUR", 30),))


def test_the_digest_is_that_of_the_bytes_and_changes_with_a_comment():
    one = read_strategy(GOOD.encode(), "mine.yaml")
    assert len(one.digest) == 64
    assert read_strategy(GOOD.encode() + b"# more\n", "mine.yaml").digest != one.digest


def test_an_amount_is_taken_by_its_digits_and_never_as_a_fraction_of_two():
    # 0.1 + 0.2 and 1.005 are the usual victims.
    for text, minor in (("0.30", 30), ("1.01", 101), ("90071992547409.93", 9007199254740993)):
        told = GOOD.replace("  EUR: 5.00", f"  EUR: {text}")
        assert dict(read_strategy(told.encode(), "mine.yaml").minimum_minor)["EUR"] == minor


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # the form
        ("strategy: mine", "strategy: My own", "1:1: strategy is 'My own': write a short word of small letters"),
        ("title: Mine", "titel: Mine", "2:1: 'titel' is not known here: did you mean title?"),
        ("title: Mine", "titel: Mine", "1:1: the file lacks title: add a line `title: ...`"),
        ("title: Mine", 'title: "\\u202eeniM"', "2:1: title is '\\u202eeniM': write it in visible characters"),
        ("title: Mine", "title: 12", "2:1: title is 12, not text: put it in quotes"),
        ("grace_days: 2", "grace_days: two", "8:1: grace_days is 'two', not a whole number: write digits"),
        ("grace_days: 2", "grace_days: 2.0", "8:1: grace_days is '2.0', not a whole number"),
        ("grace_days: 2", "grace_days: 010", "8:1: grace_days is '010', not a whole number"),
        ("grace_days: 2", "grace_days: -1", "8:1: grace_days is -1, less than 0: write 0 or more"),
        ("grace_days: 2", "grace_days: 366", "8:1: grace_days is 366, more than 365: write 365 or less"),
        ("least_gap_days: 7", "least_gap_days: 0", "13:1: least_gap_days is 0, less than 1"),
        ("[business, unknown]", "[buisness]", "4:11: for, kinds 1 is 'buisness': did you mean business?"),
        ("[business, unknown]", "business", "4:3: for, kinds is 'business', not a list: write it as [one, two]"),
        ("[business, unknown]", "[]", "4:3: for, kinds is empty: give at least 1"),
        ("[NO, DE]", "[no]", "5:15: for, countries 1 is 'no': write the code of ISO 3166 in two capital letters"),
        ("stage: second", "stage: secnd", "20:5: steps 2, stage is 'secnd': did you mean second?"),
        ("tone: formal", "tone: [formal]", "23:5: steps 2, tone is a list: write one of kind, formal"),
        (
            "business_days_only: false",
            "business_days_only: no",
            "19:5: steps 1, business_days_only is 'no', not true",
        ),
        ("    channels: [email]\n    tone: kind\n", "    tone: kind\n", "15:5: steps 1 lacks channels"),
        (
            "channels: [email]\n    tone: kind",
            "channels: [emial]\n    tone: kind",
            "17:16: steps 1, channels 1 is 'emial'",
        ),
        (
            "channels: [email]\n    tone: kind",
            "channels: [email, email]\n    tone: kind",
            "17:5: steps 1, channels names something twice",
        ),
        # the meaning
        (
            "EUR: 5.00",
            "EUR: 5.001",
            "10:3: 5.001 has more decimals than EUR has: write it with at most 2 decimals",
        ),
        ("JPY: 5000", "JPY: 0.5", "7:35: 0.5 has more decimals than JPY has: write it with no decimals"),
        ("EUR: 5.00", "EUR: 1e3", "10:3: minimum, EUR is '1e3': write an amount in major units"),
        ("EUR: 5.00", "EUR: 1,000", "10:3: minimum, EUR is '1,000': write an amount in major units"),
        ("EUR: 5.00", "EUR: -5", "10:3: minimum, EUR is -5: write an amount in major units"),
        ("EUR: 5.00", "eur: 5.00", "10:3: 'eur' is not a currency: did you mean EUR?"),
        ("EUR: 5.00", "EURO: 5.00", "10:3: 'EURO' is not a currency: write a code of ISO 4217"),
        ("[NO, DE]", "[NO, XX]", "5:19: XX is not the code of a country: write the code of ISO 3166"),
        (
            "stage: upcoming",
            "stage: final",
            "20:5: second cannot follow final: keep the order upcoming, due, first",
        ),
        (
            "offset_days: -3",
            "offset_days: 10",
            "21:5: second comes after upcoming, but 10 days do not: write more",
        ),
        (
            "offset_days: -3",
            "offset_days: 3",
            "16:5: upcoming speaks of an invoice that is not due yet, and 3 is not",
        ),
        ("offset_days: 10", "offset_days: -1", "21:5: second speaks of an invoice that is due, and -1 is before"),
        ("stage: second", "stage: handover", "20:5: no channel carries a handover yet: leave this step out"),
        (
            'balance_below: {EUR: "0.30"}',
            "balance_below: {EUR: 5}\n      balance_at_least: {EUR: 5}",
            "25:7: no balance is at least balance_at_least and yet below balance_below",
        ),
        # the file
        ("title: Mine", "title: Mine\ntitle: Other", "3:1: title stands twice; the first is in line 2: keep one"),
        ("title: Mine", "title: &name Mine\nfor: *name", "3:6: *name repeats another part: write it out instead"),
        (
            "title: Mine",
            "title: !!python/name:os.system",
            "2:8: the tag tag:yaml.org,2002:python/name:os.system has no",
        ),
        ("title: Mine", "title: [Mine", "3:4: "),
        ("title: Mine", "title: M\x00ine", "1:1: "),
        ("strategy: mine", "--- {}\n---\nstrategy: mine", "another document"),
    ],
)
def test_a_file_that_is_wrong_says_where_why_and_what_to_do(old, new, said):
    assert old in GOOD
    with pytest.raises(BadYaml) as caught:
        read_strategy(GOOD.replace(old, new, 1).encode(), "mine.yaml")
    told = [str(finding) for finding in caught.value.findings]
    assert any(f"mine.yaml:{said}" in line or said in line for line in told), told
    for finding in caught.value.findings:
        assert finding.file == "mine.yaml" and finding.line >= 1 and finding.column >= 1
        assert finding.remedy, finding
        assert str(finding).isprintable()


def test_one_reading_finds_breaches_of_form_and_of_meaning():
    told = (
        GOOD.replace("title: Mine", "titel: Mine").replace("EUR: 5.00", "EUR: 5.001").replace("[NO, DE]", "[XX]")
    )
    with pytest.raises(BadYaml) as caught:
        read_strategy(told.encode(), "mine.yaml")
    assert [finding.line for finding in caught.value.findings] == [1, 2, 5, 10]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- 1\n",
        b"just words\n",
        b"\xff\xfe\x00",
        b"[" * 3000,
        b"{" * 3000,
        b"a: " * 3000,
        b"x" * 70_000,
        b"steps: 3\n",
        b"steps: [[], {}, 3, null]\n",
        b"strategy:\ntitle:\nleast_gap_days:\nsteps:\n",
        b'strategy: mine\ntitle: "\\u202e\\u0000"\nleast_gap_days: 1\nsteps: "\\u202e"\n',
        b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    ],
)
def test_whatever_the_bytes_are_the_answer_is_a_finding(content):
    with pytest.raises(BadYaml) as caught:
        read_strategy(content, "mine.yaml")
    assert caught.value.findings
    assert all(str(finding).isprintable() for finding in caught.value.findings)


@pytest.mark.parametrize("key", ["gentle", "business"])
def test_the_strategies_that_ship_are_right(key):
    strategy = strategies.load(Path("nowhere"), key)
    assert strategy.key == key
    assert strategy.steps[-1].stage is Stage.FINAL


def test_every_field_of_the_schema_is_closed():
    def closed(schema):
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                assert "additionalProperties" in schema, schema
            for part in schema.values():
                closed(part)

    closed(SCHEMA)


def test_a_file_in_the_home_comes_before_one_that_ships_and_must_be_called_like_its_strategy(tmp_path):
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "gentle.yaml").write_text(GOOD.replace("strategy: mine", "strategy: gentle"))
    assert strategies.load(tmp_path, "gentle").title == "Mine"
    (folder / "other.yaml").write_text(GOOD)
    with pytest.raises(
        BadYaml, match=r"the file is called other\.yaml, but the strategy in it is mine: call it mine"
    ):
        strategies.load(tmp_path, "other")
    with pytest.raises(strategies.NoSuchStrategy, match="known: business, gentle, other"):
        strategies.load(tmp_path, "absent")
