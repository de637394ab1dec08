"""What becomes known of persons, and which customers are thought to be one: append-only, ends are rows.

The reasons are people's own words: a salt stands beside them, and facts carry a digest.
"""

from __future__ import annotations

from django.db import models

from duewell.store.fields import InstantField
from duewell.store.models.party import Creditor, Party, Person


class PersonFlag(models.Model):
    """A word of `core.party.joining.FLAGS`. `person.flags` repeats those that have not ended."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT)
    flag = models.TextField()
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)

    class Meta:
        db_table = "person_flag"


class PersonFlagEnd(models.Model):
    """The end of a flag; the flag itself is never changed."""

    id = models.BigIntegerField(primary_key=True)
    flag = models.OneToOneField(PersonFlag, models.PROTECT)
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)

    class Meta:
        db_table = "person_flag_end"


class PersonMove(models.Model):
    """A customer came to another person. `party.person` repeats the latest; the first is that of its import."""

    id = models.BigIntegerField(primary_key=True)
    creditor = models.ForeignKey(Creditor, models.PROTECT, db_constraint=False, db_index=False)
    party = models.ForeignKey(Party, models.PROTECT)
    from_person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    to_person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.BigIntegerField(db_index=True)
    """Number of the merge, split or undoing that it is part of: the id of its first row."""
    kind = models.TextField()
    """`merge`, `split`, or `undo` with the number of the act it takes back, as in `undo:17`."""
    reason = models.TextField()
    recorded_at = InstantField()
    recorded_by = models.TextField(default="")
    salt = models.BinaryField(null=True)

    class Meta:
        db_table = "person_move"
