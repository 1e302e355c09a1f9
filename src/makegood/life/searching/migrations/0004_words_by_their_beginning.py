from django.db import migrations

from makegood.engine.search.adapters import sqlite


def prepare(_apps, schema_editor):
    """Words that begin alike are looked up in a list of words."""
    if schema_editor.connection.vendor == 'sqlite':
        sqlite.prepare_words(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0003_analyses'),
    ]

    operations = [
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]
