"""Imports, and the rows that could not be taken."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Creditor


class ImportBatch(models.Model):
    """One file that was imported."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT)
    kind = models.TextField()
    """`invoices`, `customers`, `payments`, `credits`."""
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


class ImportTrace(models.Model):
    """What one transaction of an import changed of what was there before; see `duewell.store.intake.trace`."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT)
    body = models.BinaryField()

    class Meta:
        db_table = "import_trace"
