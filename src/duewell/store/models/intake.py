"""Imports, the rows that could not be taken, and the documents that came with what was."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Account, Creditor


class ImportBatch(models.Model):
    """One file that was imported."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT)
    kind = models.TextField()
    """`invoices`, `customers`, `payments`, `credits`, and `documents` for electronic invoices and PDFs."""
    file_name = models.TextField()
    file_digest = models.TextField()
    mapping = models.JSONField(default=dict)
    full = models.BooleanField(default=False)
    books_as_of = InstantField(null=True)
    counts = models.JSONField(default=dict)
    undone_at = InstantField(null=True)
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")

    class Meta:
        db_table = "import_batch"


class RejectedRow(models.Model):
    """A row that was not taken, with where it stood, why, and what to do about it."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT)
    row = models.BigIntegerField()
    column = models.TextField()
    value = models.TextField()
    reason = models.TextField()
    remedy = models.TextField()

    class Meta:
        db_table = "rejected_row"


class Document(models.Model):
    """An invoice or credit note as it came in: XML or PDF, beside what it is in the books.

    It is personal data: erasing empties `name`, `digest`, `salt` and `content`, and the row stays.
    """

    id = models.BigAutoField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT)
    receivable = models.ForeignKey(
        "store.Receivable", models.PROTECT, null=True, db_constraint=False, db_index=False
    )
    """The invoice; null for a credit note, which is the account's."""
    batch = models.ForeignKey(ImportBatch, models.PROTECT, db_constraint=False, db_index=False)
    """The import it came with; where that was taken back, it counts no longer."""
    number = models.TextField()
    """Of the invoice or credit note that it is."""
    corrects = models.BooleanField(default=False)
    """It is a corrected invoice: it decides the amount, whatever the first document says again."""
    name = models.TextField(default="")
    """The name of the file."""
    digest = models.BinaryField(default=b"")
    """SHA-256 of its bytes, by which it is known again."""
    salt = models.BinaryField(default=b"")
    """With it the digest that the fact tells is made."""
    size = models.BigIntegerField(default=0)
    recorded_at = InstantField()
    content = models.BinaryField(default=b"")
    """Its bytes, compressed (zlib)."""

    class Meta:
        db_table = "document"
        indexes = [
            models.Index(fields=["creditor", "digest"], name="document_by_digest"),
            models.Index(fields=["creditor", "number"], name="document_by_number"),
        ]


class ImportTrace(models.Model):
    """What one transaction of an import changed of what was there before; see `duewell.store.intake.trace`."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT)
    body = models.BinaryField()

    class Meta:
        db_table = "import_trace"
