"""Interest: equal to the obvious sum over days, adding up over adjoining periods, and rounded once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.law.interest import Claim, Compounding, DayCount, Rate, RateTable, Rule, Start, accrue
from tests.plain import interest as plain

FIRST, LAST = date(2023, 1, 1), date(2034, 1, 1)
DAYS = st.dates(FIRST, date(2029, 12, 31))
PERCENTS = st.decimals("-1", "20", places=2)


@st.composite
def tables(draw: st.DrawFn) -> RateTable:
    days = sorted({FIRST, *draw(st.lists(DAYS, max_size=8))})
    return RateTable("t", "t", tuple(Rate(day, draw(PERCENTS), "drawn", "V") for day in days), LAST)


@st.composite
def rules(draw: st.DrawFn, compounding: Compounding = Compounding.NONE) -> Rule:
    kind = draw(st.sampled_from(["table", "margin", "per_day"]))
    return Rule(
        key="XX.all",
        title="drawn",
        debts=frozenset({"consumer", "business"}),
        table="t" if kind == "table" else "",
        margin=draw(st.decimals("1", "15", places=2)),
        times=draw(st.sampled_from([Decimal(1), Decimal(3)])),
        per_day=Decimal("0.03") if kind == "per_day" else Decimal(0),
        follows=draw(st.booleans()),
        start=Start.DAY_AFTER_DUE,
        grace_days=30,
        day_count=draw(st.sampled_from([DayCount.ACTUAL_365, DayCount.ACTUAL_ACTUAL])),
        compounding=compounding,
        capped_at_principal=False,
        floor_table="",
        floor_times=Decimal(0),
        ceiling=False,
        flat_sum=None,
        from_on=FIRST,
        until_on=None,
        source="drawn",
        confidence="V",
        day_count_says="",
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    days = sorted({date.min, *draw(st.lists(DAYS, max_size=4))})
    return Claim("EUR", [(day, draw(st.integers(0, 10**9))) for day in days])


def _rounded(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2)) if exact >= 0 else -int(-exact + Fraction(1, 2))


@given(rules(), tables(), claims(), DAYS, st.integers(0, 700))
def test_the_sum_is_that_of_its_days(rule: Rule, table: RateTable, claim: Claim, from_on: date, days: int) -> None:
    until_on = from_on + timedelta(days=days)
    sheet = accrue(rule, {"t": table}, claim, from_on, until_on)
    assert sheet.interest_minor == _rounded(plain.interest(rule, {"t": table}, claim, from_on, until_on))
    assert sum(period.days for period in sheet.periods) <= days


@given(rules(), tables(), claims(), DAYS, st.integers(0, 400), st.integers(0, 400))
def test_adjoining_periods_add_up_before_rounding(
    rule: Rule, table: RateTable, claim: Claim, from_on: date, first: int, second: int
) -> None:
    # Where the first rate stays, a second period of its own would begin with another one.
    rule = rule._replace(follows=True)
    middle, end = from_on + timedelta(days=first), from_on + timedelta(days=first + second)
    whole = accrue(rule, {"t": table}, claim, from_on, end)
    parts = [accrue(rule, {"t": table}, claim, *stretch) for stretch in ((from_on, middle), (middle, end))]
    of_whole = sum((period.interest for period in whole.periods), Decimal(0))
    of_parts = sum((period.interest for part in parts for period in part.periods), Decimal(0))
    assert abs(of_whole - of_parts) < Decimal("1e-15")


@given(rules(Compounding.YEARLY), claims(), DAYS, st.integers(0, 364))
def test_within_the_first_year_nothing_is_compounded(rule: Rule, claim: Claim, from_on: date, days: int) -> None:
    rule = rule._replace(table="")
    until_on = from_on + timedelta(days=days)
    simple = accrue(rule._replace(compounding=Compounding.NONE), {}, claim, from_on, until_on)
    assert accrue(rule, {}, claim, from_on, until_on).interest_minor == simple.interest_minor


@given(rules(Compounding.MONTHLY), st.integers(1, 10**9), DAYS, st.integers(0, 36))
def test_whole_months_of_monthly_rests_are_a_power(rule: Rule, minor: int, from_on: date, months: int) -> None:
    rule = rule._replace(table="", per_day=Decimal(0))
    from_on = from_on.replace(day=1)
    end = date(from_on.year + (from_on.month - 1 + months) // 12, (from_on.month - 1 + months) % 12 + 1, 1)
    sheet = accrue(rule, {}, Claim("EUR", [(date.min, minor)]), from_on, end)
    exact = minor * ((1 + Fraction(rule.margin) / 1200) ** months - 1)
    assert sheet.interest_minor == _rounded(exact)


@given(rules(), tables(), claims(), DAYS, st.integers(0, 700))
def test_more_days_never_cost_less_while_rates_are_not_below_zero(
    rule: Rule, table: RateTable, claim: Claim, from_on: date, days: int
) -> None:
    rates = tuple(rate._replace(percent=abs(rate.percent)) for rate in table.rates)
    until_on = from_on + timedelta(days=days)
    table = table._replace(rates=rates)
    fewer = accrue(rule, {"t": table}, claim, from_on, until_on).interest_minor
    assert accrue(rule, {"t": table}, claim, from_on, until_on + timedelta(days=1)).interest_minor >= fewer
