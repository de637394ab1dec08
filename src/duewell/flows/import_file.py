"""Import: what a file says becomes customers, invoices, payments and credit notes.

The reading is done (`core.intake`): here its rows are taken, some thousand at a time, each batch in a transaction
of its own, so that a kill loses nothing and importing the same file again goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from duewell.core.intake import Batch, Rejected, Remark, Row, Skipped


class ImportOptions(NamedTuple):
    """What a person says about one import beyond the mapping."""

    kind: str
    file_name: str
    file_digest: str
    full: bool
    """The list is complete: what is missing from it is held and asked about."""
    books_as_of: datetime
    """The hour at which it was exported."""
    by: str


class Taken(NamedTuple):
    """What became of one batch, in records of the file, and of receivables."""

    new: int
    changed: int
    unchanged: int
    receivables_new: int
    receivables_changed: int
    receivables_unchanged: int
    rejected: list[Rejected]
    """Rows that only the store could find fault with."""


class ImportStopped(Exception):
    """Somebody took the import back while it ran."""


class RowSource(Protocol):
    """Something that was read without open questions."""

    @property
    def records(self) -> int:
        """How many records it has."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Its rows, some at a time."""
        ...


class ImportBook(Protocol):
    """Where an import is written."""

    def begin(self, options: ImportOptions, mapping: dict[str, object]) -> int:
        """Open a batch; returns its number."""
        ...

    def totals(self) -> dict[str, int]:
        """Open amounts of the creditor by currency, minor units."""
        ...

    def take(self, rows: Sequence[Row]) -> Taken:
        """Write some rows in one transaction. Raises `ImportStopped`."""
        ...

    def end(self, outcome: Outcome) -> int:
        """Close the batch: move `books_as_of`, hold what a full list misses; returns how many are missing."""
        ...


class Outcome(NamedTuple):
    """What an import did. `rows = new + changed + unchanged + len(rejected) + len(skipped)`."""

    batch: int
    rows: int
    new: int
    changed: int
    unchanged: int
    rejected: list[Rejected]
    skipped: list[Skipped]
    remarks: list[Remark]
    receivables: dict[str, int]
    totals_before: dict[str, int]
    totals: dict[str, int]


def import_file(
    reading: RowSource,
    book: ImportBook,
    options: ImportOptions,
    mapping: dict[str, object],
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Outcome:
    """Take every row of a file that was read without open questions."""
    before = book.totals()
    batch = book.begin(options, mapping)
    counts: Counter[str] = Counter()
    rejected: list[Rejected] = []
    skipped: list[Skipped] = []
    remarks: list[Remark] = []
    done = 0
    for some in reading.batches():
        taken = _take(book, some)
        counts.update(
            new=taken.new,
            changed=taken.changed,
            unchanged=taken.unchanged,
            receivables_new=taken.receivables_new,
            receivables_changed=taken.receivables_changed,
            receivables_unchanged=taken.receivables_unchanged,
        )
        rejected += some.rejected
        rejected += taken.rejected
        skipped += some.skipped
        remarks += some.remarks
        done += some.records
        tell("importing", done, reading.records)
    outcome = Outcome(
        batch=batch,
        rows=done,
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected=rejected,
        skipped=skipped,
        remarks=remarks,
        receivables={
            "new": counts["receivables_new"],
            "changed": counts["receivables_changed"],
            "unchanged": counts["receivables_unchanged"],
            "missing": 0,
        },
        totals_before=before,
        totals={},
    )
    outcome.receivables["missing"] = book.end(outcome)
    return outcome._replace(totals=book.totals())


def _take(book: ImportBook, some: Batch) -> Taken:
    if not some.rows:
        return Taken(0, 0, 0, 0, 0, 0, [])
    return book.take(some.rows)
