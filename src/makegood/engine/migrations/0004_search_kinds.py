from django.db import migrations

from makegood.engine.search.adapters import postgres, sqlite


def reinstall(_apps, schema_editor):
    """The index learns to find things of one kind among many others."""
    adapter = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    adapter.reinstall(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0003_search_eras'),
    ]

    operations = [
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
