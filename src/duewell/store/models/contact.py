"""Messages, the claims they hold, the attempts at delivering them and the marks on the way."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.decide import Run
from duewell.store.models.ledger import Receivable
from duewell.store.models.party import Account, ContactPoint, Creditor, Party, Person


class Message(models.Model):
    """What was planned for one account and stage; append-only. Its id follows from its claims."""

    id = models.TextField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, db_index=False)
    run = models.ForeignKey(Run, models.PROTECT)
    point = models.ForeignKey(ContactPoint, models.PROTECT, db_constraint=False, db_index=False)
    stage = models.SmallIntegerField()
    purpose = models.TextField()
    channel = models.TextField()
    language = models.TextField()
    body = models.TextField()
    """The proposal as it stood in the plan: canonical JSON."""
    recorded_at = InstantField()

    class Meta:
        db_table = "message"


class MessageState(models.Model):
    """Where a message stands: a projection of the facts."""

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    state = models.TextField()
    """`planned`, `released`, `unknown`; and at the end `accepted`, `refused`, `withheld`, `withdrawn`."""
    reason = models.TextField(default="")

    class Meta:
        db_table = "message_state"
        indexes = [
            models.Index(
                fields=["account"],
                name="message_in_flight",
                condition=models.Q(state__in=["planned", "released", "unknown"]),
            )
        ]


class Claim(models.Model):
    """`(receivable, stage, occurrence)` belongs to one message; freed only when it certainly did not arrive."""

    id = models.TextField(primary_key=True)
    """Computed from receivable, stage and occurrence."""
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    receivable = models.ForeignKey(Receivable, models.PROTECT, db_constraint=False, db_index=False)
    stage = models.SmallIntegerField()
    occurrence = models.IntegerField()
    message = models.ForeignKey(Message, models.PROTECT, db_constraint=False)
    freed = models.BooleanField(default=False)

    class Meta:
        db_table = "claim"
        constraints = [
            models.UniqueConstraint(fields=["receivable", "stage", "occurrence"], name="claim_once"),
            models.UniqueConstraint(
                fields=["receivable", "stage"], name="claim_one_living", condition=models.Q(freed=False)
            ),
        ]


class Attempt(models.Model):
    """One try at delivering a message to one recipient on one channel: the outbox.

    The state follows from the marks; token and lease say which worker holds it.
    """

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    message = models.ForeignKey(Message, models.PROTECT, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, db_index=False)
    point = models.ForeignKey(ContactPoint, models.PROTECT, db_constraint=False, db_index=False)
    channel = models.TextField()
    ordinal = models.IntegerField()
    """1 for the first try of the message; every retry is a new attempt."""
    state = models.TextField()
    """`planned`, `released`, `started`, `closing`, `unknown`, `accepted`, `refused`, `deferred`,
    `withheld`, `withdrawn`, and `returned` for what had been accepted and came back."""
    not_before = InstantField()
    token = models.BigIntegerField(default=0)
    lease_until = InstantField(null=True)
    contacted_at = InstantField(null=True)
    """When it started, while it counts as a contact; the law's count reads it."""
    role = models.TextField(default="", db_default="")
    """Of a copy: as what its party stands on the account; empty for the message itself."""
    party = models.ForeignKey(Party, models.PROTECT, null=True, db_constraint=False, db_index=False)
    """Of a copy: who gets it; empty for the primary debtor."""

    class Meta:
        db_table = "attempt"
        constraints = [models.UniqueConstraint(fields=["message", "ordinal"], name="attempt_ordinal")]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                name="attempt_to_send",
                condition=models.Q(state__in=["released", "started", "closing"]),
            ),
            models.Index(
                fields=["person", "contacted_at"],
                name="attempt_contacts",
                condition=models.Q(contacted_at__isnull=False),
            ),
        ]


class Mark(models.Model):
    """One durable step of an attempt; append-only."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT)
    message = models.ForeignKey(Message, models.PROTECT, db_constraint=False, db_index=False)
    kind = models.TextField()
    """`started`, `closing`, `accepted`, `refused`, `deferred`, `unknown`, `settled`, `withheld`, `returned`,
    `restored`."""
    at = InstantField()
    token = models.BigIntegerField()
    body = models.TextField()
    """Canonical JSON: digests of the parts, sums, reply of the server."""

    class Meta:
        db_table = "mark"


class Part(models.Model):
    """A part of a message, stored once by its content, compressed, outside the rows."""

    digest = models.BinaryField(primary_key=True)
    """SHA-256 over the salt and the uncompressed bytes."""
    salt = models.BinaryField()
    """Follows from the content under a key of the home; erased with the row, so the digest tells nothing."""
    dictionary = models.SmallIntegerField()
    """Version of the compression dictionary; 0 for none."""
    data = models.BinaryField()

    class Meta:
        db_table = "part"


class ArchiveCopy(models.Model):
    """An accepted message of which the creditor's archive is owed a copy; a delivery of its own.

    It has no marks and no claims: whatever becomes of it, the message stays accepted.
    """

    attempt = models.OneToOneField(Attempt, models.PROTECT, primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_constraint=False, db_index=False)
    state = models.TextField()
    """`waiting`, `sent`, `refused`, `gone` (its bytes were erased), `dropped` (there is no archive any more)."""
    tries = models.IntegerField()
    not_before = InstantField()
    recorded_at = InstantField()

    class Meta:
        db_table = "archive_copy"
        indexes = [
            models.Index(
                fields=["creditor", "not_before"],
                name="archive_copy_waiting",
                condition=models.Q(state="waiting"),
            )
        ]
