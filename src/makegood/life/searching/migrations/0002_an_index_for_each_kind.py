from django.db import migrations

from makegood.engine.search.adapters import postgres, sqlite


def prepare(_apps, schema_editor):
    """Each kind of thing that can be found has its index before the first of it comes."""
    adapter = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    adapter.prepare(schema_editor.connection, ("report", "file", "problem", "contact", "organisation", "agent"))


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0001_initial'),
        ('engine', '0006_search_by_kind'),
    ]

    operations = [
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]
