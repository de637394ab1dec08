"""Holds and their ends; both append-only."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.ledger import Receivable
from duewell.store.models.party import Account, Creditor


class Hold(models.Model):
    """Why we wait; see `duewell.core.agree.holds`."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT)
    receivable = models.ForeignKey(Receivable, models.PROTECT, null=True, db_index=False)
    kind = models.TextField()
    amount_minor = models.BigIntegerField(null=True)
    starts_on = models.DateField()
    until_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)
    """For the digests of its words in the facts; erased with them."""

    class Meta:
        db_table = "hold"
        indexes = [models.Index(fields=["receivable"], name="hold_by_receivable")]


class HoldEnd(models.Model):
    """Somebody, or something that happened, ended a hold. `ended_on` is the first free day."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    hold = models.OneToOneField(Hold, models.PROTECT)
    ended_on = models.DateField()
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)
    """For the digests of its words in the facts; erased with them."""

    class Meta:
        db_table = "hold_end"
