"""Payment habits: counted, shrunk to what others do, and drawn; see docs/algorithms/payment-habits.md."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.learn import habit
from duewell.core.learn.habit import CELLS, EARLIEST, LATEST, STRENGTHS, Curve, Spell

SPELLS = st.builds(
    lambda since, length, paid: Spell(since, since + length, paid),
    st.integers(-90, 30),
    st.integers(0, 500),
    st.booleans(),
)


def cell(late: int) -> int:
    """By a plain search, apart from the table."""
    firsts = [*range(-60, 61), *range(61, 366, 10)]
    return max(place for place, first in enumerate(firsts) if first <= late)


def on_day(days: list[int], terms: int = 14) -> habit.Counts:
    return habit.counted(Spell(-terms, day, paid=True) for day in days)


def test_an_invoice_counts_as_open_on_each_day_up_to_that_of_its_payment():
    counts = on_day([2], terms=3)
    assert counts.paid[cell(2)] == sum(counts.paid) == 1
    assert [counts.open[cell(day)] for day in range(-4, 4)] == [0, 1, 1, 1, 1, 1, 1, 0]


def test_what_is_still_open_counts_as_not_paid_until_today():
    counts = habit.counted([Spell(0, 65, paid=False)])
    assert sum(counts.paid) == 0
    assert counts.open[cell(61)] == 5, "the cell from day 61 on holds ten days, and five of them are over"
    assert counts.open[cell(60)] == 1


@given(st.lists(SPELLS, max_size=8))
def test_counting_agrees_with_a_plain_count_day_by_day(spells: list[Spell]):
    paid, opened = [0] * CELLS, [0] * CELLS
    for since, until, was_paid in spells:
        last = min(max(until, EARLIEST), LATEST)
        if was_paid and until <= LATEST:
            paid[cell(last)] += 1
        elif until < EARLIEST:
            continue
        for day in range(min(max(since, EARLIEST), last), last + 1):
            opened[cell(day)] += 1
    assert habit.counted(spells) == habit.Counts(tuple(paid), tuple(opened))


def test_the_worked_example():
    # Of 100 invoices of the book that were open on day 12, ten were paid on it.
    book = Curve(tuple(0.1 if place == cell(12) else 0.0 for place in range(CELLS)))
    # The customer had four open on day 12 and paid three of them.
    counts = on_day([12, 12, 12, 30])
    assert habit.shrunk(counts, book, 4.0).hazards[cell(12)] == pytest.approx((3 + 4 * 0.1) / (4 + 4))
    assert habit.shrunk(counts, book, 256.0).hazards[cell(12)] == pytest.approx(0.11, abs=0.001)
    # Of whom nothing is known, all is as in the book.
    assert habit.shrunk(habit.counted([]), book, 4.0) == book


def test_who_always_pays_on_one_day_is_taken_at_its_word_where_others_are_regular_too():
    regular = [on_day([day] * 12) for day in (0, 3, 5, 12, 20, 25)] * 4
    book = habit.plain(habit.together(regular))
    mixed = habit.mixture(regular, book)
    assert sum(mixed) == pytest.approx(1.0)
    assert mixed[0] + mixed[1] > 0.99
    curve = habit.blended(on_day([12] * 12), book, mixed)
    assert curve.hazards[cell(12)] > 0.98
    assert max(curve.hazards[cell(day)] for day in range(-14, 12)) < 0.02


def test_who_pays_like_everybody_is_drawn_to_everybody():
    alike = [on_day([(7 * place + 3 * each) % 21 for each in range(10)]) for place in range(40)]
    book = habit.plain(habit.together(alike))
    mixed = habit.mixture(alike, book)
    assert mixed[-1] + mixed[-2] > 0.9
    curve = habit.blended(on_day([1]), book, mixed)
    assert curve.hazards[cell(1)] < 0.25


def test_one_regular_customer_among_others_is_known_by_its_past():
    noisy = [on_day([(7 * place + 5 * each * each) % 25 for each in range(12)]) for place in range(40)]
    regular = [on_day([day] * 12) for day in (2, 12, 18)]
    book = habit.plain(habit.together([*noisy, *regular]))
    mixed = habit.mixture([*noisy, *regular], book)
    assert habit.blended(regular[1], book, mixed).hazards[cell(12)] > 0.9
    assert habit.blended(noisy[0], book, mixed).hazards[cell(12)] < 0.5


def test_with_nobody_to_compare_all_are_like_everybody():
    nothing = Curve((0.0,) * CELLS)
    assert habit.mixture([], nothing)[-1] == 1.0
    assert habit.strength([on_day([3])], nothing) == STRENGTHS[-1]


def test_chances_add_up_over_the_days():
    curve = Curve(tuple(0.5 if place in (cell(1), cell(2)) else 0.0 for place in range(CELLS)))
    assert habit.chances(curve, 0, 4).by_day == (0.5, 0.75, 0.75, 0.75)
    chances = habit.chances(curve, 0, 4)
    assert [chances.day_of(drawn) for drawn in (0.0, 0.49, 0.5, 0.74, 0.75, 0.99)] == [1, 1, 2, 2, None, None]
    assert habit.chances(curve, LATEST, 3).by_day == (0.0, 0.0, 0.0), "nothing is expected of it any more"


@given(st.lists(SPELLS, min_size=1, max_size=8), st.integers(-70, 380), st.sampled_from(STRENGTHS))
def test_chances_are_chances(spells: list[Spell], late: int, strength: float):
    counts = habit.counted(spells)
    for curve in (habit.plain(counts), habit.shrunk(counts, habit.plain(counts), strength)):
        assert all(0.0 <= hazard <= 1.0 for hazard in curve.hazards)
        by_day = habit.chances(curve, late, 90).by_day
        assert all(0.0 <= one <= other <= 1.0 for one, other in zip((0.0, *by_day), by_day, strict=False))


def test_draws_follow_from_the_seed_and_are_spread_evenly():
    drawn = [habit.draw(1, invoice, number) for invoice in range(50) for number in range(40)]
    assert drawn == [habit.draw(1, invoice, number) for invoice in range(50) for number in range(40)]
    assert drawn[:40] != [habit.draw(2, 0, number) for number in range(40)]
    assert all(0.0 <= one < 1.0 for one in drawn)
    tenths = [sum(1 for one in drawn if tenth <= one * 10 < tenth + 1) for tenth in range(10)]
    assert all(150 < count < 250 for count in tenths)
