"""What the cells of a column look like, where its name leaves that open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from duewell.core.intake import amounts, date_text, fields, words
from duewell.core.intake.findings import Bad
from duewell.core.intake.table import Cell, Formula, as_text

_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9_./-]{1,40}")


def fits(field: str, cells: Sequence[Cell]) -> bool:
    """Whether most of the cells, the filled ones of a sample, can be of this field."""
    test = _TESTS.get(field)
    if field in fields.AMOUNTS and all(map(is_amount, cells)) and any(map(_is_money, cells)):
        return True
    return test is None or len([cell for cell in cells if test(cell)]) * 2 > len(cells)


def are_codes(cells: Sequence[Cell]) -> bool:
    """Whether all cells are numbers or codes of somebody rather than names."""
    return bool(cells) and all(
        isinstance(cell, Decimal) or _CODE.fullmatch(as_text(cell).strip()) for cell in cells
    )


def number_customers(numbers: Sequence[Cell], names: Sequence[Cell]) -> bool:
    """Whether the numbers tell customers apart: not, if they are accounts of the ledger that all share."""
    distinct = {as_text(cell).strip() for cell in numbers}
    return len(distinct) * 5 >= len({as_text(cell).strip() for cell in names}) * 4


def is_date(cell: Cell) -> bool:
    """Whether the cell is a day, in whatever order."""
    if isinstance(cell, date):
        return True
    text = as_text(cell)
    return not isinstance(date_text.read(text), Bad) or date_text.is_serial(text)


def is_amount(cell: Cell) -> bool:
    """Whether the cell is an amount, with whatever decimal sign."""
    if isinstance(cell, Decimal | Formula):
        return True
    return any(not isinstance(amounts.parse(cell, sign), Bad) for sign in (amounts.POINT, amounts.COMMA))


def _is_money(cell: Cell) -> bool:
    text = as_text(cell).strip()
    return is_amount(cell) and text not in ("0", "1") and not (is_date(cell) and len(text) == 8)


def _is_state(cell: Cell) -> bool:
    return words.is_status(as_text(cell)) and not as_text(cell).strip().isdigit()


def _is_days(cell: Cell) -> bool:
    text = as_text(cell)
    return words.days_of_terms(text) is not None or (not is_date(cell) and not is_amount(cell))


_TESTS: dict[str, Callable[[Cell], bool]] = {
    **dict.fromkeys(fields.AMOUNTS, _is_money),
    **dict.fromkeys(fields.DATES, is_date),
    **dict.fromkeys(("status", "payment_status"), _is_state),
    "terms": _is_days,
    "email": lambda cell: "@" in as_text(cell),
    "region": lambda cell: not _is_state(cell),
}
