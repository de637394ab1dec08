"""Rule books from their files: one folder per book, one YAML file per topic.

The form of the files is in docs/reference/rule-books.md, how to add a country in src/duewell/rulebooks/README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from duewell.adapters.files.marked_yaml import BadYaml, Finding, Marked, read
from duewell.core.law import hours
from duewell.core.law.book import EVERYBODY, Book, Cover, Replaced, Value
from duewell.core.law.catalogue import UNITS, VALUES_READ
from duewell.core.law.library import ROLES, Law
from duewell.core.party.roles import COPIED

# Strategies live beside the books; they are no law and have a reader of their own.
_APART = frozenset({"strategies", "rates", "__pycache__"})
# These topics are no rules of contact; each has a reader of its own.
_OTHER_TOPICS = frozenset({"interest.yaml"})
_WORD = {"type": "string", "pattern": "^[a-z][a-z_]*$"}
_TEXT = {"type": "string", "minLength": 1}
_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_CHANNELS = {"type": "array", "items": {"enum": ["email", "sms", "letter", "call"]}, "uniqueItems": True}
_BINDS = {"type": "array", "items": {"enum": [*ROLES]}, "uniqueItems": True, "minItems": 1}
_DEBTS = {"type": "array", "items": {"enum": ["consumer", "business"]}, "uniqueItems": True, "minItems": 1}
_CONFIDENCE = {"enum": ["V", "Vq", "S", "K", "policy"]}

_FORMS: dict[str, dict[str, Any]] = {
    "local_time": {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"},
    "iso_weekday": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 7},
        "uniqueItems": True,
    },
    "holiday_category": {"type": "array", "items": {"enum": ["public"]}, "uniqueItems": True},
    "contacts": {"type": "integer", "minimum": 1, "maximum": 1000},
    "local_dates": {"type": "integer", "minimum": 1, "maximum": 366},
    "calls": {"type": "integer", "minimum": 1, "maximum": 1000},
    "minutes": {"type": "integer", "minimum": 1, "maximum": 1440},
    "channel": _CHANNELS,
    "statement": {"type": "array", "items": {"enum": ["collector"]}, "uniqueItems": True},
    "purpose": {
        "type": "array",
        "items": {"enum": ["demand", "service", "notice", "cease_notice", "opt_out_confirmation"]},
        "uniqueItems": True,
    },
    "role": {"type": "array", "items": {"enum": [str(role) for role in COPIED]}, "uniqueItems": True},
    "flag": {
        "type": "array",
        "items": {"enum": ["vulnerable", "represented", "deceased", "insolvent", "minor"]},
        "uniqueItems": True,
    },
}
"""What a value of each unit looks like in the file."""


def _values_of(unit: str) -> dict[str, Any]:
    period = {
        "type": "object",
        "required": ["from_on", "value", "confidence", "source"],
        "additionalProperties": False,
        "properties": {
            "from_on": _DAY,
            "until_on": _DAY,
            "value": _FORMS[unit],
            "confidence": _CONFIDENCE,
            "source": _TEXT,
        },
    }
    return {
        "type": "object",
        "required": ["unit", "history"],
        "additionalProperties": False,
        "properties": {"unit": {"const": unit}, "history": {"type": "array", "minItems": 1, "items": period}},
    }


SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["topic", "rules", "values"],
    "additionalProperties": False,
    "properties": {
        "topic": _WORD,
        "rules": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"enum": sorted(VALUES_READ)},
            "additionalProperties": {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "object",
                        "required": ["says"],
                        "additionalProperties": False,
                        "properties": {"says": _TEXT, "binds": _BINDS, "debts": _DEBTS},
                    },
                ]
            },
        },
        "values": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: _values_of(unit) for name, unit in UNITS.items()},
        },
        "related": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["says", "citation", "confidence"],
                "additionalProperties": False,
                "properties": {"says": _TEXT, "citation": _TEXT, "confidence": _CONFIDENCE},
            },
        },
    },
}
"""JSON Schema (draft 2020-12) of one topic file."""

PLACE_FILE = "book.yaml"
"""Says whose law the book is; a book for everybody has no such file."""

PLACE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["place", "title", "binds", "debts"],
    "additionalProperties": False,
    "properties": {
        "place": {"type": "string", "pattern": "^[A-Z]{2}(-[A-Z0-9]+)?$"},
        "title": _TEXT,
        "binds": _BINDS,
        "debts": _DEBTS,
        "replaces": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rule", "because", "source", "confidence"],
                "additionalProperties": False,
                "properties": {
                    "rule": {"enum": sorted(VALUES_READ)},
                    "channels": _CHANNELS,
                    "because": _TEXT,
                    "source": _TEXT,
                    # Whoever relies on it is allowed more than the default: hearsay is not enough for that.
                    "confidence": {"enum": ["V", "Vq"]},
                },
            },
        },
    },
}
"""JSON Schema of the file that says whose law a book is."""


@cache
def shipped_book(key: str = "default") -> Book:
    """A rule book that comes with the program.

    Raises:
        BadYaml: no such book, or it breaks the form.
    """
    folder = resources.files("duewell.rulebooks") / key
    return book_of(key, {name: (folder / name).read_bytes() for name in _topics(folder)})


@cache
def shipped_law(acts_as: str = "creditor", stances: tuple[tuple[str, str], ...] = ()) -> Law:
    """Every shipped book, as one creditor stands to them. Raises `BadYaml`."""
    return Law(shipped_books(), acts_as, dict(stances))


@cache
def shipped_books() -> tuple[Book, ...]:
    """Every rule book that comes with the program, the default first, then by key. Raises `BadYaml`."""
    folders = (part for part in resources.files("duewell.rulebooks").iterdir() if part.is_dir())
    keys = [folder.name for folder in folders if folder.name not in _APART and _topics(folder)]
    return tuple(shipped_book(key) for key in sorted(keys, key=lambda key: (key != "default", key)))


def as_written(value: Value) -> int | str | list[int | str]:
    """The value as it stands in the file: `08:00`, `[7]`, `3`."""
    if value.unit == "local_time":
        assert isinstance(value.value, int)
        return f"{value.value // 60:02}:{value.value % 60:02}"
    return [*value.value] if isinstance(value.value, tuple) else value.value


def read_book(folder: Path) -> Book:
    """The rule book in a folder; its key is the folder's name. Raises `BadYaml`."""
    return book_of(folder.name, {name: (folder / name).read_bytes() for name in _topics(folder)})


