"""Print batches: letters that are printed, folded and posted together."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.contact import Attempt
from duewell.store.models.party import Creditor


class PrintBatch(models.Model):
    """One file for the printer. Its id is saved before the first letter of it starts."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT)
    state = models.TextField(default="making")
    """`making`, `ready`, `handed_over`, `cancelled`."""
    digest = models.TextField(default="")
    """SHA-256 of the merged file, hexadecimal; empty until it is ready."""
    manifest = models.TextField(default="")
    """SHA-256 of the manifest, hexadecimal; empty until it is ready."""
    made_at = InstantField()
    made_by = models.TextField(default="")
    ready_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    """When it was handed over or cancelled."""
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "print_batch"


class PrintLetter(models.Model):
    """One letter of a batch, in the order in which they lie in the file; append-only."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, primary_key=True, db_constraint=False)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    batch = models.ForeignKey(PrintBatch, models.PROTECT, db_index=False)
    position = models.IntegerField()
    digest = models.TextField()
    """SHA-256 of the letter's bytes, hexadecimal."""

    class Meta:
        db_table = "print_letter"
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="print_letter_once")]
