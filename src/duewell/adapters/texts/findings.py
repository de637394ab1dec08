"""What a catalogue still lacks, and where it says something else than the English words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from duewell.adapters.texts.catalogue import Catalogue
from duewell.adapters.texts.plurals import Plurals
from duewell.adapters.texts.sentences import BadSentence, Everything, parse
from duewell.adapters.texts.sources import Entry

MISSING, UNSURE, SURPLUS, DIFFERS = "missing", "unsure", "surplus", "differs"
# A greeting may leave the name out, where that is how one greets.
_FREE = " salutation."
# A number that is the whole form, such as the Arabic dual, need not be written again.
_NUMBERS = frozenset({"count", "more"})


class Finding(NamedTuple):
    """One thing to mend."""

    file: str
    context: str
    kind: str
    """`missing`, `unsure`, `surplus` or `differs`."""
    text: str


def findings(known: Catalogue, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Everything in a catalogue that has to be mended, in the order of the English words.

    Args:
        entries: the English ones.
    """
    for entry in entries:
        found = known.say(entry)
        if found is not None:
            for problem in _differing(entry, found, known.plurals):
                yield Finding(known.file, entry.context, DIFFERS, problem)
        elif entry in known.unsure:
            yield Finding(known.file, entry.context, UNSURE, f"look at it and take `fuzzy` away: {entry.singular}")
        else:
            yield Finding(known.file, entry.context, MISSING, f"translate: {entry.singular}")
    wanted = set(entries)
    for entry in known.kept:
        if entry not in wanted:
            yield Finding(known.file, entry.context, SURPLUS, f"the program does not say this: {entry.singular}")


def _differing(entry: Entry, forms: Sequence[str], plurals: Plurals) -> Iterator[str]:
    for form, said in enumerate(forms):
        of_one = entry.plural is None or (form == plurals.one and plurals.one_is_alone)
        wanted = _names(entry.singular if of_one else entry.plural or "")
        try:
            found = _names(said)
        except BadSentence as problem:
            yield f"{problem}: {said}"
            continue
        optional = _NUMBERS if form in plurals.alone else frozenset[str]()
        surplus, lacking = found - wanted, frozenset() if _FREE in entry.context else wanted - found - optional
        if surplus:
            yield f"{_braced(surplus)} has no counterpart in English: {said}"
        if lacking:
            yield f"{_braced(lacking)} is not said: {said}"


def _names(sentence: str) -> frozenset[str]:
    """Placeholders; a date with its article is that date."""
    return frozenset(name.removeprefix("the_") for name in parse(sentence, Everything()).names)


def _braced(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
