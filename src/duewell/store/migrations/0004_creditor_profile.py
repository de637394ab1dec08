"""Logo, tone and archive of a creditor.

Plain columns with a default in the database: SQLite would else rewrite the table, and lose its guards.
"""

from django.db import migrations, models

COLUMNS = ["logo", "tone", "archive"]


class Migration(migrations.Migration):
    """Added without touching a row."""

    dependencies = [("store", "0003_payments_by_hand")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"alter table creditor add column {name} text not null default ''", elidable=False)
                for name in COLUMNS
            ],
            state_operations=[
                migrations.AddField("creditor", name, models.TextField(default="")) for name in COLUMNS
            ],
        )
    ]
