"""Small draws that the generators share: rare values, days around a day, amounts around borders.

They take `draw` and use strategies that are built once: building them anew costs more than drawing.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

CURRENCIES = ("EUR", "USD", "JPY")
CHANNELS = ("email", "letter", "sms", "call")
ROLES = ("guarantor", "payer", "site_manager")
KINDS = ("person", "business", "unknown")
COUNTRIES = ("DE", "AT", "US")
SEGMENTS = ("", "retail", "key")

_BORDERS = st.sampled_from([1, 2, 499, 500, 501, 1000])
AMOUNTS = _BORDERS | _BORDERS | st.integers(1, 3000)
"""Minor units above zero: mostly such that meet minimums and credits to the unit."""
PER_CURRENCY = st.dictionaries(st.sampled_from(CURRENCIES), AMOUNTS, min_size=1).map(
    lambda given: tuple(sorted(given.items()))
)
CURRENCY = st.sampled_from(CURRENCIES)
CHANNEL_LISTS = st.sampled_from([(one, two) for one in CHANNELS for two in CHANNELS if one != two])
ROLE_LISTS = st.sampled_from([(one, two) for one in ROLES for two in ROLES if one != two])
REASONS = st.sampled_from(
    ["asked by phone", "Zahlungszusage", "see e-mail, 3 March", "müßte · 試し", "two\nlines \u202e"]
)
FLAGS = st.booleans()


@cache
def whole(least: int, most: int) -> st.SearchStrategy[int]:
    """A whole number between the two, both included."""
    return st.integers(least, most)


def rarely(draw: st.DrawFn, one_in: int) -> bool:
    """True about one time in so many, never for 0; False is what a failing example shrinks to."""
    return one_in > 0 and draw(whole(1, one_in)) == one_in


def else_(draw: st.DrawFn, one_in: int, usual: T, other: st.SearchStrategy[T]) -> T:
    """The usual value, and about one time in so many another."""
    return draw(other) if rarely(draw, one_in) else usual


def day(draw: st.DrawFn, start: date, before: int, after: int) -> date:
    """A day from so many days before the start to so many after it."""
    return start + timedelta(days=draw(whole(-before, after)))
