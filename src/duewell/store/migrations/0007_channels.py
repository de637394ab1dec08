"""Attempts on several channels and copies of them; print batches; roles that end.

The columns are added without rewriting a table: SQLite and PostgreSQL both keep the default beside the rows.
"""

import django.db.models.deletion
from django.db import migrations, models

import duewell.store.fields

NO_UPDATE = ["print_letter"]
NO_DELETE = ["print_batch", "print_letter"]
SEQUENCES = ["print_batch"]


def guards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for name in SEQUENCES:
            if vendor == "postgresql":
                cursor.execute(f"create sequence duewell_{name}_ids")
            else:
                cursor.execute("insert into sequence (name, next) values (%s, 1)", [name])
        wanted = [(table, "update") for table in NO_UPDATE] + [(table, "delete") for table in NO_DELETE]
        for table, verb in wanted:
            text = f"{table} keeps its rows: put a mistake right with a further row"
            if vendor == "sqlite":
                cursor.execute(
                    f"create trigger {table}_no_{verb} before {verb} on {table}"
                    f" begin select raise(abort, '{text}'); end"
                )
            else:
                cursor.execute(
                    f"create trigger {table}_no_{verb} before {verb} on {table} for each statement"
                    " execute function duewell_append_only()"
                )


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = [("store", "0006_words_beside")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("alter table attempt add column role text not null default ''"),
                migrations.RunSQL("alter table attempt add column party_id bigint null"),
                migrations.RunSQL("alter table party_role add column ended_at bigint null"),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="attempt",
                    name="role",
                    field=models.TextField(db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="attempt",
                    name="party",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="store.party",
                    ),
                ),
                migrations.AddField(
                    model_name="partyrole",
                    name="ended_at",
                    field=duewell.store.fields.InstantField(null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrintBatch",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("state", models.TextField(default="making")),
                ("digest", models.TextField(default="")),
                ("manifest", models.TextField(default="")),
                ("made_at", duewell.store.fields.InstantField()),
                ("made_by", models.TextField(default="")),
                ("ready_at", duewell.store.fields.InstantField(null=True)),
                ("ended_at", duewell.store.fields.InstantField(null=True)),
                ("ended_by", models.TextField(default="")),
                (
                    "creditor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.creditor"),
                ),
            ],
            options={"db_table": "print_batch"},
        ),
        migrations.CreateModel(
            name="PrintLetter",
            fields=[
                (
                    "attempt",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="store.attempt",
                    ),
                ),
                ("position", models.IntegerField()),
                ("digest", models.TextField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.printbatch"
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="store.creditor",
                    ),
                ),
            ],
            options={
                "db_table": "print_letter",
                "constraints": [models.UniqueConstraint(fields=("batch", "position"), name="print_letter_once")],
            },
        ),
        migrations.RunPython(guards, elidable=False),
    ]
