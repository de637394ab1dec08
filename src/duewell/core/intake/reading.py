"""Reads one file: what it is, what it leaves open, and its rows in typed batches.

Two passes. The first looks at every row and settles encoding, columns, dates, decimals, currency; where something
is left open the reading has questions and gives no rows. The second takes the rows, some thousand at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from duewell.core.intake import (
    columns,
    customers,
    customers_above,
    dialect,
    fields,
    headings,
    mapping,
    other_files,
    sift,
)
from duewell.core.intake.columns import ColumnUse, Layout
from duewell.core.intake.credits import CreditTaker
from duewell.core.intake.customers import CustomerTaker
from duewell.core.intake.customers_above import CustomersAbove
from duewell.core.intake.findings import AS_SAID, Decision, Evidence, FileRefused, Undecided, shown
from duewell.core.intake.headings import CUSTOMER, Found, UnderHeadings
from duewell.core.intake.invoices import InvoiceTaker
from duewell.core.intake.journal import JournalTaker
from duewell.core.intake.mapping import NO_COLUMN, Mapping
from duewell.core.intake.payments import PaymentTaker
from duewell.core.intake.plan import Places, Plan
from duewell.core.intake.rows import Batch
from duewell.core.intake.sift import Sifter
from duewell.core.intake.survey import survey
from duewell.core.intake.table import COLUMNS_MAX, Cell, Table, as_text

_SAMPLE_ROWS = 1_000


@dataclass(frozen=True)
class Reading:
    """A file that was looked at. `batches` may be asked for only if there are no `questions`."""

    kind: str
    table: Table
    decisions: tuple[Decision, ...]
    questions: tuple[Undecided, ...]
    columns: tuple[ColumnUse, ...]
    header: tuple[str, ...]
    """The names of the columns, for the file of rejected rows."""
    records: int
    """Records after the header, blank ones excluded: accepted, rejected and skipped together."""
    mapping: Mapping
    """What was said and decided: saved, it asks nothing the next time."""
    plan: Plan | None
    _header_cells: tuple[Cell, ...] = ()

    def batches(self) -> Iterator[Batch]:
        """The rows of the file, in its order, some thousand at a time."""
        if self.plan is None or self.questions:
            raise ValueError("a file with open questions gives no rows")
        sifter = _sifter(self.table, self.plan.layout, self._header_cells, self.mapping, self.kind)
        taker = _taker(self.plan, sifter)
        for chunk in self.table.chunks():
            yield taker.take(sifter.sift(chunk))


def read(
    table: Table, kind: str, said: Mapping | None = None, *, as_of: date, places: Places | None = None
) -> Reading:
    """Looks at a whole file and says how its rows will be read.

    Args:
        table: the opened file; it is read twice.
        kind: one of `fields.KINDS`.
        said: what a person or a saved mapping says about it.
        as_of: the day of the export.
        places: names of countries and zones.

    Raises:
        FileRefused: nothing in the file can be read.
        ValueError: the mapping says what cannot be.
    """
    said = _small_words(said or Mapping())
    faults = mapping.problems(said, kind)
    if faults:
        raise ValueError(" ".join(faults))
    places = places or Places()
    said = replace(said, constants=customers.constants(said.constants, places))
    if table.questions:
        return _asking(table, kind, said, tuple(table.questions))
    head = _head(table)
    found = _header(head, kind, said)
    if isinstance(found, Undecided):
        return _asking(table, kind, said, (found,))
    header, header_line, decision = found
    if len(header) > COLUMNS_MAX:
        raise FileRefused(f"The file has {len(header):,} columns.", f"Export at most {COLUMNS_MAX:,}.")
    layout, questions = _recognised(head, header, header_line, kind, said)
    above = _headings(table, header, header_line, layout, kind, said)
    if above is not None and above.mode:
        table = UnderHeadings(table, header, header_line, above)
        header = [*header, *above.columns]
        layout, questions = _recognised(_head(table), header, header_line, kind, said)
    elif above is not None:
        questions = (*questions, above.question())
    elif kind == "invoices" and header_line:
        down = customers_above.look(table, head, layout)
        if down is not None:
            table = down
            layout, questions = _recognised(_head(table), header, header_line, kind, said)
    other_files.refuse_others(kind, layout, said)
    unknown = [name for name in said.filters if name not in layout.names]
    if unknown:
        raise ValueError(f"The file has no column {unknown[0]!r} to filter on.")
    cells = tuple(header) if header_line else ()
    sifter = _sifter(table, layout, cells, said, kind)
    seen = survey(table, kind, layout, sifter, said, as_of, places)
    if not seen.records:
        raise FileRefused("The file has a header and no rows.", "Export it again, with the rows that are open.")
    open_ = (
        *questions,
        *(each for each in seen.questions if each.what not in {asked.what for asked in questions}),
    )
    decisions = (*table.decisions, *decision, *seen.decisions)
    layout = seen.plan.layout if seen.plan is not None else layout
    return Reading(
        kind,
        table,
        decisions,
        open_,
        layout.uses,
        layout.names,
        seen.records,
        _resolved(said, table, layout, decisions),
        None if open_ else seen.plan,
        cells,
    )


def _recognised(
    head: Sequence[tuple[Sequence[Cell], int]], header: Sequence[Cell], header_line: int, kind: str, said: Mapping
) -> tuple[Layout, tuple[Undecided, ...]]:
    """The columns of a file whose first records are given."""
    below = [(row, line) for row, line in head if line > header_line and len(row) <= len(header)]
    sample = [below[index] for index in sift.data_rows([row for row, _ in below], header)] or below
    named = tuple(as_text(cell) for cell in header) if header_line else ("",) * len(header)
    return columns.recognise(
        named, header_line, [row for row, _ in sample], [line for _, line in sample], kind, said.columns
    )


def _headings(
    table: Table, header: Sequence[Cell], header_line: int, layout: Layout, kind: str, said: Mapping
) -> Found | None:
    """What the lines above the rows are, in a list of invoices in which no column names the customer."""
    wanted = CUSTOMER in (said.columns.get("customer_name"), said.columns.get("customer_number"))
    if kind != "invoices" or not header_line or CUSTOMER in layout.names:
        return None
    if not wanted and any(field in layout.fields for field in fields.WHO):
        return None
    return headings.look(table, len(header), header_line, wanted)


def _asking(table: Table, kind: str, said: Mapping, questions: tuple[Undecided, ...]) -> Reading:
    """Nothing more can be said before these questions are answered."""
    return Reading(kind, table, tuple(table.decisions), questions, (), (), 0, said, None)


def _small_words(said: Mapping) -> Mapping:
    """Words are compared in small letters."""
    words = {
        field: {" ".join(word.split()).lower(): meaning for word, meaning in explained.items()}
        for field, explained in said.words.items()
    }
    return said.merged(Mapping(words=words)) if words else said


def _head(table: Table) -> list[tuple[Sequence[Cell], int]]:
    """The first records with their lines."""
    head: list[tuple[Sequence[Cell], int]] = []
    for chunk in table.chunks():
        head.extend(zip(chunk.rows[:_SAMPLE_ROWS], chunk.lines[:_SAMPLE_ROWS], strict=True))
        if len(head) >= _SAMPLE_ROWS:
            break
    if not any(cell != "" for row, _ in head for cell in row):
        raise FileRefused("The file is empty.", "Export it again.")
    return head[:_SAMPLE_ROWS]


def _header(
    head: Sequence[tuple[Sequence[Cell], int]], kind: str, said: Mapping
) -> tuple[Sequence[Cell], int, tuple[Decision, ...]] | Undecided:
    """The row of names, its line (0 if there is none) and how it was found."""
    rows = [row for row, _ in head]
    if said.header_row == 0:
        width = max(len(row) for row in rows)
        return [""] * width, 0, (Decision("header", "none", AS_SAID),)
    if said.header_row is not None:
        at = next((index for index, (_, line) in enumerate(head) if line == said.header_row), None)
        if at is None:
            raise ValueError(f"The header cannot be in row {said.header_row}: no record begins there.")
        return _trimmed(rows[at]), said.header_row, (Decision("header", f"row {said.header_row}", AS_SAID),)
    found = dialect.find_header(rows, kind)
    named = [] if found.at >= 0 else _by_mapping(rows, said)
    if found.at < 0 and not named:
        other_files.refuse_statistics(rows, said)
        examples = tuple(
            Evidence(line, "", shown(" | ".join(as_text(cell) for cell in row), 200)) for row, line in head[:3]
        )
        return Undecided(
            "header",
            "Which row names the columns? No row has two names that are known here.",
            ("1", "2", "3", "0 for none"),
            "--header-row N, and --column FIELD=NAME for the columns",
            examples,
        )
    at = found.at if found.at >= 0 else named[0]
    row, line = head[at]
    known = (
        f"{found.known} of its {len(found.names)} names are known"
        if found.at >= 0
        else "it has the names you gave"
    )
    before = sum(1 for other, _ in head[:at] if any(cell != "" for cell in other))
    why = known + (f"; {before} lines before it are titles" if before else "")
    evidence = Evidence(line, "", shown(" | ".join(as_text(cell) for cell in row), 200))
    return _trimmed(row), line, (Decision("header", f"row {line}", why, (evidence,)),)


def _by_mapping(rows: Sequence[Sequence[Cell]], said: Mapping) -> list[int]:
    """Rows that hold all the column names a person has given."""
    wanted = {name for name in said.columns.values() if name != mapping.NO_COLUMN}
    return [
        index
        for index, row in enumerate(rows[: dialect.HEADER_WITHIN])
        if wanted and wanted <= {" ".join(as_text(cell).split()) for cell in row}
    ]


def _trimmed(row: Sequence[Cell]) -> Sequence[Cell]:
    """The header without unnamed columns at its end: they hold nothing or cannot be told what they hold."""
    width = len(row)
    while width > 1 and as_text(row[width - 1]).strip() == "":
        width -= 1
    return row[:width]


def _sifter(table: Table, layout: Layout, header: Sequence[Cell], said: Mapping, kind: str) -> Sifter:
    wanted = (
        ("number",)
        if kind in ("invoices", "credits")
        else ("customer_number", "customer_name", "company", "amount")
    )
    key = next((layout.fields[field] for field in wanted if field in layout.fields), None)
    heading = headings.is_heading if isinstance(table, UnderHeadings) else None
    if isinstance(table, CustomersAbove):
        heading = table.is_heading
    return Sifter(layout, header, table.typed, said.filters, key, heading)


def _taker(plan: Plan, sifter: Sifter) -> CustomerTaker | InvoiceTaker | JournalTaker | PaymentTaker | CreditTaker:
    if plan.kind == "customers":
        return CustomerTaker(plan, sifter)
    if plan.kind == "payments":
        return PaymentTaker(plan, sifter)
    if plan.kind == "credits":
        return CreditTaker(plan, sifter)
    return JournalTaker(plan, sifter) if plan.lines == mapping.JOURNAL else InvoiceTaker(plan, sifter)


def _resolved(said: Mapping, table: Table, layout: Layout, decisions: Sequence[Decision]) -> Mapping:
    """What was said, filled up with what the file proved; what it left open by chance is not kept."""
    value = {decision.what: decision.value for decision in decisions}
    decimals = {
        decision.value for decision in decisions if decision.what.startswith("decimal: ") and decision.evidence
    }
    order, encoding = value.get("dates"), value.get("encoding")
    found = Mapping(
        columns={field: layout.names[index] for field, index in layout.fields.items()}
        | dict.fromkeys(layout.dropped, NO_COLUMN),
        amounts=value.get("amounts"),
        currency=value.get("currency") if len(value.get("currency", "")) == 3 else None,
        date_order=None if order == "plain" else order,
        decimal=next(iter(decimals)) if len(decimals) == 1 else None,
        encoding=None if encoding == "ascii" else encoding,
        separator=value.get("separator"),
        lines=value.get("lines"),
    )
    return found.merged(said)


KINDS = fields.KINDS
