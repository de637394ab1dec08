"""Plural forms of a language, from the header of its catalogue: which form stands with which number."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

# Numbers that show which form a name means, by the names of Unicode CLDR; the first two are always there.
_SHOWN_BY = {"one": 1, "many": 11, "few": 3, "two": 2, "other": 100, "zero": 0}
# Above a hundred every known rule repeats.
_LOOKED_AT = range(1, 1001)


class BadPlurals(ValueError):
    """The rule cannot be used."""


class Plurals(NamedTuple):
    """The rule of one language."""

    rule: str
    forms: int
    form: Callable[[int], int]
    """From a number of things, at least 1, to the form that stands with it."""
    names: dict[str, int]
    """`one`, `many` and what else the language has, to their forms; what is not named is as `many`."""
    alone: frozenset[int]
    """Forms that stand with a single number only, such as the English form of 1."""

    @property
    def one(self) -> int:
        """The form of 1."""
        return self.names["one"]

    @property
    def many(self) -> int:
        """The form that stands in where a form is not given."""
        return self.names["many"]

    @property
    def one_is_alone(self) -> bool:
        """Whether the form of 1 stands with no other number, so that it may speak of the only one there is."""
        return self.one in self.alone


@cache
def plurals(forms: int, rule: str) -> Plurals:
    """Read the `Plural-Forms` of a catalogue.

    Args:
        forms: its `nplurals`.
        rule: its `plural`, an expression in C over `n`.

    Raises:
        BadPlurals: the rule is no such expression, or leads to a form that is not there.
    """
    try:
        # The standard library reads the expression by a grammar of its own, and nothing else runs.
        asked = gettext.c2py(rule)
        found = {number: asked(number) for number in (0, *_LOOKED_AT)}
    except (ValueError, ZeroDivisionError) as problem:
        raise BadPlurals(f"the rule of plurals {rule!r} cannot be read: {problem}") from None
    if not all(0 <= form < forms for form in found.values()):
        raise BadPlurals(f"the rule of plurals {rule!r} leads to more than its {forms} forms")
    names: dict[str, int] = {}
    for name, number in _SHOWN_BY.items():
        if name in ("one", "many") or found[number] not in names.values():
            names[name] = found[number]
    stands_with = [found[number] for number in _LOOKED_AT]
    alone = frozenset(form for form in range(forms) if stands_with.count(form) == 1)
    return Plurals(rule, forms, lru_cache(maxsize=4096)(asked), names, alone)


ENGLISH = plurals(2, "n != 1")
