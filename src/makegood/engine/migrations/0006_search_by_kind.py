from django.db import migrations

from makegood.engine.search.adapters import sqlite


def reinstall(_apps, schema_editor):
    """On SQLite each kind of thing gets an index of its own."""
    if schema_editor.connection.vendor == "sqlite":
        sqlite.reinstall(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0005_similar'),
    ]

    operations = [
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
