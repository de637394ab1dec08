"""Append-only tables are guarded by triggers on both databases; PostgreSQL gets its sequences."""

from django.db import migrations

APPEND_ONLY = ["entry", "payment", "hold", "hold_end", "stop", "stop_end", "message", "mark", "fact", "leaf"]
# A part may be erased (personal data), never changed.
NO_UPDATE = ["part"]
# What rows hang on without a constraint is never deleted.
NO_DELETE = ["creditor", "person", "party", "contact_point", "account", "receivable"]
SEQUENCES = [
    "creditor", "person", "party", "contact_point", "account", "party_role", "stop", "stop_end", "receivable",
    "payment", "entry", "hold", "hold_end", "strategy_version", "plan", "run", "attempt", "mark", "fact",
    "import_batch", "rejected_row", "review_item", "token",
]


def _guards(table, verbs, vendor):
    for verb in verbs:
        name = f"{table}_no_{verb.lower()}"
        text = f"{table} is append-only: put a mistake right with a further row"
        if vendor == "sqlite":
            yield f"create trigger {name} before {verb} on {table} begin select raise(abort, '{text}'); end"
        else:
            yield (
                f"create trigger {name} before {verb} on {table} for each statement "
                f"execute function duewell_append_only()"
            )


def up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                "create function duewell_append_only() returns trigger language plpgsql as $$ begin "
                "raise exception '%% is append-only: put a mistake right with a further row', tg_table_name; "
                "end $$",
                [],
            )
            # Django adds these for patterns over keys, which nothing here asks for; they cost every insert.
            cursor.execute(
                "select indexrelid::regclass::text from pg_index join pg_class c on c.oid = indexrelid"
                " join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = current_schema() and right(c.relname, 5) = '_like' and not indisunique"
            )
            for (index,) in cursor.fetchall():
                cursor.execute(f"drop index {index}")
            for name in SEQUENCES:
                cursor.execute(f"create sequence duewell_{name}_ids")
        else:
            cursor.executemany("insert into sequence (name, next) values (%s, 1)", [(name,) for name in SEQUENCES])
        for table in APPEND_ONLY:
            verbs = ["update", "delete"] + (["truncate"] if vendor == "postgresql" else [])
            for statement in _guards(table, verbs, vendor):
                cursor.execute(statement)
        for table, verb in [*((table, "update") for table in NO_UPDATE), *((table, "delete") for table in NO_DELETE)]:
            for statement in _guards(table, [verb], vendor):
                cursor.execute(statement)
        cursor.execute("insert into tree_state (id, size, frontier, token) values (1, 0, %s, 0)", [b""])


class Migration(migrations.Migration):
    """Forward only: a guard is never taken away."""

    dependencies = [("store", "0001_tables")]
    operations = [migrations.RunPython(up, elidable=False)]
