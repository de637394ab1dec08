"""YAML that remembers its lines: read safely, held against a JSON Schema; every finding says where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator

BYTES_MAX = 1_000_000
DEPTH_MAX = 50
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """What is wrong and in which line of which file; lines are counted from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class BadYaml(ValueError):
    """The file cannot be read, or breaks its schema. `findings` are in the order of their lines."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


class Marked(NamedTuple):
    """What the file says, and the line on which each part starts. Dates stand as ISO text."""

    file: str
    value: Any
    lines: Mapping[_Path, int]

    def finding(self, path: Iterable[str | int], text: str) -> Finding:
        """A finding at a part of the file, or at the nearest part around it that has a line."""
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return Finding(self.file, self.lines.get(parts, 1), text)


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


def parse(content: bytes, file: str) -> Marked:
    """Read one YAML document with its lines, whatever it says. Raises `BadYaml` as `read` does."""
    if len(content) > BYTES_MAX:
        raise BadYaml([Finding(file, 1, f"the file is longer than {BYTES_MAX:,} bytes")])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise BadYaml([Finding(file, line, "the file is not UTF-8 text")]) from problem
    try:
        _refuse_bombs(text, file)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise BadYaml([Finding(file, 1, "the file is empty")])
        lines: dict[_Path, int] = {}
        value = _value(loader, node, (), lines, file)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or "cannot be read as YAML"
        raise BadYaml([Finding(file, mark.line + 1 if mark else 1, str(said))]) from problem
    return Marked(file, value, lines)


def _refuse_bombs(text: str, file: str) -> None:
    """A few lines of aliases can unfold into gigabytes, and deep nesting takes minutes: neither is read."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadYaml([Finding(file, line, f"*{event.anchor} repeats another part: write it out instead")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MAX:
            raise BadYaml([Finding(file, line, f"nested more than {DEPTH_MAX} deep")])


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: _Path, lines: dict[_Path, int], file: str) -> Any:
    line = node.start_mark.line + 1
    if path in lines and not isinstance(path[-1], int):
        line = lines[path]
    lines[path] = line
    if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
        raise BadYaml([Finding(file, line, f"the tag {node.tag} has no meaning here")])
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            at = key_node.start_mark.line + 1
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise BadYaml([Finding(file, at, f"{key!r} is not a word: put it in quotes")])
            if key in found:
                raise BadYaml([Finding(file, at, f"{key} stands twice; the first is in line {lines[*path, key]}")])
            lines[*path, key] = at
            found[key] = _value(loader, value_node, (*path, key), lines, file)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, part, (*path, index), lines, file) for index, part in enumerate(node.value)]
    try:
        value = loader.construct_object(node, deep=True)
    except ValueError as problem:
        raise BadYaml([Finding(file, line, f"{node.value!r} is not a date or number: {problem}")]) from problem
    return value.isoformat() if isinstance(value, date | datetime) else value


def _say(path: Iterable[str | int], message: str) -> str:
    where = ".".join(str(part) for part in path)
    return f"{where}: {message}" if where else message
