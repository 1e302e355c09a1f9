from django.db import migrations

from makegood.engine.search.adapters import postgres


def collect(_apps, schema_editor):
    """PostgreSQL has a list of words now, as SQLite has, by which a word that goes on is looked up."""
    if schema_editor.connection.vendor == 'postgresql':
        kinds = ('report', 'file', 'problem', 'contact', 'organisation', 'agent', 'article', 'rca', 'action')
        postgres.prepare_words(schema_editor.connection, kinds)


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0004_words_of_postgresql'),
        ('searching', '0005_words_in_a_row'),
    ]

    operations = [
        migrations.RunPython(collect, migrations.RunPython.noop),
    ]
