import django.db.models.deletion
from django.db import migrations, models

from makegood.lib import migrating


class Migration(migrating.Migration):

    initial = True

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Script',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('moment', models.SlugField(max_length=30)),
                ('titles', models.JSONField(default=dict, help_text='What agents call it, per language.')),
                ('subjects', models.JSONField(default=dict, help_text='The subject of the mail, per language.')),
                ('bodies', models.JSONField(default=dict, help_text='The words, per language.')),
                ('is_active', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('version', models.PositiveIntegerField(default=1)),
                ('edited_by', models.CharField(blank=True, max_length=200)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='SaidReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(default=dict)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='said_reply', to='reports.message')),
            ],
        ),
        migrations.CreateModel(
            name='ScriptVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('titles', models.JSONField(default=dict)),
                ('subjects', models.JSONField(default=dict)),
                ('bodies', models.JSONField(default=dict)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('script', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='updates.script')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('script', 'version'), name='one_script_version')],
            },
        ),
    ]
