"""The book into which PDFs of invoices are tied: keeps the promise of `flows.tie_documents.DocumentBook`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from duewell.core.evidence.canonical import canonical
from duewell.core.intake.ties import Invoice, Tie
from duewell.store import facts, ids, sql
from duewell.store.intake import documents
from duewell.store.models import ImportBatch


class StoredDocuments:
    """Writes the documents of one folder for one creditor, as an import of its own that can be taken back."""

    def __init__(
        self,
        creditor: int,
        name: str,
        now: datetime,
        by: str,
        salt: Callable[[], bytes],
        content: Callable[[str], bytes | None],
    ) -> None:
        self._creditor = creditor
        self._name = name
        self._now = now
        self._by = by
        self._salt = salt
        self._content = content
        self._new = 0
        self.batch: int | None = None
        """Number of the import; None as long as nothing was kept."""

    def invoices(self) -> Iterable[Invoice]:
        """Every invoice of the creditor."""
        with sql.transaction.atomic():
            for rows in documents.numbers(self._creditor):
                for receivable, account, number in rows:
                    yield Invoice(receivable, account, number)

    def keep(self, tied: Sequence[Tie]) -> int:
        """Keep the documents that are tied, in one transaction; how many of them are new."""
        with sql.transaction.atomic():
            contents = {tie.name: self._content(tie.name) for tie in tied}
            digests = {name: sha256(content).digest() for name, content in contents.items() if content is not None}
            invoices = [tie.invoice.id for tie in tied if tie.invoice is not None]
            known = documents.tied(self._creditor, invoices, list(digests.values()))
            new = []
            for tie in tied:
                content = contents[tie.name]
                if tie.invoice is None or content is None or (tie.invoice.id, digests[tie.name]) in known:
                    continue
                known.add((tie.invoice.id, digests[tie.name]))
                new.append(
                    documents.New(tie.invoice.account, tie.invoice.id, tie.invoice.number, tie.name, content)
                )
            if new:
                documents.keep(self._creditor, self._begun(), new, self._now, self._salt)
            self._new += len(new)
            return len(new)

    def end(self, left: int) -> None:
        """Say what became of the folder; nothing is said of one that brought nothing new."""
        if self.batch is None:
            return
        counts = {
            "rows": self._new + left,
            "new": self._new,
            "changed": 0,
            "unchanged": 0,
            "rejected": left,
            "skipped": 0,
            "missing": 0,
        }
        told = {
            "batch": self.batch,
            "kind": "documents",
            "file": "",
            "full": False,
            "books_as_of": sql.us(self._now),
            "counts": counts,
            "by": self._by,
        }
        with sql.transaction.atomic():
            ImportBatch.objects.filter(id=self.batch).update(counts=counts)
            stream = f"house:{self._creditor}"
            facts.append([facts.Draft(stream, "intake.imported", None, self._now, canonical(told))])

    def _begun(self) -> int:
        if self.batch is None:
            self.batch = ids.allocate("import_batch")[0]
            ImportBatch.objects.create(
                id=self.batch,
                creditor_id=self._creditor,
                kind="documents",
                file_name=self._name,
                file_digest="",
                books_as_of=self._now,
                recorded_at=self._now,
                recorded_by=self._by,
            )
        return self.batch
