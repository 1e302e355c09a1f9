from django.db import migrations

from makegood.engine.search.adapters import postgres, sqlite


def prepare(_apps, schema_editor):
    """Analyses and actions can be found too."""
    adapter = postgres if schema_editor.connection.vendor == 'postgresql' else sqlite
    adapter.prepare(schema_editor.connection, ('rca', 'action'))


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0002_articles'),
    ]

    operations = [
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]
