"""The collector of cycles is left as it was found."""

from __future__ import annotations

import gc

import pytest

from duewell.adapters.memory import seldom_collected


def test_the_collector_is_asked_seldom_within_and_as_before_afterwards():
    usual = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > usual[0]
    assert gc.get_threshold() == usual


def test_it_is_as_before_after_a_failure_too():
    usual = gc.get_threshold()
    with pytest.raises(ValueError, match="no"), seldom_collected():
        raise ValueError("no")
    assert gc.get_threshold() == usual
    assert gc.get_freeze_count() == 0
