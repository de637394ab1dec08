"""Which strategies there are: those that come with the program, and those in the home's folder `strategies`.

A file in the home comes before a shipped one of the same key.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from duewell.adapters.files.marked_yaml import BadYaml, Finding
from duewell.adapters.files.strategy_file import read_strategy
from duewell.core.decide.tone import KIND, in_tone
from duewell.core.decide.values import Strategy
from duewell.flows import strategy as strategy_flow


class NoSuchStrategy(LookupError):
    """There is no strategy with this key."""


def known(home: Path | None = None) -> dict[str, Path]:
    """Every strategy by key, with its file. Without `home`, the home that is open (DUEWELL_HOME)."""
    shipped = resources.files("duewell.rulebooks") / "strategies"
    found = {Path(str(part)).stem: Path(str(part)) for part in shipped.iterdir() if part.name.endswith(".yaml")}
    if home is None and os.environ.get("DUEWELL_HOME"):
        home = Path(os.environ["DUEWELL_HOME"])
    if home is not None:
        found.update({path.stem: path for path in sorted((home / "strategies").glob("*.yaml"))})
    return found


def load(home: Path, key: str, tone: str | None = KIND) -> Strategy:
    """Read a strategy.

    Args:
        home: its folder `strategies` is looked at first.
        key: of the strategy.
        tone: of steps that name none; None leaves them without.

    Raises:
        NoSuchStrategy: neither the home nor the program has it.
        BadYaml: its file has findings, or is called otherwise than the strategy in it.
    """
    files = known(home)
    if key not in files:
        raise NoSuchStrategy(f"there is no strategy {key!r} (known: {', '.join(sorted(files))})")
    file = files[key]
    strategy = _read(file.read_bytes(), str(file))
    if strategy.key != key:
        text = f"the file is called {file.name}, but the strategy in it is {strategy.key}"
        raise BadYaml([Finding(str(file), 1, text, 1, f"call it {strategy.key}.yaml, or write `strategy: {key}`")])
    return strategy if tone is None else in_tone(strategy, tone)


def check(content: bytes, file: str) -> Strategy | Sequence[strategy_flow.Finding]:
    """The strategy in the bytes of a file, or everything that is wrong with it."""
    try:
        return read_strategy(content, file)
    except BadYaml as problem:
        return [
            strategy_flow.Finding(one.file, one.line, max(1, one.column), one.text, one.remedy)
            for one in problem.findings
        ]


def content(key: str) -> bytes | None:
    """The bytes of a strategy's file in the home that is open (DUEWELL_HOME); None where there is none."""
    file = known().get(key)
    return None if file is None else file.read_bytes()


@lru_cache(maxsize=64)
def _read(content: bytes, file: str) -> Strategy:
    # Reading a file costs nothing beside understanding it, so what it said before is remembered by its bytes.
    return read_strategy(content, file)
