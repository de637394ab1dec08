"""Takes the rows of a file of credit notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from duewell.core.intake import readers, words
from duewell.core.intake.customers import NOBODY, CustomerColumns
from duewell.core.intake.findings import Bad, Skipped
from duewell.core.intake.frame import Frame, rejected
from duewell.core.intake.gather import Gatherer
from duewell.core.intake.money_columns import MoneyColumns
from duewell.core.intake.plan import Plan
from duewell.core.intake.rows import Batch, CreditRow, CustomerRow
from duewell.core.intake.settle import NOTHING_OWED, SETTLED_CREDIT
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell

SAME_AGAIN = "the same credit again"
_NO_AMOUNT = Bad("no amount", "Fill in the amount.", "amount")
_WRONG_SIGN = Bad(
    "the sign differs from the other credits", "Enter a credit that was taken back as an invoice.", "amount"
)
_NO_NUMBER = Bad("no number", "Fill in the number of the credit note.", "number")
_CONTRADICT = Bad("the number stands in several lines with different content", "Correct the numbers.", "number")


class _Kept(NamedTuple):
    credit: CreditRow
    cells: Sequence[Cell]


class CreditTaker:
    """Takes credit notes."""

    def __init__(self, plan: Plan, sifter: Sifter) -> None:
        self._plan = plan
        self._sifter = sifter
        self._customers = CustomerColumns(plan)
        self._money = MoneyColumns(plan, positive_side="H")
        self._texts = {field: readers.text_reader(field) for field in ("number", "invoice", "reference")}
        self._day = readers.date_reader(plan.date_order, plan.as_of.year)
        self._status = readers.word_reader("status", plan.words.get("status", {}))
        self._gatherer: Gatherer[_Kept] = Gatherer(plan.repeats)

    def take(self, sifted: Sifted) -> Batch:
        """The next rows."""
        batch = Batch([], list(sifted.rejected), list(sifted.skipped), [])
        frame = Frame(sifted, self._plan.layout)
        if not len(frame):
            return batch
        codes = self._money.currencies(frame)
        columns = (
            frame.lines,
            frame.read("number", self._texts["number"], ""),
            self._customers.read(frame),
            frame.read("invoice", self._texts["invoice"], ""),
            self._money.read(frame, "amount", codes),
            self._money.read(frame, "open", codes),
            codes,
            frame.read("issued_on", self._day),
            frame.read("reference", self._texts["reference"], ""),
            frame.read("status", self._status, ""),
        )
        batch.remarks.extend(frame.remarks)
        for index, values in enumerate(zip(*columns, strict=True)):
            if index not in frame.faults:
                outcome = self._credit(*values)
                if isinstance(outcome, CreditRow):
                    kept = self._gatherer.add(outcome.number, _Kept(outcome, frame.rows[index]))
                    self._together(batch, kept or [])
                    continue
                if isinstance(outcome, str):
                    batch.skipped.append(Skipped(frame.lines[index], outcome))
                    self._together(batch, self._gatherer.fail(values[1]) or [])
                    continue
                frame.fault(index, "", outcome)
            frame.set_aside(batch, index, self._sifter)
            number = values[1] if isinstance(values[1], str) else ""
            self._together(batch, self._gatherer.fail(number) or [])
        return batch

    def _together(self, batch: Batch, kept: list[_Kept]) -> None:
        """Credits with one number: the same again is skipped, and what contradicts is rejected."""
        if not kept:
            return
        alike = {each.credit._replace(row=0, customer=each.credit.customer._replace(row=0)) for each in kept}
        if len(alike) == 1:
            batch.rows.append(kept[0].credit)
            batch.skipped.extend(Skipped(each.credit.row, SAME_AGAIN) for each in kept[1:])
            return
        for each in kept:
            batch.rejected.append(rejected(each.cells, each.credit.row, self._plan.layout, "number", _CONTRADICT))

    def _credit(
        self,
        row: int,
        number: str,
        customer: CustomerRow,
        invoice: str,
        amount: int | None,
        open_: int | None,
        currency: str,
        issued_on: Any,
        reference: str,
        status: str,
    ) -> CreditRow | Bad | str:
        if status in (words.VOID, words.DRAFT):
            return "cancelled or a draft"
        if not number:
            return _NO_NUMBER
        if not customer.name and not invoice:
            return NOBODY
        if amount is None:
            return _NO_AMOUNT
        if amount == 0 or open_ == 0:
            return NOTHING_OWED if amount == 0 else SETTLED_CREDIT
        if (amount < 0) != self._plan.negative:
            return _WRONG_SIGN
        left = None if open_ is None else abs(open_)
        return CreditRow(row, number, customer, invoice, abs(amount), left, currency, issued_on, reference)
