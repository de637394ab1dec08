"""The English words as entries to translate: what the catalogues of all other languages are made from.

The English files say which texts there are and which placeholders each has. An entry is one sentence of them, or
a pair where one thing and several need different words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

ONE_AND_MANY = frozenset({"one", "many"})
_OPENING = frozenset({"one", "together", "several"})


class Entry(NamedTuple):
    """One sentence to translate."""

    context: str
    """File and place, such as `kind/first message.1`: the `msgctxt` of a catalogue."""
    singular: str
    plural: str | None
    """What is said of several; None where the same words fit both."""


Forms = tuple[str, ...]
"""One form for a sentence that fits every number, else one for each plural form of the language."""


def entries(file: str, tree: dict[str, Any]) -> Iterator[Entry]:
    """Every entry of one English file, in its order.

    Args:
        file: its name without ending, such as `kind/first`.
    """
    found: list[Entry] = []

    def keep(entry: Entry) -> Any:
        found.append(entry)
        return ""

    _walk(f"{file} ", tree, keep, keep)
    return iter(found)


def translated(
    file: str, tree: dict[str, Any], say: Callable[[Entry], Forms | None], names: dict[str, int]
) -> tuple[dict[str, Any], list[str]]:
    """The tree of an English file in another language, as its own file would have it; and the contexts it lacks.

    Args:
        say: the forms of an entry, or None where there is no translation; as many as it has plural forms, or
            one for an entry without plural.
        names: of the plural forms, as `Plurals.names`.
    """
    lacking: list[str] = []

    def single(entry: Entry) -> Any:
        forms = say(entry)
        if forms is None:
            lacking.append(entry.context)
            return ""
        return forms[0]

    def numbered(entry: Entry) -> Any:
        forms = say(entry)
        if forms is None:
            lacking.append(entry.context)
            return {}
        return {name: forms[form] for name, form in names.items()}

    return _walk(f"{file} ", tree, single, numbered), lacking


def _walk(place: str, value: Any, single: Callable[[Entry], Any], numbered: Callable[[Entry], Any]) -> Any:
    if isinstance(value, str):
        return single(Entry(place, value, None))
    if isinstance(value, list):
        return [_walk(f"{place}.{row}", part, single, numbered) for row, part in enumerate(value, start=1)]
    if value.keys() == ONE_AND_MANY:
        return numbered(Entry(place, value["one"], value["many"]))
    if value.keys() == _OPENING:
        return _opening(place, value, numbered)
    start = place if place.endswith(" ") else f"{place}."
    return {key: _walk(f"{start}{key}", part, single, numbered) for key, part in value.items()}


def _opening(place: str, value: dict[str, str], numbered: Callable[[Entry], Any]) -> dict[str, Any]:
    """First sentences: one invoice and several due on one day are a pair; `several` is never said of one."""
    together = numbered(Entry(place, value["one"], value["together"]))
    several = numbered(Entry(f"{place}.several", value["several"], value["several"]))
    one = together.get("one", "") if isinstance(together, dict) else ""
    return {"one": one, "together": _of_several(together), "several": _of_several(several)}


def _of_several(forms: Any) -> Any:
    """Where a language has one form for all that is more than one, that form."""
    return forms["many"] if isinstance(forms, dict) and forms.keys() == ONE_AND_MANY else forms
