"""How this process looks after its memory while millions of small values pass through it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 200_000
_LESS = (_SELDOM, 50, 100)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles in memory seldom, and not among what was there before.

    Rows are tuples that point to nothing above them: they are freed the moment nobody needs them. The collector
    would still go through all of them every few hundred, which costs a third of the time of an import.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def collect_less() -> None:
    """Look for cycles less often than Python does by itself, for as long as this process lives.

    A night holds millions of small tuples: going through them again and again costs a third of it.
    """
    gc.set_threshold(*_LESS)
