"""The book of one pile of electronic invoices: rows as of any import, each with its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from duewell.core.intake import CreditRow, InvoiceRow, Rejected, Row
from duewell.core.intake.e_invoice_look import Source
from duewell.core.ledger.allocate import Policy
from duewell.flows.import_file import Taken
from duewell.store import sql
from duewell.store.intake import documents
from duewell.store.intake.book import StoredImport


class StoredPile(StoredImport):
    """Writes documents for one creditor; what it has already changes nothing."""

    def __init__(
        self,
        creditor: int,
        policy: Policy,
        now: datetime,
        day_of: Callable[[datetime], date],
        salt: Callable[[], bytes],
        sources: Mapping[int, Source],
        content: Callable[[int], bytes | None],
    ) -> None:
        """Args:

        sources: by number of the document, from 1.
        content: the bytes of a document; None where they are no longer what was looked at.
        """
        super().__init__(creditor, policy, now, day_of, salt)
        self._sources = sources
        self._content = content
        self._salt = salt
        self.kept = 0
        """How many documents were new."""

    def take(self, rows: Sequence[Row]) -> Taken:
        """Write some documents in one transaction."""
        with sql.transaction.atomic():
            self._still_wanted()
            digests = {row.row: bytes.fromhex(self._sources[row.row].digest) for row in rows}
            known = documents.known(self._creditor, list(digests.values()))
            fresh = [row for row in rows if digests[row.row] not in known]
            fresh, rejected = self._decided(fresh)
            contents = {row.row: self._content(row.row) for row in fresh}
            rejected += [self._changed(row.row) for row in fresh if contents[row.row] is None]
            fresh = [row for row in fresh if contents[row.row] is not None]
            invoices_known = sum(isinstance(row, InvoiceRow) for row in rows if digests[row.row] in known)
            records_known = sum(digests[row.row] in known for row in rows)
            taken = super().take(fresh) if fresh else Taken(0, 0, 0, 0, 0, 0, [])
            refused = {bad.row for bad in taken.rejected}
            self._keep([row for row in fresh if row.row not in refused], contents)
        return taken._replace(
            unchanged=taken.unchanged + records_known,
            receivables_unchanged=taken.receivables_unchanged + invoices_known,
            rejected=[*rejected, *(self._named(bad) for bad in taken.rejected)],
        )

    def _decided(self, rows: Sequence[Row]) -> tuple[list[Row], list[Rejected]]:
        """Without the invoices that a corrected one has decided before, or another document tells differently."""
        numbers = [
            row.number for row in rows if isinstance(row, InvoiceRow) and not self._sources[row.row].corrects
        ]
        corrected = documents.corrected(self._creditor, numbers)
        billed = documents.billed(self._creditor, numbers)
        left, rejected = [], []
        for row in rows:
            other = billed.get(row.number) if isinstance(row, InvoiceRow) else None
            by = corrected.get(row.number) if isinstance(row, InvoiceRow) else None
            if self._sources[row.row].corrects:
                left.append(row)
            elif by is None and other and isinstance(row, InvoiceRow) and not _agree(row, other):
                reason = f"{other[2] or 'another document'} has the same number and says otherwise"
                remedy = "Have a corrected invoice (384) written, or record the correction by hand."
                rejected.append(self._bad(row.row, row.number, reason, remedy))
            elif by is None:
                left.append(row)
            else:
                reason = f"it was corrected by {by}, which counts" if by else "a corrected invoice counts"
                rejected.append(self._bad(row.row, getattr(row, "number", ""), reason, "Nothing need be done."))
        return left, rejected

    def _changed(self, row: int) -> Rejected:
        return self._bad(row, "", "the file changed while it was read", "Import it again.")

    def _bad(self, row: int, value: str, reason: str, remedy: str) -> Rejected:
        return Rejected(row, "", value, reason, remedy, (self._sources[row].name,))

    def _named(self, bad: Rejected) -> Rejected:
        return bad if bad.cells else bad._replace(cells=(self._sources[bad.row].name,))

    def _keep(self, rows: Sequence[Row], contents: Mapping[int, bytes | None]) -> None:
        invoices = {row.number for row in rows if isinstance(row, InvoiceRow)}
        credits = {row.number for row in rows if isinstance(row, CreditRow)}
        of_invoice = self._invoices_by_number(invoices)
        of_credit = self._credits_by_number(credits)
        new: list[documents.New] = []
        seen: set[str] = set()
        for row in rows:
            source = self._sources[row.row]
            content = contents[row.row]
            if source.digest in seen or content is None:
                continue
            seen.add(source.digest)
            if isinstance(row, InvoiceRow) and row.number in of_invoice:
                receivable, account = of_invoice[row.number]
                new.append(documents.New(account, receivable, row.number, source.name, content, source.corrects))
            elif isinstance(row, CreditRow) and row.number in of_credit:
                new.append(documents.New(of_credit[row.number], None, row.number, source.name, content))
        documents.keep(self._creditor, self._batch, new, self._now, self._salt)
        self.kept += len(new)

    def _invoices_by_number(self, numbers: set[str]) -> dict[str, tuple[int, int]]:
        told = set(self._seen)
        within, params = sql.ids_in("number", sorted(numbers))
        return {
            number: (receivable, account)
            for receivable, account, number in sql.fetch(
                f"select id, account_id, number from receivable where creditor_id = ? and {within}",
                [self._creditor, *params],
            )
            if receivable in told
        }

    def _credits_by_number(self, numbers: set[str]) -> dict[str, int]:
        within, params = sql.ids_in("reference", sorted(numbers))
        return dict(
            sql.fetch(
                f"select reference, account_id from payment where creditor_id = ? and kind = 'credit' and {within}"
                " order by id",
                [self._creditor, *params],
            )
        )


def _agree(row: InvoiceRow, other: tuple[str, int, str]) -> bool:
    return (row.currency, row.amount_minor) == other[:2]
