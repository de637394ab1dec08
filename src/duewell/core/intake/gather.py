"""Keeps records that share a key until the last of them has come, so that they are judged together."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from typing import Generic, TypeVar

T = TypeVar("T")


class Gatherer(Generic[T]):
    """Knows from the first pass how many records each shared key has, and gives them out when complete."""

    def __init__(self, repeats: Dictionary[str, int]) -> None:
        self._left = dict(repeats)
        self._kept: dict[str, list[T]] = {}

    def add(self, key: str, record: T) -> list[T] | None:
        """The records of the key if this was the last one (at once for a key of its own), else None."""
        if key not in self._left:
            return [record]
        self._kept.setdefault(key, []).append(record)
        return self._one_less(key)

    def fail(self, key: str) -> list[T] | None:
        """A record of the key cannot be read. The others, if it was the last one; None if more are to come."""
        return self._one_less(key) if key in self._left else None

    def _one_less(self, key: str) -> list[T] | None:
        self._left[key] -= 1
        if self._left[key] > 0:
            return None
        del self._left[key]
        return self._kept.pop(key, [])