def _topics(folder: Traversable) -> list[str]:
    """The names of the files of a folder that make its book."""
    names = [part.name for part in folder.iterdir()] if folder.is_dir() else []
    return sorted(name for name in names if name.endswith(".yaml") and name not in _OTHER_TOPICS)


def book_of(key: str, files: Mapping[str, bytes]) -> Book:
    """The rule book that these files make, by name and content.

    Raises:
        BadYaml: with every finding, by file and line.
    """
    findings: list[Finding] = []
    read_files: list[Marked] = []
    place: Mapping[str, Any] = {}
    for name in sorted(files):
        try:
            if name == PLACE_FILE:
                place = read(files[name], f"{key}/{name}", PLACE_SCHEMA).value
                continue
            read_files.append(read(files[name], f"{key}/{name}", SCHEMA))
        except BadYaml as problem:
            findings += problem.findings
    if not files:
        findings.append(Finding(key, 1, "there is no rule book here: a folder with a file such as hours.yaml"))
    rules: dict[str, Any] = {}
    values: dict[str, tuple[Value, ...]] = {}
    for marked in read_files:
        findings += _gather(marked, rules, values)
    if not findings:
        findings += [found for marked in read_files for found in _incomplete(marked, values)]
    if findings:
        raise BadYaml(findings)
    says = {rule: told if isinstance(told, str) else told["says"] for rule, told in rules.items()}
    return Book(
        key,
        digest_of(files),
        {rule: " ".join(text.split()) for rule, text in says.items()},
        values,
        place.get("place", ""),
        place.get("title", ""),
        {rule: cover for rule, told in rules.items() if (cover := _cover(told, place))},
        tuple(_replaced(each) for each in place.get("replaces", ())),
    )


def _cover(rule: str | Mapping[str, Any], place: Mapping[str, Any]) -> Cover | None:
    """Whom a rule binds: what it says itself, else what its book says; None where neither does."""
    told = {**place, **({} if isinstance(rule, str) else rule)}
    if "binds" not in told and "debts" not in told:
        return None
    return Cover(
        frozenset(told.get("binds", EVERYBODY.binds)),
        frozenset(told.get("debts", EVERYBODY.debts)),
    )


