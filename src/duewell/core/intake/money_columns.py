"""Amounts of a chunk in minor units, each in the currency of its row."""

from __future__ import annotations

from typing import Any

from duewell.core.intake import amounts, currencies, readers
from duewell.core.intake.amounts import Amount
from duewell.core.intake.findings import Bad
from duewell.core.intake.frame import Frame
from duewell.core.intake.plan import Plan
from duewell.core.intake.readers import Reader
from duewell.core.intake.table import Cell
from duewell.core.units import money

_NO_CURRENCY = Bad("no currency", "Fill in the currency, or name the one of such rows with --currency.")


class MoneyColumns:
    """Reads currencies and amounts, chunk by chunk."""

    def __init__(self, plan: Plan, positive_side: str = "S") -> None:
        """`positive_side`: `S` or `H`, the side of an account that counts above zero."""
        self._plan = plan
        self._side = positive_side
        self._currency = currencies.reader(plan.currency, plan.words.get("currency", {}))
        self._by_currency: dict[tuple[str, str], Reader] = {}
        first = next((field for field in ("amount", "open", "line_amount", "debit") if plan.has(field)), "")
        self._beside_field = first if plan.currency_beside else ""
        self._beside = Reader(self._written_beside)

    def _written_beside(self, cell: Cell) -> str:
        amount = amounts.parse(cell, self._plan.decimals[self._beside_field])
        known = isinstance(amount, Amount) and amounts.known_currency(amount.currency)
        return amount.currency if known and isinstance(amount, Amount) else ""

    def currencies(self, frame: Frame) -> list[str]:
        """The currency of each row; rows without one become faults."""
        if self._beside_field:
            codes = self._beside.read(frame.cells(self._beside_field) or [])
        elif self._plan.has("currency"):
            codes = frame.read("currency", self._currency)
        else:
            return [self._plan.currency] * len(frame)
        if "" in codes:
            for index, code in enumerate(codes):
                if code == "":
                    frame.fault(index, "currency", _NO_CURRENCY)
        return [code if isinstance(code, str) else "" for code in codes]

    def read(self, frame: Frame, field: str, codes: list[str]) -> list[Any]:
        """Minor units of a field, None where it is blank or no column holds it."""
        cells = frame.cells(field)
        if cells is None:
            return [None] * len(frame)
        different = set(codes)
        if len(different) == 1:
            reader = self._reader(field, codes[0])
            values = reader.read(cells)
            bad = reader.bad_at(values)
        else:
            by_code = {code: self._reader(field, code) for code in different}
            values = [by_code[code].value(cell) for code, cell in zip(codes, cells, strict=True)]
            bad = [index for index, value in enumerate(values) if type(value) is Bad]
        for index in bad:
            frame.fault(index, field, values[index])
        return values

    def _reader(self, field: str, code: str) -> Reader:
        reader = self._by_currency.get((field, code))
        if reader is None:
            exponent = 0 if field in self._plan.layout.minor else money.exponent(code) if code else 2
            reader = readers.minor_reader(
                self._plan.decimals[field], code, exponent, self._plan.rounded, self._side
            )
            self._by_currency[field, code] = reader
        return reader
