"""A column without a known name that looks like what is still open beside what was billed."""

from __future__ import annotations

from collections.abc import Sequence

from duewell.core.intake import amounts
from duewell.core.intake.amounts import Amount
from duewell.core.intake.table import Cell


def looks_open(billed: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether the cells are the amount billed in some rows, less of it in others, and never anything else.

    Net amounts and taxes are none: they are less in every row.
    """
    return any(_with(billed, cells, sign) for sign in (amounts.POINT, amounts.COMMA))


def _with(billed: Sequence[Cell], cells: Sequence[Cell], sign: str) -> bool:
    same = less = 0
    for whole_cell, part_cell in zip(billed, cells, strict=True):
        whole, part = amounts.parse(whole_cell, sign), amounts.parse(part_cell, sign)
        if whole is None or part is None:
            continue
        if not isinstance(whole, Amount) or not isinstance(part, Amount):
            return False
        left, right = whole.digits * 10**part.places, part.digits * 10**whole.places
        if left == right:
            same += left != 0
        elif 0 <= right < left or left < right <= 0:
            less += 1
        else:
            return False
    return same > 0 and less > 0
