"""One door, and no rule without its source and its cases."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import yaml

from duewell.adapters.files.rulebook_file import read_book
from duewell.core.law.catalogue import UNITS, VALUES_READ
from duewell.core.law.shutting import history_days
from duewell.store.cases import CONTACT_DAYS
from tests.tidy.repository import ROOT, SOURCE, at, texts

# Strategies live beside the books and are read by another reader.
_APART = {"strategies", "rates", "__pycache__"}
UNNAMED = ("calls.consent", "calls.statement")
FLAGS = ("deceased", "represented", "insolvent", "minor", "vulnerable")
BOOKS = sorted(
    path
    for path in (SOURCE / "rulebooks").iterdir()
    if path.is_dir()
    and path.name not in _APART
    and {file.name for file in path.glob("*.yaml")} - {"interest.yaml"}
)
DOOR = (SOURCE / "core" / "law" / "gate.py", SOURCE / "core" / "law" / "values.py")


def _makers_of_permits(path: Path, text: str) -> list[str]:
    names = {
        name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else name.name
        for name in ast.walk(ast.parse(text))
        if isinstance(name, ast.Name | ast.Attribute | ast.alias)
    }
    return [at(path, 1)] if "_THE_GATE" in names else []


def test_only_the_gate_makes_permits():
    found = [
        where
        for path, text in texts(".py", below=SOURCE)
        if path not in DOOR
        for where in _makers_of_permits(path, text)
    ]
    assert found == []


def test_a_second_door_would_be_seen():
    for text in (
        "from duewell.core.law.values import _THE_GATE",
        "from duewell.core.law import values\nvalues._THE_GATE",
    ):
        assert _makers_of_permits(DOOR[0], text)


def test_every_shipped_book_is_whole_and_sourced():
    assert [path.name for path in BOOKS] == ["default", "us"]
    for path in BOOKS:
        book = read_book(path)
        assert all(value.source.strip() for values in book.values.values() for value in values)


def test_every_rule_the_gate_knows_decides_a_case_of_law():
    cases = [
        case
        for path in sorted((ROOT / "tests" / "law").glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    said = {rule for case in cases for key in ("because", "warns") for rule in case.get(key, [])}
    named = {rule.rpartition(" ")[2] for rule in said}
    if any(case.get("consents") for case in cases):
        # This rule only permits, and the other only says what is said: neither is ever named.
        named |= {"calls.consent", "calls.statement"}
    flags = {f"stops.{flag}" for case in cases for flag in case.get("flags", []) if ":" not in flag}
    assert set(VALUES_READ) - {"stops.flag"} <= named
    assert flags and flags <= named


def test_every_rule_of_every_book_decides_a_case_under_its_own_name():
    cases = [
        case
        for path in sorted((ROOT / "tests" / "law").glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    said = {rule for case in cases for key in ("because", "warns") for rule in case.get(key, [])}
    for book in map(read_book, BOOKS):
        if not book.place:
            continue
        rules = {
            flag
            for rule in book.rules
            for flag in (
                [f"stops.{each}" for each in book.words("stops.flags_refused", date(2026, 11, 2))]
                if rule == "stops.flag"
                else [rule]
            )
        }
        assert {f"{book.key} {rule}" for rule in rules if rule not in UNNAMED} <= said


def test_every_worked_case_of_regulation_f_is_among_the_cases():
    text = (ROOT / "tests" / "law" / "us.yaml").read_text(encoding="utf-8")
    assert [number for number in range(1, 16) if f'"T-US-{number}:' not in text] == []


def test_no_book_wants_more_of_the_past_than_is_read():
    assert max(history_days(read_book(path)) for path in BOOKS) <= CONTACT_DAYS


def test_every_rule_value_and_answer_stands_on_the_page_of_rule_books():
    page = (ROOT / "docs" / "reference" / "rule-books.md").read_text(encoding="utf-8")
    answers = {"hours.never", *(f"stops.{flag}" for flag in FLAGS)}
    assert {name for name in {*VALUES_READ, *UNITS, *UNITS.values(), *answers} if f"`{name}`" not in page} == set()
