"""Creditors, persons, parties, the accounts they stand on, and who said: not any more."""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField


class Creditor(models.Model):
    """On whose behalf we collect. `books_as_of` is the hour its open items were exported."""

    id = models.BigIntegerField(primary_key=True)
    key = models.TextField(unique=True)
    name = models.TextField()
    street = models.TextField(default="")
    postcode = models.TextField(default="")
    city = models.TextField(default="")
    country = models.TextField()
    zone = models.TextField()
    language = models.TextField(default="en")
    email_from = models.TextField(default="")
    reply_to = models.TextField(default="")
    phone = models.TextField(default="")
    account_holder = models.TextField(default="")
    iban = models.TextField(default="")
    bic = models.TextField(default="")
    payment_note = models.TextField(default="")
    logo = models.TextField(default="")
    """Name of a file in the home's folder `logos`."""
    tone = models.TextField(default="")
    """`kind`, `formal` or empty: how steps speak that name no tone."""
    archive = models.TextField(default="")
    """Address that gets a copy of every accepted message; customers never see it."""
    strategies = models.JSONField(default=list)
    """Keys in the order in which their conditions are tried."""
    policy = models.JSONField(default=dict)
    """books_max_age_days, allocation, unknown_settles_days, release_by_two, release_auto."""
    books_as_of = InstantField(null=True)
    halted = models.BooleanField(default=False)
    """The kill switch of one creditor: nothing is sent while it is on."""
    version = models.BigIntegerField(default=0)
    recorded_at = InstantField()

    class Meta:
        db_table = "creditor"


class Person(models.Model):
    """The human or firm behind the parties of several creditors; holds what the law counts per person."""

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)
    flags = models.JSONField(default=list)
    recorded_at = InstantField()

    class Meta:
        db_table = "person"


class Party(models.Model):
    """A customer of one creditor."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    number = models.TextField()
    name = models.TextField(default="")
    given_name = models.TextField(default="")
    family_name = models.TextField(default="")
    salutation = models.TextField(default="")
    """`ms`, `mr` or empty."""
    kind = models.TextField(default="unknown")
    language = models.TextField(default="")
    country = models.TextField(default="")
    region = models.TextField(default="")
    zone = models.TextField(default="")
    salt = models.BinaryField()
    """For the digests of personal data in the facts; erased with the data."""
    recorded_at = InstantField()

    class Meta:
        db_table = "party"
        indexes = [models.Index(fields=["creditor", "name"], name="party_by_name")]
        constraints = [models.UniqueConstraint(fields=["creditor", "number"], name="party_number")]


class ContactPoint(models.Model):
    """One address, number or mailbox of a party. Only a `usable` one is written to."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    party = models.ForeignKey(Party, models.PROTECT)
    channel = models.TextField()
    value = models.TextField()
    state = models.TextField(default="usable")
    """`usable`, `refused` (it does not work), `incomplete` (a postal address that lacks something), `replaced`."""
    rank = models.IntegerField(default=0)
    salt = models.BinaryField()
    recorded_at = InstantField()

    class Meta:
        db_table = "contact_point"
        indexes = [models.Index(fields=["channel", "value"], name="contact_point_by_value")]


class Account(models.Model):
    """Debts to one creditor that are chased together. Every change a decision reads bumps `version`."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_index=False)
    number = models.TextField()
    party = models.ForeignKey(Party, models.PROTECT)
    """The primary debtor, who is the primary recipient."""
    person = models.ForeignKey(Person, models.PROTECT)
    segment = models.TextField(default="")
    strategy = models.TextField(default="")
    version = models.BigIntegerField(default=0)
    refusal = models.TextField(default="")
    """The rules that refused at the latest run: a refusal becomes a fact when this changes."""
    last_message_on = models.DateField(null=True)
    """Creditor's civil date of the last demand that left; a projection of the marks."""
    recorded_at = InstantField()

    class Meta:
        db_table = "account"
        constraints = [models.UniqueConstraint(fields=["creditor", "number"], name="account_number")]


class PartyRole(models.Model):
    """Who stands on an account, as what: a word of `core.party.roles.Role`."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    party = models.ForeignKey(Party, models.PROTECT)
    role = models.TextField()
    recorded_at = InstantField()
    ended_at = InstantField(null=True)
    """When the party stopped standing there; empty while it does."""

    class Meta:
        db_table = "party_role"
        constraints = [models.UniqueConstraint(fields=["account", "party", "role"], name="party_role_once")]


class Stop(models.Model):
    """The person said: not any more. `creditor` empty means everybody, `channel` empty means every channel."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT)
    creditor = models.ForeignKey(Creditor, models.PROTECT, null=True, db_index=False)
    channel = models.TextField(default="")
    point = models.ForeignKey(ContactPoint, models.PROTECT, null=True, db_index=False)
    reason = models.TextField()
    starts_at = InstantField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)
    """For the digests of its words in the facts; erased with them."""

    class Meta:
        db_table = "stop"


class StopEnd(models.Model):
    """The end of a stop; the stop itself is never changed."""

    id = models.BigIntegerField(primary_key=True)
    stop = models.OneToOneField(Stop, models.PROTECT)
    ended_at = InstantField()
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)
    """For the digests of its words in the facts; erased with them."""

    class Meta:
        db_table = "stop_end"
