"""The collector of cycles is left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from duewell.adapters.memory import collect_less, seldom_collected


@pytest.fixture(autouse=True)
def _as_python_does() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_a_process_looks_less_often_from_then_on():
    collect_less()
    assert all(less > usual for less, usual in zip(gc.get_threshold(), (700, 10, 10), strict=True))


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
