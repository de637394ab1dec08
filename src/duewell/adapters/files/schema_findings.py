"""What a JSON Schema says against a file, in plain words: where, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, cast

from jsonschema import Draft202012Validator, ValidationError

from duewell.adapters.files.marked_yaml import Finding, Marked

_SHOWN_MAX = 40
_TYPES = {
    "object": ("a block of names and values", "write `name: value` lines below it, each indented"),
    "array": ("a list", "write it as [one, two], or as lines that begin with a dash"),
    "string": ("text", "put it in quotes"),
    "integer": ("a whole number", "write digits without quotes, such as 7"),
    "boolean": ("true or false", "write true or false without quotes"),
}


class Breaches(NamedTuple):
    """How a file breaks its schema."""

    findings: list[Finding]
    """In the order of the file."""
    paths: frozenset[tuple[str | int, ...]]

    def spare(self, part: tuple[str | int, ...]) -> bool:
        """Is this part of the file as the schema wants it, whatever is wrong elsewhere?"""
        return not any(path[: len(part)] == part for path in self.paths)


def against(marked: Marked, schema: Mapping[str, Any]) -> Breaches:
    """Every breach of the schema (draft 2020-12).

    A `description` in the schema beside a `pattern` or an `anyOf` is what the finding says of the form.
    """
    errors = list(Draft202012Validator(schema).iter_errors(marked.value))
    findings = [finding for error in errors for finding in _of(marked, error)]
    return Breaches(in_order(findings), frozenset(tuple(error.absolute_path) for error in errors))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By line and column, none twice."""
    return sorted(set(findings), key=lambda finding: (finding.line, finding.column, finding.text))


def near(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known: the nearest one, else all of them."""
    names = list(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6) or get_close_matches(
        word.lower(), names, n=1, cutoff=0.6
    )
    return f"did you mean {close[0]}?" if close else f"write one of {', '.join(names)}"


def shown(value: object) -> str:
    """A value as it may stand in a finding: short, and without characters that break the line."""
    if isinstance(value, dict):
        return "a block of names and values"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[: _SHOWN_MAX - 3]}..."


def _of(marked: Marked, error: ValidationError) -> Iterator[Finding]:
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        for key in error.instance:
            if key not in known:
                yield marked.exact_finding((*path, key), f"{shown(key)} is not known here", near(key, known))
        return
    if error.validator == "required" and isinstance(error.instance, dict):
        for key in cast("list[str]", error.validator_value):
            if key not in error.instance:
                yield marked.exact_finding(path, f"{_place(path)} lacks {key}", f"add a line `{key}: ...`")
        return
    say = _SAYINGS.get(str(error.validator), _unsaid)
    text, remedy = say(error)
    yield marked.exact_finding(path, f"{_place(path)} {text}", remedy)


def _place(path: tuple[str | int, ...]) -> str:
    """`steps 2, channels` for ("steps", 1, "channels"): people count from one."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, int):
            parts[-1:] = [f"{parts[-1]} {part + 1}" if parts else f"{part + 1}"]
        else:
            parts.append(shown(part) if not part.isprintable() else part)
    return ", ".join(parts) or "the file"


def _type(error: ValidationError) -> tuple[str, str]:
    wanted, remedy = _TYPES[str(error.validator_value)]
    return f"is {shown(error.instance)}, not {wanted}", remedy


def _enum(error: ValidationError) -> tuple[str, str]:
    known = [str(value) for value in cast("list[Any]", error.validator_value)]
    word = error.instance if isinstance(error.instance, str) else ""
    return f"is {shown(error.instance)}", near(word, known)


def _form(error: ValidationError) -> tuple[str, str]:
    schema = error.schema if isinstance(error.schema, dict) else {}
    return f"is {shown(error.instance)}", schema.get("description", "write it in the form of the reference page")


def _bound(error: ValidationError) -> tuple[str, str]:
    word = "less" if error.validator == "minimum" else "more"
    limit = error.validator_value
    return f"is {error.instance}, {word} than {limit}", f"write {limit} or {'more' if word == 'less' else 'less'}"


def _count(error: ValidationError) -> tuple[str, str]:
    limit = error.validator_value
    if error.validator in ("minItems", "minLength", "minProperties"):
        return (
            "is empty" if limit == 1 else f"has fewer than {limit}",
            f"give at least {limit}, or leave the line out",
        )
    return f"has more than {limit}", f"keep it to {limit}"


def _twice(error: ValidationError) -> tuple[str, str]:
    return "names something twice", "name each once"


def _unsaid(error: ValidationError) -> tuple[str, str]:
    return f"breaks the form: {error.message[:200]}", "see the reference page of the file"


_SAYINGS: Mapping[str, Callable[[ValidationError], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _form,
    "anyOf": _form,
    "minimum": _bound,
    "maximum": _bound,
    "minItems": _count,
    "maxItems": _count,
    "minLength": _count,
    "maxLength": _count,
    "minProperties": _count,
    "uniqueItems": _twice,
}
