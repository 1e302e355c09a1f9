import django.db.models.deletion
from django.db import migrations, models

from makegood.engine.search.adapters import postgres, sqlite
from makegood.lib import migrating


def prepare(_apps, schema_editor):
    """Each kind of thing that can be found has its index before the first of it comes."""
    adapter = postgres if schema_editor.connection.vendor == 'postgresql' else sqlite
    adapter.prepare(schema_editor.connection, ('report', 'file', 'problem', 'contact', 'organisation', 'agent'))


class Migration(migrating.Migration):

    initial = True

    dependencies = [
        ('engine', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(db_index=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reports.attachment')),
            ],
        ),
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]
