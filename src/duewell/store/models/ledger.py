"""Receivables, payments and the entries that are the only truth about money."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Account, Creditor


class Receivable(models.Model):
    """One claim. `open_minor`, `reached` and `reached_on` are projections, written with what causes them."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    number = models.TextField()
    kind = models.TextField(default="invoice")
    """`invoice`, `fee` or `interest`."""
    accessory_to = models.ForeignKey("self", models.PROTECT, null=True, db_index=False)
    currency = models.TextField()
    issued_on = models.DateField()
    due_on = models.DateField()
    reference = models.TextField(default="")
    open_minor = models.BigIntegerField(default=0)
    reached = models.SmallIntegerField(default=0)
    reached_on = models.DateField(null=True)
    listed_minor = models.BigIntegerField(null=True)
    """What the latest list of open items showed, carried on by later corrections; a projection of the imports."""
    charged_minor = models.BigIntegerField(null=True)
    """What was charged in all, revenue alone: a projection of the entries; null: look there."""
    listed_at = InstantField(null=True)
    """The hour of that list."""
    batch = models.BigIntegerField(null=True)
    recorded_at = InstantField()

    class Meta:
        db_table = "receivable"
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="receivable_number"),
        ]
        indexes = [
            # The nightly run reads every open receivable of a creditor from this index alone.
            models.Index(
                fields=["creditor", "account", "due_on", "currency", "open_minor", "reached", "reached_on", "id"],
                name="receivable_open",
                condition=~models.Q(open_minor=0),
            ),
            models.Index(fields=["creditor", "number"], name="receivable_by_number"),
        ]


class Payment(models.Model):
    """Money or a credit note that arrived, as it arrived; append-only.

    Two real equal payments on one day both count: `occurrence` numbers the equal ones from 1.
    """

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    kind = models.TextField()
    """`payment` or `credit`."""
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    paid_on = models.DateField()
    reference = models.TextField(default="")
    named = models.TextField(default="")
    """The invoice numbers the payer named, one per line."""
    occurrence = models.IntegerField()
    batch = models.BigIntegerField(null=True)
    listed_batch = models.BigIntegerField(null=True)
    """Of a credit note: the import whose list showed it as not used yet. It explains no fall of a list."""
    recorded_at = InstantField()
    salt = models.BinaryField(null=True)
    """For the digests of its words in the facts; erased with them."""

    class Meta:
        db_table = "payment"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "account",
                    "paid_on",
                    "kind",
                    "currency",
                    "amount_minor",
                    "reference",
                    "named",
                    "occurrence",
                ],
                name="payment_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="payment_above_zero"),
        ]


class PaymentEnd(models.Model):
    """A list used a credit note up, or replaced it. An end counts while the import that made it stands."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, models.PROTECT)
    batch = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "payment_end"


class PaymentMet(models.Model):
    """How a file tells of money that was recorded by hand before: under what words it is known from then on.

    It counts while the import that met it stands.
    """

    id = models.BigAutoField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT)
    batch = models.BigIntegerField()
    reference = models.TextField(default="")
    named = models.TextField(default="")

    class Meta:
        db_table = "payment_met"


class Entry(models.Model):
    """An append-only row with `from` and `to`: it balances by form. A reversal is an entry."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    from_place = models.TextField()
    from_receivable = models.ForeignKey(Receivable, models.PROTECT, null=True, db_index=False, related_name="+")
    to_place = models.TextField()
    to_receivable = models.ForeignKey(Receivable, models.PROTECT, null=True, db_index=False, related_name="+")
    effective_on = models.DateField()
    recorded_at = InstantField()
    cause = models.TextField()

    class Meta:
        db_table = "entry"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="entry_above_zero"),
        ]
        indexes = [models.Index(fields=["account", "effective_on"], name="entry_by_account")]


class AccountCredit(models.Model):
    """Unapplied money per account and currency: a projection of the entries."""

    id = models.BigAutoField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    currency = models.TextField()
    credit_minor = models.BigIntegerField()

    class Meta:
        db_table = "account_credit"
        constraints = [models.UniqueConstraint(fields=["account", "currency"], name="account_credit_once")]
