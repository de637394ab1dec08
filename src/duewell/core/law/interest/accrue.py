"""Accrue: interest by periods of one principal and one rate, summed unrounded and rounded once.

Rounding each period, each half-year or each day would change the sum; the law wants the sum of the claim.
Page: docs/algorithms/interest.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import pairwise
from typing import NamedTuple

from duewell.core.law.interest.rates import NoRate, RateTable
from duewell.core.law.interest.rule import Compounding, DayCount, Rule

_ONE_DAY = timedelta(days=1)
_PRECISE = Context(prec=50, rounding=ROUND_HALF_UP)


class Claim(NamedTuple):
    """What is owed on a claim from which day on, in minor units of one currency."""

    currency: str
    owed: Sequence[tuple[date, int]]
    """By day, earliest first; each amount holds until the next day named. The day of a payment still counts."""


class Period(NamedTuple):
    """A stretch of days, the last one not included, with one principal and one rate."""

    from_on: date
    until_on: date
    days: int
    principal_minor: int
    """What bears interest: with compounding, interest of earlier years or months is in it, rounded to be shown."""
    percent: Decimal
    """A year; a day where the law counts so (`per_day`)."""
    source: str
    interest: Decimal
    """In minor units, unrounded."""


class Capped(NamedTuple):
    """The law allows no more interest than this."""

    uncapped_minor: int
    why: str


class Sheet(NamedTuple):
    """The interest of one claim, period by period."""

    rule: Rule
    currency: str
    periods: tuple[Period, ...]
    interest_minor: int
    capped: Capped | None


def accrue(
    rule: Rule,
    tables: Mapping[str, RateTable],
    claim: Claim,
    from_on: date,
    until_on: date,
    *,
    agreed_percent: Decimal | None = None,
    day_count: DayCount | None = None,
) -> Sheet:
    """The interest of a claim for the days from one to another, the last one not included.

    Args:
        from_on: the first day that bears interest (`late_from`).
        until_on: the day after the last one. Whoever is paid on a day counts that day: give the day after it.
        agreed_percent: a rate a year that the contract agrees on, in place of the statutory one.
        day_count: where the contract agrees on one.

    Raises:
        NoRate: the reference rate of a day is not known.
    """
    with localcontext(_PRECISE):
        periods: list[Period] = []
        total = Decimal(0)
        capital = Decimal(0)
        count = day_count or rule.day_count
        for since, until in _pieces(rule, tables, claim, from_on, until_on, agreed_percent):
            owed = _owed(claim, since)
            if rule.compounding is not Compounding.NONE and since != from_on and _is_rest(rule, from_on, since):
                capital = total
            if owed <= 0:
                continue
            percent, source = _rate(rule, tables, from_on if not rule.follows else since, agreed_percent)
            bearing = owed + capital
            interest = bearing * percent / 100 * _share(rule, count, from_on, since, until)
            total += interest
            days = _days(count, since, until)
            shown = int(bearing.to_integral_value()) if capital else owed
            periods.append(Period(since, until, days, shown, percent, source, interest))
        return _rounded(rule, claim, periods, total)


def _rounded(rule: Rule, claim: Claim, periods: list[Period], total: Decimal) -> Sheet:
    minor = int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    capped = None
    principal = max((minor for _, minor in claim.owed), default=0)
    if rule.capped_at_principal and minor > principal:
        capped, minor = Capped(minor, f"interest may not exceed the principal: {rule.source}"), principal
    return Sheet(rule, claim.currency, tuple(periods), minor, capped)


def _pieces(
    rule: Rule,
    tables: Mapping[str, RateTable],
    claim: Claim,
    from_on: date,
    until_on: date,
    agreed_percent: Decimal | None,
) -> list[tuple[date, date]]:
    """Stretches in which nothing changes: not what is owed, not the rate, and no rest lies within."""
    borders = {from_on, until_on}
    borders.update(day for day, _ in claim.owed if from_on < day < until_on)
    if rule.table and rule.follows and agreed_percent is None:
        borders.update(tables[rule.table].changes_within(from_on, until_on))
    if rule.compounding is not Compounding.NONE:
        borders.update(_rests(rule, from_on, until_on))
    ordered = sorted(borders)
    return [(since, until) for since, until in pairwise(ordered) if since < until]


def _rate(
    rule: Rule, tables: Mapping[str, RateTable], on: date, agreed_percent: Decimal | None
) -> tuple[Decimal, str]:
    if agreed_percent is not None:
        return agreed_percent, "as agreed in the contract"
    if rule.per_day:
        return rule.per_day, rule.source
    if not rule.table:
        return rule.margin, rule.source
    if rule.table not in tables:
        raise NoRate(f"there is no table of the rate {rule.table}")
    reference = tables[rule.table].on(on)
    percent = reference.percent * rule.times + rule.margin
    return percent, f"{rule.source}; {rule.table} {_plain(reference.percent)} % ({reference.source})"


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def _owed(claim: Claim, day: date) -> int:
    owed = 0
    for since, minor in claim.owed:
        if since > day:
            break
        owed = minor
    return owed


def _share(rule: Rule, count: DayCount, from_on: date, since: date, until: date) -> Decimal:
    """The part of a year that a stretch is; the number of days where the rate is one for each day."""
    if rule.per_day:
        return Decimal((until - since).days)
    if (
        rule.compounding is Compounding.MONTHLY
        and _is_rest(rule, from_on, since)
        and _is_rest(rule, from_on, until)
    ):
        return Decimal(1) / 12
    if count is DayCount.THIRTY_360:
        return Decimal(_thirty(until) - _thirty(since)) / 360
    if count is DayCount.ACTUAL_365:
        return Decimal((until - since).days) / 365
    return sum(
        (
            Decimal((min(until, date(year + 1, 1, 1)) - max(since, date(year, 1, 1))).days) / _length(year)
            for year in range(since.year, until.year + 1)
            if max(since, date(year, 1, 1)) < min(until, date(year + 1, 1, 1))
        ),
        Decimal(0),
    )


def _days(count: DayCount, since: date, until: date) -> int:
    return _thirty(until) - _thirty(since) if count is DayCount.THIRTY_360 else (until - since).days


def _thirty(day: date) -> int:
    """Days by months of thirty: the 31st counts as the 30th."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _rests(rule: Rule, from_on: date, until_on: date) -> list[date]:
    """The days within the stretch on which interest becomes capital."""
    found = []
    number = 1
    while (day := _rest(rule, from_on, number)) < until_on:
        found.append(day)
        number += 1
    return found


def _is_rest(rule: Rule, from_on: date, day: date) -> bool:
    months = (day.year - from_on.year) * 12 + day.month - from_on.month
    number = months if rule.compounding is Compounding.MONTHLY else months // 12
    return day == from_on or any(_rest(rule, from_on, each) == day for each in (number, number + 1) if each > 0)


def _rest(rule: Rule, from_on: date, number: int) -> date:
    """The `number`th day on which interest becomes capital; the last of a month where the month is shorter."""
    months = from_on.month - 1 + (number if rule.compounding is Compounding.MONTHLY else 12 * number)
    year, month = from_on.year + months // 12, months % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(from_on.day, (following - _ONE_DAY).day))
