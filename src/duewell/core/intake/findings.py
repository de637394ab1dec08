"""What reading a file can find: decisions with their evidence, questions, and rows that were not taken.

Nothing here is an error of ours: findings on input are values with row, column and remedy. Only a file that
cannot be read at all is an exception, `FileRefused`.
"""

from __future__ import annotations

from typing import NamedTuple

AS_SAID = "as you said"
"""Why a decision is as it is, if a person made it."""


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing was taken from it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy


class Evidence(NamedTuple):
    """A cell that decides something. `row` is the line of a text file or the row of a sheet, from 1."""

    row: int
    column: str
    value: str


class Decision(NamedTuple):
    """Something the file left open and its own rows settled."""

    what: str
    """`encoding`, `separator`, `header`, `dates`, `decimal: COLUMN`, `currency`, `amounts`, `lines` ..."""
    value: str
    why: str
    evidence: tuple[Evidence, ...] = ()


class Undecided(NamedTuple):
    """A question that only a person can answer; nothing is read until it is answered."""

    what: str
    question: str
    options: tuple[str, ...]
    answer: str
    """The option of the command that answers it, such as `--date-order dmy|mdy`."""
    examples: tuple[Evidence, ...] = ()


class Rejected(NamedTuple):
    """A record that was not taken; `cells` is the record as it was."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    cells: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A record that holds nothing to take, and why: a repeated header, a total, a draft, a duplicate."""

    row: int
    reason: str


class Remark(NamedTuple):
    """A record was taken, and somebody may want to know this about it."""

    row: int
    column: str
    value: str
    text: str


class Bad(NamedTuple):
    """A cell that cannot be read; becomes a `Rejected` where its row is known."""

    reason: str
    remedy: str
    field: str = ""
    value: str = ""


def shown(value: object, longest: int = 120) -> str:
    """A cell as it may stand in a report: one line, no controls, cut where it is long."""
    text = str(value)
    if len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return "".join(character if character.isprintable() else "·" for character in text)
