"""Files of words: YAML that is small and holds nothing but words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from duewell.adapters.texts import names as known
from duewell.adapters.texts.errors import TextError

_BYTES_MAX = 65536
# libyaml reads the same safe subset ten times as fast where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGED = ("list", "labels")


def names(language: str) -> list[str]:
    """The files of a language, such as `en/kind/first.yaml`."""
    return [f"{language}/{file}.yaml" for file in known.files()]


def load(path: Path, name: str) -> dict[str, Any]:
    """Read one file.

    Raises:
        TextError: it is too large, no YAML, or no list of keys.
    """
    data = path.read_bytes()
    if len(data) > _BYTES_MAX:
        raise TextError(name, "", f"a text has at most {_BYTES_MAX} bytes")
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


def laid_over(overlay: Path, languages: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The files of an installation by their names.

    Raises:
        TextError: a file has no counterpart among ours.
    """
    there_are = {name for language in languages for name in names(language)}
    found = {}
    for path in sorted(overlay.rglob("*.y*ml")):
        name = path.relative_to(overlay).as_posix()
        if name not in there_are:
            raise TextError(name, "", f"there is no such text; the files are {', '.join(sorted(there_are))}")
        found[name] = load(path, name)
    return found


def over(file: str, ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """What counts where an installation has a file of its own.

    Its file stands for the whole of ours, but for words of tables and of single channels: there what it leaves
    out stays as shipped, since those lists grow.
    """
    if file in known.SECTIONS:
        return {**ours, **own}
    if file == known.LABELS:
        merged = {key: {**ours[key], **own[key]} for key in _MERGED if key in own and isinstance(own[key], dict)}
        return {**ours, **own, **merged}
    return own


def uncovered(file: str, lacking: Iterable[str], own: dict[str, Any]) -> list[str]:
    """Those of the contexts without a translation for which the installation's file has no words either."""
    if file not in known.SECTIONS and file != known.LABELS:
        return []
    return [context for context in lacking if not _covered(context.partition(" ")[2].split("."), own)]


def _covered(path: list[str], own: dict[str, Any]) -> bool:
    if path[0] in _MERGED:
        inner = own.get(path[0])
        return isinstance(inner, dict) and path[1] in inner
    return path[0] in own
