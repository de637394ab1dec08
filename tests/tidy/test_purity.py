"""The core is told everything: no clock, no chance, no world outside, no floats.

Flows may ask a clock that was passed in, since sending takes time; they have none of their own.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.tidy import purity
from tests.tidy.repository import SOURCE, at, texts

Rule = Callable[[ast.AST], Iterator[tuple[int, str]]]


def _chance(tree: ast.AST) -> Iterator[tuple[int, str]]:
    return purity.imports_of(tree, purity.CHANCE)


def _clock(tree: ast.AST) -> Iterator[tuple[int, str]]:
    yield from purity.imports_of(tree, purity.CLOCKS)
    yield from purity.clock_readings(tree)


def _outside(tree: ast.AST) -> Iterator[tuple[int, str]]:
    yield from purity.imports_of(tree, purity.OUTSIDE)
    yield from purity.outside_calls(tree)


CORE_RULES: list[Rule] = [purity.foreign_imports, _chance, _clock, purity.clock_calls, _outside, purity.floats]
FLOW_RULES: list[Rule] = [purity.foreign_imports, _clock]


def _findings(room: str, rule: Rule) -> list[str]:
    modules = texts(".py", below=SOURCE / room)
    if rule is purity.floats:
        # Probabilities, and nothing else, are floats; amounts never pass through there.
        modules = [(path, text) for path, text in modules if "learn" not in path.parts]
    assert modules, f"there is no code in {room}"
    return [f"{at(path, line)} {what}" for path, text in modules for line, what in rule(ast.parse(text))]


@pytest.mark.parametrize("rule", CORE_RULES, ids=lambda rule: rule.__name__.strip("_"))
def test_the_core_is_pure(rule: Rule):
    assert _findings("core", rule) == []


@pytest.mark.parametrize("rule", FLOW_RULES, ids=lambda rule: rule.__name__.strip("_"))
def test_flows_have_no_clock_of_their_own(rule: Rule):
    assert _findings("flows", rule) == []


def test_verify_is_one_file_that_knows_nothing_but_the_standard_library():
    verify = [text for path, text in texts(".py", below=SOURCE) if path == SOURCE / "verify.py"]
    imported = {name.partition(".")[0] for text in verify for _, name in purity.imports(ast.parse(text))}
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (purity.foreign_imports, "import polars"),
        (purity.foreign_imports, "def f():\n    from django.db import models"),
        (_chance, "from random import choice"),
        (_chance, "import secrets"),
        (_clock, "import time"),
        (_clock, "from datetime import datetime\nwhen = datetime.now()"),
        (_clock, "import datetime as dt\nwhen = dt.date.today()"),
        (_clock, "field(default_factory=datetime.utcnow)"),
        (purity.clock_calls, "clock.now()"),
        (_clock, "instant.astimezone()"),
        (_outside, "import os.path"),
        (_outside, "from pathlib import Path"),
        (_outside, "from urllib.request import urlopen"),
        (_outside, "import socket, subprocess"),
        (_outside, "open('book.csv')"),
        (purity.floats, "rate = 0.05"),
        (purity.floats, "rate = 5e-2"),
        (purity.floats, "float('0.05')"),
        (purity.floats, "(end - start).total_seconds()"),
    ],
)
def test_each_breach_is_found(rule: Rule, code: str):
    assert list(rule(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date, datetime\nfrom decimal import Decimal\nRATE = Decimal('0.05')",
        "local = instant.astimezone(zone)",
        "late = case.today > due_on",
        "if isinstance(value, float): raise TypeError",
        "from duewell.core.units import money",
    ],
)
def test_what_is_pure_is_left_alone(code: str):
    assert [found for rule in CORE_RULES for found in rule(ast.parse(code))] == []
