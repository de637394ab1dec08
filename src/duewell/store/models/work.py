"""What the schedule owes each creditor once a day."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Creditor


class Duty(models.Model):
    """One duty of one civil day of a creditor: its night, its janitors, its digest."""

    id = models.BigAutoField(primary_key=True, serialize=False)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_index=False)
    kind = models.TextField()
    """`night`, `janitors`, `digest`."""
    on_day = models.DateField()
    state = models.TextField()
    """`done`, `failed`, or `missed`: the day went by without it."""
    told = models.JSONField(default=dict)
    """What it did, as counts."""
    problem = models.TextField(default="")
    """Why it failed: the kind of error, no data."""
    tries = models.IntegerField(default=1)
    ended_at = InstantField()
    alarmed_at = InstantField(null=True)
    """When the operator was told that it failed or was missed."""

    class Meta:
        db_table = "duty"
        constraints = [models.UniqueConstraint(fields=["creditor", "kind", "on_day"], name="duty_once")]
