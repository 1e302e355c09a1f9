from django.db import migrations

from makegood.engine.search.adapters import postgres


def reinstall(_apps, schema_editor):
    """PostgreSQL's index learns to find the hits of one stretch of documents."""
    if schema_editor.connection.vendor == "postgresql":
        postgres.reinstall(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0002_idempotency'),
    ]

    operations = [
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
