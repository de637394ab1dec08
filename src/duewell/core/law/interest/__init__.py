"""Interest on late payment: from when, at which rate, for how long, rounded once.

Page: docs/algorithms/interest.md.
"""

from duewell.core.law.interest.accrue import Capped, Claim, Period, Sheet, accrue
from duewell.core.law.interest.in_default import Late, NotLate, late_from
from duewell.core.law.interest.rates import NoRate, Rate, RateTable, to_half_point
from duewell.core.law.interest.rule import Compounding, DayCount, FlatSum, Rule, Start

__all__ = [
    "Capped",
    "Claim",
    "Compounding",
    "DayCount",
    "FlatSum",
    "Late",
    "NoRate",
    "NotLate",
    "Period",
    "Rate",
    "RateTable",
    "Rule",
    "Sheet",
    "Start",
    "accrue",
    "late_from",
    "to_half_point",
]
