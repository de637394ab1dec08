"""Worked cases of interest, as a lawyer reads them: tests/law/interest/*.yaml."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from duewell.adapters.files.interest_file import shipped_rules, shipped_tables
from duewell.core.law import interest
from duewell.core.law.interest import (
    Claim,
    Compounding,
    DayCount,
    Late,
    NoRate,
    NotLate,
    Rate,
    RateTable,
    Rule,
    Start,
)
from duewell.core.law.interest.agreed import check
from duewell.core.units.money import exponent

CASES = [
    case
    for path in sorted((Path(__file__).parent / "interest").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
FAR = date(2100, 1, 1)


def _minor(amount: str) -> tuple[int, str]:
    sum_, currency = amount.split()
    return int(Decimal(sum_).scaleb(exponent(currency))), currency


def _tables(case: dict[str, Any]) -> dict[str, RateTable]:
    tables = dict(shipped_tables())
    for key, rates in case.get("rates", {}).items():
        known = [Rate(day, Decimal(percent), "as the case says", "V") for day, percent in rates.items()]
        tables[key] = RateTable(key, key, tuple(known), FAR)
    return tables


def _rule(case: dict[str, Any]) -> Rule:
    if "rule" in case:
        return shipped_rules()[case["rule"]]
    zero, one = Decimal(0), Decimal(1)
    return Rule(
        *("contract", "as agreed", frozenset({"business"}), "", zero, one, zero, True, Start.DAY_AFTER_DUE, 30),
        *(
            DayCount.ACTUAL_365,
            Compounding.NONE,
            False,
            "",
            zero,
            False,
            None,
            date.min,
            None,
            "contract",
            "V",
            "",
        ),
    )


def _sheet(case: dict[str, Any], rule: Rule, day_count: DayCount | None = None) -> interest.Sheet:
    minor, currency = _minor(case["claim"])
    from_on = case.get("from_on") or case.get("late_from") or case["due_on"] + timedelta(days=1)
    if "days_in_all" in case:
        until_on = from_on + timedelta(days=case["days_in_all"])
    else:
        until_on = case.get("until_on") or case["paid_on"] + timedelta(days=1)
    agreed = Decimal(case["agreed"]["percent"]) if "agreed" in case else None
    claim = Claim(currency, [(date.min, minor)])
    return interest.accrue(
        rule, _tables(case), claim, from_on, until_on, agreed_percent=agreed, day_count=day_count
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_case_comes_out_as_a_lawyer_worked_it_out(case: dict[str, Any]) -> None:
    rule = _rule(case)
    told = set(case) - {
        "case",
        "rule",
        "claim",
        "from_on",
        "until_on",
        "due_on",
        "paid_on",
        "rates",
        "debt",
        "agreed",
    }
    assert told, "the case says nothing"
    if "by_day_count" in case:
        for name, expected in case["by_day_count"].items():
            assert _shown(_sheet(case, rule, DayCount(name))) == expected, name
    if "no_rate" in case:
        with pytest.raises(NoRate, match=case["no_rate"]):
            _sheet(case, rule)
    if "interest" in case:
        sheet = _sheet(case, rule)
        assert _shown(sheet) == case["interest"]
        if "days" in case:
            assert [period.days for period in sheet.periods] == case["days"]
        if "percents" in case:
            assert [period.percent for period in sheet.periods] == [Decimal(each) for each in case["percents"]]
        if "uncapped" in case:
            assert sheet.capped is not None
            assert sheet.capped.uncapped_minor == _minor(f"{case['uncapped']} {sheet.currency}")[0]
        else:
            assert sheet.capped is None
    if "late" in case:
        found = interest.late_from(rule, Late(**case["late"]), case["debt"])
        if "late_from" in case:
            assert found == case["late_from"]
        else:
            assert isinstance(found, NotLate)
            assert case["not_late"] in found.why
    if "flat_sum" in case:
        if case["flat_sum"] == "none":
            assert rule.flat_sum is None
        else:
            _flat(rule, case["claim"], case["flat_sum"])
    for claim, expected in case.get("flat_of", {}).items():
        _flat(rule, claim, expected)
    if "not_for" in case:
        assert case["not_for"] not in rule.debts
    if "contract_refused" in case:
        refused = check(rule, _tables(case), Decimal(case["agreed"]["percent"]), case["agreed_on"])
        assert refused is not None
        assert case["contract_refused"] in refused.why
    for percent, expected in case.get("half_points", {}).items():
        assert interest.to_half_point(Decimal(percent)) == Decimal(expected)


def _flat(rule: Rule, claim: str, expected: str) -> None:
    assert rule.flat_sum is not None
    minor, currency = _minor(claim)
    assert currency == rule.flat_sum.claims_in
    assert rule.flat_sum.of(minor) == _minor(f"{expected} {rule.flat_sum.currency}")[0]


def _shown(sheet: interest.Sheet) -> str:
    return f"{Decimal(sheet.interest_minor).scaleb(-exponent(sheet.currency)):.2f}"


def test_every_shipped_rule_has_a_worked_case() -> None:
    # Of these no rate was read, so nothing could be worked out; their form is that of the others.
    without = {"DK.all", "NO.all", "RS.all", "NL.business", "NL.consumer"}
    assert set(shipped_rules()) - {case.get("rule") for case in CASES} == without


def test_every_table_that_a_rule_names_is_there() -> None:
    named = {table for rule in shipped_rules().values() for table in (rule.table, rule.floor_table) if table}
    assert named == set(shipped_tables())
