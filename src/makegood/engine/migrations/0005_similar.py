from django.db import migrations, models

# Made by hand because SQLite keeps a table whose key is all of it twice, unless told otherwise.
CREATE = {
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


def create(_apps, schema_editor):
    for sql in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


def drop(_apps, schema_editor):
    schema_editor.execute('DROP TABLE engine_similarposting')


class Migration(migrations.Migration):

    dependencies = [
        ('engine', '0004_search_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='SimilarEra',
            fields=[
                ('era', models.IntegerField(primary_key=True, serialize=False)),
                ('documents', models.BigIntegerField()),
                ('words', models.BigIntegerField()),
            ],
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
            database_operations=[migrations.RunPython(create, drop)],
        ),
    ]
