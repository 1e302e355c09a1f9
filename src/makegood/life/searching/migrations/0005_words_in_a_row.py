from django.db import migrations

from makegood.engine.search.adapters import postgres


def reinstall(_apps, schema_editor):
    """On PostgreSQL each kind has an index of its own now, with pairs of words in it, and accents make no difference."""
    if schema_editor.connection.vendor == 'postgresql':
        kinds = ('report', 'file', 'problem', 'contact', 'organisation', 'agent', 'article', 'rca', 'action')
        postgres.reinstall(schema_editor.connection, kinds)


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0004_words_by_their_beginning'),
    ]

    operations = [
        migrations.RunPython(reinstall, migrations.RunPython.noop),
    ]
