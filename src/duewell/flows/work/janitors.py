"""Janitors: once a day, what nobody should have to think of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

Broom = Callable[[], int]
"""One janitor: what it put in order, as a count. Doing it twice changes nothing."""


class Janitors(Protocol):
    """The janitors of one creditor."""

    def brooms(self) -> Mapping[str, Broom]:
        """By name, in the order in which they work."""
        ...


def sweep(janitors: Janitors, stopping: Callable[[], bool]) -> dict[str, int]:
    """Let each work, one after the other, until somebody asks to stop; what each put in order."""
    done = {}
    for name, broom in janitors.brooms().items():
        if stopping():
            break
        done[name] = broom()
    return done
