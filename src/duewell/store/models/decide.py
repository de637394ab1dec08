"""Plans, runs and the versions of strategies they were made with."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Creditor


class StrategyVersion(models.Model):
    """One version of a strategy file, by the digest of its bytes; added, never edited."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, null=True, db_index=False)
    key = models.TextField()
    digest = models.TextField()
    text = models.TextField()
    recorded_at = InstantField()

    class Meta:
        db_table = "strategy_version"
        constraints = [
            models.UniqueConstraint(fields=["creditor", "key", "digest"], name="strategy_version_once"),
        ]


class Plan(models.Model):
    """What a run would do, kept so that a run can be compared with it, line by line."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_index=False)
    hash = models.TextField()
    as_of = models.DateField()
    counts = models.JSONField()
    digests = models.JSONField()
    lines = models.BinaryField()
    """The stored proposals: canonical JSON, one per line, compressed."""
    recorded_at = InstantField()

    class Meta:
        db_table = "plan"
        constraints = [models.UniqueConstraint(fields=["creditor", "hash"], name="plan_once")]


class Run(models.Model):
    """One planning transaction. It waits until somebody lets it go out."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT)
    as_of = models.DateField()
    plan = models.TextField()
    """Hash of what it claimed."""
    state = models.TextField(default="waiting")
    """`waiting`, `released`, `withdrawn`."""
    proposals = models.IntegerField()
    counts = models.JSONField()
    digests = models.JSONField()
    """Strategies, rule books, calendars, zone data, templates it was made with."""
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    decided_at = InstantField(null=True)
    decided_by = models.TextField(default="")

    class Meta:
        db_table = "run"
