"""Questions put to a person."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Account, Creditor


class ReviewItem(models.Model):
    """One question: a refused address, an attempt of unknown fate, a hold to look at, a law review."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    kind = models.TextField()
    """`refused`, `unknown`, `hold`, `law`."""
    subject = models.TextField()
    """Id of the attempt, hold or message it is about."""
    text = models.TextField()
    state = models.TextField(default="open")
    """`open`, `allowed`, `denied`, `settled`."""
    opened_at = InstantField()
    decided_at = InstantField(null=True)
    decided_by = models.TextField(default="")

    class Meta:
        db_table = "review_item"
        indexes = [
            models.Index(fields=["account"], name="review_open", condition=models.Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], name="review_once", condition=models.Q(state="open")
            )
        ]
