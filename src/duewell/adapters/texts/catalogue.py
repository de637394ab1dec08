"""A catalogue: all words of one language, as a gettext file that translators' programs read and write.

It is read as it is, so nothing has to be compiled: not in a fresh clone, not in an installed package.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from duewell.adapters.texts.errors import TextError
from duewell.adapters.texts.plurals import BadPlurals, Plurals, plurals
from duewell.adapters.texts.sources import Entry, Forms

_BYTES_MAX = 1_000_000


class Catalogue(NamedTuple):
    """The words of one language."""

    language: str
    file: str
    plurals: Plurals
    right_to_left: bool
    said: dict[Entry, Forms]
    """Finished translations."""
    unsure: frozenset[Entry]
    """Entries that somebody has still to look at (`fuzzy`); they are not said."""
    kept: tuple[Entry, ...]
    """All entries, in the order of the file."""

    def say(self, entry: Entry) -> Forms | None:
        """The forms of an entry: one, or one for each plural form; None where it is missing or unsure."""
        return self.said.get(entry)


def load(path: Path) -> Catalogue:
    """Read `<language>.po`.

    Raises:
        TextError: the file is no catalogue, or not one of the language that its name says.
    """
    if path.stat().st_size > _BYTES_MAX:
        raise TextError(path.name, "", f"a catalogue has at most {_BYTES_MAX} bytes")
    return read(path.read_bytes(), path.stem, path.name)


def read(data: bytes, language: str, file: str) -> Catalogue:
    """`load`, from bytes."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = None
    if locale is None or locale.territory or not language.islower():
        raise TextError(file, "", "a catalogue is named for its language, such as pt.po")
    catalog = _catalog(data, language, file)
    try:
        found = plurals(catalog.num_plurals, catalog.plural_expr)
    except BadPlurals as problem:
        raise TextError(file, "Plural-Forms", str(problem)) from None
    said: dict[Entry, Forms] = {}
    kept: list[Entry] = []
    unsure: set[Entry] = set()
    for message in catalog:
        if not message.id:
            continue
        several = isinstance(message.id, (tuple, list))
        entry = Entry(message.context or "", *(message.id if several else (message.id, None)))
        forms = tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)
        kept.append(entry)
        if message.fuzzy:
            unsure.add(entry)
        elif all(forms) and len(forms) == (found.forms if several else 1):
            said[entry] = forms
    right_to_left = locale.text_direction == "rtl"
    return Catalogue(language, file, found, right_to_left, said, frozenset(unsure), tuple(kept))


def _catalog(data: bytes, language: str, file: str) -> Catalog:
    try:
        data.decode("utf-8")
        catalog = read_po(BytesIO(data), abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError) as problem:
        raise TextError(file, "", f"this is not a catalogue: {problem}") from problem
    if catalog.locale is None or str(catalog.locale) != language:
        raise TextError(file, "Language", f"write `Language: {language}`, the language of the file's name")
    # Babel would guess a rule where none is given.
    if b'"Plural-Forms:' not in data:
        raise TextError(file, "Plural-Forms", "say which plural forms the language has")
    return catalog
