"""YAML that remembers its lines: read safely, held against a JSON Schema; every finding says where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator

BYTES_MAX = 1_000_000
DEPTH_MAX = 50
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_PLAIN_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """What is wrong, where, and what to do. Lines and columns are counted from 1; column 0: the whole line."""

    file: str
    line: int
    text: str
    column: int = 0
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        return f"{where}: {self.text}: {self.remedy}" if self.remedy else f"{where}: {self.text}"


class BadYaml(ValueError):
    """The file cannot be read, or breaks its schema. `findings` are in the order of their lines."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


class Marked(NamedTuple):
    """What the file says, and the line and column at which each part starts. Dates stand as ISO text."""

    file: str
    value: Any
    lines: Mapping[_Path, int]
    columns: Mapping[_Path, int]

    def finding(self, path: Iterable[str | int], text: str) -> Finding:
        """A finding at a part of the file, or at the nearest part around it that has a line."""
        return Finding(self.file, self.lines.get(self._nearest(path), 1), text)

    def exact_finding(self, path: Iterable[str | int], text: str, remedy: str) -> Finding:
        """The same with its column and with what to do."""
        parts = self._nearest(path)
        return Finding(self.file, self.lines.get(parts, 1), text, self.columns.get(parts, 1), remedy)

    def _nearest(self, path: Iterable[str | int]) -> _Path:
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return parts


def read(content: bytes, file: str, schema: Mapping[str, Any]) -> Marked:
    """Read one YAML document and hold it against a schema (JSON Schema, draft 2020-12).

    Raises:
        BadYaml: too long, not UTF-8, not YAML, a key twice, an alias, or against the schema.
    """
    marked = parse(content, file)
    errors = sorted(
        Draft202012Validator(schema).iter_errors(marked.value),
        key=lambda error: [str(part) for part in error.path],
    )
    findings = [marked.finding(error.absolute_path, _say(error.absolute_path, error.message)) for error in errors]
    if findings:
        raise BadYaml(sorted(findings, key=lambda finding: finding.line))
    return marked


def parse(content: bytes, file: str, *, worded: bool = False) -> Marked:
    """Read one YAML document with its lines, whatever it says. Raises `BadYaml` as `read` does.

    Args:
        worded: take words as they are written. Without quotes, whole numbers, `true`, `false` and `null` keep
            their meaning and all else is text: `5.00` is no float, `NO` is a country, `on` a word, `010` no
            octal number.
    """
    if len(content) > BYTES_MAX:
        raise BadYaml([Finding(file, 1, f"the file is longer than {BYTES_MAX:,} bytes", 1, "is it another file?")])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise BadYaml([Finding(file, line, "the file is not UTF-8 text", 1, "save it as UTF-8")]) from problem
    try:
        _refuse_bombs(text, file, worded=worded)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise BadYaml(
                [Finding(file, 1, "the file is empty", 1, "start from a file that comes with the program")]
            )
        lines: dict[_Path, int] = {}
        columns: dict[_Path, int] = {}
        value = _value(loader, node, (), lines, columns, file, worded=worded)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or "a character that cannot stand in YAML"
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        remedy = "look at the indentation, quotes and brackets here and just before"
        raise BadYaml([Finding(file, line, str(said), column, remedy)]) from problem
    return Marked(file, value, lines, columns)


def _refuse_bombs(text: str, file: str, *, worded: bool) -> None:
    """A few lines of aliases can unfold into gigabytes, and deep nesting takes minutes: neither is read."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        column = event.start_mark.column + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            text = f"*{event.anchor} repeats another part"
            raise BadYaml([Finding(file, line, text, column, "write it out instead")])
        if worded and isinstance(event, yaml.ScalarEvent) and event.tag is not None:
            text = f"the tag {event.tag} has no meaning here"
            raise BadYaml([Finding(file, line, text, column, "leave it out")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MAX:
            raise BadYaml([Finding(file, line, f"nested more than {DEPTH_MAX} deep", column, "write it flat")])


def _value(
    loader: yaml.SafeLoader,
    node: yaml.Node,
    path: _Path,
    lines: dict[_Path, int],
    columns: dict[_Path, int],
    file: str,
    *,
    worded: bool,
) -> Any:
    line = node.start_mark.line + 1
    if path in lines and not isinstance(path[-1], int):
        line = lines[path]
    lines[path] = line
    columns.setdefault(path, node.start_mark.column + 1)
    if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
        text = f"the tag {node.tag} has no meaning here"
        raise BadYaml([Finding(file, line, text, columns[path], "leave it out")])
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            at = key_node.start_mark.line + 1
            key = _key(loader, key_node, worded)
            if not isinstance(key, str):
                raise BadYaml(
                    [
                        Finding(
                            file, at, f"{key!r} is not a word", key_node.start_mark.column + 1, "put it in quotes"
                        )
                    ]
                )
            if key in found:
                text = f"{key} stands twice; the first is in line {lines[*path, key]}"
                raise BadYaml([Finding(file, at, text, key_node.start_mark.column + 1, "keep one of them")])
            lines[*path, key] = at
            columns[*path, key] = key_node.start_mark.column + 1
            found[key] = _value(loader, value_node, (*path, key), lines, columns, file, worded=worded)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, part, (*path, index), lines, columns, file, worded=worded)
            for index, part in enumerate(node.value)
        ]
    if worded and isinstance(node, yaml.ScalarNode):
        return _word(node)
    try:
        value = loader.construct_object(node, deep=True)
    except ValueError as problem:
        raise BadYaml([Finding(file, line, f"{node.value!r} is not a date or number: {problem}")]) from problem
    return value.isoformat() if isinstance(value, date | datetime) else value


def _key(loader: yaml.SafeLoader, node: yaml.Node, worded: bool) -> object:
    if worded and isinstance(node, yaml.ScalarNode):
        return node.value
    return loader.construct_object(node, deep=True)


def _word(node: yaml.ScalarNode) -> str | int | bool | None:
    """A scalar by its text."""
    text: str = node.value
    if node.style is not None:
        return text
    if text in _PLAIN_WORDS:
        return _PLAIN_WORDS[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _say(path: Iterable[str | int], message: str) -> str:
    where = ".".join(str(part) for part in path)
    return f"{where}: {message}" if where else message
