"""Takes the rows of a file of payments."""

from __future__ import annotations

import re
from typing import Any

from duewell.core.intake import readers, words
from duewell.core.intake.customers import NOBODY, CustomerColumns
from duewell.core.intake.findings import Bad, Skipped
from duewell.core.intake.frame import Frame
from duewell.core.intake.money_columns import MoneyColumns
from duewell.core.intake.plan import Plan
from duewell.core.intake.rows import Batch, CustomerRow, PaymentRow
from duewell.core.intake.settle import NOTHING_OWED
from duewell.core.intake.sift import Sifted, Sifter

_SEVERAL = re.compile(r"\s*[,;|]\s*|\s+(?:und|and|&|\+)\s+")
_NO_AMOUNT = Bad("no amount", "Fill in the amount.", "amount")
_NO_DAY = Bad("no day of payment", "Fill in the day of the payment.", "paid_on")
_BACK = Bad("money that was paid back", "Enter refunds and returned debits by hand.", "amount")
SAME_AGAIN = "the same payment again"
_NOT_A_PAYMENT = "not a payment"
_NOT_RECEIVED = "a payment that did not arrive, or not yet"


class PaymentTaker:
    """Takes payments. Equal ones without numbers are all taken: two real payments of a day can be alike."""

    def __init__(self, plan: Plan, sifter: Sifter) -> None:
        self._plan = plan
        self._sifter = sifter
        self._customers = CustomerColumns(plan)
        self._money = MoneyColumns(plan, positive_side="H")
        self._texts = {field: readers.text_reader(field) for field in ("payment_id", "invoice", "reference")}
        self._day = readers.date_reader(plan.date_order, plan.as_of.year)
        self._seen: set[PaymentRow] = set()
        self._words = {
            field: readers.word_reader(field, plan.words.get(field, {}))
            for field in ("side", "document_type", "payment_state")
        }

    def take(self, sifted: Sifted) -> Batch:
        """The next rows."""
        batch = Batch([], list(sifted.rejected), list(sifted.skipped), [])
        frame = Frame(sifted, self._plan.layout)
        if not len(frame):
            return batch
        codes = self._money.currencies(frame)
        columns = (
            frame.lines,
            frame.read("payment_id", self._texts["payment_id"], ""),
            self._customers.read(frame),
            frame.read("invoice", self._texts["invoice"], ""),
            self._money.read(frame, "amount", codes),
            codes,
            frame.read("paid_on", self._day),
            frame.read("reference", self._texts["reference"], ""),
            frame.read("side", self._words["side"], ""),
            frame.read("document_type", self._words["document_type"], ""),
            frame.read("payment_state", self._words["payment_state"], ""),
        )
        batch.remarks.extend(frame.remarks)
        for index, values in enumerate(zip(*columns, strict=True)):
            if index not in frame.faults:
                outcome = _payment(*values)
                if isinstance(outcome, PaymentRow) and not self._again(outcome):
                    batch.rows.append(outcome)
                    continue
                if isinstance(outcome, PaymentRow):
                    outcome = SAME_AGAIN
                if isinstance(outcome, str):
                    batch.skipped.append(Skipped(frame.lines[index], outcome))
                    continue
                frame.fault(index, "", outcome)
            frame.set_aside(batch, index, self._sifter)
        return batch

    def _again(self, payment: PaymentRow) -> bool:
        """Whether a payment with this number and content came before: one number is one payment."""
        if payment.payment_id not in self._plan.repeats:
            return False
        content = payment._replace(row=0, customer=payment.customer._replace(row=0))
        if content in self._seen:
            return True
        self._seen.add(content)
        return False


def _payment(
    row: int,
    payment_id: str,
    customer: CustomerRow,
    invoice: str,
    amount: int | None,
    currency: str,
    paid_on: Any,
    reference: str,
    side: str,
    document_type: str,
    state: str,
) -> PaymentRow | Bad | str:
    if document_type in (words.INVOICE, words.IGNORED, words.CREDIT):
        return _NOT_A_PAYMENT
    if state == words.NOT_RECEIVED:
        return _NOT_RECEIVED
    if not customer.name and not invoice:
        return NOBODY
    if amount is None:
        return _NO_AMOUNT
    if paid_on is None:
        return _NO_DAY
    if amount == 0:
        return NOTHING_OWED
    # Money in stands on the credit side of a customer's account, whatever its sign there.
    if side == words.DEBIT or (amount < 0 and side != words.HABEN):
        return _BACK
    invoices = tuple(part for part in _SEVERAL.split(invoice) if part)
    return PaymentRow(row, payment_id, customer, invoices, abs(amount), currency, paid_on, reference)
