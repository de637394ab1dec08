"""The arithmetic of stretches, against sets of minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.law.stretches import Stretch, both, longest, merged, without

START = datetime(2026, 11, 2, tzinfo=UTC)
PIECES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


def _stretches(pieces):
    return merged((START + timedelta(minutes=a), START + timedelta(minutes=b)) for a, b in pieces)


def _minutes(stretches):
    return {
        (stretch.since - START) // timedelta(minutes=1) + more
        for stretch in stretches
        for more in range((stretch.until - stretch.since) // timedelta(minutes=1))
    }


def _in_form(stretches):
    assert all(stretch.since < stretch.until for stretch in stretches)
    assert all(one.until < other.since for one, other in pairwise(stretches))


@given(PIECES)
def test_pieces_merge_into_what_they_cover(pieces):
    found = _stretches(pieces)
    _in_form(found)
    assert _minutes(found) == {minute for a, b in pieces for minute in range(a, b)}


@given(PIECES, PIECES)
def test_both_is_what_lies_in_both(left, right):
    found = both(_stretches(left), _stretches(right))
    _in_form(found)
    assert _minutes(found) == _minutes(_stretches(left)) & _minutes(_stretches(right))


@given(PIECES, PIECES)
def test_without_is_what_is_left(left, right):
    found = without(_stretches(left), _stretches(right))
    _in_form(found)
    assert _minutes(found) == _minutes(_stretches(left)) - _minutes(_stretches(right))


def test_the_longest_is_the_earliest_of_equals():
    assert longest(()) is None
    assert longest(_stretches([(0, 10), (20, 30), (40, 45)])) == Stretch(START, START + timedelta(minutes=10))
    assert longest(_stretches([(0, 5), (20, 30)])).since == START + timedelta(minutes=20)
