"""Agreed rates: whether a contract may agree on this one, as far as the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from duewell.core.law.interest.rates import RateTable
from duewell.core.law.interest.rule import Rule


class NotAgreeable(NamedTuple):
    """The law does not let a contract agree on this rate, or a person must look at it."""

    why: str


def check(rule: Rule, tables: Mapping[str, RateTable], percent: Decimal, on: date) -> NotAgreeable | None:
    """Is an agreed rate within what the law allows on a day? None where nothing speaks against it.

    Raises:
        NoRate: the reference rate of the day is not known.
    """
    if rule.floor_table:
        least = tables[rule.floor_table].on(on).percent * rule.floor_times
        if percent < least:
            return NotAgreeable(f"{percent} % is below {least:f} %, the least the law allows ({rule.source})")
    if rule.ceiling and rule.table:
        most = tables[rule.table].on(on).percent * rule.times + rule.margin
        if percent > most:
            return NotAgreeable(f"{percent} % is above {most:f} %, the most the law allows ({rule.source})")
    return None
