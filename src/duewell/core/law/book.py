"""A rule book: which rules are on, and their dated numbers, each with its source.

Values are added, never edited: last year's case gets last year's law. The files behind a book are described in
docs/reference/rule-books.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple


class NoValue(LookupError):
    """The book has no value of that name for that day."""


class Value(NamedTuple):
    """What held from one day until another, half-open; `until_on` None means that no end is known."""

    from_on: date
    until_on: date | None
    value: int | str | tuple[int, ...] | tuple[str, ...]
    unit: str
    source: str
    confidence: str
    """`V`, `Vq`, `S`, `K` or `policy`: how well the source was read (rulebooks/README.md)."""


class Cover(NamedTuple):
    """Whom a rule binds, and for what debts."""

    binds: frozenset[str]
    """`creditor` (collects its own debts in its own name), `other_name` (its own debts, under a name that suggests
    somebody else collects), `agency` (collects for others)."""
    debts: frozenset[str]
    """`consumer`, `business`."""


EVERYBODY = Cover(frozenset({"creditor", "other_name", "agency"}), frozenset({"consumer", "business"}))


class Replaced(NamedTuple):
    """A limit of the default book instead of which the law of the place has one of its own, or wants none."""

    rule: str
    channels: frozenset[str]
    """Empty: on every channel."""
    because: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """One rule book as read from its files. Two books are the same if their digests are."""

    key: str
    digest: str
    """SHA-256 over the names and bytes of the files, hexadecimal."""
    rules: Mapping[str, str]
    """The rules that are on: key, and what the rule says in one sentence."""
    values: Mapping[str, tuple[Value, ...]]
    """Dated values by name, earliest first, without gaps or overlaps."""
    place: str = ""
    """Country (`US`) or region (`US-MA`) whose law it is; empty: for everybody."""
    title: str = ""
    covers: Mapping[str, Cover] = field(default_factory=dict)
    """By rule; one that is not here binds everybody."""
    replaces: tuple[Replaced, ...] = ()
    kept: frozenset[str] = frozenset()
    """Names of values whose rule binds this creditor by its own choice, not by law."""

    def cover(self, rule: str) -> Cover:
        """Whom the rule binds."""
        return self.covers.get(rule, EVERYBODY)

    def cut(self, rules: frozenset[str], kept: frozenset[str] = frozenset()) -> Book:
        """The same book with these rules only; `kept` names the values that are kept by choice."""
        left = {rule: says for rule, says in self.rules.items() if rule in rules}
        return replace(self, rules=left, kept=kept)

    def value_on(self, name: str, day: date) -> Value:
        """The value that holds on this day.

        Raises:
            NoValue: no value of that name, or none on that day.
        """
        for value in reversed(self.values.get(name, ())):
            if value.from_on <= day:
                if value.until_on is not None and value.until_on <= day:
                    break
                return value
        raise NoValue(f"the rule book {self.key} has no value {name} for {day.isoformat()}")

    def applies(self, rule: str, names: tuple[str, ...], day: date) -> bool:
        """Is the rule on, and has each value it reads begun by this day? A law binds nobody before it starts."""
        return rule in self.rules and all(self.values[name][0].from_on <= day for name in names)

    def number(self, name: str, day: date) -> int:
        """A value that is one whole number. Raises `NoValue`."""
        found = self.value_on(name, day).value
        assert isinstance(found, int), name
        return found

    def numbers(self, name: str, day: date) -> tuple[int, ...]:
        """A value that is a list of whole numbers. Raises `NoValue`."""
        return tuple(part for part in self._parts(name, day) if isinstance(part, int))

    def words(self, name: str, day: date) -> tuple[str, ...]:
        """A value that is a list of words. Raises `NoValue`."""
        return tuple(part for part in self._parts(name, day) if isinstance(part, str))

    def source_on(self, name: str, day: date) -> str:
        """Where the value of that day (or the first value) comes from, with the book's name in front.

        Raises:
            NoValue: the book has no value of that name.
        """
        first = self.values[name][0].from_on if name in self.values else day
        by_choice = " (kept by choice: it does not bind who collects its own debts)" if name in self.kept else ""
        return f"Rule book {self.key}: {self.value_on(name, max(day, first)).source}{by_choice}"

    def _parts(self, name: str, day: date) -> tuple[int, ...] | tuple[str, ...]:
        found = self.value_on(name, day).value
        assert isinstance(found, tuple), name
        return found
