"""Counts what an act does, for tests of what it costs: the count is the same on every machine, unlike a time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


class Id(int):
    """An id that shows whoever looks at it: a loop within the interpreter has no lines that could be counted.

    A set or a dictionary asks for its hash, a sort compares it: here each is a function with a line.
    """

    __slots__ = ()

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return int.__eq__(self, other)

    def __lt__(self, other: int) -> bool:
        return int.__lt__(self, other)


def steps(act: Callable[[], object]) -> int:
    """How many lines of Python an act runs, and how many functions of the interpreter itself it calls."""
    count = 0

    def line(frame: Any, event: str, what: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: Any, event: str, what: Any) -> None:
        nonlocal count
        count += event == "c_call"

    traced, profiled = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(call)
    try:
        act()
    finally:
        sys.settrace(traced)
        sys.setprofile(profiled)
    return count
