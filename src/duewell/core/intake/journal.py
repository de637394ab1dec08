"""Takes a journal: invoices and payments out of the rows of receivable accounts.

What an entry debits there with an invoice's number is that invoice; what other entries credit with the number is
money received or a credit note. An invoice that several entries debit was changed by hand: it is rejected, since
the journal does not say what it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from duewell.core.intake import journal_look, readers
from duewell.core.intake.customers import NOBODY, CustomerColumns
from duewell.core.intake.findings import Bad, Skipped
from duewell.core.intake.frame import Frame, rejected
from duewell.core.intake.gather import Gatherer
from duewell.core.intake.keys import KeyColumn
from duewell.core.intake.money_columns import MoneyColumns
from duewell.core.intake.plan import Plan
from duewell.core.intake.rows import Batch, CreditRow, CustomerRow, InvoiceRow, Paid, PaymentRow
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell, as_text

OTHER_SIDE = "the other side of an entry"
_NO_AMOUNT = Bad("neither debit nor credit", "Fill in the amount of the row.", "debit")
_NO_NUMBER = Bad("no invoice number", "Fill in the number, or enter the charge as an invoice.", "number")
_NO_DAY = Bad("no day", "Fill in the day of the entry.", "issued_on")
_NO_TERMS = Bad("no due date", "Give the days from issue with --terms.", "due_on")
_CHANGED = Bad("several entries charge this invoice", "Enter the invoice as it is now by hand.", "number")
_NOTHING_LEFT = Bad("the entry charges nothing", "Enter the invoice as it is now by hand.", "number")
_MIXED = Bad("the rows of this invoice disagree on its customer or currency", "Correct the rows.", "customer_name")
_FAILED = "another row of this invoice could not be read"


class _Line(NamedTuple):
    row: int
    number: str
    customer: CustomerRow
    currency: str
    day: date | None
    due_on: date | None
    value: int | None
    transaction: str
    money: bool
    reference: str
    cells: Sequence[Cell]


class JournalTaker:
    """Takes chunk after chunk of sifted rows, in the order of the file."""

    def __init__(self, plan: Plan, sifter: Sifter) -> None:
        self._plan = plan
        self._sifter = sifter
        self._keys = KeyColumn(plan.layout, "number", plan.numbers)
        self._customers = CustomerColumns(plan)
        self._money = MoneyColumns(plan)
        self._texts = {field: readers.text_reader(field) for field in ("number", "reference")}
        self._day = readers.date_reader(plan.date_order, plan.as_of.year)
        self._gatherer: Gatherer[_Line] = Gatherer(plan.repeats)
        self._failed: set[str] = set()

    def take(self, sifted: Sifted) -> Batch:
        """The next rows. An invoice comes out with the last row that names it."""
        batch = Batch([], list(sifted.rejected), list(sifted.skipped), [])
        flags = self._receivable(sifted.rows)
        batch.skipped.extend(
            Skipped(line, OTHER_SIDE) for line, flag in zip(sifted.lines, flags, strict=True) if not flag
        )
        rows = [row for row, flag in zip(sifted.rows, flags, strict=True) if flag]
        lines = [line for line, flag in zip(sifted.lines, flags, strict=True) if flag]
        frame = Frame(Sifted(rows, lines, [], []), self._plan.layout)
        if not len(frame):
            return batch
        keys = self._keys.read(frame.columns)
        for index, line in enumerate(self._lines(frame)):
            if index in frame.faults:
                batch.rejected.append(frame.faults[index])
                self._failed.add(keys[index])
                complete = self._gatherer.fail(keys[index])
            elif line.number:
                complete = self._gatherer.add(keys[index], line)
            else:
                complete = None
                self._without_invoice(batch, line)
            if complete:
                self._invoice(batch, complete, keys[index] in self._failed)
        batch.remarks.extend(frame.remarks)
        return batch

    def _receivable(self, rows: Sequence[Sequence[Cell]]) -> list[bool]:
        at = self._plan.layout.fields
        known: dict[tuple[str, str], bool] = {}
        flags = []
        for row in rows:
            pair = tuple(as_text(row[at[field]]) if field in at else "" for field in ("gl_account", "gl_type"))
            key = (pair[0], pair[1])
            if key not in known:
                known[key] = journal_look.is_receivable(*key, self._plan.receivable_accounts)
            flags.append(known[key])
        return flags

    def _lines(self, frame: Frame) -> list[_Line]:
        codes = self._money.currencies(frame)
        columns = (
            frame.lines,
            frame.read("number", self._texts["number"], ""),
            self._customers.read(frame),
            codes,
            frame.read("issued_on", self._day),
            frame.read("due_on", self._day),
            self._values(frame, codes),
            [as_text(cell) for cell in frame.cells("transaction") or [""] * len(frame)],
            self._is_money(frame),
            frame.read("reference", self._texts["reference"], ""),
            frame.rows,
        )
        return list(map(_Line._make, zip(*columns, strict=True)))

    def _values(self, frame: Frame, codes: list[str]) -> list[Any]:
        """Debits above zero, credits below."""
        if not (self._plan.has("debit") and self._plan.has("credit")):
            return self._money.read(frame, "amount", codes)
        debits, credits_ = self._money.read(frame, "debit", codes), self._money.read(frame, "credit", codes)
        return [
            None
            if (debit is None and credit is None) or isinstance(debit, Bad) or isinstance(credit, Bad)
            else (debit or 0) - (credit or 0)
            for debit, credit in zip(debits, credits_, strict=True)
        ]

    def _is_money(self, frame: Frame) -> list[bool]:
        counters = frame.cells("counter_account") or [""] * len(frame)
        descriptions = frame.cells("text") or [""] * len(frame)
        return [
            journal_look.means_money(as_text(counter), as_text(text))
            for counter, text in zip(counters, descriptions, strict=True)
        ]

    def _without_invoice(self, batch: Batch, line: _Line) -> None:
        """Money on account; a charge without a number cannot be asked for."""
        if line.value is None or line.value >= 0:
            bad = _NO_AMOUNT if line.value is None else _NO_NUMBER
            batch.rejected.append(rejected(line.cells, line.row, self._plan.layout, "", bad))
            return
        fault = _unfit(line)
        if fault is not None:
            batch.rejected.append(rejected(line.cells, line.row, self._plan.layout, "", fault))
            return
        batch.rows.append(self._credited(line))

    def _credited(self, line: _Line) -> PaymentRow | CreditRow:
        amount = -(line.value or 0)
        day = line.day or self._plan.as_of
        named = (line.number,) if line.number else ()
        if line.money or not line.number:
            return PaymentRow(
                line.row, line.transaction, line.customer, named, amount, line.currency, day, line.reference
            )
        number = f"{line.number}/{line.transaction}"
        return CreditRow(
            line.row, number, line.customer, line.number, amount, None, line.currency, day, line.reference
        )

    def _invoice(self, batch: Batch, lines: list[_Line], failed: bool) -> None:
        """All rows with the number of one invoice."""
        fault = Bad(_FAILED, "Correct that row first.", "number") if failed else None
        fault = fault or next((found for found in map(_unfit, lines) if found is not None), None)
        if fault is None and (
            len({line.customer.key for line in lines if line.customer.name}) > 1
            or len({line.currency for line in lines}) > 1
        ):
            fault = _MIXED
        charged = {line.transaction for line in lines if (line.value or 0) > 0}
        if fault is None and len(charged) > 1:
            fault = _CHANGED
        if fault is not None:
            batch.rejected.extend(rejected(line.cells, line.row, self._plan.layout, "", fault) for line in lines)
            return
        own = [line for line in lines if line.transaction in charged]
        later = [line for line in lines if line.transaction not in charged]
        if not own:
            batch.rows.extend(self._credited(line) for line in later)
            return
        self._charged(batch, own, later)

    def _charged(self, batch: Batch, own: list[_Line], later: list[_Line]) -> None:
        first = own[0]
        amount = sum(line.value or 0 for line in own)
        days = self._plan.terms_days
        due_on = next((line.due_on for line in own if line.due_on), None)
        if due_on is None and first.day is not None and days is not None:
            due_on = first.day + timedelta(days=days)
        if amount <= 0 or due_on is None:
            fault = _NO_TERMS if due_on is None else _NOTHING_LEFT
            batch.rejected.extend(
                rejected(line.cells, line.row, self._plan.layout, "", fault) for line in (*own, *later)
            )
            return
        money = [line for line in later if line.money]
        payments = tuple(Paid(-(line.value or 0), line.day or self._plan.as_of) for line in money)
        open_ = max(amount + sum(line.value or 0 for line in later), 0)
        batch.rows.append(
            InvoiceRow(
                first.row,
                first.number,
                first.customer,
                first.currency,
                first.day,
                due_on,
                amount,
                open_,
                payments,
                reference=first.reference,
                records=len(own) + len(money),
            )
        )
        batch.rows.extend(self._credited(line) for line in later if not line.money)


def _unfit(line: _Line) -> Bad | None:
    if not line.customer.name:
        return NOBODY
    if line.value is None:
        return _NO_AMOUNT
    return _NO_DAY if line.day is None else None
