"""The words that customers read, for every channel: English files, and one catalogue for each further language.

There is nothing in a text but words and placeholders. `en/labels.yaml` holds the first sentences and the words of
tables, `en/<tone>/frame.yaml` what every message of a tone has around its own sentences, `en/<tone>/<stage>.yaml`
the rest; a stage may replace any part of the frame. `en/<section>.yaml` holds what one channel alone says.
`<language>.po` has the same sentences in another language.

An installation may lay files over ours, in any language, and add catalogues of languages that we have not.
Everything is read and checked at once, so that a wrong placeholder stops the start and not a message.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import babel

from duewell.adapters.texts import catalogue, files, sources
from duewell.adapters.texts.catalogue import Catalogue
from duewell.adapters.texts.errors import TextError, Untranslated
from duewell.adapters.texts.names import CALL, CHANNELS, ENGLISH, SECTIONS, STAGES, TONES, files_of, of_file
from duewell.adapters.texts.plurals import ENGLISH as ENGLISH_PLURALS
from duewell.adapters.texts.reading import Text, read
from duewell.adapters.texts.sections import Section, read_section

_SHIPPED = Path(__file__).parent
LANGUAGES = frozenset({ENGLISH, *(path.stem for path in _SHIPPED.glob("*.po"))})
"""Languages that we ship."""
_OURS = frozenset({".yaml", ".yml", ".po"})
_FORM = "2"
"""Goes up when the way from a text to what is said changes while the files stay."""

__all__ = [
    "LANGUAGES",
    "SECTIONS",
    "STAGES",
    "TONES",
    "Section",
    "Text",
    "TextError",
    "Texts",
    "Untranslated",
    "of_home",
    "shipped",
]


class Texts:
    """Every text, read and checked.

    Args:
        overlay: a folder with files of an installation, laid over ours by the same relative names.

    Raises:
        TextError: names the file, the place in it and what to write instead.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        self.catalogues = {path.stem: catalogue.load(path) for path in sorted(_SHIPPED.glob("*.po"))}
        """By language, ours and the installation's; English has none."""
        if overlay is not None and not overlay.is_dir():
            overlay = None
        if overlay is not None:
            self._add(overlay)
        self.languages = frozenset({ENGLISH, *self.catalogues})
        """Every language for which there are words, complete or not."""
        own = {} if overlay is None else files.laid_over(overlay, self.languages)
        self._english = {of_file(name): files.load(_SHIPPED / name, name) for name in files.names(ENGLISH)}
        self._trees: dict[tuple[str, str], dict[str, Any]] = {}
        self._texts: dict[tuple[str, str, str], Text] = {}
        self._sections: dict[tuple[str, str], Section] = {}
        self._lacking: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._digests: dict[tuple[str, str, str], str] = {}
        for language in sorted(self.languages):
            self._take(language, own)
        self._needs = frozenset().union(*(text.needs for text in self._texts.values()))

    def _add(self, overlay: Path) -> None:
        for path in sorted(overlay.glob("*.po")):
            if path.stem == ENGLISH or path.stem in self.catalogues:
                told = f"we ship this language; change single words of it in texts/{path.stem}/"
                raise TextError(path.name, "", told)
            self.catalogues[path.stem] = catalogue.load(path)

    def _take(self, language: str, own: dict[str, dict[str, Any]]) -> None:
        known = self.catalogues.get(language)
        plurals = known.plurals if known else ENGLISH_PLURALS
        trees: dict[str, dict[str, Any]] = {}
        lacks: dict[str, list[str]] = {}
        for file, english in self._english.items():
            tree, lacks[file] = (english, []) if known is None else _translated(file, english, known)
            name = f"{language}/{file}.yaml"
            if name in own:
                lacks[file] = files.uncovered(file, lacks[file], own[name])
                tree = files.over(file, tree, own[name])
            trees[file] = tree
            self._trees[language, file] = tree
        for tone in TONES:
            for stage in STAGES:
                told = files_of(tone, stage)
                key = (language, tone, stage)
                if lacking := [context for file in told for context in lacks[file]]:
                    self._lacking[key] = tuple(lacking)
                    continue
                names = [f"{language}/{file}.yaml" for file in told]
                labels, frame, stages_own = (trees[file] for file in told)
                self._texts[key] = read(
                    (labels, frame, stages_own),
                    (names[0], names[1], names[2]),
                    language,
                    plurals,
                    _right_to_left(known),
                )
                self._digests[key] = _digest(plurals.rule, [trees[file] for file in (*told, *SECTIONS)])
        for section in SECTIONS:
            if lacks[section]:
                self._lacking[language, section] = tuple(lacks[section])
            else:
                self._sections[language, section] = read_section(
                    trees[section],
                    self._english[section],
                    f"{language}/{section}.yaml",
                    plurals,
                    _right_to_left(known),
                )

    def text(self, language: str, tone: str, stage: str) -> Text:
        """The text of a stage, such as `("de", "kind", "first")`.

        Raises:
            Untranslated: `lacking` says what there is not; a message without it rests.
            KeyError: there is no such text; strategies are checked against `TONES` and `STAGES` before.
        """
        try:
            return self._texts[language, tone, stage]
        except KeyError:
            if (language, tone, stage) in self._lacking:
                raise Untranslated(language, tone, stage) from None
            raise

    def section(self, language: str, section: str) -> Section:
        """What one channel alone says, such as `("fr", "letter")`.

        Raises:
            Untranslated: some of it has no translation.
            KeyError: there is no such section; `SECTIONS` lists them.
        """
        try:
            return self._sections[language, section]
        except KeyError:
            if (language, section) in self._lacking:
                raise Untranslated(language, section) from None
            raise

    def tree(self, language: str, file: str) -> dict[str, Any]:
        """What a file such as `kind/first` holds, as an installation would write it; what is missing is empty.

        Raises:
            KeyError: there is no such language or file.
        """
        return self._trees[language, file]

    @property
    def lacking(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What has no complete translation: (language, tone, stage) or (language, section), to the entries."""
        return self._lacking

    @property
    def untranslated(self) -> dict[tuple[str, str, str, str], str]:
        """What a channel cannot say: (language, channel, tone, stage) to a word on what is missing."""
        found: dict[tuple[str, str, str, str], str] = {}
        for language in sorted({key[0] for key in self._lacking}):
            for channel, section in CHANNELS.items():
                for tone in TONES:
                    for stage in STAGES:
                        of_text = self._lacking.get((language, tone, stage), ()) if channel != CALL else ()
                        of_section = self._lacking.get((language, section), ()) if section else ()
                        if lacking := (*of_text, *of_section):
                            more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
                            found[language, channel, tone, stage] = f"{lacking[0]}{more}"
        return found

    @property
    def needs(self) -> frozenset[str]:
        """Placeholders of the creditor in any text, such as `creditor.phone`: what `missing_of_creditor` asks."""
        return self._needs

    def digest(self, language: str, tone: str, stage: str) -> str:
        """SHA-256, hexadecimal, over the words of the text and of each channel, and the tables of dates and sums.

        A channel adds what else it makes its messages from, such as its design.

        Raises:
            KeyError: there is no such text.
        """
        return self._digests[language, tone, stage]


@cache
def shipped() -> Texts:
    """Our own texts, without an overlay."""
    return Texts()


def of_home(directory: Path) -> Texts:
    """The texts of an installation: ours, and over them the files in the folder `texts` of its home.

    Read again when a file there has changed, so that what runs for days has today's words.

    Raises:
        TextError: a file there cannot be used.
    """
    overlay = directory / "texts"
    if not overlay.is_dir():
        return shipped()
    found = ((path, path.stat()) for path in sorted(overlay.rglob("*")) if path.suffix in _OURS)
    return _as_it_is(overlay, tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in found))


@lru_cache(maxsize=8)
def _as_it_is(overlay: Path, state: tuple[tuple[Path, int, int], ...]) -> Texts:
    return Texts(overlay)


def _right_to_left(known: Catalogue | None) -> bool:
    return known is not None and known.right_to_left


def _translated(file: str, english: dict[str, Any], known: Catalogue) -> tuple[dict[str, Any], list[str]]:
    return sources.translated(file, english, known.say, known.plurals.names)


def _digest(rule: str, trees: list[dict[str, Any]]) -> str:
    told = json.dumps([_FORM, babel.__version__, rule, trees], ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()
