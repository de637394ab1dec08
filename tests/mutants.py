"""Mutants: a room of the house with one line broken on purpose, to see whether the properties notice.

The broken module is loaded beside the real ones, which stay as they are; values keep their types.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


class Mutant(NamedTuple):
    """One line of one module, and what it becomes."""

    what: str
    module: str
    old: str
    new: str


def load(
    mutant: Mutant, entries: tuple[str, ...], kept: tuple[str, ...] = ("values", "stages")
) -> SimpleNamespace:
    """The modules named in `entries`, loaded anew with the mutant in their midst.

    Args:
        entries: modules of the mutant's package by their short names.
        kept: modules of the package that are shared with the real ones, for the types of their values.
    """
    package_name = mutant.module.rpartition(".")[0]
    package = importlib.import_module(package_name)
    before = {name: module for name, module in sys.modules.items() if name.startswith(package_name + ".")}
    attributes = dict(vars(package))
    renewed = [name for name in before if name.rpartition(".")[2] not in kept]
    try:
        for name in renewed:
            del sys.modules[name]
            vars(package).pop(name.rpartition(".")[2], None)
        _run(mutant)
        return SimpleNamespace(**{entry: importlib.import_module(f"{package_name}.{entry}") for entry in entries})
    finally:
        for name in [name for name in sys.modules if name.startswith(package_name + ".")]:
            del sys.modules[name]
        sys.modules.update(before)
        vars(package).clear()
        vars(package).update(attributes)


def is_caught(check: Callable[..., None], drawn: st.SearchStrategy[Any], *, examples: int = 4000) -> bool:
    """Does the property fail on some example? `check` takes the example; nothing is shrunk or remembered."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def property_holds(example: Any) -> None:
        check(example)

    try:
        property_holds()
    except AssertionError:
        return True
    return False


def _run(mutant: Mutant) -> None:
    spec = importlib.util.find_spec(mutant.module)
    assert spec is not None and spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.what}: the line is not there exactly once: {mutant.old}"
    module = ModuleType(mutant.module)
    module.__file__ = spec.origin
    module.__package__ = mutant.module.rpartition(".")[0]
    sys.modules[mutant.module] = module
    setattr(sys.modules[module.__package__], mutant.module.rpartition(".")[2], module)
    exec(compile(source.replace(mutant.old, mutant.new), spec.origin, "exec"), vars(module))  # noqa: S102
