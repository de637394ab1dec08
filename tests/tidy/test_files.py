"""Names, sizes and places of files, and what must not stand in any of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.tidy.repository import ROOT, SOURCE, at, files, texts

LONGEST = 450
# Whoever checks our evidence is handed one file and reads it whole.
_ONE_FILE_BY_DESIGN = SOURCE / "verify.py"
_ROOMS_WITHOUT_A_NAME = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
_CODE = (".py", ".sh", ".js", ".css", ".html", ".mjml")
# `sink` is a fake of some size and has tests of its own.
_KINDS_OF_TEST = {"golden", "kills", "law", "properties", "sending", "simulation", "sink", "story", "tidy", "unit"}
_UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|raise NotImplemented" r"Error)\b")
_REGISTRY = re.compile(r"(pypi|pythonhosted|npmjs|debian)[.](org|com|io)")
_MACHINE = re.compile(r"(?<![\w.])/(work|root|farm|Users)/\w")


def _lines_with(pattern: re.Pattern[str], *suffixes: str, below: Path = ROOT) -> list[str]:
    return [
        f"{at(path, number)} {line.strip()}"
        for path, text in texts(*suffixes, below=below)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_every_room_has_a_name_of_its_own():
    named = {part: path for path in files() for part in (path.stem, *path.relative_to(ROOT).parts[:-1])}
    assert not _ROOMS_WITHOUT_A_NAME & set(named)


def test_no_file_of_code_is_too_long():
    long = {
        str(path.relative_to(ROOT)): len(text.splitlines())
        for path, text in texts(*_CODE)
        if "migrations" not in path.parts and path != _ONE_FILE_BY_DESIGN and len(text.splitlines()) > LONGEST
    }
    assert long == {}


def test_every_test_file_has_a_kind():
    strays = [
        path.relative_to(ROOT)
        for path in files()
        if path.name.startswith("test_")
        and path.suffix == ".py"
        and (path.relative_to(ROOT).parts[0] != "tests" or path.relative_to(ROOT).parts[1] not in _KINDS_OF_TEST)
    ]
    assert strays == []


def test_unit_tests_mirror_the_source():
    unit = ROOT / "tests" / "unit"
    strays = [
        path.relative_to(ROOT)
        for path in files()
        if path.is_relative_to(unit)
        and path.name.startswith("test_")
        and not (SOURCE / path.parent.relative_to(unit)).is_dir()
    ]
    assert strays == []


def test_names_of_tests_are_sentences():
    short = [
        f"{at(path, node.lineno)} {node.name}"
        for path, text in texts(".py", below=ROOT / "tests")
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name.startswith("test")
        and len(node.name.split("_")) < 4
    ]
    assert short == []


def test_nothing_is_left_unfinished():
    assert _lines_with(_UNFINISHED, *_CODE, ".yaml", ".toml") == []


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed():
    assert _lines_with(_REGISTRY) == []
    assert _lines_with(_MACHINE) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (_UNFINISHED, "# TO" + "DO: later"),
        (_REGISTRY, "--index-url https://py" + "pi.org/simple"),
        (_MACHINE, "open('/wo" + "rk/main/book.csv')"),
    ],
)
def test_each_forbidden_text_is_found(pattern: re.Pattern[str], line: str):
    assert pattern.search(line)


def test_every_module_says_what_it_is():
    silent = [
        path.relative_to(ROOT)
        for path, text in texts(".py")
        if text.strip() and not ast.get_docstring(ast.parse(text)) and "migrations" not in path.parts
    ]
    assert silent == []
