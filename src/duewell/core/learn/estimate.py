"""Estimates of totals from draws, and from a sample where not everybody was looked at.

Page: docs/algorithms/simulation.md, "How sure it is".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

_EIGHTY_PERCENT: Final = 1.2815515655446004
"""Of a normal distribution, four in five lie within so many standard deviations of the middle."""


class Estimate(NamedTuple):
    """A total. `error` is the standard error of `mean`; four times of five it will be from `low` to `high`."""

    mean: int
    error: int
    low: int
    high: int


class Sampled(NamedTuple):
    """How many were looked at, of how many."""

    units: int
    whole: int

    @property
    def scale(self) -> float:
        """For how many each stands."""
        return self.whole / self.units if self.units else 1.0


def estimate(draws: Sequence[int], sum_minor: float, squares: float, sampled: Sampled) -> Estimate:
    """A total over everybody.

    Args:
        draws: the total over those who were looked at, one for each draw.
        sum_minor: over the units, the sum of the means over all draws.
        squares: over the units, the sum of the squares of these means.
        sampled: how many units were looked at, of how many.
    """
    count = len(draws)
    middle = sum(draws) / count
    spread = sum((drawn - middle) ** 2 for drawn in draws) / (count - 1) if count > 1 else 0.0
    mean = sampled.scale * middle
    # What chance does in one future; the whole has `scale` times as many who each go their own way.
    by_chance = sampled.scale * spread
    by_sample = 0.0
    if 1 < sampled.units < sampled.whole:
        between = max(0.0, (squares - sum_minor**2 / sampled.units) / (sampled.units - 1))
        by_sample = sampled.whole**2 * (1 - sampled.units / sampled.whole) * between / sampled.units
    error = sqrt(by_sample + by_chance / count)
    width = _EIGHTY_PERCENT * sqrt(by_sample + by_chance)
    return Estimate(round(mean), round(error), max(0, round(mean - width)), round(mean + width))
