import django.db.models.deletion
from django.db import migrations, models

from makegood.lib import migrating


class Migration(migrating.Migration):

    initial = True

    dependencies = [
        ('problems', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sign', models.CharField(choices=[('signature', 'the same words of a machine'), ('likeness', 'much alike'), ('member', 'joined the problem')], max_length=10)),
                ('reasons', models.JSONField(default=list, help_text='What is the same, in words.')),
                ('score', models.FloatField(default=0)),
                ('release', models.CharField(blank=True, help_text='What the report comes from, as far as known.', max_length=100)),
                ('has_fix', models.BooleanField(help_text='Whether that contains the fix; None: unknown.', null=True)),
                ('state', models.CharField(choices=[('came_back', 'it came back'), ('suspected', 'it may have come back'), ('older', 'from a release without the fix'), ('confirmed', 'it came back, as a colleague decided'), ('dismissed', 'something else, as a colleague decided')], max_length=10)),
                ('at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recurrences', to='problems.problem')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recurrences', to='reports.report')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'suspected')), fields=['problem', '-id'], name='recurrence_open')],
                'constraints': [models.UniqueConstraint(fields=('problem', 'report'), name='one_recurrence')],
            },
        ),
    ]
