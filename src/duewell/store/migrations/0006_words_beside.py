"""Words of people get a salt beside the chain, and guards let an erasure take words out and change nothing else.

New columns are empty and no row is touched: what was written before keeps its words in its fact.
"""

from django.db import migrations, models

SALTED = ["payment", "hold", "hold_end", "stop", "stop_end"]
# What may change, and only while an erasure is under way in the same transaction.
ERASABLE = {
    "payment": ["reference", "named", "salt"],
    "hold": ["reason", "salt"],
    "hold_end": ["reason", "salt"],
    "stop": ["reason", "salt"],
    "stop_end": ["reason", "salt"],
    "mark": ["body"],
    "fact": ["body"],
}


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    kind = "bytea" if vendor == "postgresql" else "blob"
    with schema_editor.connection.cursor() as cursor:
        for table in SALTED:
            cursor.execute(f"alter table {table} add column salt {kind} null")
        if vendor == "postgresql":
            cursor.execute(
                "create function duewell_erasable() returns trigger language plpgsql as $$ begin "
                "if exists (select 1 from erasing) and to_jsonb(new) - tg_argv = to_jsonb(old) - tg_argv then "
                "return new; end if; "
                "raise exception '%% is append-only: put a mistake right with a further row', tg_table_name; "
                "end $$",
                [],
            )
        for table, columns in ERASABLE.items():
            if vendor == "postgresql":
                cursor.execute(f"drop trigger {table}_no_update on {table}")
                arguments = ", ".join(f"'{column}'" for column in columns)
                cursor.execute(
                    f"create trigger {table}_no_update before update on {table} for each row"
                    f" execute function duewell_erasable({arguments})"
                )
                continue
            cursor.execute(f"pragma table_info({table})")
            same = " and ".join(
                f'new."{name}" is old."{name}"' for _, name, *_ in cursor.fetchall() if name not in columns
            )
            cursor.execute(f"drop trigger {table}_no_update")
            cursor.execute(
                f"create trigger {table}_no_update before update on {table}"
                f" when not (exists (select 1 from erasing) and {same}) begin"
                f" select raise(abort, '{table} is append-only: put a mistake right with a further row'); end"
            )


class Migration(migrations.Migration):
    """Forward only: a guard is never taken away."""

    dependencies = [("store", "0005_archive_and_duties")]
    operations = [
        migrations.CreateModel(
            name="Erasing",
            fields=[("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False))],
            options={"db_table": "erasing"},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(up, elidable=False)],
            state_operations=[
                migrations.AddField(model, "salt", models.BinaryField(null=True))
                for model in ["payment", "hold", "holdend", "stop", "stopend"]
            ],
        ),
    ]
