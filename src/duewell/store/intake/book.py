"""The book of one import: keeps the promise of `flows.import_file.ImportBook`."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.core.intake import CreditRow, CustomerRow, InvoiceRow, PaymentRow, Rejected, Row
from duewell.core.intake.mapping import PER_CUSTOMER
from duewell.core.ledger.allocate import Policy
from duewell.flows.failpoints import hit
from duewell.flows.import_file import ImportOptions, ImportStopped, Outcome, Taken
from duewell.store import creditors, facts, ids, posting, sql
from duewell.store.intake import addresses
from duewell.store.intake.customers import Customers, Known
from duewell.store.intake.holds import BLOCKED, DISPUTED, MISSING, Holds
from duewell.store.intake.invoices import Invoices
from duewell.store.intake.payers import payers
from duewell.store.intake.payments import Payments, Sum
from duewell.store.intake.present import Clash
from duewell.store.intake.standing import lost, stand
from duewell.store.intake.trace import Trace

_BETWEEN = re.compile(r"[\s,;|\"']+")
REJECTED = "id creditor_id batch_id row column value reason remedy".split()


class StoredImport:
    """Writes one file for one creditor."""

    def __init__(
        self,
        creditor: int,
        policy: Policy,
        now: datetime,
        day_of: Callable[[datetime], date],
        salt: Callable[[], bytes],
        country: str = "",
        numbers: addresses.Numbers = addresses.as_written,
    ) -> None:
        """Args:

        country: where the creditor is; a customer of whom no country is told is there too.
        numbers: reads telephone numbers.
        """
        self._creditor = creditor
        self._policy = policy
        self._now = now
        self._day_of = day_of
        self._customers = Customers(creditor, now, salt, country, numbers)
        self._seen = array("q")
        self._credits: set[tuple[int, str]] = set()
        """Account and number of the credit notes that the file shows as still open."""
        self._batch = 0
        self._trace = Trace(0)
        self._mapping: dict[str, object] = {}
        self._options: ImportOptions | None = None
        self._invoices: Invoices | None = None
        self._payments: Payments | None = None

    def totals(self) -> dict[str, int]:
        """Open amounts by currency, minor units."""
        return dict(
            sql.fetch(
                "select currency, cast(sum(open_minor) as bigint) from receivable where creditor_id = ?"
                " and not (open_minor = 0)"
                " group by currency order by currency",
                [self._creditor],
            )
        )

    def begin(self, options: ImportOptions, mapping: dict[str, object]) -> int:
        """Open a batch; returns its number."""
        with sql.transaction.atomic():
            self._batch = ids.allocate("import_batch")[0]
            from duewell.store.models import ImportBatch

            ImportBatch.objects.create(
                id=self._batch,
                creditor_id=self._creditor,
                kind=options.kind,
                file_name=options.file_name,
                file_digest=options.file_digest,
                mapping=mapping,
                full=options.full,
                books_as_of=options.books_as_of,
                recorded_at=self._now,
                recorded_by=options.by,
            )
        self._options = options
        self._trace = Trace(self._batch)
        self._mapping = mapping
        list_on = self._day_of(options.books_as_of)
        self._payments = Payments(
            self._creditor, self._batch, self._now, self._policy, self._day_of, list_on, self._trace
        )
        self._invoices = Invoices(
            self._creditor,
            self._batch,
            self._now,
            options.books_as_of,
            self._policy,
            self._day_of,
            self._payments,
            self._trace,
            own_numbers=mapping.get("numbers") != PER_CUSTOMER,
        )
        return self._batch

    def take(self, rows: Sequence[Row]) -> Taken:
        """Write some rows in one transaction."""
        assert self._invoices is not None and self._payments is not None and self._options is not None
        with sql.transaction.atomic():
            self._still_wanted()
            tells = self._options.kind == "customers"
            money = [row for row in rows if isinstance(row, PaymentRow | CreditRow)]
            found = payers(self._creditor, [*money, *self._nameless(rows)], self._customers)
            rejected = list(found.rejected)
            if tells:
                rejected += lost(self._creditor, [row for row in rows if isinstance(row, CustomerRow)])
            nobodys = {bad.row for bad in rejected}
            customers = [
                row if isinstance(row, CustomerRow) else row.customer
                for row in rows
                if row.row not in found.of_row and row.row not in nobodys
            ]
            named = {customer.account for customer in found.of_row.values()}
            known, made, changed = self._customers.resolve(customers, tells=tells, others=named)
            if tells:
                stand(self._creditor, customers, known, self._now, self._options.by)
            self._look_back()
            counts = {"new": 0, "changed": 0, "unchanged": 0}
            receivables = {"new": 0, "changed": 0, "unchanged": 0}
            invoices = [row for row in rows if isinstance(row, InvoiceRow)]
            if invoices:
                written = self._invoices.write(
                    invoices, [(found.of_row.get(row.row) or known[row.customer.key]).account for row in invoices]
                )
                self._seen.extend(written.receivables)
                for invoice, outcome in zip(invoices, written.outcomes, strict=True):
                    if isinstance(outcome, Clash):
                        rejected += self._clashing(outcome)
                        self._seen.extend(outcome.known)
                    else:
                        counts[outcome] += invoice.records
                        receivables[outcome] += 1
            for row in rows:
                if isinstance(row, CustomerRow) and row.row not in nobodys:
                    what = "new" if row.key in made else "changed" if row.key in changed else "unchanged"
                    counts[what] += row.records
            taken = [row for row in money if row.row not in nobodys]
            self._money(taken, found.of_row, known, counts)
            self._trace.save()
            hit("import.commit.before")
        hit("import.commit.after")
        return Taken(
            counts["new"],
            counts["changed"],
            counts["unchanged"],
            receivables["new"],
            receivables["changed"],
            receivables["unchanged"],
            rejected,
        )

    def end(self, outcome: Outcome) -> int:
        """Close the batch: what a full list misses is held; then the books are as of its hour."""
        assert self._options is not None
        options = self._options
        with sql.transaction.atomic():
            self._still_wanted()
            older, _ = self._newer()
            # A list older than the newest cannot say what is missing today.
            complete = options.full and options.kind == "invoices" and not older
            missing = self._missing(outcome.rejected) if complete else 0
            counts = {
                "rows": outcome.rows,
                "new": outcome.new,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
                "rejected": len(outcome.rejected),
                "skipped": len(outcome.skipped),
                "missing": missing,
            }
            self._keep_rejected(outcome.rejected)
            self._trace.save()
            if options.kind == "invoices":
                creditors.set_books_as_of(self._creditor, options.books_as_of)
            from duewell.store.models import ImportBatch

            ImportBatch.objects.filter(id=self._batch).update(counts=counts)
            told: dict[str, Any] = {
                "batch": self._batch,
                "kind": options.kind,
                "file": options.file_digest,
                "full": options.full,
                "books_as_of": sql.us(options.books_as_of),
                "counts": counts,
                "by": options.by,
            }
            stream = f"house:{self._creditor}"
            facts.append([facts.Draft(stream, "intake.imported", None, self._now, canonical(told))])
            hit("import.commit.before")
        hit("import.commit.after")
        return missing

    def _money(
        self,
        rows: Sequence[PaymentRow | CreditRow],
        by_invoice: dict[int, Known],
        known: dict[str, Known],
        counts: dict[str, int],
    ) -> None:
        assert self._payments is not None and self._options is not None
        sums: list[Sum] = []
        of_row: list[PaymentRow | CreditRow] = []
        for row in rows:
            account = (by_invoice.get(row.row) or known[row.customer.key]).account
            if isinstance(row, PaymentRow):
                reference = row.reference or row.payment_id
                named = "\n".join(row.invoices)
                amount, on, kind = row.amount_minor, row.paid_on, "payment"
            else:
                reference, named, kind = row.number or row.reference, row.invoice, "credit"
                amount = row.amount_minor if row.open_minor is None else row.open_minor
                on = row.issued_on or self._day_of(self._options.books_as_of)
            if amount <= 0:
                counts["unchanged"] += row.records
                continue
            sums.append(Sum(account, kind, row.currency, amount, on, reference, named))
            of_row.append(row)
        unused = {
            sum_
            for row, sum_ in zip(of_row, sums, strict=True)
            if self._options.kind == "invoices" and isinstance(row, CreditRow) and row.open_minor is not None
        }
        if self._options.kind == "invoices":
            # Whatever the file shows of a credit note, it shows it: a complete list has not lost this one.
            shown = zip(of_row, sums, strict=True)
            self._credits |= {(sum_.account, sum_.reference) for row, sum_ in shown if isinstance(row, CreditRow)}
        fates = self._payments.compare_credits(sums, unused)
        fresh = [sum_ for sum_ in sums if fates.get(sum_) != "unchanged"]
        written = iter(self._payments.write(fresh, unused))
        for row, sum_ in zip(of_row, sums, strict=True):
            fate = fates.get(sum_)
            if fate != "unchanged":
                new = next(written)
                fate = "unchanged" if not new else fate or "new"
            counts[fate] += row.records

    def _clashing(self, clash: Clash) -> list[Rejected]:
        # Several records may make one invoice: each counts as rejected.
        one = Rejected(clash.row.row, clash.column, clash.value, clash.reason, clash.remedy)
        return [one] * clash.row.records

    def _nameless(self, rows: Sequence[Row]) -> list[InvoiceRow]:
        """Invoices of customers without a number, where the number of an invoice says whose it is."""
        if self._mapping.get("numbers") == PER_CUSTOMER:
            return []
        return [row for row in rows if isinstance(row, InvoiceRow) and not row.customer.number]

    def _newer(self) -> tuple[bool, bool]:
        """Is there a list newer than this one, and a complete one? Lists that were killed half way speak too."""
        assert self._options is not None
        hour = sql.us(self._options.books_as_of)
        row = sql.one(
            'select count(*), sum(case when "full" then 1 else 0 end) from import_batch where creditor_id = ?'
            " and kind = 'invoices' and undone_at is null and books_as_of > ? and id <> ?",
            [self._creditor, hour, self._batch],
        )
        return (False, False) if row is None else (bool(row[0]), bool(row[1]))

    def _look_back(self) -> None:
        """See, behind the locks of the accounts, which lists have come in while this one was read."""
        assert self._payments is not None and self._invoices is not None
        older, incomplete = self._newer()
        self._payments.older = older
        self._invoices.look_back(_silent(self._mapping, older=older), older=older, incomplete=incomplete)

    def _missing(self, rejected: Sequence[Rejected]) -> int:
        assert self._options is not None and self._payments is not None
        words = _words(rejected)
        accounts = {account for account, _, number in self._gone(words)}
        posting.lock(accounts | self._payments.unlisted(self._credits, words).keys())
        self._payments.take_back_unlisted(self._credits, words)
        day = self._day_of(self._options.books_as_of)
        return Holds(self._creditor, self._now, day, self._trace).missing(self._gone(words))

    def _gone(self, words: Collection[str]) -> list[tuple[int, int, str]]:
        """Account, id and number of what is open and not in the file, not even in a row that was rejected."""
        seen = set(self._seen)
        return [
            row
            for row in sql.fetch(
                "select account_id, id, number from receivable where creditor_id = ? and not (open_minor = 0)"
                " order by account_id, id",
                [self._creditor],
            )
            if row[1] not in seen and row[2] not in words
        ]

    def _still_wanted(self) -> None:
        lock = " for share" if sql.postgres() else ""
        undone = sql.one(f"select undone_at from import_batch where id = ?{lock}", [self._batch])
        if undone is None or undone[0] is not None:
            raise ImportStopped(f"import {self._batch} was taken back while it ran; the rest is not taken in")

    def _keep_rejected(self, rejected: Sequence[Rejected]) -> None:
        rows = [
            (number, self._creditor, self._batch, bad.row, bad.column, bad.value, bad.reason, bad.remedy)
            for number, bad in zip(ids.allocate("rejected_row", len(rejected)), rejected, strict=True)
        ]
        sql.insert("rejected_row", REJECTED, rows)


def _words(rejected: Sequence[Rejected]) -> frozenset[str]:
    """What stands in the rows that were rejected: one of it may be the number of an invoice."""
    found = set()
    for cell in (cell for bad in rejected for cell in (bad.value, *bad.cells)):
        found.add(cell.strip())
        found.update(_BETWEEN.split(cell))
    return frozenset(found - {""})


def _silent(mapping: dict[str, object], *, older: bool) -> frozenset[str]:
    """Holds of which a file without such a column, or one older than the newest list, says nothing."""
    if older:
        return frozenset((DISPUTED, BLOCKED, MISSING))
    columns = mapping.get("columns")
    told = {field for field, column in columns.items() if column != "-"} if isinstance(columns, dict) else set()
    silent = set() if told & {"disputed", "status", "payment_status"} else {DISPUTED}
    return frozenset(silent if "blocked" in told else silent | {BLOCKED})
