"""Reference rates as dated tables. A day the table does not know has no rate: nothing is extrapolated."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple


class NoRate(LookupError):
    """The table does not know the rate of a day: interest cannot be told, and somebody must add the rate."""


class Rate(NamedTuple):
    """A rate in percent a year, and from which day it is the one to apply."""

    from_on: date
    percent: Decimal
    source: str
    confidence: str


class RateTable(NamedTuple):
    """One reference rate. It is known from its first day up to `until_on`, which it does not know any more."""

    key: str
    title: str
    rates: tuple[Rate, ...]
    """By day, earliest first."""
    until_on: date

    def on(self, day: date) -> Rate:
        """The rate to apply on a day.

        Raises:
            NoRate: before the first day or from `until_on` on.
        """
        place = bisect_right(self.rates, day, key=lambda rate: rate.from_on) - 1
        if place < 0 or day >= self.until_on:
            known = f"from {self.rates[0].from_on} to {self.until_on}" if self.rates else "nowhere"
            raise NoRate(f"the rate {self.key} is not known on {day}: the table is known {known}, add the rate")
        return self.rates[place]

    def changes_within(self, since: date, until: date) -> list[date]:
        """The days after `since` and before `until` on which the rate changes, or is not known any more."""
        days = [*(rate.from_on for rate in self.rates), self.until_on]
        return [day for day in days if since < day < until]


def to_half_point(percent: Decimal) -> Decimal:
    """The rate rounded up to the nearest half point, as Swedish and Finnish law want it.

    Source: Räntelag (1975:635) s. 9 (Sweden); Korkolaki s. 12 (Finland).
    """
    return (percent * 2).to_integral_value(rounding=ROUND_CEILING) / 2
