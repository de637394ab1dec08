"""Finds what pure code must not do: read a clock, draw at random, reach outside, count in floats."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

# Modules of the standard library through which a program sees or changes the world.
OUTSIDE = frozenset(
    "asyncio builtins concurrent ctypes curses dbm email fcntl fileinput ftplib getpass gettext glob http imaplib"
    " importlib io locale logging mmap multiprocessing os pathlib pickle platform poplib pwd queue resource sched"
    " select selectors shelve shutil signal smtplib socket socketserver sqlite3 ssl subprocess tempfile threading"
    " urllib webbrowser zipfile zipimport zoneinfo".split()
)
CHANCE = frozenset({"random", "secrets", "uuid"})
CLOCKS = frozenset({"time"})

_OUTSIDE_CALLS = frozenset({"open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint"})
_NOW = frozenset({"now", "today", "utcnow"})
_FLOATS = frozenset({"timestamp", "total_seconds", "fromtimestamp"})


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and dotted name of every absolute import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module or ""


def foreign_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Imports of anything but the standard library and `duewell`."""
    for line, name in imports(tree):
        top = name.partition(".")[0]
        if top != "duewell" and top not in sys.stdlib_module_names:
            yield line, f"imports {name}"


def imports_of(tree: ast.AST, modules: frozenset[str]) -> Iterator[tuple[int, str]]:
    for line, name in imports(tree):
        if name.partition(".")[0] in modules:
            yield line, f"imports {name}"


def clock_readings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`datetime.now` and its like, called or passed on, and conversions to the machine's own zone."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in _NOW
            and _last_name(node.value) in ("date", "datetime")
        ):
            yield node.lineno, f"reads a clock: {node.attr}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "astimezone"
            and not (node.args or node.keywords)
        ):
            yield node.lineno, "converts to the machine's own zone"


def clock_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Asking any clock for the time, one that was passed in too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _NOW:
            yield node.lineno, f"asks a clock: {node.func.attr}()"


def floats(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Literals with a fraction or exponent, `float(...)`, and the methods of times that return floats."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield node.lineno, f"a float: {node.value!r}"
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "float":
                yield node.lineno, "makes a float"
            if isinstance(node.func, ast.Attribute) and node.func.attr in _FLOATS:
                yield node.lineno, f"counts time in floats: {node.func.attr}"


def outside_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Built-in functions that reach outside or run text as code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OUTSIDE_CALLS:
            yield node.lineno, f"calls {node.func.id}"


def _last_name(node: ast.expr) -> str:
    """`datetime` for both `datetime` and `dt.datetime`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
