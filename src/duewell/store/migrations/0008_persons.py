"""Flags of persons, and customers who come to another person: append-only, with guards on both databases."""

import django.db.models.deletion
import duewell.store.fields
from django.db import migrations, models


APPEND_ONLY = ["person_flag", "person_flag_end", "person_move"]


ERASABLE = ["reason", "salt"]
# May change, and only while an erasure is under way in the same transaction; see 0006.


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        for table in APPEND_ONLY:
            text = f"{table} is append-only: put a mistake right with a further row"
            if vendor == "postgresql":
                cursor.execute(f"create sequence duewell_{table}_ids")
                for verb in ("delete", "truncate"):
                    cursor.execute(
                        f"create trigger {table}_no_{verb} before {verb} on {table} for each statement"
                        " execute function duewell_append_only()"
                    )
                arguments = ", ".join(f"'{column}'" for column in ERASABLE)
                cursor.execute(
                    f"create trigger {table}_no_update before update on {table} for each row"
                    f" execute function duewell_erasable({arguments})"
                )
                continue
            cursor.execute("insert into sequence (name, next) values (%s, 1)", [table])
            cursor.execute(f"pragma table_info({table})")
            same = " and ".join(
                f'new."{name}" is old."{name}"' for _, name, *_ in cursor.fetchall() if name not in ERASABLE
            )
            cursor.execute(
                f"create trigger {table}_no_delete before delete on {table} begin select raise(abort, '{text}'); end"
            )
            cursor.execute(
                f"create trigger {table}_no_update before update on {table}"
                f" when not (exists (select 1 from erasing) and {same}) begin select raise(abort, '{text}'); end"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0007_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonFlag',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('flag', models.TextField()),
                ('reason', models.TextField()),
                ('recorded_at', duewell.store.fields.InstantField()),
                ('recorded_by', models.TextField(default='')),
                ('salt', models.BinaryField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.person')),
            ],
            options={
                'db_table': 'person_flag',
            },
        ),
        migrations.CreateModel(
            name='PersonFlagEnd',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('recorded_at', duewell.store.fields.InstantField()),
                ('recorded_by', models.TextField(default='')),
                ('salt', models.BinaryField(null=True)),
                ('flag', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='store.personflag')),
            ],
            options={
                'db_table': 'person_flag_end',
            },
        ),
        migrations.CreateModel(
            name='PersonMove',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('act', models.BigIntegerField(db_index=True)),
                ('kind', models.TextField()),
                ('reason', models.TextField()),
                ('recorded_at', duewell.store.fields.InstantField()),
                ('recorded_by', models.TextField(default='')),
                ('salt', models.BinaryField(null=True)),
                ('creditor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='store.creditor')),
                ('from_person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.party')),
                ('to_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
            ],
            options={
                'db_table': 'person_move',
            },
        ),
        migrations.RunPython(up, elidable=False),
    ]
