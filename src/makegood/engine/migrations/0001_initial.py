from django.db import migrations, models

from makegood.engine.search.adapters import postgres, sqlite


def _index_of(connection):
    """The full-text index of the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def install(_apps, schema_editor):
    _index_of(schema_editor.connection).install(schema_editor.connection)


def uninstall(_apps, schema_editor):
    _index_of(schema_editor.connection).uninstall(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bucket',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('full_at', models.FloatField(help_text='Unix time at which it will be full again.')),
            ],
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('what', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=160)),
                ('payload', models.JSONField(default=dict)),
                ('priority', models.PositiveSmallIntegerField(default=5, help_text='0 first, 9 last.')),
                ('run_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('leased_by', models.CharField(blank=True, max_length=60)),
                ('last_error', models.TextField(blank=True)),
                ('parked_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['priority', 'run_at', 'id'], name='job_due'), models.Index(condition=models.Q(('parked_at__isnull', False)), fields=['parked_at'], name='job_parked'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['done_at'], name='job_done')],
                'constraints': [models.UniqueConstraint(fields=('name', 'key'), name='job_once')],
            },
        ),
        migrations.CreateModel(
            name='LiveEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topics', models.CharField(help_text='Separated by spaces.', max_length=200)),
                ('ref', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='live_at')],
            },
        ),
        migrations.CreateModel(
            name='PeriodicRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('period', models.BigIntegerField(help_text='Unix time divided by the length of the period.')),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'period'), name='periodic_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('ref', models.CharField(max_length=80)),
                ('state', models.CharField(max_length=12)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ref', 'who_id'), name='one_presence')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('ref', models.BigIntegerField(help_text='Primary key of the thing.')),
                ('title', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'ref'), name='one_document')],
            },
        ),
        migrations.RunPython(install, uninstall),
    ]
