"""Times and places that do not suit, as they are written among a person's flags."""

from __future__ import annotations

import pytest

from duewell.core.law.inconvenient import BadFlag, read_time


@pytest.mark.parametrize(
    ("flag", "days", "stretches"),
    [
        ("12:00-13:00", range(1, 8), ((720, 780),)),
        ("mon-fri 09:00-17:00", range(1, 6), ((540, 1020),)),
        ("sat,sun", (6, 7), ((0, 1440),)),
        ("fri-mon 08:00-24:00", (5, 6, 7, 1), ((480, 1440),)),
        ("mon,wed 22:00-10:00", (1, 3), ((1320, 2040),)),
    ],
)
def test_a_time_is_read_as_weekdays_and_minutes(flag, days, stretches):
    assert read_time(f"inconvenient_time:{flag}") == (frozenset(days), stretches)


@pytest.mark.parametrize(
    "flag", ["", "mornings", "mon 9-12", "09:00-09:00", "mon-xyz", "25:00-26:00", "10:60-11:00"]
)
def test_a_time_that_cannot_be_read_is_refused_with_an_example(flag):
    with pytest.raises(BadFlag, match="inconvenient_time:"):
        read_time(f"inconvenient_time:{flag}")
