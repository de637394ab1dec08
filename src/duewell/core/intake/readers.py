"""Columns read in bulk: each different cell once, and plain ones without being looked at one by one.

A reader maps cells to values. Cells that cannot be read become `Bad`; the caller asks `bad_at` where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from duewell.core.intake import amounts, date_text, texts, words
from duewell.core.intake.amounts import Amount
from duewell.core.intake.findings import Bad
from duewell.core.intake.table import Cell

_REMEMBERED_MAX = 100_000
_AT_ONCE = 100


class _Memory(dict[Cell, Any]):
    """Computes a value for a cell when it is first asked for."""

    def __init__(self, compute: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._compute = compute
        self.bad = False

    def __missing__(self, cell: Cell) -> Any:
        value = self._compute(cell)
        if type(value) is Bad:
            self.bad = True
        self[cell] = value
        return value


class Reader:
    """Reads one column. `compute` turns a cell into a value or a `Bad`."""

    def __init__(self, compute: Callable[[Cell], Any]) -> None:
        self._memory = _Memory(compute)

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values of the cells, in their order."""
        memory = self._fresh()
        return list(map(memory.__getitem__, cells))

    def _fresh(self) -> _Memory:
        if len(self._memory) > _REMEMBERED_MAX:
            self._memory.clear()
            self._memory.bad = False
        return self._memory

    def value(self, cell: Cell) -> Any:
        """The value of one cell."""
        return self._memory[cell]

    def bad_at(self, values: Sequence[Any]) -> list[int]:
        """Where among the values are those that could not be read."""
        if not self._memory.bad:
            return []
        return [index for index, value in enumerate(values) if type(value) is Bad]


class PlainReader(Reader):
    """Reads columns in which nearly every cell is different and plain.

    A column that is plain as a whole is seen at one glance at all its text. Else what `plain` matches goes through
    `bulk` at once, and only the other cells are computed one by one.
    """

    def __init__(
        self,
        compute: Callable[[Cell], Any],
        glance: Callable[[str], bool],
        plain: re.Pattern[str],
        bulk: Callable[[list[str]], list[Any]],
        harmless: str,
    ) -> None:
        """Args:

        glance: whether cells joined by line feeds are all plain.
        harmless: a plain cell to stand in for those that are not.
        """
        super().__init__(compute)
        self._glance = glance
        self._plain = plain
        self._bulk = bulk
        self._harmless = harmless

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The values of the cells, in their order."""
        memory = self._fresh()
        if len(cells) < 100 or len(set(cells)) * 4 < len(cells):
            return list(map(memory.__getitem__, cells))
        try:
            joined = "\n".join(cells)  # type: ignore[arg-type]
        except TypeError:
            # A sheet, whose cells are not all text.
            return list(map(memory.__getitem__, cells))
        if joined.count("\n") == len(cells) - 1 and self._glance(joined):
            return self._bulk(list(cells))  # type: ignore[arg-type]
        values: list[Any] = []
        for at in range(0, len(cells), _AT_ONCE):
            values += self._some(cells[at : at + _AT_ONCE], memory)  # type: ignore[arg-type]
        return values

    def _some(self, cells: Sequence[str], memory: _Memory) -> list[Any]:
        joined = "\n".join(cells)
        plain = list(cells)
        if joined.count("\n") == len(cells) - 1 and self._glance(joined):
            return self._bulk(plain)
        others = [index for index, cell in enumerate(cells) if self._plain.fullmatch(cell) is None]
        for index in others:
            plain[index] = self._harmless
        values = self._bulk(plain)
        for index in others:
            values[index] = memory[cells[index]]
        return values


def text_reader(field: str) -> Reader:
    """Text of a field: `str`."""
    return PlainReader(
        lambda cell: texts.read(cell, field), texts.plain_column, texts.PLAIN, lambda cells: cells, "x"
    )


def email_reader() -> Reader:
    """Addresses: `tuple[str, ...]`."""

    def compute(cell: Cell) -> tuple[str, ...] | Bad:
        text = texts.read(cell, "email")
        return text if isinstance(text, Bad) else texts.emails(text)

    return PlainReader(
        compute, texts.plain_emails, texts.PLAIN_EMAIL, lambda cells: [(cell,) for cell in cells], "x@x.x"
    )


def date_reader(order: str | None, latest_year: int) -> Reader:
    """Days: `date | None`."""
    return Reader(lambda cell: date_text.parse(cell, order, latest_year))


_PLAIN_CENTS = {
    amounts.POINT: re.compile(r"-?[0-9]{1,12}\.[0-9]{2}", re.ASCII),
    amounts.COMMA: re.compile(r"-?[0-9]{1,12},[0-9]{2}", re.ASCII),
}


def minor_reader(decimal: str, currency: str, exponent: int, rounded: bool, side: str = "") -> Reader:
    """Amounts in one currency: minor units, `int | None`.

    Args:
        side: `S` or `H` if the sign of the value follows the side of an account written beside it; the side named
            here is the positive one.
    """
    sign = "." if decimal == amounts.POINT else ","

    def compute(cell: Cell) -> int | Bad | None:
        amount = amounts.parse(cell, decimal)
        return in_minor(amount, currency, exponent, rounded, side) if isinstance(amount, Amount) else amount

    def cents(cells: list[str]) -> list[Any]:
        return list(map(int, "\n".join(cells).replace(sign, "").split("\n")))

    if exponent != 2:
        return Reader(compute)

    def glance(joined: str) -> bool:
        shapes = set(joined.translate(amounts.DIGITS).split("\n")) if joined.isascii() else {""}
        return all(map(_PLAIN_CENTS[decimal].fullmatch, shapes))

    return PlainReader(compute, glance, _PLAIN_CENTS[decimal], cents, f"0{sign}00")


def in_minor(amount: Amount, currency: str, exponent: int, rounded: bool, side: str = "") -> int | Bad:
    """Minor units of an amount, if what is written beside it agrees with the currency."""
    if amount.currency and amount.currency != currency and amounts.known_currency(amount.currency):
        return Bad(
            f"the amount is in {amount.currency}, but the row is in {currency}",
            "Correct the currency of the row or the amount.",
        )
    value = amounts.minor(amount, exponent, rounded)
    if isinstance(value, Bad) or not amount.side or not side:
        return value
    return value if amount.side == side else -value


def word_reader(field: str, explained: dict[str, str]) -> Reader:
    """Words with a meaning: `str`, "" for blank."""

    def compute(cell: Cell) -> str | Bad:
        text = texts.read(cell, field)
        if isinstance(text, Bad):
            return text
        found = words.meaning(field, text, explained)
        if found is None:
            return Bad("a word whose meaning is not known", f"Say what it means with --word '{field}:{text}=...'.")
        return found

    return Reader(compute)


def terms_reader() -> Reader:
    """Days until an invoice is due: `int | None`; a code that says no days is None."""

    def compute(cell: Cell) -> int | Bad | None:
        text = texts.read(cell, "terms")
        return text if isinstance(text, Bad) else words.days_of_terms(text)

    return Reader(compute)
