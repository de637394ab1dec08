"""A pile of electronic invoices, looked at before anything is taken: rows, what is rejected, what must be asked.

Invoices and credit notes come first, corrected invoices behind them in the order of their days, so that a
correction finds what it corrects. Two documents of a pile that give one number differently are never both taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from duewell.core.intake import sellers
from duewell.core.intake.e_invoice import EInvoice, Fault, Paper
from duewell.core.intake.e_invoice_rows import NoDueDate, Rules, Taken, row_of
from duewell.core.intake.findings import Evidence, Rejected, Remark, Undecided, shown
from duewell.core.intake.rows import Batch, CreditRow, InvoiceRow, Row

BATCH = 250
"""Documents that are taken in one transaction: their contents are written with them."""
_EXAMPLES = 3


class Source(NamedTuple):
    """What is kept of a document beside its row."""

    name: str
    digest: str
    corrects: bool


class Pile(NamedTuple):
    """What a pile of documents says. There are rows to take only if there are no questions."""

    names: tuple[str, ...]
    """By number of the document, from 1: how each is called."""
    questions: tuple[Undecided, ...]
    rejected: tuple[Rejected, ...]
    """`row` is the number of the document, `column` the element, `cells` the document's name."""
    taken: tuple[tuple[Taken, Source], ...]

    @property
    def records(self) -> int:
        """How many documents there are."""
        return len(self.names)

    def sources(self) -> dict[int, Source]:
        """By number of the document."""
        return {taken.row.row: source for taken, source in self.taken}

    def batches(self) -> Iterator[Batch]:
        """All documents in the order in which they are to be taken."""
        yield Batch([], list(self.rejected), [], [])
        rows: list[Row] = []
        remarks: list[Remark] = []
        numbers: set[tuple[str, str]] = set()
        for taken, _ in self.taken:
            key = _key(taken)
            if len(rows) >= BATCH or key in numbers:
                yield Batch(rows, [], [], remarks)
                rows, remarks, numbers = [], [], set()
            rows.append(taken.row)
            remarks += taken.remarks
            numbers.add(key)
        if rows:
            yield Batch(rows, [], [], remarks)


def look(papers: Iterable[Paper], rules: Rules, tell: Callable[[int], None] = lambda done: None) -> Pile:
    """Looks at every document.

    Args:
        papers: in the order in which they are numbered.
        rules: what holds for all.
        tell: is told how many have been looked at.
    """
    names: list[str] = []
    found: list[tuple[Taken, Source]] = []
    rejected: list[Rejected] = []
    undated: list[Evidence] = []
    strangers: list[tuple[str, EInvoice]] = []
    for number, paper in enumerate(papers, 1):
        names.append(paper.name)
        told = paper.told
        outcome = told if isinstance(told, Fault) else row_of(told, number, rules)
        if isinstance(outcome, Taken):
            found.append((outcome, Source(paper.name, paper.digest, outcome.corrects)))
        elif isinstance(outcome, NoDueDate):
            undated.append(Evidence(number, paper.name, outcome.value))
        else:
            if isinstance(told, EInvoice) and not sellers.is_us(told.seller, told.ibans, rules.us):
                strangers.append((paper.name, told))
            rejected.append(
                Rejected(number, outcome.place, outcome.value, outcome.reason, outcome.remedy, (paper.name,))
            )
        tell(number)
    plain = [each for each in found if not each[1].corrects]
    corrections = [each for each in found if each[1].corrects]
    ordered = [*plain, *sorted(corrections, key=lambda each: (str(each[0].row.issued_on), each[0].row.row))]
    kept, clashing = _clashes(ordered)
    questions = []
    if not found and not undated:
        questions += _who(strangers, rules)
    if undated:
        questions.append(
            Undecided(
                "terms",
                f"{len(undated)} of {len(names)} documents do not say when they are due. After how many days?",
                (),
                "--terms 30",
                tuple(undated[:_EXAMPLES]),
            )
        )
    return Pile(tuple(names), tuple(questions), tuple(sorted((*rejected, *clashing))), tuple(kept))


def _who(strangers: list[tuple[str, EInvoice]], rules: Rules) -> list[Undecided]:
    """Is the one seller of all documents the creditor under another name?"""
    sold = {told.seller.name.text for _, told in strangers if not rules.us.named(told.buyer.name.text)}
    if len(sold) != 1 or "" in sold:
        return []
    name = shown(next(iter(sold)))
    examples = tuple(Evidence(0, name_, shown(told.seller.name.text)) for name_, told in strangers[:_EXAMPLES])
    question = f"The seller of every document is {name!r}. Is that the creditor {rules.us.names[0]!r}?"
    return [Undecided("seller", question, (), f"--seller '{name}' if it is", examples)]


def _key(taken: Taken) -> tuple[str, str]:
    return ("credit" if isinstance(taken.row, CreditRow) else "invoice", taken.row.number)


def _clashes(found: list[tuple[Taken, Source]]) -> tuple[list[tuple[Taken, Source]], list[Rejected]]:
    """Leave out what gives a number of the pile differently than the document that gave it first."""
    first: dict[tuple[str, str], tuple[Taken, Source]] = {}
    kept, rejected = [], []
    for taken, source in found:
        other = None if source.corrects else first.setdefault(_key(taken), (taken, source))
        if other is not None and _facts(other[0].row) != _facts(taken.row):
            rejected.append(
                Rejected(
                    taken.row.row,
                    "",
                    taken.row.number,
                    f"{other[1].name} has the same number and says otherwise",
                    "Leave out the one that is wrong.",
                    (source.name,),
                )
            )
        else:
            kept.append((taken, source))
    return kept, rejected


def _facts(row: InvoiceRow | CreditRow) -> tuple[object, ...]:
    due_on = row.due_on if isinstance(row, InvoiceRow) else None
    return (row.customer.name, row.customer.number, row.currency, row.amount_minor, row.issued_on, due_on)
