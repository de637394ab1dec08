"""Interest the obvious way: day by day, in fractions, without compounding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from duewell.core.law.interest import Claim, DayCount, RateTable, Rule


def interest(rule: Rule, tables: Mapping[str, RateTable], claim: Claim, from_on: date, until_on: date) -> Fraction:
    """Unrounded, in minor units; actual days only."""
    total = Fraction(0)
    day = from_on
    while day < until_on:
        owed = 0
        for since, minor in claim.owed:
            if since <= day:
                owed = minor
        if rule.per_day:
            total += owed * Fraction(rule.per_day) / 100
        else:
            reference = Fraction(0)
            if rule.table:
                at = day if rule.follows else from_on
                known = [rate for rate in tables[rule.table].rates if rate.from_on <= at]
                reference = Fraction(known[-1].percent) * Fraction(rule.times)
            leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
            year = 366 if rule.day_count is DayCount.ACTUAL_ACTUAL and leap else 365
            total += owed * (reference + Fraction(rule.margin)) / 100 / year
        day += timedelta(days=1)
    return total
