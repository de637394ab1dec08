"""Documents beside the invoices and credit notes that they are; a row is never deleted, only emptied."""

import django.db.models.deletion
import duewell.store.fields
from django.db import migrations, models


def guard(apps, schema_editor):
    text = "document is never deleted: erasing empties it"
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute(
                "create trigger document_no_delete before delete on document"
                f" begin select raise(abort, '{text}'); end"
            )
        else:
            cursor.execute(
                "create trigger document_no_delete before delete on document"
                " for each statement execute function duewell_append_only()"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0008_persons'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.TextField()),
                ('corrects', models.BooleanField(default=False)),
                ('name', models.TextField(default='')),
                ('digest', models.BinaryField(default=b'')),
                ('salt', models.BinaryField(default=b'')),
                ('size', models.BigIntegerField(default=0)),
                ('recorded_at', duewell.store.fields.InstantField()),
                ('content', models.BinaryField(default=b'')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.account')),
                ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='store.importbatch')),
                ('creditor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='store.creditor')),
                ('receivable', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='store.receivable')),
            ],
            options={
                'db_table': 'document',
                'indexes': [models.Index(fields=['creditor', 'digest'], name='document_by_digest'), models.Index(fields=['creditor', 'number'], name='document_by_number')],
            },
        ),
        migrations.RunPython(guard, elidable=False),
    ]
