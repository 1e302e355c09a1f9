import django.db.models.deletion
import makegood.lib.keys
from django.conf import settings
from django.db import migrations, models
from makegood.lib import migrating


class Migration(migrating.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True)),
                ('file_format', models.CharField(max_length=5)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('with_files', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('running', 'being written'), ('done', 'ready'), ('failed', 'given up'), ('gone', 'no longer kept')], default='running', max_length=8)),
                ('rows', models.PositiveIntegerField(default=0, help_text='Written so far.')),
                ('storage_key', models.CharField(blank=True, max_length=80)),
                ('size', models.BigIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('leased_by', models.CharField(blank=True, max_length=80)),
                ('made_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'running')), fields=['made_at'], name='export_at_work')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(help_text='The other system, as named by whoever imported.', max_length=60)),
                ('what', models.CharField(help_text='report or person.', max_length=10)),
                ('foreign_id', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='imported_as', to='people.contact')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='imported_as', to='reports.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'what', 'foreign_id'), name='imported_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=makegood.lib.keys.public_key, editable=False, max_length=16, unique=True)),
                ('file_format', models.CharField(max_length=10)),
                ('source', models.CharField(max_length=60)),
                ('file_name', models.CharField(max_length=200)),
                ('storage_key', models.CharField(blank=True, max_length=80)),
                ('size', models.BigIntegerField(default=0)),
                ('mapping', models.JSONField(default=dict)),
                ('news_by', models.DateTimeField(blank=True, help_text='When open reports are owed news; empty: policy.', null=True)),
                ('state', models.CharField(choices=[('looking', 'being looked at'), ('looked', 'looked at, not started'), ('running', 'running'), ('done', 'done'), ('stopped', 'stopped'), ('failed', 'given up')], default='looking', max_length=8)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0, help_text='Rows read, whatever came of them.')),
                ('made', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0, help_text='Rows that had been imported before.')),
                ('bad', models.PositiveIntegerField(default=0)),
                ('looked', models.JSONField(default=dict, help_text='What the dry run found.')),
                ('problems', models.JSONField(default=list, help_text='[{"where": "row 7", "what": "…"}], the first few hundred.')),
                ('error', models.CharField(blank=True, max_length=500)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('leased_by', models.CharField(blank=True, max_length=80)),
                ('made_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['looking', 'running'])), fields=['made_at'], name='import_at_work')],
            },
        ),
    ]