def _replaced(told: Mapping[str, Any]) -> Replaced:
    return Replaced(
        told["rule"],
        frozenset(told.get("channels", ())),
        " ".join(told["because"].split()),
        " ".join(told["source"].split()),
        told["confidence"],
    )


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256, hexadecimal, over name, length and bytes of every file, in the order of their names."""
    total = sha256()
    for name in sorted(files):
        total.update(f"{name}\n{len(files[name])}\n".encode())
        total.update(files[name])
    return total.hexdigest()


def _gather(marked: Marked, rules: dict[str, Any], values: dict[str, tuple[Value, ...]]) -> list[Finding]:
    """Take over what one file says; finds what stands in two files and periods that do not join."""
    findings = []
    for rule, says in marked.value["rules"].items():
        if rule in rules:
            findings.append(marked.finding(("rules", rule), f"the rule {rule} stands in another file too"))
        rules[rule] = says
    for name, given in marked.value["values"].items():
        if name in values:
            findings.append(marked.finding(("values", name), f"the value {name} stands in another file too"))
        history: list[Value] = []
        for index, period in enumerate(given["history"]):
            at = ("values", name, "history", index)
            try:
                history.append(_period(given["unit"], period))
            except ValueError as problem:
                findings.append(marked.finding(at, f"{name}: {problem}"))
                continue
            findings += [marked.finding(at, f"{name}: {text}") for text in _unjoined(history)]
        values[name] = tuple(history)
    return findings


def _period(unit: str, period: Mapping[str, Any]) -> Value:
    value = period["value"]
    if unit == "local_time":
        value = int(value[:2]) * 60 + int(value[3:])
    elif isinstance(value, list):
        value = tuple(value)
    until = period.get("until_on")
    return Value(
        date.fromisoformat(period["from_on"]),
        None if until is None else date.fromisoformat(until),
        value,
        unit,
        " ".join(period["source"].split()),
        period["confidence"],
    )


def _unjoined(history: list[Value]) -> list[str]:
    """What is wrong with the latest period, seen with the one before it."""
    latest = history[-1]
    if latest.until_on is not None and latest.until_on <= latest.from_on:
        return ["until_on must come after from_on: it is the first day on which the value no longer holds"]
    if len(history) == 1:
        return []
    before = history[-2]
    if before.until_on is None:
        return [f"give the value from {before.from_on.isoformat()} its until_on before adding another"]
    if before.until_on != latest.from_on:
        return [f"the value before ends on {before.until_on.isoformat()}: this one must start on that day"]
    return []


def _incomplete(marked: Marked, values: Mapping[str, tuple[Value, ...]]) -> list[Finding]:
    """Rules without their values, values that no rule reads, and hours that close before they open."""
    findings = []
    for rule in marked.value["rules"]:
        for name in VALUES_READ[rule]:
            if name not in values:
                findings.append(marked.finding(("rules", rule), f"the rule {rule} needs the value {name}"))
            elif (ends := values[name][-1].until_on) is not None:
                text = f"{name} ends on {ends.isoformat()}: add the value that holds from that day"
                findings.append(marked.finding(("rules", rule), text))
    wanted = {name for rule in marked.value["rules"] for name in VALUES_READ[rule]}
    for name in marked.value["values"]:
        if name not in wanted:
            findings.append(marked.finding(("values", name), f"no rule of this file reads {name}"))
    if hours.KEY in marked.value["rules"] and not findings:
        findings += _never_open(marked, values)
    return findings


def _never_open(marked: Marked, values: Mapping[str, tuple[Value, ...]]) -> list[Finding]:
    book = Book("", "", {hours.KEY: ""}, values)
    first = max(values[hours.OPENS][0].from_on, values[hours.CLOSES][0].from_on)
    turns = {value.from_on for name in (hours.OPENS, hours.CLOSES) for value in values[name]}
    for day in sorted(day for day in turns if day >= first):
        opens, closes = hours.open_minutes(book, day)
        if opens >= closes:
            text = f"on {day.isoformat()} contact would close before it opens"
            return [marked.finding(("values", hours.CLOSES), text)]
    return []
