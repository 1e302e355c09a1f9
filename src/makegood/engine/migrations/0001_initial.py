from django.db import migrations, models

from makegood.engine.search.adapters import postgres, sqlite
from makegood.lib import migrating

# Made by hand because SQLite keeps a table whose key is all of it twice, unless told otherwise.
POSTINGS = {
    'sqlite': (
        'CREATE TABLE engine_similarposting (era integer NOT NULL, term integer NOT NULL, n integer NOT NULL,'
        ' docs blob NOT NULL, PRIMARY KEY (era, term)) WITHOUT ROWID',
    ),
    'postgresql': (
        'CREATE TABLE engine_similarposting (era integer NOT NULL, term integer NOT NULL, n integer NOT NULL,'
        ' docs bytea NOT NULL, PRIMARY KEY (era, term)) WITH (fillfactor = 80)',
        # Two bytes that differ in every entry: compressing them only costs time.
        'ALTER TABLE engine_similarposting ALTER COLUMN docs SET STORAGE EXTERNAL',
        'ALTER TABLE engine_similardocument ALTER COLUMN terms SET STORAGE EXTERNAL',
    ),
}


def make_postings(_apps, schema_editor):
    for sql in POSTINGS[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


def drop_postings(_apps, schema_editor):
    schema_editor.execute('DROP TABLE engine_similarposting')


def _index_of(connection):
    """The full-text index of the database in use."""
    return postgres if connection.vendor == 'postgresql' else sqlite


def install(_apps, schema_editor):
    _index_of(schema_editor.connection).install(schema_editor.connection)


def uninstall(_apps, schema_editor):
    _index_of(schema_editor.connection).uninstall(schema_editor.connection)


class Migration(migrating.Migration):

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
            name='SimilarEra',
            fields=[
                ('era', models.IntegerField(primary_key=True, serialize=False)),
                ('documents', models.BigIntegerField()),
                ('words', models.BigIntegerField()),
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
            name='IdempotencyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caller', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(help_text='SHA-256 of method, address and body.', max_length=64)),
                ('lease', models.CharField(help_text='Whoever works on it; a second one takes another.', max_length=16)),
                ('leased_until', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('headers', models.JSONField(default=dict)),
                ('body', models.TextField(blank=True, help_text='Sealed: an answer may hold a secret link.')),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='idempotency_old')],
                'constraints': [models.UniqueConstraint(fields=('caller', 'key'), name='one_answer')],
            },
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
                'indexes': [models.Index(fields=['kind', 'id'], name='document_kind')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'ref'), name='one_document')],
            },
        ),
        migrations.CreateModel(
            name='SimilarDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('ref', models.BigIntegerField(help_text='Primary key of the thing.')),
                ('cluster', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('terms', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'ref'), name='one_similar')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='SimilarPosting',
                    fields=[
                        ('pk', models.CompositePrimaryKey('era', 'term', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('era', models.IntegerField()),
                        ('term', models.IntegerField()),
                        ('n', models.IntegerField()),
                        ('docs', models.BinaryField()),
                    ],
                ),
            ],
            database_operations=[migrations.RunPython(make_postings, drop_postings)],
        ),
        migrations.RunPython(install, uninstall),
    ]
