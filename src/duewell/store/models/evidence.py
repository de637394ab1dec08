"""Facts, the streams they are chained in, and the tree the sealer builds over them."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField


class Sequence(models.Model):
    """The next free id per table on SQLite; PostgreSQL has sequences of its own."""

    name = models.TextField(primary_key=True)
    next = models.BigIntegerField()

    class Meta:
        db_table = "sequence"


class Stream(models.Model):
    """The end of each chain: `account:12`, `person:7`, `house:1`."""

    name = models.TextField(primary_key=True)
    length = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "stream"


class Fact(models.Model):
    """One line of evidence; append-only. The hash is over the stored bytes."""

    id = models.BigIntegerField(primary_key=True)
    stream = models.TextField()
    sequence = models.BigIntegerField()
    kind = models.TextField()
    effective_on = models.DateField(null=True)
    recorded_at = InstantField()
    body = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "fact"
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="fact_in_stream")]


class Leaf(models.Model):
    """The place of a fact in the tree; append-only, written by the sealer alone."""

    index = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, models.PROTECT)

    class Meta:
        db_table = "leaf"


class TreeState(models.Model):
    """The right edge of the tree: its size and the hashes of its peaks."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")
    token = models.BigIntegerField(default=0)

    class Meta:
        db_table = "tree_state"


class Erasing(models.Model):
    """Has its one row only inside a transaction that erases: the guards of append-only tables look for it."""

    id = models.SmallIntegerField(primary_key=True, default=1)

    class Meta:
        db_table = "erasing"
