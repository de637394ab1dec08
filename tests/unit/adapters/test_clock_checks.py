"""The clock beside the newest fact and the mail server's greeting; zone data that is too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duewell.adapters.clock_checks import clock, zone_data

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
GREETING = "mx.example ESMTP Sendmail 8.17; Tue, 10 Mar 2026 {}:00 +0100"


def test_a_clock_that_agrees_says_with_what():
    assert clock(NOW, NOW - timedelta(days=3), "mx.example ESMTP").text.endswith("the newest fact agrees")
    beside_both = clock(NOW, None, GREETING.format("10:02"))
    assert (beside_both.ok, "the mail server agree" in beside_both.text) == (True, True)


@pytest.mark.parametrize("time", ["09:50", "10:10", "22:00"])
def test_a_clock_that_is_not_the_mail_servers_is_found(time: str):
    assert "mail server's clock" in clock(NOW, None, GREETING.format(time)).text


def test_a_clock_behind_the_newest_fact_is_found_and_a_little_is_not():
    assert clock(NOW, NOW + timedelta(minutes=4), "").ok
    assert "set the clock" in clock(NOW, NOW + timedelta(minutes=6), "").remedy


@pytest.mark.parametrize("greeting", ["", "hello", "99 Foo 2026 10:00:00 +0100", "31 Feb 2026 10:00:00 +0000"])
def test_a_greeting_without_a_date_says_nothing(greeting: str):
    assert clock(NOW, None, greeting).ok


def test_zones_of_years_ago_are_found():
    assert zone_data(datetime(2026, 11, 1, tzinfo=UTC)).ok
    assert "upgrade tzdata" in zone_data(datetime(2040, 1, 1, tzinfo=UTC)).remedy
