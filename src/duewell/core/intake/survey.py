"""The first pass: the whole file is looked at, nothing is taken.

What its rows prove becomes decisions; what they leave open becomes questions. Only without questions is there a
plan to read by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from duewell.core.intake import currency_look, fields, keys, mapping, word_look
from duewell.core.intake.amounts import POINT, AmountColumn
from duewell.core.intake.columns import Layout
from duewell.core.intake.currency_look import BY_ROW, FROM_AMOUNTS
from duewell.core.intake.dates import DateLook
from duewell.core.intake.findings import Decision, Evidence, Undecided, shown
from duewell.core.intake.journal_look import JournalLook
from duewell.core.intake.keys import KeyColumn
from duewell.core.intake.line_look import LineLook
from duewell.core.intake.mapping import Mapping
from duewell.core.intake.meaning import MeaningLook
from duewell.core.intake.plan import Places, Plan
from duewell.core.intake.proofs import AgeProof, DueProof, RunningProof
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell, Table, as_text

_UNREADABLE_MAX = 20_000


@dataclass(frozen=True)
class Survey:
    """What the whole file showed. There is a plan only if there are no questions."""

    decisions: tuple[Decision, ...]
    questions: tuple[Undecided, ...]
    records: int
    plan: Plan | None


def survey(
    table: Table, kind: str, layout: Layout, sifter: Sifter, said: Mapping, as_of: date, places: Places
) -> Survey:
    """Looks at every row of the table once."""
    look = _Look(kind, layout, said, as_of)
    for chunk in table.chunks():
        look.at(sifter.sift(chunk))
    return look.conclude(places)


class _Look:
    def __init__(self, kind: str, layout: Layout, said: Mapping, as_of: date) -> None:
        self._kind = kind
        self._layout = layout
        self._said = said
        self._as_of = as_of
        self._records = 0
        self._amounts = {
            field: AmountColumn(layout.name(field)) for field in fields.AMOUNTS if field in layout.fields
        }
        self._dates = DateLook(as_of.year)
        self._words = word_look.WordLook(layout, said.words)
        self._keys = KeyColumn(layout, keys.field_of(kind, layout), said.numbers)
        self._counts: Counter[str] = Counter()
        self._unreadable: dict[int, str] = {}
        self._lines = LineLook(layout)
        self._journal = JournalLook(layout, said)
        self._meaning = MeaningLook(layout, said.words)
        self._ages, self._due, self._running = AgeProof(layout), DueProof(layout), RunningProof(layout)
        self._due_filled = False
        self._unexpected: dict[int, Evidence] = {}

    def at(self, sifted: Sifted) -> None:
        """The next rows."""
        rows, lines = sifted.rows, sifted.lines
        self._records += len(rows) + len(sifted.rejected) + len(sifted.skipped)
        for rejected in sifted.rejected:
            if len(self._unreadable) < _UNREADABLE_MAX:
                self._unreadable[rejected.row] = " ".join(rejected.cells)[:2_000]
        if not rows:
            return
        all_columns = sifted.columns()
        columns = {field: all_columns[index] for field, index in self._layout.fields.items()}
        keys_ = self._keys.read(all_columns)
        if self._journal.active:
            flags = self._journal.look(columns, lines)
            keys_ = [key if flag else "" for key, flag in zip(keys_, flags, strict=True)]
        for field, amounts in self._amounts.items():
            amounts.look(columns[field], lines)
        for field in fields.DATES:
            if field in columns:
                self._dates.look(self._layout.name(field), columns[field], lines)
        for index in self._layout.empty:
            self._look_into_empty(index, all_columns[index], lines)
        self._words.look(columns, lines)
        self._counts.update(keys_)
        self._lines.look(rows, keys_, lines)
        self._meaning.look(columns, lines)
        self._ages.look(all_columns, lines)
        self._due.look(columns, lines)
        self._running.look(all_columns, lines)
        self._due_filled = self._due_filled or any(cell != "" for cell in columns.get("due_on", ()))

    def _look_into_empty(self, index: int, cells: Sequence[Cell], lines: Sequence[int]) -> None:
        if index in self._unexpected or set(cells) <= {""}:
            return
        for cell, line in zip(cells, lines, strict=True):
            if as_text(cell).strip():
                self._unexpected[index] = Evidence(line, self._layout.names[index], shown(as_text(cell)))
                return

    def conclude(self, places: Places) -> Survey:
        """All decisions and questions, and the plan."""
        decisions: list[Decision] = []
        questions: list[Undecided] = []

        def settle(outcome: Decision | Undecided | None, default: str = "") -> str:
            if isinstance(outcome, Undecided):
                questions.append(outcome)
            elif outcome is not None:
                decisions.append(outcome)
                return outcome.value
            return default

        questions.extend(self._missing())
        decisions.extend(
            Decision(f"unit: {self._layout.name(field)}", "minor units", "the name of the column says so")
            for field in sorted(self._layout.minor)
        )
        questions.extend(
            Undecided(
                f"column: {evidence.column}",
                f"What does column {evidence.column!r} hold? Its first rows are empty.",
                (),
                f"--column FIELD={evidence.column!r}",
                (evidence,),
            )
            for evidence in self._unexpected.values()
        )
        dated = any(field in self._layout.fields for field in fields.DATES)
        order = settle(self._dates.decide(self._said.date_order)) if dated else "plain"
        decimals = {
            field: settle(column.decide(self._said.decimal), POINT)
            for field, column in self._amounts.items()
            if field not in self._not_read()
        }
        currency = settle(currency_look.decide(self._layout, self._amounts, self._words, self._said))
        questions.extend(self._words.questions())
        amounts, lines = mapping.ORIGINAL, mapping.ONE
        # Each amount of a list with a running balance is one of the account, from which nothing was taken.
        running = self._running.decide()
        if self._kind == "invoices":
            lines = settle(self._line_outcome(), mapping.ONE)
            if not self._journal.active and running is None:
                proven = self._ages.decide(self._said.amounts) or self._meaning.decide(self._said.amounts)
                amounts = settle(proven, mapping.ORIGINAL)
        due = running or self._due.decide()
        settle(due)
        if questions:
            return Survey(tuple(decisions), tuple(questions), self._records, None)
        plan = Plan(
            kind=self._kind,
            layout=self._layout if due is None else self._layout.without("open"),
            as_of=self._as_of,
            date_order=None if order == "plain" else order,
            decimals=MappingProxyType(decimals),
            currency=self._said.currency or "" if currency in (BY_ROW, FROM_AMOUNTS) else currency,
            currency_beside=currency == FROM_AMOUNTS,
            amounts=amounts,
            lines=lines,
            numbers=self._said.numbers or mapping.PER_CREDITOR,
            terms_days=self._said.terms_days,
            rounded=self._said.rounded,
            words={field: dict(explained) for field, explained in self._said.words.items()},
            constants=self._said.constants,
            places=places,
            repeats={key: count for key, count in self._counts.items() if count > 1 and key},
            unreadable=self._unreadable,
            receivable_accounts=frozenset(self._said.receivable_accounts),
            negative=self._mostly_negative(),
        )
        return Survey(tuple(decisions), (), self._records, plan)

    def _not_read(self) -> set[str]:
        """Columns of amounts that are only looked at."""
        two_columns = self._journal.active and {"debit", "credit"} <= set(self._amounts)
        return {"tax", "amount"} if two_columns else {"tax"}

    def _line_outcome(self) -> Decision | Undecided | None:
        if self._journal.active:
            return self._journal.decide()
        tax = self._amounts.get("tax")
        return self._lines.decide(self._said.lines, taxed=tax is not None and tax.above_zero)

    def _mostly_negative(self) -> bool:
        column = self._amounts.get("amount") or self._amounts.get("open")
        return column is not None and column.negatives * 2 > column.filled

    def _missing(self) -> list[Undecided]:
        """Fields without which no row can be taken."""
        has = self._layout.fields
        unused = tuple(use.name for use in self._layout.uses if not use.field)

        def ask(field: str, question: str, answer: str) -> Undecided:
            return Undecided(f"column: {field}", question, unused, answer)

        found = []
        if not any(field in has for field in fields.WHO) and not (self._kind != "invoices" and "invoice" in has):
            found.append(
                ask("customer_name", "Which column says who the customer is?", "--column customer_name=NAME")
            )
        if self._kind == "customers":
            return found
        if self._kind in ("invoices", "credits") and "number" not in has:
            if "reference" in has:
                # Some programs call the number so.
                unused = (self._layout.name("reference"), *unused)
            found.append(
                ask("number", f"Which column holds the number of the {self._kind[:-1]}?", "--column number=NAME")
            )
        money = {"amount", "open", "line_amount", "debit"} if self._kind == "invoices" else {"amount"}
        if not money & set(has):
            found.append(
                ask("amount", "Which column holds the amount?", "--column amount=NAME or --column open=NAME")
            )
        if self._kind == "payments" and "paid_on" not in has:
            found.append(ask("paid_on", "Which column holds the day of the payment?", "--column paid_on=NAME"))
        if self._kind == "invoices":
            found.extend(self._missing_due())
        return found

    def _missing_due(self) -> list[Undecided]:
        has = self._layout.fields
        terms = self._said.terms_days is not None or "terms" in has
        if self._due_filled or ("issued_on" in has and terms):
            return []
        unused = tuple(use.name for use in self._layout.uses if not use.field)
        if "issued_on" in has:
            question = "The file says when invoices were issued, but not when they are due. After how many days?"
            return [Undecided("terms", question, unused, "--terms 30, or --column due_on=NAME")]
        question = "Which column holds the day an invoice is due?"
        return [Undecided("column: due_on", question, unused, "--column due_on=NAME, or issued_on and --terms 30")]
