"""Takes the rows of a file of invoices: in bulk as far as columns go, then invoice by invoice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from duewell.core.intake import mapping, merge, readers, texts, words
from duewell.core.intake.customers import CustomerColumns
from duewell.core.intake.findings import Bad, Rejected, Remark, Skipped
from duewell.core.intake.frame import Frame, rejected
from duewell.core.intake.gather import Gatherer
from duewell.core.intake.keys import KeyColumn
from duewell.core.intake.money_columns import MoneyColumns
from duewell.core.intake.plan import Plan
from duewell.core.intake.readers import Reader
from duewell.core.intake.rows import Batch
from duewell.core.intake.settle import Nothing, Raw, Said, settle
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell, as_text

ITEM_FAILED = "another line of this invoice could not be read"
_LEVEL = re.compile(r"\s*(?:level |stufe |mahnstufe |m)?(\d{1,2})(?:\.|\b).*", re.IGNORECASE)


class _Kept(NamedTuple):
    raw: Raw
    cells: Sequence[Cell]


class InvoiceTaker:
    """Takes chunk after chunk of sifted rows, in the order of the file."""

    def __init__(self, plan: Plan, sifter: Sifter) -> None:
        self._plan = plan
        self._sifter = sifter
        self._keys = KeyColumn(plan.layout, "number", plan.numbers)
        self._customers = CustomerColumns(plan)
        self._money = MoneyColumns(plan)
        self._number = readers.text_reader("number")
        self._reference = readers.text_reader("reference")
        self._dates = {
            field: readers.date_reader(plan.date_order, plan.as_of.year)
            for field in ("issued_on", "due_on", "paid_on", "last_paid_on")
        }
        self._words = {
            field: readers.word_reader(field, plan.words.get(field, {}))
            for field in ("status", "payment_status", "document_type", "side", "disputed", "blocked", "cancelled")
        }
        self._terms = readers.terms_reader()
        self._level = Reader(_level)
        self._gatherer: Gatherer[_Kept] = Gatherer(plan.repeats)
        self._failed: dict[str, int] = {}

    def take(self, sifted: Sifted) -> Batch:
        """The next rows. What shares a number with later rows comes out with the last of them."""
        batch = Batch([], list(sifted.rejected), list(sifted.skipped), [])
        frame = Frame(sifted, self._plan.layout)
        if not len(frame):
            return batch
        raws = self._raws(frame)
        batch.remarks.extend(frame.remarks)
        keys: Sequence[str] = self._keys.read(frame.columns) if self._plan.repeats else ()
        for index, raw in enumerate(raws):
            fault = frame.faults.get(index)
            key = keys[index] if keys else ""
            if fault is not None:
                self._fail(batch, fault, frame.rows[index], key)
                continue
            if not keys:
                self._one(batch, raw, frame.rows[index], 1)
                continue
            complete = self._gatherer.add(key, _Kept(raw, frame.rows[index]))
            if complete is not None:
                self._together(batch, complete, key)
        return batch

    def _raws(self, frame: Frame) -> list[Raw]:
        codes = self._money.currencies(frame)
        amount, open_, paid = self._amounts(frame, codes)
        columns = (
            frame.lines,
            frame.read("number", self._number, ""),
            self._customers.read(frame),
            codes,
            frame.read("issued_on", self._dates["issued_on"]),
            frame.read("due_on", self._dates["due_on"]),
            frame.read("terms", self._terms),
            amount,
            open_,
            paid,
            frame.read("paid_on", self._dates["paid_on"]),
            frame.read("last_paid_on", self._dates["last_paid_on"]),
            self._states(frame),
            frame.read("payment_status", self._words["payment_status"], ""),
            frame.read("document_type", self._words["document_type"], ""),
            self._flags(frame, "disputed"),
            self._flags(frame, "blocked"),
            self._levels(frame),
            frame.read("reference", self._reference, ""),
        )
        return list(map(Raw._make, zip(*columns, strict=True)))

    def _states(self, frame: Frame) -> list[Any]:
        """The status of each row; a column that only says which are cancelled goes before it."""
        states = frame.read("status", self._words["status"], "")
        if not self._plan.has("cancelled"):
            return states
        flags = frame.read("cancelled", self._words["cancelled"], "")
        return [words.VOID if flag == words.YES else state for flag, state in zip(flags, states, strict=True)]

    def _flags(self, frame: Frame, field: str) -> list[bool]:
        if not self._plan.has(field):
            return [False] * len(frame)
        return [value == words.YES for value in frame.read(field, self._words[field])]

    def _levels(self, frame: Frame) -> list[int | None]:
        values = frame.read("level", self._level)
        if "" in values:
            at = values.index("")
            name = self._plan.layout.name("level")
            text = "a dunning level that is not understood; taken as none"
            frame.remarks.append(
                Remark(frame.lines[at], name, str(frame.rows[at][self._plan.layout.fields["level"]]), text)
            )
            values = [None if value == "" else value for value in values]
        return values

    def _amounts(self, frame: Frame, codes: list[str]) -> tuple[list[Any], list[Any], list[Any]]:
        """What was billed, what is open and what was paid; which columns say it depends on the plan."""
        plan = self._plan
        paid = self._money.read(frame, "paid", codes)
        open_ = self._money.read(frame, "open", codes)
        items = plan.has("line_amount") and (plan.lines == mapping.SUM or not plan.has("amount"))
        amount = self._money.read(frame, "line_amount" if items else "amount", codes)
        two_columns = plan.has("debit") and not plan.has("amount")
        if two_columns:
            amount, paid = self._two_columns(frame, codes, paid)
        if plan.has("side"):
            sides = frame.read("side", self._words["side"], "")
            # Debit and credit in columns of their own have their sign already.
            amount, open_ = amount if two_columns else _signed(amount, sides), _signed(open_, sides)
        if plan.amounts == mapping.OPEN and not plan.has("open"):
            amount, open_ = [None] * len(frame), amount
        return amount, open_, paid

    def _two_columns(self, frame: Frame, codes: list[str], paid: list[Any]) -> tuple[list[Any], list[Any]]:
        """Debit and credit beside one another: billed and already paid, or a credit of its own."""
        debits, credits_ = self._money.read(frame, "debit", codes), self._money.read(frame, "credit", codes)
        amounts: list[Any] = []
        paid = list(paid)
        for index, (debit, credit) in enumerate(zip(debits, credits_, strict=True)):
            if isinstance(debit, Bad) or isinstance(credit, Bad):
                amounts.append(None)
            elif debit:
                amounts.append(debit)
                if credit and paid[index] is None:
                    paid[index] = credit
            else:
                amounts.append(-credit if credit else debit)
        return amounts, paid

    def _one(self, batch: Batch, raw: Raw, cells: Sequence[Cell], records: int) -> bool:
        """One invoice into the batch; False if it was rejected."""
        said: list[Said] = []
        if self._plan.lines == mapping.SUM and self._plan.unreadable:
            beside = merge.beside_unreadable([raw], self._plan.unreadable)
            if beside is not None:
                batch.rejected.append(rejected(cells, raw.row, self._plan.layout, "number", beside))
                return False
        outcome = settle(raw, self._plan.as_of, self._plan.terms_days, said, records)
        if isinstance(outcome, Bad):
            self._reject(batch, raw.row, cells, outcome)
            return False
        if isinstance(outcome, Nothing):
            batch.skipped.append(Skipped(raw.row, outcome.reason))
            return True
        batch.rows.append(outcome)
        for field, value, text in said:
            name = self._plan.layout.name(field) if self._plan.has(field) else ""
            batch.remarks.append(Remark(raw.row, name, value, text))
        return True

    def _reject(self, batch: Batch, row: int, cells: Sequence[Cell], bad: Bad) -> None:
        """A row that lacks what an invoice needs may still be a line of totals or a note."""
        excuse = self._sifter.excuse(cells) if bad.field in ("number", "customer_name", "amount") else None
        if excuse is not None:
            batch.skipped.append(Skipped(row, excuse))
        else:
            batch.rejected.append(rejected(cells, row, self._plan.layout, "", bad))

    def _fail(self, batch: Batch, fault: Rejected, cells: Sequence[Cell], key: str) -> None:
        excuse = self._sifter.excuse(cells)
        if excuse is not None:
            batch.skipped.append(Skipped(fault.row, excuse))
        else:
            batch.rejected.append(fault)
        if key in self._plan.repeats:
            self._failed[key] = fault.row
            complete = self._gatherer.fail(key)
            if complete:
                self._together(batch, complete, key)

    def _together(self, batch: Batch, kept: list[_Kept], key: str) -> None:
        """Records that share a number, judged together."""
        raws = [each.raw for each in kept]
        failed = self._failed.pop(key, None)
        if self._plan.lines == mapping.ONE:
            if merge.same(raws):
                self._one(batch, raws[0], kept[0].cells, 1)
                batch.skipped.extend(Skipped(raw.row, merge.SAME_AGAIN) for raw in raws[1:])
            else:
                self._reject_all(batch, kept, merge.contradict(raws))
            return
        if failed is not None:
            remedy = f"Correct line {failed}, and import the invoice again."
            self._reject_all(batch, kept, Bad(ITEM_FAILED, remedy, "number"))
            return
        if len(kept) == 1:
            self._one(batch, raws[0], kept[0].cells, 1)
            return
        whole = merge.merged(raws, self._plan.lines)
        beside = merge.beside_unreadable(raws, self._plan.unreadable) if self._plan.lines == mapping.SUM else None
        if isinstance(whole, Bad) or beside is not None:
            self._reject_all(batch, kept, beside or whole)  # type: ignore[arg-type]
            return
        self._settled_together(batch, kept, whole)

    def _settled_together(self, batch: Batch, kept: list[_Kept], whole: Raw) -> None:
        """One outcome for all its records: if it is rejected or skipped, every one of them is."""
        own = Batch([], [], [], [])
        self._one(own, whole, kept[0].cells, len(kept))
        batch.rows.extend(own.rows)
        batch.remarks.extend(own.remarks)
        for finding in own.rejected:
            batch.rejected.extend(
                finding._replace(row=each.raw.row, cells=tuple(map(as_text, each.cells))) for each in kept
            )
        for skipped in own.skipped:
            batch.skipped.extend(Skipped(each.raw.row, skipped.reason) for each in kept)

    def _reject_all(self, batch: Batch, kept: list[_Kept], bad: Bad) -> None:
        for each in kept:
            batch.rejected.append(
                rejected(each.cells, each.raw.row, self._plan.layout, bad.field or "number", bad)
            )


def _signed(values: list[Any], sides: list[Any]) -> list[Any]:
    return [
        -value if side == words.HABEN and isinstance(value, int) else value
        for value, side in zip(values, sides, strict=True)
    ]


def _level(cell: Cell) -> int | Bad | str | None:
    """The dunning level of a cell; "" if it is not understood."""
    text = texts.read(cell, "level")
    if isinstance(text, Bad) or not text:
        return text or None
    if words.meaning("disputed", text) == words.NO and not text.isdigit():
        return 0
    match = _LEVEL.fullmatch(text)
    return int(match[1]) if match else ""
