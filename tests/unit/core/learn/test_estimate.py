"""Totals from draws and samples, and how sure they are. The numbers stand in docs/algorithms/simulation.md."""

from __future__ import annotations

from random import Random

from duewell.core.learn.estimate import Sampled, estimate


def test_without_chance_and_sample_a_total_is_exact():
    assert tuple(estimate([120, 120, 120], 120.0, 120.0**2, Sampled(1, 1))) == (120, 0, 120, 120)


def test_where_everybody_was_looked_at_only_chance_makes_it_unsure():
    found = estimate([90, 100, 110], 100.0, 0.0, Sampled(50, 50))
    # The spread of one future is 10, that of the mean of three 10 / sqrt(3).
    assert tuple(found) == (100, 6, 87, 113)


def test_the_worked_example_of_a_sample():
    # Four persons of 40 were looked at, and had 1, 2, 3 and 4 messages, in each of two draws.
    found = estimate([10, 10], 10.0, 30.0, Sampled(4, 40))
    # 40^2 * (1 - 4/40) * 1.667 / 4 is 600: an error of 24 on a mean of 100.
    assert (found.mean, found.error) == (100, 24)


def test_the_error_covers_what_another_sample_would_have_found():
    chance = Random(4)
    everybody = [chance.choice([0, 0, 1, 2, 7]) for _ in range(1000)]
    truth, hits = sum(everybody), 0
    for _ in range(300):
        some = chance.sample(everybody, 100)
        found = estimate(
            [sum(some)] * 2, float(sum(some)), float(sum(one * one for one in some)), Sampled(100, 1000)
        )
        hits += found.low <= truth <= found.high
    assert 220 < hits < 265, "four of five, give or take"
