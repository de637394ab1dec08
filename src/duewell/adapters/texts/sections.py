"""What one channel alone says: sentences by name, such as `page` in `letter`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from duewell.adapters.texts.errors import TextError
from duewell.adapters.texts.plurals import Plurals
from duewell.adapters.texts.sentences import BadSentence, Everything, Sentence, parse


class Section(NamedTuple):
    """The sentences of a section in one language."""

    plurals: Plurals
    right_to_left: bool
    sentences: dict[str, Sentence]
    numbered: dict[str, tuple[Sentence, ...]]

    def say(self, name: str, values: Mapping[str, str] | None = None) -> str:
        """A sentence in plain text, filled. Raises `KeyError` for a name or value that is not there."""
        return self.sentences[name].text(values or {})

    def say_of(self, name: str, number: int, values: Mapping[str, str]) -> str:
        """The sentence for a number of things, at least 1, in plain text, filled."""
        return self.numbered[name][self.plurals.form(number)].text(values)


def read_section(
    tree: dict[str, Any], english: dict[str, Any], file: str, plurals: Plurals, right_to_left: bool
) -> Section:
    """Check the words of a section against the English ones.

    Raises:
        TextError: a key is unknown or missing, or a placeholder is not among the English ones.
    """
    for key in tree:
        if key not in english:
            raise TextError(file, key, f"this is not known; the keys are {', '.join(english)}")
    sentences: dict[str, Sentence] = {}
    numbered: dict[str, tuple[Sentence, ...]] = {}
    for key, source in english.items():
        if isinstance(source, dict):
            numbered[key] = _numbered(file, key, tree[key], source, plurals)
        else:
            sentences[key] = _sentence(file, key, tree[key], _names(source))
    return Section(plurals, right_to_left, sentences, numbered)


def _numbered(file: str, key: str, value: Any, source: dict[str, str], plurals: Plurals) -> tuple[Sentence, ...]:
    if isinstance(value, str):
        value = {"many": value}
    if not isinstance(value, dict) or "many" not in value or not value.keys() <= plurals.names.keys():
        names = " and ".join(plurals.names)
        raise TextError(file, key, f"write one line of words, or one for each of {names}")
    allowed = _names(source["many"]) | _names(source["one"])
    found = {
        plurals.names[name]: _sentence(file, f"{key}.{name}", words, allowed) for name, words in value.items()
    }
    return tuple(found.get(form, found[plurals.many]) for form in range(plurals.forms))


def _names(source: str) -> frozenset[str]:
    return parse(source, Everything()).names


def _sentence(file: str, place: str, value: Any, allowed: frozenset[str]) -> Sentence:
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise TextError(file, place, "write one line of words, in quotes")
    try:
        return parse(value, allowed)
    except BadSentence as problem:
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        raise TextError(file, place, f"{problem}; placeholders that may stand here: {known}") from None
