"""Keep catalogues in step with the English words: new entries come in empty, changed ones are marked unsure."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from duewell.adapters.texts import catalogue, files, sources
from duewell.adapters.texts.names import ENGLISH, of_file
from duewell.adapters.texts.sources import Entry

SHIPPED = Path(__file__).parent
_WIDTH = 110
_FUZZY = "fuzzy"


def entries() -> list[Entry]:
    """Every English sentence, in the order of the files."""
    found: list[Entry] = []
    for name in files.names(ENGLISH):
        file = of_file(name)
        found += sources.entries(file, files.load(SHIPPED / name, name))
    return found


def fresh(language: str) -> bytes:
    """A catalogue of a language with every entry still to be translated, and the plural forms that Babel knows."""
    return _written(Catalog(locale=language), language)


def updated(path: Path) -> bytes:
    """A catalogue with the entries of today's English words.

    What was translated stays. Where the English words of a place changed, its translation stays marked as
    unsure, with the former words beside it. What is no longer said is left out.

    Raises:
        TextError: the file is no catalogue.
    """
    catalogue.load(path)
    return _written(read_po(BytesIO(path.read_bytes())), path.stem)


def _written(before: Catalog, language: str) -> bytes:
    head = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": before.plural_forms,
    }
    made = Catalog(locale=language, fuzzy=False)
    at = {message.context: message for message in before if message.id}
    for entry in entries():
        _carry(made, entry, at.get(entry.context))
    out = BytesIO()
    write_po(out, made, width=_WIDTH, omit_header=True, include_previous=True)
    lines = ['msgid ""', 'msgstr ""', *(f'"{name}: {value}\\n"' for name, value in head.items()), "", ""]
    return "\n".join(lines).encode() + out.getvalue().rstrip(b"\n") + b"\n"


def _carry(made: Catalog, entry: Entry, old: Message | None) -> None:
    """One entry, with what was translated at its place."""
    words = entry.singular if entry.plural is None else (entry.singular, entry.plural)
    string, previous, flags, comments = None, [], set(), []
    if old is not None:
        comments = old.user_comments
        was = [old.id] if isinstance(old.id, str) else list(old.id)
        if old.pluralizable == (entry.plural is not None):
            string, flags = old.string, old.flags & {_FUZZY}
            if was != ([words] if isinstance(words, str) else list(words)) and any(string or ()):
                previous, flags = was, {_FUZZY}
    made.add(words, string, flags=flags, user_comments=comments, previous_id=previous, context=entry.context)
