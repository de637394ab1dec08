"""Saved mappings: YAML in and out. The form is in docs/reference/mapping-file.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from duewell.adapters.files.marked_yaml import BadYaml, Finding, read
from duewell.core.intake import mapping, words
from duewell.core.intake.fields import KINDS, WORDS
from duewell.core.intake.mapping import Mapping

_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
_TEXTS = {"type": "object", "additionalProperties": _TEXT}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": list(KINDS)},
        "columns": _TEXTS,
        "amounts": {"enum": [mapping.ORIGINAL, mapping.OPEN]},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "terms_days": {"type": "integer", "minimum": 0, "maximum": 999},
        "date_order": {"enum": ["dmy", "mdy", "ymd", "excel"]},
        "decimal": {"enum": ["point", "comma"]},
        "encoding": _TEXT,
        "separator": {"type": "string", "minLength": 1, "maxLength": 9},
        "header_row": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
        "sheet": _TEXT,
        "lines": {"enum": list(mapping.LINES)},
        "numbers": {"enum": [mapping.PER_CREDITOR, mapping.PER_CUSTOMER]},
        "receivable_accounts": {"type": "array", "items": _TEXT},
        "filters": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "words": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **{
                    field: {"type": "object", "additionalProperties": {"enum": list(words.meanings(field))}}
                    for field in WORDS
                },
                "currency": {
                    "type": "object",
                    "additionalProperties": {"type": "string", "pattern": "^[A-Z]{3}$"},
                },
            },
        },
        "constants": {
            "type": "object",
            "additionalProperties": False,
            "properties": dict.fromkeys(mapping.CONSTANTS, _TEXT),
        },
        "round": {"type": "boolean"},
    },
}


def load(path: Path, kind: str) -> Mapping:
    """The mapping in a file, for a kind of file.

    Raises:
        BadYaml: it is not such a file, is meant for another kind, or says what cannot be; with line numbers.
        OSError: it cannot be opened.
    """
    return parse(path.read_bytes(), str(path), kind)


def parse(content: bytes, name: str, kind: str) -> Mapping:
    """The mapping in the bytes of a file; see `load`."""
    marked = read(content, name, SCHEMA)
    said = marked.value
    if said["kind"] != kind:
        text = f"this mapping is for {said['kind']}, and the file is to be read as {kind}"
        raise BadYaml([marked.finding(("kind",), text)])
    found = Mapping(
        columns=said.get("columns", {}),
        amounts=said.get("amounts"),
        currency=said.get("currency"),
        terms_days=said.get("terms_days"),
        date_order=said.get("date_order"),
        decimal=said.get("decimal"),
        encoding=said.get("encoding"),
        separator=said.get("separator"),
        header_row=said.get("header_row"),
        sheet=said.get("sheet"),
        lines=said.get("lines"),
        numbers=said.get("numbers"),
        receivable_accounts=tuple(said.get("receivable_accounts", ())),
        filters={column: tuple(values) for column, values in said.get("filters", {}).items()},
        words=said.get("words", {}),
        constants=said.get("constants", {}),
        rounded=said.get("round", False),
    )
    problems = mapping.problems(found, kind)
    if problems:
        raise BadYaml([Finding(name, 1, text) for text in problems])
    return found


def dump(said: Mapping, kind: str) -> bytes:
    """The mapping as a file that `load` reads back to the same."""
    parts: dict[str, Any] = {
        "kind": kind,
        "columns": dict(said.columns),
        "amounts": said.amounts,
        "currency": said.currency,
        "terms_days": said.terms_days,
        "date_order": said.date_order,
        "decimal": said.decimal,
        "encoding": said.encoding,
        "separator": said.separator,
        "header_row": said.header_row,
        "sheet": said.sheet,
        "lines": said.lines,
        "numbers": said.numbers,
        "receivable_accounts": list(said.receivable_accounts),
        "filters": {column: list(values) for column, values in said.filters.items()},
        "words": {field: dict(explained) for field, explained in said.words.items()},
        "constants": dict(said.constants),
        "round": said.rounded,
    }
    kept = {name: value for name, value in parts.items() if value or (value == 0 and value is not False)}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110).encode()


def save(said: Mapping, kind: str, path: Path) -> None:
    """Writes the mapping where `load` finds it; a file that is there is replaced."""
    path.write_bytes(dump(said, kind))
