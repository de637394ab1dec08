"""The words that customers read, for every channel: one folder a language, one a tone, one file a stage.

There is nothing in a text but words and placeholders. `labels.yaml` holds the first sentences and the words of
tables, `<tone>/frame.yaml` what every message of a tone has around its own sentences, `<tone>/<stage>.yaml` the
rest; a stage may replace any part of the frame. An installation may lay files of the same names over ours.
Everything is read and checked at once, so that a wrong placeholder stops the start and not a message.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import babel
import yaml

from duewell.adapters.texts.reading import Text, TextError, read

_SHIPPED = Path(__file__).parent
LANGUAGES = frozenset({"en", "de"})
TONES = ("kind", "formal")
STAGES = ("upcoming", "due", "first", "second", "firm", "final")
"""Stages with an e-mail. `handover` has none: what is handed over leaves this house."""
_BYTES_MAX = 65536
# libyaml reads the same safe subset ten times as fast where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORM = "1"
"""Goes up when the way from a text to what is said changes while the files stay."""

__all__ = ["LANGUAGES", "STAGES", "TONES", "Text", "TextError", "Texts", "of_home", "shipped"]


class Texts:
    """Every text, read and checked.

    Args:
        overlay: a folder with files of an installation, laid over ours by the same relative names.

    Raises:
        TextError: names the file, the place in it and what to write instead.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        self._files: dict[str, bytes] = {}
        for name in _names():
            self._files[name] = _bytes(_SHIPPED / name, name)
        if overlay is not None and overlay.is_dir():
            for path in sorted(overlay.rglob("*.y*ml")):
                name = path.relative_to(overlay).as_posix()
                if name not in self._files:
                    raise TextError(
                        name, "", f"there is no such text; the files are {', '.join(sorted(_names()))}"
                    )
                self._files[name] = _bytes(path, name)
        told = {name: _yaml(data, name) for name, data in self._files.items()}
        self._texts = {
            (language, tone, stage): _read(told, language, tone, stage)
            for language in sorted(LANGUAGES)
            for tone in TONES
            for stage in STAGES
        }
        # Asked for every message of a plan, so worked out once.
        self._digests = {key: self._digest(*key) for key in self._texts}
        self._needs = frozenset().union(*(text.needs for text in self._texts.values()))

    def text(self, language: str, tone: str, stage: str) -> Text:
        """The text of a stage, such as `("de", "kind", "first")`.

        Raises:
            KeyError: there is none; strategies are checked against `TONES` and `STAGES` before.
        """
        return self._texts[language, tone, stage]

    @property
    def needs(self) -> frozenset[str]:
        """Placeholders of the creditor in any text, such as `creditor.phone`: what `missing_of_creditor` asks."""
        return self._needs

    def digest(self, language: str, tone: str, stage: str) -> str:
        """SHA-256, hexadecimal, over the three files of the text and the tables of dates and sums.

        A channel adds what else it makes its messages from, such as its design.

        Raises:
            KeyError: there is no such text.
        """
        return self._digests[language, tone, stage]

    def _digest(self, language: str, tone: str, stage: str) -> str:
        digest = sha256(f"{_FORM}\n{babel.__version__}\n".encode())
        for name in _files_of(language, tone, stage):
            digest.update(sha256(self._files[name]).digest())
        return digest.hexdigest()


@cache
def shipped() -> Texts:
    """Our own texts, without an overlay."""
    return Texts()


@cache
def of_home(directory: Path) -> Texts:
    """The texts of an installation: ours, and over them the files in the folder `texts` of its home.

    Raises:
        TextError: a file there cannot be used.
    """
    overlay = directory / "texts"
    return Texts(overlay) if overlay.is_dir() else shipped()


def _read(told: dict[str, dict[str, Any]], language: str, tone: str, stage: str) -> Text:
    labels, frame, own = names = _files_of(language, tone, stage)
    return read(told[labels], told[frame], told[own], names)


def _files_of(language: str, tone: str, stage: str) -> tuple[str, str, str]:
    return f"{language}/labels.yaml", f"{language}/{tone}/frame.yaml", f"{language}/{tone}/{stage}.yaml"


def _names() -> list[str]:
    names = {
        name
        for language in LANGUAGES
        for tone in TONES
        for stage in STAGES
        for name in _files_of(language, tone, stage)
    }
    return sorted(names)


def _bytes(path: Path, name: str) -> bytes:
    data = path.read_bytes()
    if len(data) > _BYTES_MAX:
        raise TextError(name, "", f"a text has at most {_BYTES_MAX} bytes")
    return data


def _yaml(data: bytes, name: str) -> dict[str, Any]:
    try:
        # Aliases could make a small file endless; a text has no use for them.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, _LOADER)):
            raise TextError(name, "", "YAML aliases are not read")
        found = yaml.load(data, _LOADER)  # noqa: S506
    except yaml.YAMLError as problem:
        raise TextError(name, "", f"this is not YAML: {problem}") from problem
    if not isinstance(found, dict):
        raise TextError(name, "", "a text is a list of `key: words`")
    return found
