"""Habit: how long after the due date a customer pays, learned from what was paid and shrunk to what others do.

Delays are cut into cells: single days around the due date, ten days each later on. In each cell the hazard is the
chance, per day, that an invoice which is still open is paid. A customer with few invoices is taken to be like the
segment, a segment with few like the book; how strongly, the book itself decides (empirical Bayes). Some customers
are regular and some are not: the strength of each is what is common in the book, weighed by what fits its past.
Page: docs/algorithms/payment-habits.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import accumulate
from math import exp, lgamma
from typing import Final, NamedTuple

EARLIEST: Final = -60
"""Days from the due date: what was paid earlier counts as paid on this day."""
LATEST: Final = 365
"""Nothing is expected of an invoice that is later than this."""
_TOO_LITTLE: Final = 1e-9
_DAILY_UNTIL: Final = 60
_STEP: Final = 10
_FIRST_DAYS: Final = (*range(EARLIEST, _DAILY_UNTIL + 1), *range(_DAILY_UNTIL + 1, LATEST + 1, _STEP))
CELLS: Final = len(_FIRST_DAYS)
_CELL_OF: Final = tuple(bisect_right(_FIRST_DAYS, day) - 1 for day in range(EARLIEST, LATEST + 1))

STRENGTHS: Final = (0.05, 0.25, 1.0, 4.0, 16.0, 64.0, 256.0)
"""Strengths of a shrinkage that are considered, in invoices. Under a small one a customer is regular and goes by
its own past; under a large one it is like everybody."""
_ROUNDS: Final = 30
"""Of learning the mixture; it no longer moves by then."""


class Spell(NamedTuple):
    """One invoice, in days from its due date: since when it could be paid, and when it was, or until when it was
    not.
    """

    since: int
    until: int
    paid: bool


class Counts(NamedTuple):
    """By cell: invoices paid in it, and how many invoice-days could have been."""

    paid: tuple[int, ...]
    open: tuple[int, ...]


class Curve(NamedTuple):
    """By cell, the chance per day that an open invoice is paid."""

    hazards: tuple[float, ...]


def counted(spells: Iterable[Spell]) -> Counts:
    """Count invoices by cell. The day on which one was paid is among those on which it could be."""
    paid = [0] * CELLS
    # Per day, how many more are open than on the day before.
    steps = [0] * (LATEST - EARLIEST + 2)
    for since, until, was_paid in spells:
        last = min(max(until, EARLIEST), LATEST)
        if was_paid and until <= LATEST:
            paid[_cell(last)] += 1
        elif until < EARLIEST:
            continue
        steps[min(max(since, EARLIEST), last) - EARLIEST] += 1
        steps[last - EARLIEST + 1] -= 1
    opened = [0] * CELLS
    for cell, count in zip(_CELL_OF, accumulate(steps), strict=False):
        opened[cell] += count
    return Counts(tuple(paid), tuple(opened))


def together(some: Iterable[Counts]) -> Counts:
    """The counts of several."""
    paid, opened = [0] * CELLS, [0] * CELLS
    for counts in some:
        for cell in range(CELLS):
            paid[cell] += counts.paid[cell]
            opened[cell] += counts.open[cell]
    return Counts(tuple(paid), tuple(opened))


def plain(counts: Counts) -> Curve:
    """The hazards as they were counted, without any shrinkage; zero where nothing was ever open."""
    return Curve(
        tuple(paid / opened if opened else 0.0 for paid, opened in zip(counts.paid, counts.open, strict=True))
    )


def shrunk(counts: Counts, towards: Curve, strength: float) -> Curve:
    """The hazards of one, as if `strength` further invoices had behaved as the others do.

    h = (paid + strength * h_of_others) / (open + strength)
    """
    return Curve(
        tuple(
            (paid + strength * other) / (opened + strength)
            for paid, opened, other in zip(counts.paid, counts.open, towards.hazards, strict=True)
        )
    )


Mixture = tuple[float, ...]
"""For each of `STRENGTHS` how common it is; they add up to one."""


def strength(several: Sequence[Counts], towards: Curve) -> float:
    """The one strength under which what was counted of several is likeliest, among `STRENGTHS`.

    With less than two to compare, the strongest.
    """
    if len(several) < 2:
        return STRENGTHS[-1]
    of_each = [_likelihoods(counts, towards) for counts in several]
    totals = [sum(logs[place] for logs in of_each) for place in range(len(STRENGTHS))]
    return STRENGTHS[totals.index(max(totals))]


def mixture(several: Sequence[Counts], towards: Curve) -> Mixture:
    """How common each strength is among several, so that what was counted of all is likeliest.

    Each round weighs the strengths of each by how well they fit it, and takes the averages (expectation and
    maximization). With less than two to compare, all are like everybody.
    """
    if len(several) < 2:
        return (*(0.0 for _ in STRENGTHS[1:]), 1.0)
    of_each = [_likelihoods(counts, towards) for counts in several]
    mixed: Mixture = tuple(1.0 / len(STRENGTHS) for _ in STRENGTHS)
    for _ in range(_ROUNDS):
        weighed = [_weighed(logs, mixed) for logs in of_each]
        mixed = tuple(sum(column) / len(several) for column in zip(*weighed, strict=True))
    return mixed


def blended(counts: Counts, towards: Curve, mixed: Mixture) -> Curve:
    """The hazards of one under every strength, each weighed by how common it is and how well it fits its past."""
    weights = _weighed(_likelihoods(counts, towards), mixed)
    found = [0.0] * CELLS
    for tried, weight in zip(STRENGTHS, weights, strict=True):
        if weight > _TOO_LITTLE:
            for cell, hazard in enumerate(shrunk(counts, towards, tried).hazards):
                found[cell] += weight * hazard
    return Curve(tuple(min(1.0, hazard) for hazard in found))


def _weighed(logs: Sequence[float], mixed: Mixture) -> Mixture:
    likeliest = max(logs)
    fits = [share * exp(found - likeliest) for share, found in zip(mixed, logs, strict=True)]
    whole = sum(fits)
    if whole <= 0.0:
        return mixed
    return tuple(fit / whole for fit in fits)


def _likelihoods(counts: Counts, towards: Curve) -> tuple[float, ...]:
    """By strength, the logarithm of the likelihood of what was counted of one.

    Its hazards are taken to scatter around those of all as a beta distribution does, so that its counts are
    beta-binomial in each cell.
    """
    cells = [
        (paid, opened, hazard)
        for paid, opened, hazard in zip(counts.paid, counts.open, towards.hazards, strict=True)
        if opened and 0.0 < hazard < 1.0
    ]
    return tuple(_likelihood(cells, tried) for tried in STRENGTHS)


def _likelihood(cells: Sequence[tuple[int, int, float]], strength: float) -> float:
    total = 0.0
    for paid, opened, hazard in cells:
        alpha, beta = strength * hazard, strength * (1.0 - hazard)
        total += lgamma(alpha + beta) - lgamma(alpha + beta + opened)
        total += lgamma(beta + opened - paid) - lgamma(beta)
        if paid:
            total += lgamma(alpha + paid) - lgamma(alpha)
    return total


class Chances(NamedTuple):
    """Of an invoice that is so many days late and open: the chance that it is paid by each of the days after."""

    by_day: tuple[float, ...]

    def day_of(self, chance: float) -> int | None:
        """The day from now, 1 for tomorrow, on which it is paid where a draw says so; None: not within these days.

        Args:
            chance: from 0 to below 1, each as likely as any other.
        """
        place = bisect_right(self.by_day, chance)
        return place + 1 if place < len(self.by_day) else None


def chances(curve: Curve, late_days: int, days: int) -> Chances:
    """What is expected of an invoice on the days to come.

    Args:
        late_days: today, counted from its due date; below zero before it.
        days: so many days from tomorrow on.
    """
    left, found = 1.0, []
    for late in range(late_days + 1, late_days + 1 + days):
        if EARLIEST <= late <= LATEST:
            left *= 1.0 - curve.hazards[_cell(late)]
        found.append(1.0 - left)
    return Chances(tuple(found))


def draw(seed: int, what: int, number: int) -> float:
    """A number from 0 to below 1 that follows from the seed, what is drawn for, and the number of the draw."""
    told = blake2b(f"{seed}/{what}/{number}".encode(), digest_size=8).digest()
    # As many bits as a float holds exactly.
    return (int.from_bytes(told) >> 11) / 2**53


def _cell(late: int) -> int:
    return _CELL_OF[late - EARLIEST]
